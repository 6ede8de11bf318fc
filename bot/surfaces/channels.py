"""Whether something for the team alone may be said in a channel, from what Slack knows of it."""

from collections.abc import Mapping
from enum import StrEnum

from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Conversation
from bot.surfaces.words import Voice


class ChannelTrouble(StrEnum):
    """Why nothing can be said in a channel. One is `UNSEEN` where Slack did not tell us in time what it is like."""

    ARCHIVED = "archived"
    DIRECT = "direct"
    SHARED_OUTSIDE = "shared_outside"
    NOT_IN_IT = "not_in_it"
    UNSEEN = "unseen"


def is_direct(channel_id: str) -> bool:
    """Whether it is a conversation of two: Slack gives those an id of their own kind."""
    return channel_id.startswith("D")


def trouble_of(found: Conversation) -> ChannelTrouble | None:
    """Why nothing can be said there; None where it can. A public channel can be joined."""
    if found.is_archived:
        return ChannelTrouble.ARCHIVED
    if found.is_ext_shared or found.is_pending_ext_shared:
        return ChannelTrouble.SHARED_OUTSIDE
    return ChannelTrouble.NOT_IN_IT if found.is_private and not found.is_member else None


def refused(voice: Voice, troubles: Mapping[str, ChannelTrouble]) -> Refused:
    """What is wrong with the channels that were chosen, by their fields."""
    return Refused({field: voice.label(f"error.channel_{trouble}") for field, trouble in troubles.items()})
