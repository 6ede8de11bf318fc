"""Whether somebody is a colleague, as Slack knows them."""

import asyncio

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners.context import LOOK_SECONDS
from bot.surfaces.payloads import User


async def is_a_colleague(client: AsyncWebClient, team_id: str, user_id: str) -> bool:
    """Whether somebody can be given work in this workspace; nobody of whom Slack knows nothing.

    Raises `TimeoutError` where Slack takes too long to say so: nothing is kept yet.
    """
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            found = await client.users_info(user=user_id)
    except SlackApiError:
        return False
    return User.model_validate(found["user"]).works_in(team_id)
