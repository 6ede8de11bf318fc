"""A local Slack with no bot in it: an app that answers what a test puts down, and the clients that real apps use."""

from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import anyio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.clock import MovableClock
from bot.playground.gestures import Gestures
from bot.playground.line import PATIENCE_SECONDS, Kind
from bot.playground.server import BOT_TOKEN, HOST, LocalSlack
from bot.playground.workspace import Message, OpenView, Workspace
from bot.web.server import bind

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ROSA, SAM = "U0ROSA", "U0SAM"
RENEWALS, GENERAL = "C0RENEWALS", "C0GENERAL"
ROSAS_DM = "D0ROSA"
_COMES_WITHIN_SECONDS = 60

Json = dict[str, Any]


def an_app(scopes: Iterable[str] = ("commands", "chat:write", "im:write", "users:read")) -> Json:
    """The manifest of a small app that may do what `scopes` say."""
    return {
        "display_information": {"name": "Smalltalk"},
        "features": {
            "app_home": {"messages_tab_read_only_enabled": True},
            "slash_commands": [{"command": "/hello", "description": "Say hello", "usage_hint": "[name]"}],
            "shortcuts": [
                {"name": "Wave", "type": "global", "callback_id": "wave", "description": "Wave at everybody"},
                {"name": "Keep it", "type": "message", "callback_id": "keep", "description": "Keep this message"},
            ],
        },
        "oauth_config": {"scopes": {"bot": list(scopes)}},
    }


@dataclass
class App:
    """An app that keeps what it hears and answers what a test put down."""

    answer: Json = field(default_factory=dict)
    heard: list[tuple[Kind, Json]] = field(default_factory=list)
    is_up: bool = True
    _more: anyio.Event = field(default_factory=anyio.Event)

    async def send(self, kind: Kind, payload: Json) -> Json:
        self.heard.append((kind, payload))
        self._more.set()
        self._more = anyio.Event()
        return self.answer

    async def hears(self, of: int) -> None:
        """Wait until it has heard so many gestures."""
        with anyio.fail_after(_COMES_WITHIN_SECONDS):
            while len(self.heard) < of:
                await self._more.wait()

    @property
    def last(self) -> Json:
        """What it heard last."""
        return self.heard[-1][1]


@dataclass
class Stopwatch:
    """Real time, as far as this Slack knows: it passes when a test says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Local:
    """The local Slack, the app in it, and the app's own clients."""

    slack: LocalSlack
    app: App
    web: AsyncWebClient
    http: aiohttp.ClientSession
    stopwatch: Stopwatch

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    @property
    def people(self) -> Gestures:
        return self.slack.people

    def client(self, token: str | None) -> AsyncWebClient:
        """The app's client with another token."""
        return AsyncWebClient(token=token, base_url=self.slack.api_url, session=self.http, retry_handlers=[])

    def sees(self, person: str, channel: str = RENEWALS) -> list[str]:
        """The texts that this person sees in a channel."""
        return [message.text for message in self.workspace.seen_by(person, channel)]

    async def shows(self, *blocks: Json, person: str = ROSA) -> Message:
        """The app answers a command with these blocks, for this person alone."""
        self.app.answer = {"blocks": list(blocks)}
        await self.people.command(person, RENEWALS, "/hello")
        self.app.answer = {}
        return self.workspace.seen_by(person, RENEWALS)[-1]

    async def opens(self, *blocks: Json, person: str = ROSA, **more: Any) -> OpenView:
        """The app opens a modal of these blocks before this person."""
        await self.web.views_open(trigger_id=self.workspace.trigger(person), view=modal(*blocks, **more))
        return self.workspace.modals[person][-1]

    async def presses(
        self,
        surface: Message | OpenView,
        block_id: str,
        action_id: str,
        choice: Any = None,
        typed: Mapping[str, Mapping[str, Any]] | None = None,
        person: str = ROSA,
    ) -> Json:
        """Use a control; returns what the app heard of it."""
        await self.people.press(person, where(surface), block_id, action_id, choice, typed or {})
        return self.app.last

    async def answers(self, response_url: str, **said: Any) -> tuple[int, str]:
        """The app answers to a `response_url`; returns what that was answered with."""
        answer = await AsyncWebhookClient(response_url, session=self.http).send_dict(said)
        return answer.status_code, answer.body


def where(surface: Message | OpenView) -> Mapping[str, str]:
    """How the page names a message or a view."""
    if isinstance(surface, OpenView):
        return {"view": surface.id}
    return {"channel": surface.channel, "ts": surface.ts}


async def refusal(call: Awaitable[Any]) -> str | None:
    """Slack's name for what is wrong with a call, None where it is taken."""
    try:
        await call
    except SlackApiError as refused:
        return str(refused.response["error"])
    return None


def plain(length: int | str) -> Json:
    """Plain text: this, or so many letters."""
    return {"type": "plain_text", "text": length if isinstance(length, str) else "x" * length}


def mrkdwn(length: int | str) -> Json:
    """Formatted text: this, or so many letters."""
    return {**plain(length), "type": "mrkdwn"}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("Hello"), **more}


def button(action_id: str = "press", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field_of(element: Json, **more: Any) -> Json:
    """An input block."""
    return {"type": "input", "label": plain("Field"), "element": element, **more}


def text_input(action_id: str = "text", **more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def option(value: str = "one", **more: Any) -> Json:
    return {"text": plain(value), "value": value, **more}


def menu(*values: str, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "menu", "options": [option(each) for each in values], **more}


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal that can be sent."""
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **more}


@asynccontextmanager
async def open_local(manifest: Json, patience: float = PATIENCE_SECONDS) -> AsyncIterator[Local]:
    """Serve a local Slack with a small app in it."""
    stopwatch = Stopwatch()
    slack = LocalSlack(Workspace(MovableClock(START), manifest, seconds=stopwatch), bind(HOST, 0), patience)
    app = App()
    slack.reach(app)
    async with slack.serving(), aiohttp.ClientSession() as http:
        web = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=http, retry_handlers=[])
        yield Local(slack, app, web, http, stopwatch)
