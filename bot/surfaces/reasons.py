"""How reasons are called, and the field in which managers set a team's own."""

from collections.abc import Iterable, Mapping

from bot.coaching import reasons
from bot.coaching.spelling import fold
from bot.surfaces import blocks
from bot.surfaces.words import Voice

_SHORT_MOST = 20


def title(voice: Voice, reason: str) -> str:
    """What a reason is called; one of a team's own is called as they wrote it."""
    return voice.label(f"reason.{reason}") if reason in reasons.SHIPPED else reason


def short(voice: Voice, reason: str) -> str:
    """The same in a drawing, where there is little room."""
    return voice.label(f"reason_short.{reason}") if reason in reasons.SHIPPED else blocks.cut(reason, _SHORT_MOST)


def titles(voice: Voice, among: Iterable[str]) -> Mapping[str, str]:
    """What they are called, by their keys."""
    return {each: title(voice, each) for each in among}


def key_of(voice: Voice, text: str) -> str:
    """The key of a reason from what it is called: a shipped one by any spelling of it, or by its key; else the text."""
    shipped = {fold(name): each for each in reasons.SHIPPED for name in (each, title(voice, each))}
    return shipped.get(fold(text), text)
