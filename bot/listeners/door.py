"""Who is let in: people of the workspace that the app is installed in, wherever they meet it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.errors import Declined, Reason
from bot.listeners.context import Payload, Services
from bot.listeners.errors import Errors


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
        if here is None or comes_from(body) <= {here}:
            await next()
            return None
        return await self.errors.explain(Declined(Reason.ELSEWHERE), body, client)


def comes_from(body: Payload) -> set[str]:
    """The workspaces that a payload names as where it comes from; in an organisation, people of all are colleagues."""
    team, user = body.get("team"), body.get("user")
    places = [body.get("team_id"), team.get("id") if isinstance(team, Mapping) else None]
    if isinstance(user, Mapping) and not body.get("enterprise"):
        places.append(user.get("team_id"))
    return {str(place) for place in places if place}
