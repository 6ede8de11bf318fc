"""What is chosen from Slack's own menus: to handle a cancellation, to solidify a sale, or to handle a message."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import members, shortcuts, sources
from bot.coaching.errors import Declined, Reason
from bot.coaching.openings import Picked
from bot.listeners.channels import UNKNOWN
from bot.listeners.context import LOOK_SECONDS, Payload, Services, said, why
from bot.listeners.drafts import with_draft
from bot.listeners.sales import Sales
from bot.storage.models import Case
from bot.surfaces import forms, ids
from bot.surfaces import shortcuts as surface
from bot.surfaces.blocks import View
from bot.surfaces.channels import ChannelTrouble, trouble_of
from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Conversation, MessageShortcut, Place, Shortcut, Submission
from bot.surfaces.shortcuts import MessageOrigin

log = logging.getLogger(__name__)

_EMAIL, _CHAT = "email", "chat"


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the shortcuts, and for the form that one of them opens."""
    listeners = Shortcuts(services, Sales(services))
    app.shortcut(ids.SHORTCUT_CANCEL)(listeners.cancel)
    app.shortcut(ids.SHORTCUT_SOLIDIFY)(listeners.solidify)
    app.shortcut(ids.SHORTCUT_MESSAGE)(listeners.handle)
    app.view(ids.MESSAGE_FORM)(listeners.open_case)


@dataclass(frozen=True)
class Shortcuts:
    """The listeners of this feature."""

    services: Services
    sales: Sales

    async def cancel(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Handle a cancellation: ask for a name."""
        chosen = Shortcut.model_validate(body)
        who = (chosen.team.id, chosen.user.id)
        view = await with_draft(self.services, who, forms.new_case(await self.services.voice_of(*who)))
        await client.views_open(trigger_id=chosen.trigger_id, view=view)
        await ack()

    async def solidify(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Solidify a sale: the form, with no name in it yet."""
        chosen = Shortcut.model_validate(body)
        view = await self.sales.form(chosen.team.id, chosen.user.id, None)
        await client.views_open(trigger_id=chosen.trigger_id, view=view)
        await ack()

    async def handle(self, ack: AsyncAck, body: Payload, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """Handle this cancellation: what was written, and who has it already."""
        chosen = MessageShortcut.model_validate(body)
        services, message = self.services, chosen.message
        team_id, channel = chosen.team.id, chosen.channel.id

        if message.bot_id is not None and message.bot_id == context.bot_id:
            raise Declined(Reason.OWN_MESSAGE)
        trouble = await _trouble_in(client, chosen.channel)

        def prepare(session: Session) -> View:
            voice = services.voice(members.get(session, team_id, chosen.user.id))
            cases = sources.cases_of(session, team_id, channel, message.ts)
            origin = MessageOrigin(
                channel=channel,
                ts=message.ts,
                thread_ts=message.thread_ts,
                is_email=message.is_email,
                last_case=_last(cases),
            )
            reps = list(dict.fromkeys(case.rep_id for case in cases))
            return surface.handle(
                voice,
                origin,
                surface.said(message),
                surface.taken_by(voice, reps, chosen.user.id),
                trouble=trouble,
                is_cut=message.is_cut,
            )

        view = await with_draft(services, (team_id, chosen.user.id), await services.database.read(prepare))
        await client.views_open(trigger_id=chosen.trigger_id, view=view)
        await ack()

    async def open_case(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A case with what they wrote, answered in writing: its drafts come to the DM."""
        sent = Submission.model_validate(body)
        services = self.services
        origin = MessageOrigin.carried_in(sent.view.private_metadata)
        voice = services.voice_for(origin)
        read = surface.read(voice, sent)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=read.errors)
            return
        name, wrote, claims = read
        source = surface.source(origin, wrote, await _link_to(client, origin))
        picked = Picked(name, heard_through=_EMAIL if origin.is_email else _CHAT)
        told: dict[str, Any] = {"last": origin.last_case, "claims": claims}
        await services.database.write(
            lambda session: shortcuts.open_case(
                services.coach, session, sent.team.id, sent.user.id, picked, source, services.now(), **told
            )
        )
        services.nudge()
        await ack(response_action="update", view=said(voice, "opened", voice.text("cases/opened")))


def _last(cases: Sequence[Case]) -> int:
    return max((case.id or 0 for case in cases), default=0)


async def _trouble_in(client: AsyncWebClient, channel: Place) -> ChannelTrouble | None:
    """Why the app may say nothing for the team alone there: it is not in it, or others read along."""
    if channel.is_direct:
        return ChannelTrouble.DIRECT
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return trouble_of(
                Conversation.model_validate((await client.conversations_info(channel=channel.id))["channel"])
            )
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.info("A channel was not looked at: %s", why(error))
        return ChannelTrouble.NOT_IN_IT if why(error) == UNKNOWN else ChannelTrouble.UNSEEN


async def _link_to(client: AsyncWebClient, origin: MessageOrigin) -> str | None:
    """The way to the message, which Slack gives for what the app may see; None where it is gone, or out of sight."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            found = await client.chat_getPermalink(channel=origin.channel, message_ts=origin.ts)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.info("There is no way to a message: %s", why(error))
        return None
    return str(found["permalink"])
