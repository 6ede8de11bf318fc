"""`/reconnect`: what is due and coming, a reminder in a few words, and time away."""

import re
from dataclasses import dataclass
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import calendar, homes, members, reconnecting, when
from bot.coaching.errors import Declined, Reason
from bot.coaching.reminders import Reminder
from bot.coaching.when import Said, Trouble
from bot.listeners import home
from bot.listeners.colleagues import is_a_colleague
from bot.listeners.context import Payload, Services, privately
from bot.listeners.drafts import with_draft
from bot.storage import outbox
from bot.storage.models import Member
from bot.surfaces import colleagues as colleague_surface
from bot.surfaces import ids
from bot.surfaces import reconnecting as surface
from bot.surfaces.blocks import Message, View
from bot.surfaces.ids import AwayAsk
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Command, Press, Submission
from bot.surfaces.reconnecting import AwayOrigin

Who = tuple[str, str]


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the command, its button on the Home, and what somebody who is away presses."""
    listeners = Reconnecting(services)
    app.command(command_of(services.command_prefix, ids.RECONNECT))(listeners.reconnect)
    app.action(ids.HOME_RECONNECT)(listeners.from_home)
    app.action(re.compile(f"^{re.escape(ids.AWAY_PRESS)}\\."))(listeners.press)
    app.view(ids.HAND_ALL_FORM)(listeners.hand_all)


@dataclass(frozen=True)
class Reconnecting:
    """The listeners of this feature."""

    services: Services

    async def reconnect(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """`/reconnect [customer when] | away until … | back | calendar | help`."""
        command = Command.model_validate(body)
        who, text = (command.team_id, command.user_id), command.said
        first, _, rest = text.partition(" ")
        if not text:
            await client.views_open(trigger_id=command.trigger_id, view=await self._list(who))
            await ack()
            return
        match first.casefold(), rest:
            case "help", "":
                answer = surface.helped(await self.services.voice_for_help(*who), self._command)
            case "back", "":
                answer = await self._come_back(who)
            case "calendar", "":
                answer = await self._calendar(who)
            case "away", _:
                answer = await self._leave(who, rest)
            case _:
                answer = await self._book(who, text)
        self.services.nudge()
        await ack(privately(answer))

    async def from_home(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """What's coming."""
        press = Press.model_validate(body)
        await client.views_open(trigger_id=press.trigger_id, view=await self._list((press.team.id, press.user.id)))
        await ack()

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Back, everything handed over, or taken back."""
        press = Press.model_validate(body)
        who = (press.team.id, press.user.id)
        ask, _, argument = (press.used.value or "").partition(":")
        if ask == AwayAsk.HAND_ALL:
            voice = await self.services.voice_of(*who)
            origin = AwayOrigin(response_url=press.response_url)
            view = await with_draft(self.services, who, surface.hand_all(voice, origin))
            await client.views_open(trigger_id=press.trigger_id, view=view)
        elif ask == AwayAsk.COME_BACK:
            answer = await self._come_back(who)
            await self._show(press, client, who, answer)
        elif ask == AwayAsk.TAKE_ALL_BACK:
            await self._show(press, client, who, await self._take_all_back(who, argument))
        else:
            raise Declined(Reason.GONE)
        self.services.nudge()
        await ack()

    async def hand_all(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A colleague does what falls due meanwhile."""
        sent = Submission.model_validate(body)
        services, who, now = self.services, (sent.team.id, sent.user.id), self.services.now()
        origin = AwayOrigin.carried_in(sent.view.private_metadata)
        voice, to = services.voice_for(origin), sent.text(colleague_surface.COLLEAGUE) or ""
        if not await is_a_colleague(client, sent.team.id, to):
            await ack(response_action="errors", errors=colleague_surface.nobody_there(voice).errors)
            return
        handed, since = await services.database.write(reconnecting.hand_all_over, *who, to, now)
        services.nudge()
        if origin.response_url:
            await services.redraw(origin.response_url, surface.handed(voice, handed, to, since))
        await ack()

    @property
    def _command(self) -> str:
        return command_of(self.services.command_prefix, ids.RECONNECT)

    async def _list(self, who: Who) -> View:
        services = self.services
        coming = await services.database.read(reconnecting.coming, *who)
        return surface.listed(services.voice(coming.member), coming, services.now())

    async def _book(self, who: Who, text: str) -> Message:
        """What was understood, with an Undo; or why nothing was."""
        services, now = self.services, self.services.now()

        def book(session: Session) -> tuple[Member, Said, Reminder | None]:
            member = _met(session, who, now)
            said = when.split(text, now, calendar.zone(member.timezone), member.locale)
            if isinstance(said.when, Trouble) or not said.name:
                return member, said, None
            outbox.enqueue(session, *homes.own(member, now))
            return member, said, reconnecting.book(session, *who, said.name, said.when.at, now, exact=said.when.exact)

        member, said, reminder = await services.database.write(book)
        voice = services.voice(member)
        if reminder:
            return surface.booked(voice, reminder)
        if isinstance(said.when, Trouble):
            return surface.not_understood(voice, self._command, said.when, said.name or None)
        return surface.nobody_named(voice, self._command)

    async def _leave(self, who: Who, text: str) -> Message:
        services, now = self.services, self.services.now()
        until = text.removeprefix("until ").strip()

        def leave(session: Session) -> tuple[Member, reconnecting.Away | Trouble]:
            member = _met(session, who, now)
            moment = when.parse(until, now, calendar.zone(member.timezone), member.locale)
            if isinstance(moment, Trouble):
                return member, moment
            return member, reconnecting.leave(session, *who, moment.at, now)

        member, away = await services.database.write(leave)
        voice = services.voice(member)
        if isinstance(away, Trouble):
            return surface.not_understood(voice, f"{self._command} away until", away, None)
        return surface.away(voice, away)

    async def _come_back(self, who: Who) -> Message:
        services = self.services
        member, was_away = await services.database.write(reconnecting.come_back, *who, services.now())
        return surface.back(services.voice(member), was_away=was_away)

    async def _take_all_back(self, who: Who, argument: str) -> Message:
        services = self.services
        try:
            handed_at = datetime.fromisoformat(argument)
        except ValueError:
            raise Declined(Reason.GONE) from None
        count = await services.database.write(reconnecting.take_all_back, *who, handed_at, services.now())
        return surface.taken_back(await services.voice_of(*who), count)

    async def _calendar(self, who: Who) -> Message:
        services, now = self.services, self.services.now()

        def ask(session: Session) -> reconnecting.Coming:
            coming = reconnecting.coming(session, *who, most=1)
            if coming.count:
                outbox.enqueue(session, reconnecting.calendar_due(*who, now))
            return coming

        coming = await services.database.write(ask)
        return surface.calendar_comes(services.voice(coming.member), coming.count)

    async def _show(self, press: Press, client: AsyncWebClient, who: Who, answer: Message) -> None:
        if press.response_url:
            await self.services.redraw(press.response_url, answer)
        elif press.view and press.view.type == "home":
            await home.refresh(self.services, client, *who)
        elif press.view:
            await self.services.put(client, press.view.id, await self._list(who))


def _met(session: Session, who: Who, now: datetime) -> Member:
    """The member, looked up where their timezone is not known yet."""
    member = members.find(session, *who)
    outbox.enqueue(session, *members.look_up_if_new(member, *who, now))
    return member or Member(team_id=who[0], user_id=who[1])
