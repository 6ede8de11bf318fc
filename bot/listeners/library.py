"""What managers press and send to keep the library, on their Home."""

import asyncio
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching import library, members, teams
from bot.coaching.errors import Declined, Reason
from bot.coaching.library import ProductFacts
from bot.listeners import home
from bot.listeners.channels import trouble_with
from bot.listeners.colleagues import is_a_colleague
from bot.listeners.context import Payload, Services, said
from bot.listeners.drafts import with_draft
from bot.surfaces import channels, ids
from bot.surfaces import library as surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.library import ProductOrigin
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.words import Voice


def register(app: AsyncApp, services: Services) -> None:
    """Listen for what managers set."""
    listeners = Library(services)
    app.action(ids.HOME_ADD_PRODUCT)(listeners.open_new_product)
    app.action(ids.HOME_CHANGE_PRODUCT)(listeners.open_product)
    app.action(ids.HOME_TEAM)(listeners.open_team)
    app.view(ids.PRODUCT_FORM)(listeners.keep_product)
    app.view(ids.TEAM_FORM)(listeners.keep_team)


@dataclass(frozen=True)
class Library:
    """The listeners of this feature."""

    services: Services

    async def open_new_product(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Add a product: an empty form."""
        press = Press.model_validate(body)
        await self._open(press, surface.product(await self._voice_of_manager(press)), client)
        await ack()

    async def open_product(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Change a product: the form as it was kept. The menu behind it is drawn anew, to be chosen from again."""
        press = Press.model_validate(body)
        voice = await self._voice_of_manager(press)
        chosen = press.used.chosen or ""
        if not ids.is_number(chosen):
            raise Declined(Reason.GONE)
        product = await self.services.database.read(library.find, press.team.id, int(chosen))
        await self._open(press, surface.product(voice, product), client)
        await home.refresh(self.services, client, press.team.id, press.user.id)
        await ack()

    async def open_team(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Team settings: as they are."""
        press = Press.model_validate(body)
        voice = await self._voice_of_manager(press)
        team = await self.services.database.read(library.team_of, press.team.id)
        await self._open(press, surface.team(voice, team), client)
        await ack()

    async def keep_product(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Keep a product, or take it out."""
        sent = Submission.model_validate(body)
        services, who = self.services, (sent.team.id, sent.user.id)
        origin = ProductOrigin.carried_in(sent.view.private_metadata)
        if origin.product_id and surface.wants_removal(sent):
            await services.database.write(library.remove_product, *who, origin.product_id, services.now())
        else:
            facts = surface.read_product(services.voice_for(origin), sent)
            if isinstance(facts, Refused):
                await ack(response_action="errors", errors=facts.errors)
                return
            await self._keep(sent, origin.product_id, facts)
        await home.refresh(services, client, *who)
        await ack()

    async def keep_team(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Keep what holds for the whole team."""
        sent = Submission.model_validate(body)
        services, who = self.services, (sent.team.id, sent.user.id)
        voice = services.voice_for(Opener.carried_in(sent.view.private_metadata))
        facts = surface.read_team(voice, sent)
        verifier = None if isinstance(facts, Refused) else facts.verifier_id
        if verifier and not await is_a_colleague(client, sent.team.id, verifier):
            facts = surface.nobody_there(voice)
        if not isinstance(facts, Refused):
            chosen = {surface.HEARD_CHANNEL: facts.heard_channel, surface.HELP_CHANNEL: facts.help_channel}
            looked_at = await asyncio.gather(*(trouble_with(client, each) for each in chosen.values() if each))
            asked = (field for field, each in chosen.items() if each)
            troubles = {field: trouble for field, trouble in zip(asked, looked_at, strict=True) if trouble}
            facts = channels.refused(voice, troubles) if troubles else facts
        if isinstance(facts, Refused):
            await ack(response_action="errors", errors=facts.errors)
            return
        await services.database.write(teams.change, *who, facts, services.now())
        services.nudge()
        await home.refresh(services, client, *who)
        await ack(response_action="update", view=said(voice, "settings_kept", voice.text("home/settings_kept")))

    async def _open(self, press: Press, form: View, client: AsyncWebClient) -> None:
        view = await with_draft(self.services, (press.team.id, press.user.id), form)
        await client.views_open(trigger_id=press.trigger_id, view=view)

    async def _voice_of_manager(self, press: Press) -> Voice:
        manager = await self.services.database.read(members.require_manager, press.team.id, press.user.id)
        return self.services.voice(manager)

    async def _keep(self, sent: Submission, product_id: int | None, facts: ProductFacts) -> None:
        services, who = self.services, (sent.team.id, sent.user.id)
        if product_id is None:
            await services.database.write(library.add_product, *who, facts, services.now())
        else:
            await services.database.write(library.change_product, *who, product_id, facts, services.now())
