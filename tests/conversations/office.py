"""An office to talk in: people, a clock, the local Slack, and the whole bot behind its signed HTTP door.

Between gestures nothing moves: what is due goes out when a test says so with `office.later(...)` or
`office.settles()`.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import aiohttp
import anyio
from pydantic import SecretStr
from sqlmodel import Session

from bot.app import Bot, build
from bot.coaching import members
from bot.coaching.calendar import zone
from bot.config import Settings
from bot.playground.clock import MovableClock
from bot.playground.controls import Typed
from bot.playground.line import HttpLine
from bot.playground.server import BOT_TOKEN, HOST, SIGNING_SECRET, LocalSlack
from bot.playground.workspace import PEOPLE, TEAM, Message, OpenView, Person, Workspace
from bot.surfaces import limits
from bot.surfaces.manifest import manifest
from bot.surfaces.words import Words, unescape
from bot.web.server import bind

# A Tuesday, ten in the morning in New York and three in the afternoon in London.
START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

RENEWALS = "C0RENEWALS"

# Slack waits three seconds, and a machine that runs many tests at once may take longer for no fault of ours.
PATIENCE_SECONDS = 60

Json = dict[str, Any]


class Screen:
    """What one message, modal or Home shows, and what can be done with it."""

    def __init__(self, shown: Message | OpenView) -> None:
        self.shown = shown
        self.blocks: list[Json] = shown.blocks if isinstance(shown, Message) else shown.content["blocks"]

    @property
    def where(self) -> Mapping[str, str]:
        shown = self.shown
        return {"channel": shown.channel, "ts": shown.ts} if isinstance(shown, Message) else {"view": shown.id}

    @property
    def text(self) -> str:
        """Every word on it, one text a line, as a reader sees them."""
        title = [] if isinstance(self.shown, Message) else [self.shown.content.get("title", {})]
        alone = [unescape(self.shown.text)] if isinstance(self.shown, Message) and not self.blocks else []
        return "\n".join([*_texts(title), *_texts(self.blocks), *alone, *self._forwarded()])

    @property
    def controls(self) -> Mapping[str, tuple[str, str, str | None]]:
        """Buttons, and the options of menus, by their label: block_id, action_id and choice."""
        found: dict[str, tuple[str, str, str | None]] = {}
        for block, element in self._elements():
            place = (block["block_id"], element["action_id"])
            if element["type"] == "button":
                found.setdefault(element["text"]["text"], (*place, None))
            for option in element.get("options", []):
                found.setdefault(option["text"]["text"], (*place, option["value"]))
        return found

    @property
    def in_sight(self) -> list[str]:
        """The labels of the buttons that stand open, in reading order."""
        return [element["text"]["text"] for _, element in self._elements() if element["type"] == "button"]

    def field(self, label: str) -> tuple[str, Json]:
        """The input of that label: its block_id and element."""
        for block in self.blocks:
            if block["type"] == "input" and block["label"]["text"] == label:
                return block["block_id"], block["element"]
        raise AssertionError(f"no field “{label}” on:\n{self.text}")

    def held(self, label: str) -> Any:
        """What stands in a field before anybody touches it."""
        _, element = self.field(label)
        held = next((value for name, value in element.items() if name.startswith("initial_")), None)
        if isinstance(held, list):
            return [option["text"]["text"] for option in held]
        return held["text"]["text"] if isinstance(held, dict) else held

    def picker(self, name: str) -> tuple[str, Json]:
        """A control beside the buttons, by its placeholder or the last part of its action_id; a field by its label."""
        found = [
            (block["block_id"], element)
            for block, element in self._elements()
            if element["type"] not in ("button", "overflow")
            if name
            in (
                (block["label"]["text"],)
                if block["type"] == "input"
                else (element.get("placeholder", {}).get("text"), element["action_id"].rpartition(".")[2])
            )
        ]
        assert len(found) == 1, f"{len(found)} controls are called “{name}” on:\n{self.text}"
        return found[0]

    def _forwarded(self) -> Iterator[str]:
        """What came with a message: attachments, and e-mails."""
        if isinstance(self.shown, Message):
            for each in self.shown.attachments:
                yield from (unescape(each[name]) for name in ("pretext", "title", "text") if name in each)
            for file in self.shown.files:
                yield from (file.told[name] for name in ("subject", "plain_text") if name in file.told)

    def _elements(self) -> Iterator[tuple[Json, Json]]:
        for block in self.blocks:
            for element in limits.elements(block):
                yield block, dict(element)


def _texts(nodes: Any) -> Iterator[str]:
    if isinstance(nodes, list):
        for node in nodes:
            yield from _texts(node)
    elif isinstance(nodes, dict):
        if isinstance(nodes.get("text"), str) and nodes.get("type") in ("plain_text", "mrkdwn"):
            yield unescape(nodes["text"]) if nodes["type"] == "mrkdwn" else nodes["text"]
        else:
            for value in nodes.values():
                yield from _texts(value)


def _entered(element: Json, value: Any) -> Any:
    """A value as the page would send it; a day may be a `date`, and an hour a `datetime`."""
    groups = element.get("option_groups", [element])
    named = {option["text"]["text"]: option["value"] for group in groups for option in group.get("options", [])}
    match value:
        case list():
            return [named[label] for label in value]
        case str() if named:
            return named[value]
        case datetime():
            return int(value.timestamp())
        case date():
            return value.isoformat()
        case int() if element["type"] == "number_input":
            return str(value)
    return value


@dataclass
class Rep:
    """Somebody who works here, in one place of Slack at a time."""

    office: "Office"
    id: str
    place: str = RENEWALS

    def __post_init__(self) -> None:
        self._typed: dict[str, dict[str, Any]] = {}

    @property
    def messages(self) -> list[Message]:
        """What this person sees where they are, oldest first."""
        return self.office.workspace.seen_by(self.id, self.office.workspace.channel(self.place).id)

    @property
    def screen(self) -> Screen:
        """What is before them: an open form, else the Home where they are there, else the latest message."""
        workspace = self.office.workspace
        if workspace.modals[self.id]:
            return Screen(workspace.modals[self.id][-1])
        if self.place == "home":
            return Screen(workspace.homes[self.id])
        assert self.messages, f"{self.id} sees nothing in {self.place}"
        return Screen(self.messages[-1])

    @property
    def taken(self) -> list[str]:
        """What the menus in a message have chosen."""
        menus = (element for _, element in self.screen._elements() if element["type"] == "static_select")
        return [menu["initial_option"]["text"]["text"] for menu in menus]

    @property
    def everything(self) -> str:
        """All the messages where they are, from the oldest to the latest."""
        return "\n".join(Screen(message).text for message in self.messages).replace("\u00a0", " ")

    @property
    def notices(self) -> list[str]:
        """What Slack itself had to say to them."""
        return self.office.workspace.notices[self.id]

    def goes_to(self, place: str) -> "Rep":
        """Open a channel by its id, or their messages with the app ("dm")."""
        self.place = self.id if place == "dm" else place
        return self

    async def opens_home(self) -> "Rep":
        await self.office.slack.people.open_home(self.id)
        self.place = "home"
        return self

    async def reloads(self) -> "Rep":
        """Reload Slack: what only they saw is gone."""
        self.office.workspace.reload(self.id)
        return self

    async def runs(self, command: str) -> "Rep":
        await self.office.slack.people.command(self.id, self.place, command)
        return self

    async def uses_shortcut(self, name: str) -> "Rep":
        """Choose a global shortcut, by its name in the manifest."""
        await self.office.slack.people.shortcut(self.id, self._shortcut("global", name))
        return self

    async def handles(self, words: str, name: str) -> "Rep":
        """Choose a shortcut, by its name in the manifest, on the latest message for all that has these words."""
        found = [message for message in self.messages if not message.addressee and words in Screen(message).text]
        assert found, f"“{words}” is in no message of:\n{self.everything}"
        message, callback_id = found[-1], self._shortcut("message", name)
        await self.office.slack.people.message_shortcut(self.id, message.channel, message.ts, callback_id)
        return self

    def _shortcut(self, kind: str, name: str) -> str:
        shortcuts = self.office.workspace.manifest["features"].get("shortcuts", [])
        named = {each["name"]: str(each["callback_id"]) for each in shortcuts if each["type"] == kind}
        assert name in named, f"no {kind} shortcut is called “{name}” among {list(named)}"
        return named[name]

    def sees(self, *texts: str) -> "Rep":
        shown = self.screen.text.replace("\u00a0", " ")
        for text in texts:
            assert text in shown, f"“{text}” is not on:\n{shown}"
        return self

    def does_not_see(self, *texts: str) -> "Rep":
        shown = self.screen.text
        for text in texts:
            assert text not in shown, f"“{text}” is on:\n{shown}"
        return self

    def types(self, label: str, value: Any) -> "Rep":
        """Type or choose in a field: an option by its label, boxes by a list of theirs, people and channels by id."""
        block_id, element = self.screen.field(label)
        self._typed.setdefault(block_id, {})[element["action_id"]] = _entered(element, value)
        return self

    async def picks(self, name: str, value: Any) -> "Rep":
        """Pick a day, an hour, an option or somebody beside the buttons of a card, which is a press at once.

        `name` is what the control shows while it is empty, or the last part of its action_id.
        """
        screen = self.screen
        block_id, element = screen.picker(name)
        await self.uses(block_id, element["action_id"], _entered(element, value), on=screen)
        return self

    async def looks_up(self, name: str, words: str) -> Mapping[str, str]:
        """Type into a menu whose options the app looks up: what it offers, by label."""
        screen = self.screen
        block_id, element = screen.picker(name)
        people = self.office.slack.people
        offered = await people.suggest(self.id, screen.where, block_id, element["action_id"], words)
        return {option["text"]["text"]: option["value"] for option in offered}

    async def presses(self, label: str) -> "Rep":
        """Press a button, or choose an option of a menu, by its label."""
        screen = self.screen
        assert label in screen.controls, f"nothing says “{label}” among {list(screen.controls)}"
        await self.uses(*screen.controls[label], on=screen)
        return self

    async def presses_twice(self, label: str) -> "Rep":
        """Press again before the first press is answered."""
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(self.presses, label)
        return self

    async def uses(self, block_id: str, action_id: str, choice: Any, on: Screen) -> None:
        """Use a control by its ids, with what was typed beside it."""
        await self.office.slack.people.press(self.id, on.where, block_id, action_id, choice, self._taken())

    async def sends(self) -> Mapping[str, str]:
        """Send the open form; what is wrong with it comes back by the field's label."""
        screen = self.screen
        assert isinstance(screen.shown, OpenView)
        errors = await self.office.slack.people.submit(self.id, screen.shown.id, self._taken())
        labels = {block["block_id"]: block["label"]["text"] for block in screen.blocks if block["type"] == "input"}
        return {labels[block_id]: error for block_id, error in errors.items()}

    async def closes(self) -> "Rep":
        screen = self.screen
        assert isinstance(screen.shown, OpenView)
        await self.office.slack.people.close(self.id, screen.shown.id, self._taken())
        return self

    def _taken(self) -> Typed:
        typed, self._typed = self._typed, {}
        return typed


@dataclass
class Office:
    """Everybody, and the clock on the wall."""

    slack: LocalSlack
    bot: Bot
    clock: MovableClock

    def __post_init__(self) -> None:
        self.rosa, self.sam, self.mina = (Rep(self, person) for person in self.workspace.people)

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    async def settles(self) -> int:
        """Send what is due now, and say how many rows that took."""
        taken = await self.bot.outbox.deliver_due()
        await self.bot.outbox.rest()
        return taken

    async def later(self, **by: float) -> int:
        """Move the clock on by `timedelta(**by)`, and send what has become due."""
        self.clock.advance(timedelta(**by))
        return await self.settles()


@asynccontextmanager
async def open_office(
    database: str,
    words: Words,
    *,
    start: datetime = START,
    newcomers: bool = False,
    people: Iterable[Person] = PEOPLE,
    **given: Any,
) -> AsyncIterator[Office]:
    """The bot on the database of that address, reached over signed HTTP; `given` are settings.

    Nobody has met the app yet, but unless they are `newcomers` they have been welcomed to it.
    """
    clock = MovableClock(start)
    prefix = given.get("command_prefix", "")
    app_manifest = manifest(words.voice(None, zone(None)), prefix)
    # What Slack lets expire after seconds goes by the same clock: a slow machine is no late answer.
    workspace = Workspace(clock, app_manifest, people, seconds=lambda: clock.now().timestamp())
    slack = LocalSlack(workspace, bind(HOST, 0))
    settings = Settings(
        _env_file=None,
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_api_url=slack.api_url,
        database_url=database,
        **given,
    )
    door = bind(HOST, 0)
    host, port = door.getsockname()
    async with AsyncExitStack() as stack:
        # Compiling them takes longer than most conversations.
        own_words = None if settings.templates_dir else words
        bot = await stack.enter_async_context(build(settings, clock, own_words))
        if not newcomers:
            await bot.database.write(_welcome_everybody, slack.workspace.people)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        slack.reach(HttpLine(f"http://{host}:{port}/slack/events", SIGNING_SECRET, http, PATIENCE_SECONDS))
        # Both are told to close at once: each takes a moment to.
        tasks = await stack.enter_async_context(anyio.create_task_group())
        tasks.start_soon(_serve, slack)
        tasks.start_soon(bot.serve_web, SIGNING_SECRET, door)
        try:
            yield Office(slack, bot, clock)
        finally:
            tasks.cancel_scope.cancel()


def _welcome_everybody(session: Session, people: Iterable[str]) -> None:
    for person in people:
        members.meet(session, TEAM, person).welcomed_at = START


async def _serve(slack: LocalSlack) -> None:
    async with slack.serving():
        await anyio.sleep_forever()
