"""The App Home."""

import logging
import re
from dataclasses import dataclass

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching import home as agendas
from bot.coaching import members
from bot.coaching.errors import Declined, Reason
from bot.coaching.home import Agenda
from bot.listeners.context import Payload, Services
from bot.storage import outbox
from bot.surfaces import forms, ids
from bot.surfaces import home as surface
from bot.surfaces.payloads import Event, Press

log = logging.getLogger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the Home being opened, and for its buttons."""
    listeners = Home(services)
    app.event("app_home_opened")(listeners.opened)
    app.action(ids.HOME_NEW)(listeners.new_case)
    app.action(re.compile(f"^{re.escape(ids.HOME_PARKED)}\\."))(listeners.unpark)


async def refresh(services: Services, client: AsyncWebClient, team_id: str, user_id: str) -> None:
    """Show what was changed. It is kept already, so a Home that cannot be published is no failure of the gesture."""
    try:
        await _publish(services, client, team_id, user_id)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.warning("A Home was not published: %s", type(error).__name__)


async def _publish(services: Services, client: AsyncWebClient, team_id: str, user_id: str) -> Agenda:
    now = services.now()
    whose, books = (team_id, user_id), services.coach.books
    agenda = await services.database.read(agendas.at_home, *whose, surface.SHOWN_MOST, books, now)
    view = surface.home(services.voice(agenda.member), agenda, now, services.command_prefix)
    await client.views_publish(user_id=user_id, view=view)
    return agenda


@dataclass(frozen=True)
class Home:
    """The listeners of this feature."""

    services: Services

    async def opened(self, event: Payload, body: Payload, client: AsyncWebClient) -> None:
        """Show what this member has open. The messages tab opens with the same event and shows itself."""
        opened = Event.model_validate(event)
        if opened.tab == "messages":
            return
        services, team_id = self.services, str(body["team_id"])
        agenda = await _publish(services, client, team_id, opened.user)
        if not members.is_known(agenda.member, services.now()):
            look_up = members.look_up(team_id, opened.user, services.now())
            await services.database.write(outbox.enqueue, look_up)
            services.nudge()

    async def unpark(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Try again what could not be delivered, or leave it."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        what, _, row_id = (press.used.value or "").partition(":")
        if not ids.is_number(row_id):
            raise Declined(Reason.GONE)
        await services.database.write(agendas.unpark, *who, int(row_id), services.now(), send=what == "again")
        services.nudge()
        await refresh(services, client, *who)
        await ack()

    async def new_case(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """New cancellation: ask for a name."""
        press = Press.model_validate(body)
        voice = await self.services.voice_of(press.team.id, press.user.id)
        await client.views_open(trigger_id=press.trigger_id, view=forms.new_case(voice))
        await ack()
