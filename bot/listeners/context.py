"""What a listener works with: the services of this bot, and the few things that it does with Slack."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.coaching import members
from bot.coaching.calendar import Clock, zone
from bot.coaching.coach import Coach
from bot.storage.database import Database
from bot.storage.models import Member
from bot.surfaces import blocks
from bot.surfaces.blocks import Message, View
from bot.surfaces.forms import Opener
from bot.surfaces.words import Voice, Words

# A payload as Bolt hands it over; the readers in `surfaces.payloads` make types of it.
Payload = Mapping[str, Any]

log = logging.getLogger(__name__)

# Slack wants an answer within 3 s. So long may be looked up what a gesture needs, so long drawn what came of it, and so
# long tried what comes by itself otherwise.
LOOK_SECONDS = 1
REDRAW_SECONDS = 1.5
MOMENT_SECONDS = 0.8


@dataclass(frozen=True)
class Services:
    """What every listener shares, made once by the composition root."""

    database: Database
    coach: Coach
    words: Words
    clock: Clock
    http: aiohttp.ClientSession
    nudge: Callable[[], None]
    command_prefix: str = ""
    support_contact: str = ""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self.clock.now()

    def voice(self, member: Member | None) -> Voice:
        """How to speak to somebody, known or not."""
        return self.words.voice(
            member.locale if member else None, zone(member.timezone if member else None), self.now()
        )

    def voice_for(self, opener: Opener) -> Voice:
        """How the form of this opener was spoken."""
        return self.words.voice(opener.locale, zone(opener.timezone), self.now())

    def today(self, voice: Voice) -> date:
        """The date where this member is."""
        return self.now().astimezone(voice.zone).date()

    async def voice_of(self, team_id: str, user_id: str) -> Voice:
        """How to speak to the member of that id."""
        return self.voice(await self.database.read(members.find, team_id, user_id))

    async def voice_for_help(self, team_id: str, user_id: str) -> Voice:
        """How to tell the member of that id what has no day and no amount in it: it costs nothing in one language."""
        return self.voice(None) if self.words.are_of_one_language else await self.voice_of(team_id, user_id)

    async def redraw(self, response_url: str, message: Message) -> bool:
        """Put `message` in the place of the one that was pressed, and say whether Slack took it."""
        return await self._respond(response_url, {**message, "replace_original": True})

    async def say_beside(self, response_url: str, message: Message) -> bool:
        """Say `message` to whoever pressed, and leave what they pressed as it is."""
        return await self._respond(response_url, {**privately(message), "replace_original": False})

    async def put(self, client: AsyncWebClient, view_id: str, view: View) -> None:
        """Show in a modal what was changed. It is kept already, so that one that is gone is no failure."""
        try:
            async with asyncio.timeout(REDRAW_SECONDS):
                await client.views_update(view_id=view_id, view=view)
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("A modal was not updated: %s", type(error).__name__)

    async def tell(self, over: Callable[..., Awaitable[object]], trigger_id: str, view: View) -> bool:
        """Open a word on what has been kept already; one that cannot be opened is no failure, and False."""
        try:
            async with asyncio.timeout(REDRAW_SECONDS):
                await over(trigger_id=trigger_id, view=view)
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("A word was not said: %s", why(error))
            return False
        return True

    async def _respond(self, response_url: str, message: Message) -> bool:
        # Bolt's own `respond` would open a new session at every call.
        webhook = AsyncWebhookClient(response_url, session=self.http)
        try:
            async with asyncio.timeout(REDRAW_SECONDS):
                answer = await webhook.send_dict(message)
        except (TimeoutError, aiohttp.ClientError) as error:
            log.warning("A card was not redrawn: %s", type(error).__name__)
            return False
        if answer.status_code != 200:
            log.warning("A card was not redrawn: Slack answered %s %s", answer.status_code, answer.body)
        return answer.status_code == 200


def said(voice: Voice, name: str, text: str) -> View:
    """A modal that only says something, under the title of that name."""
    return blocks.word(voice.label(f"form.{name}_title"), voice.label("form.understood"), text)


def why(error: Exception) -> str:
    """Slack's own word for what it refuses; of what did not get through, or said nothing to be read, its kind."""
    told = error.response.data if isinstance(error, SlackApiError) else None
    return str(told["error"]) if isinstance(told, Mapping) and "error" in told else type(error).__name__


def privately(message: Message) -> dict[str, object]:
    """An answer that only the one who asked will see."""
    return {"response_type": "ephemeral", **message}


def answer(body: dict[str, object] | None = None) -> BoltResponse:
    """What Slack gets: always a 200, since Slack shows nobody the reason of anything else."""
    return BoltResponse(status=200, body=json.dumps(body) if body else "")
