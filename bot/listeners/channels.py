"""Whether something for the team alone may be said in a channel, as Slack knows it."""

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.surfaces.payloads import Conversation
from bot.surfaces.saves import ChannelTrouble

log = logging.getLogger(__name__)

_UNKNOWN = "channel_not_found"


async def trouble_with(client: AsyncWebClient, channel_id: str) -> ChannelTrouble | None:
    """Why nothing can be said there; None where it can. A public channel is joined on the way.

    Where the app may not look, since it was installed before it asked for that, nothing is known and nothing refused.
    """
    try:
        found = Conversation.model_validate((await client.conversations_info(channel=channel_id))["channel"])
        trouble = _trouble(found)
        if trouble is None and not found.is_member and not found.is_private:
            await client.conversations_join(channel=channel_id)
    except SlackApiError as refused:
        if refused.response["error"] == _UNKNOWN:
            return ChannelTrouble.NOT_IN_IT
        log.warning("A channel was not looked at: %s", refused.response["error"])
        return None
    return trouble


def _trouble(found: Conversation) -> ChannelTrouble | None:
    if found.is_archived:
        return ChannelTrouble.ARCHIVED
    if found.is_ext_shared or found.is_pending_ext_shared:
        return ChannelTrouble.SHARED_OUTSIDE
    return ChannelTrouble.NOT_IN_IT if found.is_private and not found.is_member else None
