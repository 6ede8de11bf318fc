"""What a member sets for themselves, on their Home."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import due, library, members
from bot.listeners.context import Payload, Services, said
from bot.listeners.drafts import with_draft
from bot.storage.models import Member, Team
from bot.surfaces import ids, timezones
from bot.surfaces import settings as surface
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.payloads import Press, Query, Submission


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the button and the form."""
    listeners = Settings(services)
    app.action(ids.HOME_SETTINGS)(listeners.open)
    app.view(ids.SETTINGS_FORM)(listeners.keep)
    app.options(surface.ZONE)(listeners.suggest_zone)


@dataclass(frozen=True)
class Settings:
    """The listeners of this feature."""

    services: Services

    async def open(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """My settings: as they are."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        member, team = await services.database.read(_whose, *who)
        view = surface.settings(services.voice(member), member, team, services.coach.spoken(member.locale).titles)
        await client.views_open(trigger_id=press.trigger_id, view=await with_draft(services, who, view))
        await ack()

    async def keep(self, ack: AsyncAck, body: Payload) -> None:
        """Keep them."""
        sent = Submission.model_validate(body)
        voice = self.services.voice_for(Opener.carried_in(sent.view.private_metadata))
        settings = surface.read_settings(voice, sent)
        if isinstance(settings, Refused):
            await ack(response_action="errors", errors=settings.errors)
            return
        services, who = self.services, (sent.team.id, sent.user.id)
        await services.database.write(due.change_settings, *who, settings, services.now())
        services.nudge()
        await ack(response_action="update", view=said(voice, "settings_kept", voice.text("home/settings_kept")))

    async def suggest_zone(self, ack: AsyncAck, body: Payload) -> None:
        """The timezones that fit what was typed."""
        await ack(options=[*timezones.matching(Query.model_validate(body).value)])


def _whose(session: Session, team_id: str, user_id: str) -> tuple[Member, Team]:
    return members.get(session, team_id, user_id), library.team_of(session, team_id)
