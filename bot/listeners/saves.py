"""`/saves`: the figures, and the weekly summary of a channel."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import calendar, figures, library, members, summaries
from bot.coaching.errors import Declined, Reason
from bot.coaching.figures import Figures
from bot.coaching.library import Library
from bot.coaching.summaries import Summary
from bot.listeners.channels import trouble_with
from bot.listeners.context import LOOK_SECONDS, MOMENT_SECONDS, Payload, Services, privately, said, why
from bot.listeners.drafts import with_draft
from bot.listeners.exports import Exports, period_of
from bot.storage.models import Member, Subscription
from bot.surfaces import blocks, channels, ids, timezones
from bot.surfaces import saves as surface
from bot.surfaces import summaries as summary_surface
from bot.surfaces.blocks import Message, View
from bot.surfaces.forms import Refused
from bot.surfaces.ids import SavesAsk
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Command, OpenView, Press, Query, Submission
from bot.surfaces.saves import Looked, Span, Wished, WishOrigin
from bot.surfaces.words import Voice

Who = tuple[str, str]

# What Slack says of a view that another press has changed meanwhile.
_PRESSED_BEFORE = "hash_conflict"

log = logging.getLogger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the command, its button on the Home, its modal and its forms."""
    listeners = Saves(services, Exports(services))
    app.command(command_of(services.command_prefix, ids.SAVES))(listeners.saves)
    app.action(ids.HOME_SAVES)(listeners.from_home)
    app.action(ids.HOME_SUMMARY)(listeners.subscribe)
    app.action(re.compile(f"^{re.escape(ids.SAVES_PRESS)}\\."))(listeners.press)
    app.options(surface.ZONE)(listeners.suggest_zone)
    app.view(ids.DATES_FORM)(listeners.dates)
    app.view(ids.SUBSCRIBE_FORM)(listeners.preview)
    app.view(ids.SWITCH_ON_FORM)(listeners.switch_on)


@dataclass(frozen=True)
class Saves:
    """The listeners of this feature."""

    services: Services
    exports: Exports

    async def saves(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """`/saves [subscribe | unsubscribe | export | help]`; whatever is not understood gets help."""
        command = Command.model_validate(body)
        who, channel = (command.team_id, command.user_id), command.channel_id or None
        match command.said.casefold():
            case "":
                view = await self._shown(who, Looked(channel=channel))
            case "unsubscribe":
                await self.services.database.write(summaries.switch_off, *who, channel or "", self.services.now())
                await ack(privately(_said(await self.services.voice_of(*who), "summaries/unsubscribed")))
                return
            case "subscribe":
                view = await self._subscribe(who, channel)
            case "export":
                view = await self.exports.form(who, Looked(channel=channel))
            case asked:
                typed = command_of(self.services.command_prefix, ids.SAVES)
                unknown = None if asked == "help" else command.said
                await ack(privately(surface.helped(await self.services.voice_for_help(*who), typed, unknown)))
                return
        await client.views_open(trigger_id=command.trigger_id, view=view)
        await ack()

    async def from_home(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """The saves of this week."""
        press = Press.model_validate(body)
        view = await self._shown((press.team.id, press.user.id), Looked())
        await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()

    async def subscribe(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Weekly summary, on the Home."""
        press = Press.model_validate(body)
        who = (press.team.id, press.user.id)
        await client.views_open(trigger_id=press.trigger_id, view=await self._subscribe(who, None))
        await ack()

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Another period, narrowed to something, shared, or sent each week."""
        press = Press.model_validate(body)
        who = (press.team.id, press.user.id)
        ask, _, argument = (press.used.chosen or "").partition(":")
        if press.view is None or ask not in list(SavesAsk):
            raise Declined(Reason.GONE)
        looked = Looked.carried_in(press.view.private_metadata)
        if ask == SavesAsk.DATES:
            view = surface.dates(await self.services.voice_of(*who), looked)
            await client.views_push(trigger_id=press.trigger_id, view=view)
        elif ask == SavesAsk.SUBSCRIBE:
            await client.views_push(trigger_id=press.trigger_id, view=await self._subscribe(who, looked.channel))
        elif ask == SavesAsk.SHARE:
            await self._share(client, press, press.view, who, looked)
        else:
            chosen = None if argument == surface.ANY else argument
            await self.services.put(client, press.view.id, await self._shown(who, _narrowed(looked, ask, chosen)))
        await ack()

    async def dates(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Any two dates."""
        sent = Submission.model_validate(body)
        looked = Looked.carried_in(sent.view.private_metadata)
        voice = self.services.voice_for(looked)
        found = surface.read_dates(voice, sent)
        if isinstance(found, Refused):
            await ack(response_action="errors", errors=found.errors)
            return
        days = {"span": None, "first": found.first, "last": found.last}
        view = await self._shown((sent.team.id, sent.user.id), looked.model_copy(update=days))
        await self.services.put(client, sent.view.root_view_id, view)
        await ack()

    async def suggest_zone(self, ack: AsyncAck, body: Payload) -> None:
        """The timezones that fit what was typed."""
        query = Query.model_validate(body)
        await ack(options=[*timezones.matching(query.value)])

    async def preview(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """What the channel would get, before it is switched on."""
        sent = Submission.model_validate(body)
        services, now = self.services, self.services.now()
        voice = services.voice_for(WishOrigin.carried_in(sent.view.private_metadata))
        wish = surface.read_wish(voice, sent)
        if not isinstance(wish, Refused) and (trouble := await trouble_with(client, wish.channel)):
            wish = channels.refused(voice, {surface.CHANNEL: trouble})
        if isinstance(wish, Refused):
            await ack(response_action="errors", errors=wish.errors)
            return

        def look(session: Session) -> tuple[Summary, Sequence[str]]:
            summary = summaries.preview(session, sent.team.id, sent.user.id, wish, now)
            tales = services.coach.tales(
                session, sent.team.id, [each.story_id for each in summary.figures.stories], now
            )
            books = services.coach.spoken(str(voice.locale)).all
            return summary, summary_surface.in_words(voice, summary, books, tales)

        summary, thread = await services.database.read(look)
        await ack(response_action="update", view=surface.preview(voice, wish, summary, thread))

    async def switch_on(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """The channel is told who set it up, and gets its summary each week."""
        sent = Submission.model_validate(body)
        services, who, now = self.services, (sent.team.id, sent.user.id), self.services.now()
        wished = Wished.carried_in(sent.view.private_metadata)
        voice, wish = services.voice_for(wished), wished.wish.read()
        kept = await services.database.read(summaries.just_switched_on, *who, wish, now)
        if kept is None:
            announced = surface.announced(services.words.voice(None, voice.zone), wish, sent.user.id)
            # Whether the bot may write there is known once it has.
            if refused := await _post(client, wish.channel, announced):
                told = voice.text("summaries/not_in_channel", why=refused)
                await ack(response_action="update", view=said(voice, "problem", told))
                return
            kept = await services.database.write(summaries.switch_on, *who, wish, now)
            services.nudge()
        following = summaries.following(kept, now)
        told = voice.text("summaries/switched_on", to=wish.channel, when=voice.moment(following.due_at))
        await ack(response_action="update", view=said(voice, "switched_on", told))

    async def _subscribe(self, who: Who, channel: str | None) -> View:
        """The form, for where it was asked for; in a direct message the channel is still to be chosen."""
        services, channel = self.services, None if channel and channels.is_direct(channel) else channel

        def look_up(session: Session) -> tuple[Member, Subscription | None]:
            manager = members.require_manager(session, *who)
            return manager, summaries.of_channel(session, who[0], channel) if channel else None

        manager, kept = await services.database.read(look_up)
        wish = summaries.wish_of(kept) if kept else None
        view = surface.subscribe(services.voice(manager), WishOrigin(channel=channel), wish)
        return await with_draft(services, who, view)

    async def _shown(self, who: Who, looked: Looked, *, shared: bool = False) -> View:
        services, now = self.services, self.services.now()

        def look_up(session: Session) -> tuple[Member, Figures | None, Figures, Library]:
            member = members.find(session, *who) or Member(team_id=who[0], user_id=who[1])
            period = period_of(looked, now, member)
            filters = looked.filters
            team = figures.figures(session, who[0], period, filters)
            own = (
                figures.figures(session, who[0], period, figures.mine(filters, who[1]))
                if not member.manages_since
                else None
            )
            return member, own, team, library.of(session, who[0])

        member, own, team, shelf = await services.database.read(look_up)
        voice = services.voice(member)
        manages = member.manages_since is not None
        books = services.coach.spoken(member.locale).worked
        return surface.shown(voice, looked, own, team, shelf, books, manages=manages, shared=shared)

    async def _share(self, client: AsyncWebClient, press: Press, view: OpenView, who: Who, looked: Looked) -> None:
        services, now = self.services, self.services.now()

        def look_up(session: Session) -> tuple[Member | None, Figures]:
            member = members.find(session, *who)
            period = period_of(looked, now, member)
            return member, figures.figures(session, who[0], period, looked.filters)

        member, team = await services.database.read(look_up)
        said_by = services.words.voice(None, calendar.zone(None), now)
        message = surface.shared(said_by, looked, team, services.coach.spoken(None).worked, who[1])
        voice, channel = services.voice(member), looked.channel or ""
        if trouble := await trouble_with(client, channel):
            told = voice.label(f"error.channel_{trouble}")
            await client.views_push(trigger_id=press.trigger_id, view=said(voice, "problem", told))
            return
        if not await _replaced(client, view, await self._shown(who, looked, shared=True)):
            return
        if refused := await _post(client, channel, message):
            told = voice.text("summaries/not_in_channel", why=refused)
            await services.put(client, view.id, await self._shown(who, looked))
            await services.tell(client.views_push, press.trigger_id, said(voice, "problem", told))


async def _replaced(client: AsyncWebClient, before: OpenView, view: View) -> bool:
    """Put a view in the place of another; False where a press before this one has done so."""
    try:
        async with asyncio.timeout(MOMENT_SECONDS):
            await client.views_update(view_id=before.id, hash=before.hash, view=view)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.info("A modal was not updated: %s", why(error))
        return why(error) != _PRESSED_BEFORE
    return True


async def _post(client: AsyncWebClient, channel: str, message: Message) -> str | None:
    """Say something in a channel; what comes back is why Slack does not let us. In doubt it has been said."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await client.api_call("chat.postMessage", json={**message, "channel": channel})
    except SlackApiError as refused:
        return why(refused)
    except (TimeoutError, aiohttp.ClientError) as error:
        log.warning("Whether something was said in a channel is not known: %s", why(error))
    return None


def _narrowed(looked: Looked, ask: str, chosen: str | None) -> Looked:
    if ask == SavesAsk.SPAN:
        if chosen not in list(Span):
            raise Declined(Reason.GONE)
        return looked.model_copy(update={"span": Span(chosen), "first": None, "last": None})
    return looked.model_copy(update={ask: chosen})


def _said(voice: Voice, template: str) -> Message:
    text = voice.text(template)
    return blocks.remark(text)
