"""Channels that are chosen for what is for the team alone: looked at before, and joined."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners.context import LOOK_SECONDS, why
from bot.surfaces.channels import ChannelTrouble, is_direct, trouble_of
from bot.surfaces.payloads import Conversation

log = logging.getLogger(__name__)

# What Slack says of a channel that is not there, and of a private one that the app is not in.
UNKNOWN = "channel_not_found"


async def trouble_with(client: AsyncWebClient, channel_id: str) -> ChannelTrouble | None:
    """Why nothing can be said there; None where it can. A public channel is joined on the way.

    Where the app may not look, since it was installed before it asked for that, or where Slack takes too long, nothing
    is known and nothing refused.
    """
    if is_direct(channel_id):
        return ChannelTrouble.DIRECT
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            found = Conversation.model_validate((await client.conversations_info(channel=channel_id))["channel"])
            trouble = trouble_of(found)
            if trouble is None and not found.is_member and not found.is_private:
                await client.conversations_join(channel=channel_id)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        if why(error) == UNKNOWN:
            return ChannelTrouble.NOT_IN_IT
        log.warning("A channel was not looked at: %s", why(error))
        return None
    return trouble
