"""The App Home."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import home as agendas
from bot.coaching import homes, members, openings, setup
from bot.coaching.errors import Declined, Reason
from bot.coaching.home import Agenda
from bot.coaching.homes import TOP, Page
from bot.listeners.context import MOMENT_SECONDS, Payload, Services, why
from bot.listeners.drafts import with_draft
from bot.storage import outbox
from bot.storage.models import Member
from bot.surfaces import forms, ids
from bot.surfaces import home as surface
from bot.surfaces.payloads import Event, Press

log = logging.getLogger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the Home being opened, and for its buttons."""
    listeners = Home(services)
    app.event("app_home_opened")(listeners.opened)
    app.action(ids.HOME_NEW)(listeners.new_case)
    app.action(ids.HOME_TRY)(listeners.try_out)
    app.action(ids.HOME_HELP)(listeners.help)
    app.action(ids.NO_TIPS)(listeners.no_tips)
    app.action(re.compile(f"^{re.escape(ids.HOME_PAGE)}\\."))(listeners.turn)
    app.action(re.compile(f"^{re.escape(ids.HOME_PARKED)}\\."))(listeners.unpark)


async def refresh(services: Services, client: AsyncWebClient, team_id: str, user_id: str) -> None:
    """Show what was changed. It is kept already: a Home that is not published at once will be, and fails no gesture."""
    try:
        async with asyncio.timeout(MOMENT_SECONDS):
            await _publish(services, client, team_id, user_id)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        await _publish_later(services, team_id, user_id, error)


async def _publish_later(services: Services, team_id: str, user_id: str, error: Exception) -> None:
    log.info("A Home was not published, and will be: %s", why(error))
    await services.database.write(outbox.enqueue, homes.redraw(team_id, user_id, services.now()))
    services.nudge()


async def _publish(
    services: Services, client: AsyncWebClient, team_id: str, user_id: str, page: Page | None = None
) -> Agenda:
    now, coach = services.now(), services.coach
    whose, most = (team_id, user_id), surface.SHOWN_MOST
    agenda = await services.database.read(agendas.at_home, *whose, most, coach.spoken, now, page)
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
        services, who, now = self.services, (str(body["team_id"]), opened.user), self.services.now()
        # Before it is drawn, so that whatever changes from now on is drawn after it.
        await services.database.write(homes.seen, *who, now)
        try:
            member = (await _publish(services, client, *who, TOP)).member
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            await _publish_later(services, *who, error)
            member = await services.database.read(members.get, *who)
        if not members.is_known(member, now):
            await services.database.write(outbox.enqueue, members.look_up(*who, now))
            services.nudge()

    async def turn(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Another page of what is promised, of what is open, or of what waits."""
        press = Press.model_validate(body)
        services, who, page = self.services, (press.team.id, press.user.id), surface.read_page(press.used.value)
        await services.database.write(homes.seen, *who, services.now(), page)
        await refresh(services, client, *who)
        await ack()

    async def try_out(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Try a made-up customer: the card comes to the DM."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        voice = await services.voice_of(*who)
        await services.database.write(
            partial(openings.try_out, services.coach), *who, surface.made_up(voice), services.now()
        )
        services.nudge()
        if press.view:
            over = client.views_push if press.view.type == "modal" else client.views_open
            await services.tell(over, press.trigger_id, surface.tried(voice))
        await ack()

    async def help(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """What there is to type, and whom to ask."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)

        def look_up(session: Session) -> tuple[Member, Sequence[str]]:
            return members.get(session, *who), members.managers(session, who[0])

        member, managers = await services.database.read(look_up)
        prefix, support = services.command_prefix, services.support_contact
        view = surface.helped(services.voice(member), prefix, managers, support)
        await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()

    async def no_tips(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Not again: where it was pressed it goes away."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        member = await services.database.write(setup.no_tips, *who, services.now())
        if press.response_url:
            told = surface.no_more_tips(services.voice(member), services.command_prefix)
            await services.redraw(press.response_url, told)
        else:
            await refresh(services, client, *who)
        await ack()

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
        who = (press.team.id, press.user.id)
        view = await with_draft(self.services, who, forms.new_case(await self.services.voice_of(*who)))
        await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()
