"""A message that somebody handles as a cancellation: what it says, who has it already, and the form to open a case."""

import re
from collections.abc import Sequence

from bot.coaching.card_numbers import looks_like_card_number, without_card_numbers
from bot.coaching.sources import Source
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import View
from bot.surfaces.forms import NAME, Opener, Refused
from bot.surfaces.payloads import Submission, Written
from bot.surfaces.words import Voice, unescape

WROTE = "form.wrote"
CLAIM = "form.claim"

_CLAIM = "claim"
# Slack writes links, people, channels and groups between these (docs.slack.dev/messaging/formatting-message-text).
_MARKED = re.compile(r"<(?P<kind>[@#!]?)(?P<to>[^>|]*)(?:\|(?P<label>[^>]*))?>")


class MessageOrigin(Opener):
    """The message that a case is opened from; `cases` come from it already."""

    channel: str
    ts: str
    thread_ts: str | None = None
    is_email: bool = False
    cases: int = 0


def said(message: Written) -> str:
    """What a message says, as its writer saw it, no longer than a field has room for.

    A channel's name is left out: whoever reads the case may not know of that channel.
    """
    text = "\n\n".join(unescape(_plain(part)).strip() for part in message.parts)
    text = without_card_numbers(text) if looks_like_card_number(text) else text
    return blocks.cut(text, blocks.TEXT_MOST)


def _plain(text: str) -> str:
    def shown(found: re.Match[str]) -> str:
        if found["kind"]:
            return "@…" if found["kind"] == "@" else "#…" if found["kind"] == "#" else found["label"] or "@…"
        return found["label"] or found["to"].removeprefix("mailto:")

    return _MARKED.sub(shown, text)


def handle(voice: Voice, origin: MessageOrigin, text: str, reps: Sequence[str], *, can_claim: bool) -> View:
    """Who wrote, and what; and whether the others in the thread are told that it is taken care of."""
    claim = blocks.checkboxes(CLAIM, [blocks.option(voice.label("message.claim"), _CLAIM)])
    taken = [blocks.section(voice.text("cases/taken", reps=reps))] if reps else []
    told = [forms.field(voice, CLAIM, claim)] if can_claim else [blocks.context(voice.text("cases/not_in_channel"))]
    fields = [
        *taken,
        forms.field(voice, NAME, blocks.text_input(NAME)),
        forms.field(voice, WROTE, blocks.text_input(WROTE, text, lines=True)),
        *told,
    ]
    return forms.form(voice, ids.MESSAGE_FORM, "message", origin, fields)


def read(voice: Voice, sent: Submission) -> tuple[str | None, str, bool] | Refused:
    """The customer's name, what they wrote, and whether the thread is to be told."""
    name, wrote = sent.text(NAME), sent.text(WROTE)
    if refused := forms.without_card_numbers(voice, {NAME: name, WROTE: wrote}):
        return refused
    return name, wrote or "", _CLAIM in sent.field(CLAIM).ticked


def source(origin: MessageOrigin, wrote: str, link: str | None) -> Source:
    """The message, as a case keeps it; what is said about it goes into its thread."""
    return Source(origin.channel, origin.ts, wrote, link, origin.thread_ts)
