"""The one answer to everything that goes wrong: what to do next, and a reference that stands in the log as well."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.coaching.errors import Declined, Reason
from bot.listeners.context import LOOK_SECONDS, Payload, Services, answer, privately, why
from bot.storage.faults import without_rows
from bot.surfaces import problems
from bot.surfaces.blocks import Message
from bot.surfaces.problems import Problem
from bot.surfaces.words import Voice

log = logging.getLogger(__name__)

_REFERENCE_BYTES = 4
# Whoever did one of these waits for an answer; nobody does who closed a form, or of whom an event tells.
_TO_BE_TOLD = ("block_actions", "view_submission", "shortcut", "message_action")


def register(app: AsyncApp, services: Services) -> None:
    """Answer for every listener."""
    app.error(Errors(services).explain)


@dataclass(frozen=True)
class Errors:
    """The error listener."""

    services: Services

    async def explain(self, error: Exception, body: Payload, client: AsyncWebClient) -> BoltResponse:
        """Tell whoever pressed what happened, in the way their gesture can be answered."""
        if isinstance(error, BoltUnhandledRequestError):
            if body.get("type") not in _TO_BE_TOLD and "command" not in body:
                return _nothing(body)
            error = Declined(Reason.OUTDATED)
        voice = await self._voice(body)
        problem = self._problem(voice, error)
        if body.get("type") == "view_submission":
            return answer(_in_form(voice, body, problem))
        if "command" in body:
            return answer(privately(problems.message(problem)))
        response_url = body.get("response_url")
        if isinstance(response_url, str):
            await self.services.say_beside(response_url, problems.message(problem))
        elif trigger_id := body.get("trigger_id"):
            over = client.views_push if _is_modal(body) else client.views_open
            # The Home and a modal have no place for an answer.
            if not await self.services.tell(over, str(trigger_id), problems.sheet(voice, problem)):
                await self._write(client, _id_in(body, "user"), problems.message(problem))
        return _nothing(body)

    async def _write(self, client: AsyncWebClient, user_id: object, message: Message) -> None:
        """Where nothing can be opened any more, such as a second form by one press, it stands in their messages."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await client.api_call("chat.postMessage", json={**message, "channel": user_id})
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("A problem was not told: %s", why(error))

    async def _voice(self, body: Payload) -> Voice:
        """In the member's language, unless what went wrong is that the database does not say which."""
        command, used = (body.get("team_id"), body.get("user_id")), (_id_in(body, "team"), _id_in(body, "user"))
        team_id, user_id = command if "command" in body else used
        try:
            return await self.services.voice_of(str(team_id), str(user_id))
        except SQLAlchemyError:
            return self.services.voice(None)

    def _problem(self, voice: Voice, error: Exception) -> Problem:
        reference = secrets.token_hex(_REFERENCE_BYTES)
        if isinstance(error, Declined):
            log.info("Reference %s: declined, %s", reference, error.reason)
            return problems.declined(voice, error.reason, reference, self.services.command_prefix)
        log.error("Reference %s", reference, exc_info=without_rows(error))
        return problems.unexpected(voice, reference, self.services.support_contact)


def _nothing(body: Payload) -> BoltResponse:
    """An answer that says nothing; a menu that is looked up offers nothing."""
    return answer({"options": []}) if body.get("type") == "block_suggestion" else answer()


def _in_form(voice: Voice, body: Payload, problem: Problem) -> dict[str, object]:
    """Beside the first field, so that nothing typed is lost; a form that has none says it in its own place."""
    view = body.get("view")
    found = view.get("blocks", []) if isinstance(view, Mapping) else []
    field = next((block["block_id"] for block in found if block.get("type") == "input"), None)
    if field is None:
        return {"response_action": "update", "view": problems.sheet(voice, problem)}
    return {"response_action": "errors", "errors": {field: problems.beside_field(problem)}}


def _id_in(body: Payload, name: str) -> object:
    named = body.get(name)
    return named.get("id") if isinstance(named, Mapping) else None


def _is_modal(body: Payload) -> bool:
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "modal"
