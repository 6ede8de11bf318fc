"""A message that somebody handles as a cancellation: what it says, who has it already, and the form to open a case."""

from collections.abc import Sequence

from bot.coaching.card_numbers import looks_like_card_number, without_card_numbers
from bot.coaching.sources import Source
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Block, View
from bot.surfaces.channels import ChannelTrouble
from bot.surfaces.forms import NAME, Opener, Refused
from bot.surfaces.payloads import Submission, Written
from bot.surfaces.words import Voice, few

WROTE = "form.wrote"
CLAIM = "form.claim"

_CLAIM = "claim"


class MessageOrigin(Opener):
    """The message that a case is opened from; `last_case` is the latest that had come from it when the form opened."""

    channel: str
    ts: str
    thread_ts: str | None = None
    is_email: bool = False
    last_case: int = 0


def said(message: Written) -> str:
    """What a message says, as its writer saw it; no card numbers."""
    text = "\n\n".join(message.parts)
    return without_card_numbers(text) if looks_like_card_number(text) else text


def taken_by(voice: Voice, reps: Sequence[str], user_id: str) -> Sequence[Block]:
    """Who has this message already, for this member: they themselves, or others; nothing where nobody has."""
    named, more = few(reps)
    told = voice.text("cases/taken", reps=named, more=more, is_mine=user_id in reps)
    return [blocks.section(told)] if reps else []


def handle(
    voice: Voice,
    origin: MessageOrigin,
    text: str,
    taken: Sequence[Block],
    *,
    trouble: ChannelTrouble | None = None,
    is_cut: bool = False,
) -> View:
    """Who wrote, and what; who has it already, as `taken_by` says; whether others in the thread are told of it.

    Where there is `trouble`, nobody there can be told. A text that `is_cut` is no more than the beginning already.
    """
    claim = blocks.checkboxes(CLAIM, [blocks.option(voice.label("message.claim"), _CLAIM)])
    told = blocks.context(voice.text("cases/untold", trouble=trouble)) if trouble else forms.field(voice, CLAIM, claim)
    # It is cut on purpose and says so: no words of ours find no room here.
    beginning = str(blocks.cut(text, blocks.TEXT_MOST))
    fields = [
        *taken,
        forms.field(voice, NAME, blocks.text_input(NAME)),
        *_missing(voice, text, is_cut=is_cut),
        forms.field(voice, WROTE, blocks.text_input(WROTE, beginning, lines=True)),
        told,
    ]
    return forms.form(voice, ids.MESSAGE_FORM, "message", origin, fields)


def _missing(voice: Voice, text: str, *, is_cut: bool) -> Sequence[Block]:
    """What is said where a message does not stand in its field as a whole, or not at all."""
    if not text:
        return [blocks.context(voice.text("cases/message_unread"))]
    too_long = is_cut or len(text) > blocks.TEXT_MOST
    return [blocks.context(voice.text("cases/message_cut"))] if too_long else []


def read(voice: Voice, sent: Submission) -> tuple[str | None, str, bool] | Refused:
    """The customer's name, what they wrote, and whether the thread is to be told."""
    name, wrote = sent.text(NAME), sent.text(WROTE)
    if refused := forms.without_card_numbers(voice, {NAME: name, WROTE: wrote}):
        return refused
    return name, wrote or "", _CLAIM in sent.field(CLAIM).ticked


def source(origin: MessageOrigin, wrote: str, link: str | None) -> Source:
    """The message, as a case keeps it; what is said about it goes into its thread."""
    return Source(origin.channel, origin.ts, wrote, link, origin.thread_ts)
