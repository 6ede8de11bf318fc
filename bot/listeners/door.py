"""Who is let in: people of the workspace that the app is installed in, wherever they meet it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.errors import Declined, Reason
from bot.listeners.context import LOOK_SECONDS, Payload, Services
from bot.listeners.errors import Errors
from bot.surfaces.payloads import User


def register(app: AsyncApp, services: Services) -> None:
    """Stand before every listener."""
    app.middleware(Door(Errors(services)).let_in)


@dataclass(frozen=True)
class Door:
    """What a gesture passes first."""

    errors: Errors

    async def let_in(
        self,
        body: Payload,
        context: AsyncBoltContext,
        client: AsyncWebClient,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt hands it over by this name
    ) -> BoltResponse | None:
        """Somebody of another company, in a channel that is shared with it, is told kindly that it is not for them."""
        here = context.authorize_result.team_id if context.authorize_result else None
        try:
            belongs = here is None or await _belongs(client, body, here)
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            # Who they are is not known, so nothing is done.
            return await self.errors.explain(error, body, client)
        if belongs:
            await next()
            return None
        return await self.errors.explain(Declined(Reason.ELSEWHERE), body, client)


async def _belongs(client: AsyncWebClient, body: Payload, here: str) -> bool:
    """Whether whoever did something works here; in an organisation, Slack says which of its workspaces are theirs."""
    if not _told_from(body) <= {here}:
        return False
    user = body.get("user")
    home = user.get("team_id") if isinstance(user, Mapping) else None
    if home in (None, here) or not isinstance(user, Mapping):
        return True
    if not body.get("enterprise"):
        return False
    async with asyncio.timeout(LOOK_SECONDS):
        found = await client.users_info(user=str(user.get("id")))
    return User.model_validate(found["user"]).belongs_to(here)


def _told_from(body: Payload) -> set[str]:
    """The workspaces that a payload names as where it was sent from."""
    team = body.get("team")
    places = [body.get("team_id"), team.get("id") if isinstance(team, Mapping) else None]
    return {str(place) for place in places if place}
