"""True stories outside the card: the forms that keep, change and withdraw one, and words to their authors."""

from collections.abc import Mapping, Sequence

from bot.coaching import ledger, reasons
from bot.coaching.cases import Card
from bot.coaching.ledger import FIELD_MOST, Consent, Facts, Fault, Source, Status
from bot.coaching.library import Library
from bot.coaching.stories import What, Word
from bot.coaching.tellings import Thanks
from bot.storage.models import Story
from bot.surfaces import blocks, forms, ids
from bot.surfaces import reasons as called
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.ids import Look
from bot.surfaces.payloads import Submission
from bot.surfaces.searches import Looking
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
WITHDRAW_WHY = "form.withdraw_why"

# What a case has been told, by the line of a story that it may become.
_DRAFT = {"before": "why", "now": "future"}
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


class StoryOrigin(Opener):
    """Which story a form is about, None for a new one, and where it was opened from.

    That is the modal of `/story`, a message of those to verify, the Home, or (none of these) the command itself. A
    message `answers` a verifier, where it is the one that brought their word.
    """

    story_id: int | None = None
    looking: Looking | None = None
    response_url: str | None = None
    at_home: bool = False
    answers: bool = False


def keep_case(voice: Voice, card: Card, origin: Origin, shelf: Library) -> View:
    """Keep a case as a story, drafted from what was typed in it."""
    case = card.case
    held = {
        WHOSE: card.name,
        SOURCE: Source.CASE.value,
        WORRY: case.reason if case.reason in reasons.worries(shelf.team, case.reason) else None,
        forms.CUSTOMER_KIND: case.customer_kind,
        **{_FIELDS[line]: case.words.get(word) for line, word in _DRAFT.items()},
    }
    return forms.form(voice, ids.STORY_FORM, "story", origin, _fields(voice, held, case.product, shelf))


def write(voice: Voice, origin: StoryOrigin, story: Story | None, shelf: Library) -> View:
    """Keep a story from before, or say one anew. After somebody took back their word, it has to be given anew."""
    again = () if story is None or story.status != Status.WITHDRAWN else ("consent", "agreed_how")
    held = {field: getattr(story, name) for name, field in _FIELDS.items() if name not in again} if story else {}
    name = "change_story" if story else "story"
    fields = _fields(voice, held, story.product if story else None, shelf)
    return forms.form(voice, ids.WRITE_FORM, name, origin, fields)


def withdraw(voice: Voice, origin: StoryOrigin) -> View:
    """The customer does not want it told any more."""
    why = blocks.text_input(WITHDRAW_WHY, lines=True, most=FIELD_MOST)
    said = blocks.section(voice.text("stories/withdraw"))
    return forms.form(voice, ids.WITHDRAW_FORM, "withdraw", origin, [said, forms.field(voice, WITHDRAW_WHY, why)])


def read_withdraw(voice: Voice, sent: Submission) -> str | Refused | None:
    """A few words on why, None for none."""
    why = sent.text(WITHDRAW_WHY)
    return forms.without_card_numbers(voice, {WITHDRAW_WHY: why}) or why


def _fields(voice: Voice, held: Mapping[str, str | None], product: str | None, shelf: Library) -> Sequence[Block]:
    consents = blocks.options_of({each: voice.label(f"story_consent.{each}") for each in Consent})
    worries = called.titles(voice, reasons.worries(shelf.team, held.get(WORRY)))
    # Only a case, and what was kept of one, can be its own source.
    known = [each for each in Source if each is not Source.CASE or held.get(SOURCE) == Source.CASE]
    sources: Mapping[str, str] = {each: voice.label(f"story_source.{each}") for each in known}
    needed = [_text(voice, name, held.get(name), lines=True, optional=False) for name in (BEFORE, TURNED, NOW)]
    return [
        *needed,
        forms.choice(voice, WORRY, worries, held.get(WORRY), optional=False),
        _text(voice, WHOSE, held.get(WHOSE), optional=False),
        forms.choice(voice, SOURCE, sources, held.get(SOURCE), optional=False),
        _text(voice, PROOF, held.get(PROOF)),
        forms.field(voice, CONSENT, blocks.radio_buttons(CONSENT, consents, held.get(CONSENT)), optional=False),
        _text(voice, AGREED_HOW, held.get(AGREED_HOW)),
        forms.product(voice, product, shelf.products),
        forms.customer_kind(voice, held.get(forms.CUSTOMER_KIND), shelf.team.customer_kinds),
    ]


def _text(voice: Voice, name: str, kept: str | None, *, lines: bool = False, optional: bool = True) -> Block:
    typed = blocks.text_input(name, kept, lines=lines, most=FIELD_MOST)
    return forms.field(voice, name, typed, optional=optional)


def read(voice: Voice, sent: Submission) -> Facts | Refused:
    """What is said of a story, or what to mend in it, by its fields."""
    facts = Facts.of({name: sent.text(field) for name, field in _FIELDS.items()})
    wrong = ledger.faults(facts)
    return Refused({_FIELDS[name]: _told(voice, fault) for name, fault in wrong.items()}) if wrong else facts


def _told(voice: Voice, fault: Fault) -> str:
    return voice.counted(f"error.{fault.name}", fault.words) if fault.words else voice.label(f"error.{fault.name}")


def word(voice: Voice, word: Word) -> Message:
    """What was decided of a story, for its author, with what they can do about it in one press."""
    story, decision = word.story, word.decision
    text = voice.text(
        "stories/word",
        what=decision.what,
        by=decision.by,
        why=decision.why,
        line=story.before,
        whose=person(story.whose),
    )
    buttons = []
    if decision.what == What.EXPIRED:
        value = f"{What.CONFIRMED}:{story.id}:{story.revision}"
        buttons = [blocks.button(f"{ids.STORY_PRESS}.{What.CONFIRMED}", voice.label("verdict.confirmed"), value)]
    elif decision.what in (What.ASKED, What.DECLINED):
        value = f"{Look.MEND}:{story.id}"
        buttons = [blocks.button(f"{ids.STORY_LOOK}.{Look.MEND}", voice.label("look.mend"), value)]
    return blocks.message([blocks.section(text), *([blocks.actions(ids.STORY_PRESS, buttons)] if buttons else [])])


def confirmed(voice: Voice, story: Story) -> Message:
    """What is said once an author has confirmed a story; where that changed nothing, how it stands."""
    status = voice.label(f"story_status.{story.status}")
    return _said(voice.text("stories/confirmed", waits=story.status == Status.WAITING, status=status))


def sent_again(voice: Voice, notice: str) -> Message:
    """What stands in the place of a verifier's word once the story was changed."""
    return _said(voice.label(f"notice.{notice}"))


def _said(text: str) -> Message:
    return blocks.remark(text)


def thanked(voice: Voice, thanks: Thanks) -> Message:
    """A thank-you to whoever wrote a story that helped to keep somebody."""
    return _said(voice.text("stories/thanks", told_by=thanks.told_by, line=thanks.story.before))
