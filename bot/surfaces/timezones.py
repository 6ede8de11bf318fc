"""The menu of timezones, which is filled while somebody types."""

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import available_timezones

from bot.surfaces import blocks
from bot.surfaces.blocks import Element
from bot.surfaces.words import Voice

_SHOWN_MOST = 100


@lru_cache(maxsize=1)
def known() -> Sequence[str]:
    """Every timezone that there is here (IANA), by name. Those without a place are old names, or none at all."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def menu(voice: Voice, action_id: str, chosen: str | None) -> Element:
    """A menu with what is `chosen` in it."""
    standing = blocks.option(chosen, chosen) if chosen else None
    return blocks.external_select(action_id, voice.label("placeholder.timezone"), standing)


def matching(typed: str) -> Sequence[Element]:
    """Those whose names have in them what was typed."""
    words = "_".join(typed.casefold().split())
    return [blocks.option(each, each) for each in known() if words in each.casefold()][:_SHOWN_MOST]
