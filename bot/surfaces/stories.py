"""True stories outside the card: the form that keeps one, the queue of those to verify, and words to their authors."""

from collections.abc import Mapping, Sequence

from bot.coaching import ledger
from bot.coaching.cases import NOTE, Card
from bot.coaching.ledger import LINES, WORRIES, Consent, Facts, Fault, Source, Status
from bot.coaching.stories import Judged, What, Word
from bot.coaching.tellings import Thanks
from bot.coaching.verifiers import Queue
from bot.storage.models import Product, Story
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

WHOSE = "form.story_whose"
SOURCE = "form.story_source"
PROOF = "form.story_proof"
CONSENT = "form.story_consent"
AGREED_HOW = "form.story_agreed_how"
WORRY = "form.story_worry"
BEFORE = "form.story_before"
TURNED = "form.story_turned"
NOW = "form.story_now"
VERDICT_WHY = "form.verdict_why"

QUEUE_MOST = 3
_LINE_MOST = 300
# What a case has been told, by the line of a story that it may become.
_DRAFT = {"before": "why", "turned": NOTE, "now": "future"}
_FIELDS: Mapping[str, str] = {
    "whose": WHOSE,
    "source": SOURCE,
    "proof": PROOF,
    "consent": CONSENT,
    "agreed_how": AGREED_HOW,
    "worry": WORRY,
    "product": forms.PRODUCT,
    "customer_kind": forms.CUSTOMER_KIND,
    "before": BEFORE,
    "turned": TURNED,
    "now": NOW,
}


class VerdictOrigin(Opener):
    """The verdict that a form asks the reason of."""

    story_id: int
    revision: int
    verdict: What
    response_url: str | None = None


def keep_case(voice: Voice, card: Card, origin: Origin, products: Sequence[Product]) -> View:
    """Keep a case as a story, drafted from what was typed in it."""
    case = card.case
    held = {
        WHOSE: card.name,
        SOURCE: Source.CASE.value,
        WORRY: case.reason if case.reason in WORRIES else None,
        forms.CUSTOMER_KIND: case.customer_kind,
        **{_FIELDS[line]: case.words.get(word) for line, word in _DRAFT.items()},
    }
    return forms.form(voice, ids.STORY_FORM, "story", origin, _fields(voice, held, case.product, products))


def _fields(
    voice: Voice, held: Mapping[str, str | None], product: str | None, products: Sequence[Product]
) -> Sequence[Block]:
    consents = blocks.options_of({each: voice.label(f"story_consent.{each}") for each in Consent})
    worries = {each: voice.label(f"reason.{each}") for each in WORRIES}
    sources: Mapping[str, str] = {each: voice.label(f"story_source.{each}") for each in Source}
    needed = [_text(voice, name, held.get(name), lines=True, optional=False) for name in (BEFORE, TURNED, NOW)]
    return [
        *needed,
        forms.choice(voice, WORRY, worries, held.get(WORRY), optional=False),
        _text(voice, WHOSE, held.get(WHOSE), optional=False),
        forms.choice(voice, SOURCE, sources, held.get(SOURCE), optional=False),
        _text(voice, PROOF, held.get(PROOF)),
        forms.field(voice, CONSENT, blocks.radio_buttons(CONSENT, consents, held.get(CONSENT)), optional=False),
        _text(voice, AGREED_HOW, held.get(AGREED_HOW)),
        forms.product(voice, product, products),
        _text(voice, forms.CUSTOMER_KIND, held.get(forms.CUSTOMER_KIND)),
    ]


def _text(voice: Voice, name: str, kept: str | None, *, lines: bool = False, optional: bool = True) -> Block:
    typed = blocks.text_input(name, kept, lines=lines, most=_LINE_MOST)
    return forms.field(voice, name, typed, optional=optional)


def read(voice: Voice, sent: Submission) -> Facts | Refused:
    """What is said of a story, or what to mend in it, by its fields."""
    typed = {name: sent.text(field) for name, field in _FIELDS.items()}
    facts = Facts(
        whose=typed["whose"] or "",
        source=typed["source"] or "",
        consent=typed["consent"] or "",
        worry=typed["worry"] or "",
        before=typed["before"] or "",
        turned=typed["turned"] or "",
        now=typed["now"] or "",
        proof=typed["proof"],
        agreed_how=typed["agreed_how"],
        product=typed["product"],
        customer_kind=typed["customer_kind"],
    )
    wrong = ledger.faults(facts)
    return Refused({_FIELDS[name]: _told(voice, fault) for name, fault in wrong.items()}) if wrong else facts


def _told(voice: Voice, fault: Fault) -> str:
    return voice.label(f"error.{fault.name}").format(words=fault.words)


def queue(voice: Voice, waiting: Queue, judged: Judged | None = None) -> Message:
    """What waits to be verified, as a message; with what became of the one that was judged just now."""
    spoken = voice.text("stories/queue", count=waiting.count)
    notice = [blocks.context(_judged(voice, judged))] if judged else []
    return blocks.message(spoken, [blocks.section(spoken), *notice, *_waiting(voice, waiting)])


def queue_at_home(voice: Voice, waiting: Queue | None) -> Sequence[Block]:
    """The same for the Home of whoever verifies; nothing where nothing waits."""
    if waiting is None or not waiting.count:
        return []
    told = blocks.section(voice.text("stories/queue", count=waiting.count))
    return [blocks.header(voice.label("home.stories")), told, *_waiting(voice, waiting)]


def _waiting(voice: Voice, waiting: Queue) -> Sequence[Block]:
    return [block for story in waiting.stories[:QUEUE_MOST] for block in _to_verify(voice, story)]


def _to_verify(voice: Voice, story: Story) -> Sequence[Block]:
    told = voice.text(
        "stories/to_verify",
        lines=[getattr(story, line) for line in LINES],
        author=story.author_id,
        whose=person(story.whose),
        source=voice.label(f"story_source.{story.source}"),
        proof=story.proof,
        consent=voice.label(f"story_consent.{story.consent}"),
        agreed_how=story.agreed_how,
        worry=voice.label(f"reason.{story.worry}"),
        product=story.product,
        customer_kind=story.customer_kind,
        doubted=story.status == Status.DOUBTED,
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
    return [blocks.section(told), blocks.actions(f"{ids.STORY_PRESS}.{story.id}.{story.revision}", buttons)]


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
    reason = blocks.text_input(VERDICT_WHY, lines=True, most=_LINE_MOST)
    return forms.form(voice, ids.VERDICT_FORM, name, origin, [forms.field(voice, VERDICT_WHY, reason, optional=False)])


def read_why(voice: Voice, sent: Submission) -> str | Refused:
    """A few words."""
    return forms.needed_words(voice, sent, VERDICT_WHY)


def word(voice: Voice, word: Word) -> Message:
    """What was decided of a story, for its author; where its time is up, one press says that it still holds."""
    story, decision = word.story, word.decision
    text = voice.text(
        "stories/word",
        what=decision.what,
        by=decision.by,
        why=decision.why,
        line=story.before,
        whose=person(story.whose),
    )
    if decision.what != What.EXPIRED:
        return blocks.message(text, [blocks.section(text)])
    value = f"{What.CONFIRMED}:{story.id}:{story.revision}"
    holds = blocks.button(f"{ids.STORY_PRESS}.{What.CONFIRMED}", voice.label("verdict.confirmed"), value)
    return blocks.message(text, [blocks.section(text), blocks.actions(ids.STORY_PRESS, [holds])])


def confirmed(voice: Voice) -> Message:
    """What is said once an author has confirmed a story."""
    text = voice.text("stories/confirmed")
    return blocks.message(text, [blocks.section(text)])


def thanked(voice: Voice, thanks: Thanks) -> Message:
    """A thank-you to whoever wrote a story that helped to keep somebody."""
    text = voice.text("stories/thanks", told_by=thanks.told_by, line=thanks.story.before)
    return blocks.message(text, [blocks.section(text)])
