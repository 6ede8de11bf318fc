"""What a step has to say: lines for a conversation, drafts for a message, and what to listen or look for."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zlib import crc32

from bot.coaching import playbooks
from bot.coaching.cases import DRAFT, Card
from bot.coaching.playbooks import Draft, Step
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Block
from bot.surfaces.payloads import Press
from bot.surfaces.words import Voice, person


def lines(voice: Voice, card: Card, between: Sequence[Block] = ()) -> Sequence[Block]:
    """What to say and ask, and what stands `between`; for a message, what to write instead, to change and copy."""
    if card.only_lists_help:
        return []
    step, written = card.step, drafts(voice, card)
    spoken = _spoken(voice, card, step, between) if speaks(card) and not card.member.cues_only else between
    # The cue after a save is about a soft yes: once it is known to be one, there is nothing left to listen for.
    cues = [] if card.case.soft_yes else step.listen
    heading = voice.label("case.look" if card.case.writing else "case.listen")
    listen = [blocks.context(voice.text("cases/listen", cues=cues, heading=heading))] if cues else []
    return [*spoken, *_fields(voice, card, written), *listen]


def speaks(card: Card) -> bool:
    """Whether the lines of a step are for saying: whoever wrote is answered in writing until it is decided."""
    return not card.case.writing or (card.case.outcome is not None and not card.step.write)


def line(voice: Voice, card: Card, among: Sequence[str]) -> str | None:
    """The one of several lines whose turn it is, filled in."""
    return playbooks.line(among, card.case.variant, facts(voice, card))


def drafts(voice: Voice, card: Card) -> Mapping[str, tuple[str, str]]:
    """What to write at this step, as (label, proposal) by the name of its field; nothing while they talk."""
    if not card.case.writing:
        return {}
    known, step = facts(voice, card), card.step
    texts: Mapping[Draft, str | None] = {draft: playbooks.filled(draft.text, known) for draft in _wanted(card)}
    if card.withdrawal and texts:
        texts = _with_right(texts, card.withdrawal.words)
    return {f"{DRAFT}{step.key}-{draft.key}": (draft.label, text) for draft, text in texts.items() if text is not None}


def _wanted(card: Card) -> Sequence[Draft]:
    """The drafts of a step; whoever asked not to be contacted is answered, and not invited."""
    answering = card.left_alone and card.case.step == card.playbook.reply
    return card.step.write[:1] if answering else card.step.write


def _with_right(texts: Mapping[Draft, str | None], right: str) -> Mapping[Draft, str | None]:
    """The first message tells of the right to withdraw, right after its greeting: before any persuading."""
    (first, text), *others = texts.items()
    greeting, _, rest = (text or "").partition("\n\n")
    return {first: f"{greeting}\n\n{right}\n\n{rest}" if text else None, **dict(others)}


def typed(press: Press) -> Mapping[str, str]:
    """What a rep typed in a card, by the field's name. A draft that stands as it was shown is nothing typed."""
    marked = {name.partition("."): text for name, text in press.typed(ids.WORDS).items()}
    return {name: text for (name, _, mark), text in marked.items() if mark != _mark(text)}


def _mark(text: str) -> str:
    """What a draft's field carries in its id, to tell whether its text was changed."""
    return f"{crc32(text.encode()):x}"


def facts(voice: Voice, card: Card) -> Mapping[str, str | None]:
    """What the lines and drafts of a playbook may leave to be filled in."""
    slots = [voice.moment(datetime.fromtimestamp(slot, UTC)) for slot in card.slots]
    return {
        "name": person(card.name) if card.name else None,
        "first": slots[0] if slots else None,
        "second": slots[-1] if slots else None,
        "booking": card.member.booking_link,
    }


def _spoken(voice: Voice, card: Card, step: Step, between: Sequence[Block]) -> Sequence[Block]:
    say, ask = line(voice, card, step.say), line(voice, card, step.ask)
    if not between:
        return _section(voice, say, ask)
    return [*_section(voice, say, None), *between, *_section(voice, None, ask)]


def _section(voice: Voice, say: str | None, ask: str | None) -> Sequence[Block]:
    return [blocks.section(voice.text("cases/lines", say=say, ask=ask))] if say or ask else []


def _fields(voice: Voice, card: Card, written: Mapping[str, tuple[str, str]]) -> Sequence[Block]:
    fields = [_field(card, name, label, proposal) for name, (label, proposal) in written.items()]
    return [*fields, *([blocks.context(voice.text("cases/copy"))] if fields else [])]


def _field(card: Card, name: str, label: str, proposal: str) -> Block:
    text = card.case.words.get(name, proposal)
    draft = blocks.text_input(f"{ids.WORDS}.{name}.{_mark(text)}", text, lines=True)
    return blocks.field(f"{ids.WORDS}.{name}.{card.case.revision}", label, draft)
