"""What waits to be verified: as a message, on the Home, and the form for a reason."""

from collections.abc import Sequence

from bot.coaching.ledger import LINES, Status
from bot.coaching.stories import Judged, What
from bot.coaching.verifiers import QUEUE_MOST, Queue
from bot.storage.models import Story
from bot.surfaces import blocks, forms, ids, reasons, searches
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.ids import Look
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

VERDICT_WHY = "form.verdict_why"

_WHY_MOST = 300


class VerdictOrigin(Opener):
    """The verdict that a form asks the reason of."""

    story_id: int
    revision: int
    verdict: What
    response_url: str | None = None


def queue(voice: Voice, waiting: Queue, judged: Judged | None = None) -> Message:
    """What waits to be verified, as a message; with what became of the one that was judged just now."""
    told = blocks.section(voice.text("stories/queue", count=waiting.count))
    notice = [blocks.context(_judged(voice, judged))] if judged else []
    return blocks.message([*notice, told, *_waiting(voice, waiting)])


def queue_at_home(voice: Voice, waiting: Queue | None) -> Sequence[Block]:
    """The same for the Home of whoever verifies; nothing where nothing waits."""
    if waiting is None or not waiting.count:
        return []
    told = blocks.section(voice.text("stories/queue", count=waiting.count))
    return [blocks.header(voice.label("home.stories")), told, *_waiting(voice, waiting)]


def _waiting(voice: Voice, waiting: Queue) -> Sequence[Block]:
    return [block for story in waiting.stories[:QUEUE_MOST] for block in _to_verify(voice, story, waiting)]


def _to_verify(voice: Voice, story: Story, waiting: Queue) -> Sequence[Block]:
    since = waiting.since.get(story.id, ())
    told = voice.text(
        "stories/to_verify",
        lines=[getattr(story, line) for line in LINES],
        author=story.author_id,
        whose=person(story.whose),
        source=voice.label(f"story_source.{story.source}"),
        proof=story.proof,
        consent=voice.label(f"story_consent.{story.consent}"),
        agreed_how=story.agreed_how,
        worry=reasons.title(voice, story.worry),
        product=story.product,
        customer_kind=story.customer_kind,
        gone=Status.DOUBTED in since,
        taken_back=Status.WITHDRAWN in since,
        expired=story.status == Status.EXPIRED,
    )
    verdicts = (What.VERIFIED, What.ASKED, What.DECLINED)
    buttons = [
        blocks.button(
            f"{ids.STORY_PRESS}.{verdict}.{story.id}",
            voice.label(f"verdict.{verdict}"),
            f"{verdict}:{story.id}:{story.revision}",
            style="primary" if verdict is What.VERIFIED else None,
        )
        for verdict in verdicts
    ]
    # Nobody finds their own story here, so it takes a manager to change one.
    looks = (Look.CHANGE, Look.DECIDED) if waiting.member.manages_since else (Look.DECIDED,)
    about = blocks.section(told, searches.menu(voice, story.id, looks))
    return [about, blocks.actions(f"{ids.STORY_PRESS}.{story.id}.{story.revision}", buttons)]


def _judged(voice: Voice, judged: Judged) -> str:
    last = judged.last
    what = voice.label(f"decided.{last.what if last else judged.story.status}")
    # Whoever presses twice was not late.
    late = last is not None and last.by != judged.member.user_id
    return voice.text("stories/judged", by=last.by if last else None, what=what, late=late)


def told_who_was_first(voice: Voice, judged: Judged) -> str:
    """What whoever decided a moment too late is told."""
    return _judged(voice, judged)


def why(voice: Voice, origin: VerdictOrigin) -> View:
    """The reason of a verdict, which reaches the author."""
    name = f"story_{origin.verdict}"
    reason = blocks.text_input(VERDICT_WHY, lines=True, most=_WHY_MOST)
    return forms.form(voice, ids.VERDICT_FORM, name, origin, [forms.field(voice, VERDICT_WHY, reason, optional=False)])


def read_why(voice: Voice, sent: Submission) -> str | Refused:
    """A few words."""
    return forms.needed_words(voice, sent, VERDICT_WHY)
