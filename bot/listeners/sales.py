"""`/solidify`, minutes after a yes, and what is sent from its forms."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import calendar, sales
from bot.listeners.context import Payload, Services, privately
from bot.listeners.drafts import with_draft
from bot.storage.models import Member
from bot.surfaces import ids
from bot.surfaces import sales as surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Refused
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Command, Press, Submission
from bot.surfaces.sales import CallOrigin


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the command, its button on the Home, and its forms."""
    listeners = Sales(services)
    app.command(command_of(services.command_prefix, ids.SOLIDIFY))(listeners.solidify)
    app.action(ids.HOME_SOLIDIFY)(listeners.solidify_from_home)
    app.view(ids.SOLIDIFY_FORM)(listeners.keep)
    app.view(ids.CALL_FORM)(listeners.move_call)


@dataclass(frozen=True)
class Sales:
    """The listeners of this feature."""

    services: Services

    async def solidify(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """`/solidify [customer] | help`: the form opens at once."""
        command = Command.model_validate(body)
        name = command.said
        if name.casefold() == "help":
            typed = command_of(self.services.command_prefix, ids.SOLIDIFY)
            voice = await self.services.voice_for_help(command.team_id, command.user_id)
            await ack(privately(surface.helped(voice, typed)))
            return
        view = await self.form(command.team_id, command.user_id, name or None)
        await client.views_open(trigger_id=command.trigger_id, view=view)
        await ack()

    async def solidify_from_home(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """The same form, with no name in it yet."""
        press = Press.model_validate(body)
        view = await self.form(press.team.id, press.user.id, None)
        await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()

    async def form(self, team_id: str, user_id: str, name: str | None) -> View:
        """The form, as it is for this member today."""
        services = self.services

        def prepare(session: Session) -> tuple[Member, View]:
            member, shelf = sales.prepare(session, team_id, user_id, name, services.now())
            voice = services.voice(member)
            book = services.coach.spoken(member.locale).all[sales.PLAYBOOK]
            view = surface.solidify(voice, book, member, name, shelf, services.today(voice))
            return member, view

        member, view = await services.database.write(prepare)
        if member.learned_at is None:
            # Their timezone is wanted before anything is booked.
            services.nudge()
        return await with_draft(services, (team_id, user_id), view)

    async def keep(self, ack: AsyncAck, body: Payload) -> None:
        """The yes is kept, and the form says what was booked."""
        sent = Submission.model_validate(body)
        services = self.services
        # Whoever was not met yet has been looked up since the form opened, and amounts are read by their locale.
        voice = await services.voice_of(sent.team.id, sent.user.id)
        said = surface.read_solidify(voice, sent)
        if isinstance(said, Refused):
            await ack(response_action="errors", errors=said.errors)
            return
        kept = await services.database.write(sales.solidify, sent.team.id, sent.user.id, said, services.now())
        await ack(response_action="update", view=surface.solidified(services.voice(kept.member), kept))

    async def move_call(self, ack: AsyncAck, body: Payload) -> None:
        """Another day for the call to somebody who did not sound sure."""
        sent = Submission.model_validate(body)
        services = self.services
        origin = CallOrigin.carried_in(sent.view.private_metadata)
        voice = services.voice_for(origin)
        day = surface.read_call(voice, sent, services.today(voice))
        if isinstance(day, Refused):
            await ack(response_action="errors", errors=day.errors)
            return
        due_at = calendar.at(day, calendar.MORNING, voice.zone)
        whose = (sent.team.id, sent.user.id, origin.task_id)
        call = await services.database.write(sales.move_call, *whose, due_at, services.now())
        await ack(response_action="update", view=surface.call_moved(voice, call))
