"""Every template, label and id is of use: something shows it, and something listens."""

import tomllib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import jinja2
import pytest
from aiohttp import ClientSession
from babel import Locale
from jinja2 import meta
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot import listeners
from bot.app import template_roots
from bot.coaching import reasons
from bot.coaching.cases import HEARD_THROUGH
from bot.coaching.coach import Coach
from bot.coaching.moves import Move
from bot.coaching.story_files import Trouble
from bot.listeners.context import Services
from bot.playground.clock import MovableClock
from bot.storage.database import Database
from bot.surfaces import drafts, ids, limits
from bot.surfaces.ids import Ask, AwayAsk, TaskAsk
from bot.surfaces.words import FALLBACK, Language, Words
from tests.surfaces.scenes import NOW, Built, Scene
from tests.surfaces.states import STATES, SURFACES

ROOTS = [root / FALLBACK for root in template_roots()]


class Listening(Language):
    """The shipped language, remembering what was asked of it."""

    def __init__(self) -> None:
        super().__init__(ROOTS)
        self.templates: set[str] = set()
        self.asked: set[str] = set()

    def label(self, key: str) -> str:
        self.asked.add(key)
        return super().label(key)

    def counted(self, key: str, count: int) -> str:
        self.asked.add(key)
        return super().counted(key, count)

    def text(self, template: str, locale: Locale, /, **facts: object) -> str:
        self.templates.add(template)
        return super().text(template, locale, **facts)


class Gallery:
    """All states, built once, with what they took from the templates."""

    def __init__(self, scene: Scene) -> None:
        self.language = Listening()
        self.scene = replace(scene, voice=replace(scene.voice, language=self.language))
        self.built = {name: build(self.scene) for name, build in STATES.items()}

    @cached_property
    def elements(self) -> list[Mapping[str, Any]]:
        """Every control anywhere."""
        built = [self.built[name] for name in SURFACES]
        return [element for each in built for block in each["blocks"] for element in limits.elements(block)]

    @property
    def asks(self) -> set[str]:
        """What the buttons and menus ask for: the first word of what they carry."""
        values = [value for element in self.elements for value in carried(element)]
        return {value.partition(":")[0] for value in (*values, *self.looked_up)}

    @property
    def looked_up(self) -> list[str]:
        """What blocks carry whose menus are filled while somebody types."""
        blocks = [block for name in SURFACES for block in self.built[name]["blocks"]]
        return [block["block_id"].partition("/")[2] for block in blocks if "/" in block.get("block_id", "")]

    @property
    def actions(self) -> set[str]:
        return {element["action_id"] for element in self.elements}

    @property
    def forms(self) -> set[str]:
        return {built["callback_id"] for built in self.built.values() if "callback_id" in built}


def carried(element: Mapping[str, Any]) -> Iterator[str]:
    if element["type"] == "button":
        yield element["value"]
    elif "/" in element["action_id"]:
        yield element["action_id"].partition("/")[2]
    elif element["type"] == "overflow" or element["action_id"].startswith(
        (f"{ids.CASE_PRESS}.", ids.HOME_CHANGE_PRODUCT, ids.HOME_POLICY)
    ):
        groups = element.get("option_groups", [element])
        yield from (option["value"] for group in groups for option in group.get("options", ()))


@pytest.fixture(scope="module")
def gallery(scene: Scene) -> Gallery:
    return Gallery(scene)


def includes(template: str) -> Iterator[str]:
    """A template and those it includes, however deep."""
    yield template
    source = next(path for root in ROOTS if (path := root / "messages" / f"{template}.j2").is_file())
    for found in meta.find_referenced_templates(jinja2.Environment().parse(source.read_text())):  # noqa: S701 - parsed only
        yield from includes(str(found).removesuffix(".j2"))


def test_every_template_is_shown_somewhere(gallery: Gallery) -> None:
    shown = {each for template in gallery.language.templates for each in includes(template)}

    assert set(gallery.language.names) - shown == set()


def test_every_label_is_used_somewhere(gallery: Gallery) -> None:
    hints = {f"hint.{name}" for name in gallery.language.labels("hint") if f"form.{name}" in gallery.actions}
    typed = {f"heard_words.{name}" for name in HEARD_THROUGH}
    searched = {f"{of}.{name}" for of in ("stop_words", "worry_words") for name in gallery.language.labels(of)}
    # Of the reasons a drawing has room for six.
    drawn = {f"reason_short.{name}" for name in reasons.SHIPPED}
    printed = {*(f"error.{trouble}" for trouble in Trouble), "file_cells.cells", "file_cells.columns"}

    assert all_labels() - gallery.language.asked - hints - typed - searched - drawn - printed == set()


def all_labels() -> set[str]:
    files = [tomllib.loads((root / "labels.toml").read_text(encoding="utf-8")) for root in ROOTS]
    return {f"{table}.{key}" for tables in files for table, labels in tables.items() for key in labels}


def test_every_move_and_every_request_is_on_a_button(gallery: Gallery) -> None:
    assert {*map(str, Move), *map(str, Ask), *map(str, TaskAsk), *map(str, AwayAsk)} - gallery.asks == set()


def test_every_id_is_shown_somewhere(gallery: Gallery) -> None:
    features = gallery.built["manifest"]["features"]
    commands = {each["command"] for each in features["slash_commands"]}
    shortcuts = {each["callback_id"] for each in features["shortcuts"]}
    constants = {name: value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}
    assert constants

    unused = {
        name
        for name, value in constants.items()
        if value not in gallery.forms | gallery.actions | shortcuts
        and f"/{value}" not in commands
        and not any(action.startswith(f"{value}.") for action in gallery.actions)
    }
    assert unused == set()


@pytest.fixture
async def app(database: Database, words: Words) -> AsyncIterator[AsyncApp]:
    """The app with every listener registered."""

    async def authorize() -> AuthorizeResult:
        raise AssertionError("nobody asks")

    app = AsyncApp(authorize=authorize, process_before_response=True, request_verification_enabled=False)
    async with ClientSession() as http:
        listeners.register(app, Services(database, Coach({}), words, MovableClock(NOW), http, lambda: None))
        yield app


async def heard_by(app: AsyncApp, body: Built) -> list[int]:
    """The listeners for a request, by their number."""
    request, response = AsyncBoltRequest(body=dict(body), mode="socket_mode"), BoltResponse(status=404)
    registered = enumerate(app._async_listeners)
    return [number for number, each in registered if await each.async_matches(req=request, resp=response)]


def requests(gallery: Gallery) -> Iterator[Built]:
    """All that the surfaces, the command and the events of the manifest can bring in."""
    # The same control stands on many surfaces, and asks for the same on each.
    alike = {(element["type"], element["action_id"]): element for element in gallery.elements if "action_id" in element}
    for element in alike.values():
        if [*carried(element)]:
            pressed = {"type": element["type"], "action_id": element["action_id"], "block_id": "b"}
            yield {"type": "block_actions", "actions": [pressed]}
        if element["type"] == "external_select":
            chosen = {"type": element["type"], "action_id": element["action_id"], "block_id": "b"}
            if element["action_id"].startswith(ids.CASE_PRESS):
                yield {"type": "block_actions", "actions": [chosen]}
            yield {"type": "block_suggestion", "action_id": element["action_id"], "block_id": "b", "value": ""}
    for form in gallery.forms:
        yield {"type": "view_submission", "view": {"type": "modal", "callback_id": form}}
    for form in drafts.FORMS:
        yield {"type": "view_closed", "view": {"type": "modal", "callback_id": form}}
    manifest = gallery.built["manifest"]
    for command in manifest["features"]["slash_commands"]:
        yield {"command": command["command"]}
    for shortcut in manifest["features"]["shortcuts"]:
        kind = {"global": "shortcut", "message": "message_action"}[shortcut["type"]]
        yield {"type": kind, "callback_id": shortcut["callback_id"]}
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        yield {"type": "event_callback", "event": {"type": event}}


@pytest.mark.sqlite_only
async def test_every_request_has_one_listener_and_every_listener_a_request(gallery: Gallery, app: AsyncApp) -> None:
    heard = [(request, await heard_by(app, request)) for request in requests(gallery)]

    assert [request for request, numbers in heard if len(numbers) != 1] == []
    assert {number for _, numbers in heard for number in numbers} == set(range(len(app._async_listeners)))
