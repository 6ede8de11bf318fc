"""The App Home."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching import home as agendas
from bot.listeners.context import Payload, Services
from bot.surfaces import forms, ids
from bot.surfaces import home as surface
from bot.surfaces.payloads import Event, Press


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the Home being opened, and for its buttons."""
    listeners = Home(services)
    app.event("app_home_opened")(listeners.opened)
    app.action(ids.HOME_NEW)(listeners.new_case)


@dataclass(frozen=True)
class Home:
    """The listeners of this feature."""

    services: Services

    async def opened(self, event: Payload, body: Payload, client: AsyncWebClient) -> None:
        """Show what this member has open. The messages tab opens with the same event and shows itself."""
        opened = Event.model_validate(event)
        if opened.tab == "messages":
            return
        services = self.services
        agenda = await services.database.read(agendas.agenda, str(body["team_id"]), opened.user, surface.SHOWN_MOST)
        view = surface.home(services.voice(agenda.member), agenda, services.now(), services.command_prefix)
        await client.views_publish(user_id=opened.user, view=view)

    async def new_case(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """New cancellation: ask for a name."""
        press = Press.model_validate(body)
        voice = await self.services.voice_of(press.team.id, press.user.id)
        await client.views_open(trigger_id=press.trigger_id, view=forms.new_case(voice))
        await ack()
