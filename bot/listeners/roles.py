"""Who manages the team: taken on, asked for, answered, and laid down."""

import asyncio
import logging
import re
from dataclasses import dataclass

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import due, members, roles
from bot.coaching.errors import Declined, Reason
from bot.coaching.members import Profile
from bot.coaching.roles import Standing, UserGroup
from bot.listeners import home
from bot.listeners.colleagues import is_a_colleague
from bot.listeners.context import LOOK_SECONDS, Payload, Services
from bot.listeners.drafts import with_draft
from bot.surfaces import ids
from bot.surfaces import roles as surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.ids import RoleAsk
from bot.surfaces.payloads import Press, Query, Submission, User

Who = tuple[str, str]

log = logging.getLogger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the button on the Home, the managers' form, and the answers of whoever is asked."""
    listeners = Managers(services)
    app.action(ids.HOME_ACCEPT)(listeners.take_on)
    app.action(ids.HOME_MANAGERS)(listeners.open)
    app.action(re.compile(f"^{re.escape(ids.ROLE_PRESS)}\\."))(listeners.press)
    app.options(surface.USER_GROUP)(listeners.suggest_group)
    app.view(ids.MANAGERS_FORM)(listeners.ask)


@dataclass(frozen=True)
class Managers:
    """The listeners of this feature."""

    services: Services

    async def take_on(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """I manage this team."""
        press = Press.model_validate(body)
        who = (press.team.id, press.user.id)
        standing = await self._accept(client, who)
        if press.response_url:
            await self.services.redraw(press.response_url, surface.taken_on(self.services.voice(standing.member)))
        await home.refresh(self.services, client, *who)
        await ack()

    async def open(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Managers: who they are, and whom to ask."""
        press = Press.model_validate(body)
        who = (press.team.id, press.user.id)
        view = await with_draft(self.services, who, await self._form(who))
        await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Yes or no from whoever is asked; or somebody taken out, oneself included."""
        press = Press.model_validate(body)
        services, who, now = self.services, (press.team.id, press.user.id), self.services.now()
        ask, _, user_id = (press.used.value or "").partition(":")
        match ask:
            case RoleAsk.ACCEPT:
                await self._answered(press, await self._accept(client, who))
            case RoleAsk.DECLINE:
                await self._answered(press, await services.database.write(roles.decline, *who, now))
            case RoleAsk.LEAVE_GROUP:
                await services.database.write(roles.follow_group, *who, None, now)
                await self._show(press, client, who)
            case RoleAsk.STEP_DOWN:
                await services.database.write(roles.take_out, *who, who[1], now)
                await self._close(press, client)
            case RoleAsk.TAKE_OUT | RoleAsk.TAKE_BACK:
                await services.database.write(roles.take_out, *who, user_id, now)
                await self._show(press, client, who)
                await home.refresh(services, client, press.team.id, user_id)
            case _:
                raise Declined(Reason.GONE)
        services.nudge()
        if press.view:
            await home.refresh(services, client, *who)
        await ack()

    async def _accept(self, client: AsyncWebClient, who: Who) -> Standing:
        """Become a manager. Whether they run the workspace is asked anew where it is long since Slack said so."""
        services, now = self.services, self.services.now()
        if not members.is_known(await services.database.read(members.get, *who), now):
            async with asyncio.timeout(LOOK_SECONDS):
                user = User.model_validate((await client.users_info(user=who[1], include_locale=True))["user"])
            profile = Profile(user.tz, user.locale, user.runs_the_workspace)
            await services.database.write(due.learn, *who, profile, now)
        return await services.database.write(roles.accept, *who, now)

    async def _answered(self, press: Press, standing: Standing) -> None:
        if press.response_url:
            message = surface.asked(self.services.voice(standing.member), standing)
            await self.services.redraw(press.response_url, message)

    async def suggest_group(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """The user groups that fit what was typed; none where the app may not see them."""
        query = Query.model_validate(body)
        try:
            found = (await client.usergroups_list())["usergroups"]
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("User groups were not looked up: %s", type(error).__name__)
            found = ()
        handles = {str(each["id"]): str(each["handle"]) for each in found}
        await ack(options=[*surface.groups(handles, query.value)])

    async def ask(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Ask somebody, a whole group, or both; it is said who gets the question."""
        sent = Submission.model_validate(body)
        services, who = self.services, (sent.team.id, sent.user.id)
        voice = services.voice_for(Opener.carried_in(sent.view.private_metadata))
        asked = surface.read(voice, sent)
        if not isinstance(asked, Refused) and asked[0] and not await is_a_colleague(client, sent.team.id, asked[0]):
            asked = surface.nobody_there(voice)
        if isinstance(asked, Refused):
            await ack(response_action="errors", errors=asked.errors)
            return
        is_asked = await services.database.write(_ask, *who, *asked, services)
        services.nudge()
        await ack(response_action="update", view=surface.has_asked(voice, *asked, manages=not is_asked))

    async def _form(self, who: Who) -> View:
        managing = await self.services.database.read(roles.of_team, *who)
        return surface.managers(self.services.voice(managing.viewer), managing)

    async def _show(self, press: Press, client: AsyncWebClient, who: Who) -> None:
        if press.view:
            view = await with_draft(self.services, who, await self._form(who))
            await self.services.put(client, press.view.id, view)

    async def _close(self, press: Press, client: AsyncWebClient) -> None:
        """What only managers see is shown no longer."""
        if press.view:
            voice = await self.services.voice_of(press.team.id, press.user.id)
            await self.services.put(client, press.view.id, surface.stepped_down(voice))


def _ask(
    session: Session, team_id: str, by: str, person: str | None, group: UserGroup | None, services: Services
) -> bool:
    now = services.now()
    if group:
        roles.follow_group(session, team_id, by, group, now)
    return person is None or roles.ask(session, team_id, by, person, now)
