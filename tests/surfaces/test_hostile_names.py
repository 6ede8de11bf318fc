"""A customer may be called anything: shown as typed, over no limit, and never a mention or a link."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.coaching.reminders import TaskKind
from bot.surfaces import made_up
from bot.surfaces.blocks import HEADER_MOST
from bot.surfaces.forms import OPTION_NAME_MOST
from bot.surfaces.words import NAME_MOST
from tests.surfaces.scenes import MISSION, ROSA, SAM, Built, Scene, problems
from tests.surfaces.states import CARDS, LISTS, REMINDERS, SURFACES

NAMES = {
    "3,000 characters": "Ada King " * 333 + "Ada",
    "3,000 characters to escape": "<&>" * 1_000,
    "3,000 emoji": "🎈" * 3_000,
    "emoji": "Ada 👩‍👩‍👧‍👦 🏳️‍🌈 :smile:",
    "right to left": "עדה לאבלייס",
    "right to left and long": "עדה " * 750,
    "turned around": "Ada \u202eecalevoL",
    "everybody": "<!channel>",
    "everybody here": "<!here|Ada> @channel @everyone",
    "a member": "<@U123>",
    "a link": "<https://example.com|Ada>",
    "an entity": "&lt;",
    "an escaped entity": "&amp;lt;b&amp;gt;",
    "an apostrophe": "O'Brien",
    "quotation marks": "Ada \"the\" 'Countess'",
    "lines": "Ada\nLovelace\r\n\n> quoted",
    "a template": "{{ 7 * 7 }} {% raw %} {day} %s",
    "one letter": "X",
    "a bell and a tab": "Ada\x07\tLovelace",
}

# What the bot itself writes: who heard a customer's words or handed them on, who manages the team or is asked to, the
# team's own channels, and links.
OUR_OWN = re.compile(
    rf"<@({ROSA}|{SAM}|{made_up.REP}|{made_up.COLLEAGUE}|[VW]\d+)>|<#(C0(VIEWS|FLOOR)|{made_up.CHANNEL})>"
    r"|<https://crm\.example/7\?a=1&amp;b=2\|Their record>"
    rf"|<{re.escape(made_up.URL.replace('&', '&amp;'))}\|Their (record|message)>"
)


def texts(built: Built) -> Iterator[tuple[str, str]]:
    """Every text with its kind: what Slack formats, and what it shows as it stands."""
    if "text" in built and isinstance(built["text"], str):
        yield "mrkdwn", built["text"]
    yield from _texts(built["blocks"])


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text") and isinstance(node["text"], str):
            yield node["type"], node["text"]
        elif isinstance(node.get("initial_value"), str):
            yield "plain_text", node["initial_value"]
        for value in node.values():
            yield from _texts(value)


def read(kind: str, text: str) -> str:
    """A text as its reader sees it."""
    shown = html.unescape(text) if kind == "mrkdwn" else text
    return re.sub(r"[\u2068\u2069]", "", shown)


def as_shown(name: str) -> tuple[str, ...]:
    """A name as it may stand: whole, on one line, or cut with a mark in a heading, a sentence or a menu."""
    line = " ".join(name.splitlines())
    return (name, line, *(f"{line[: most - 1].rstrip()}…" for most in (HEADER_MOST, NAME_MOST, OPTION_NAME_MOST)))


@pytest.fixture(scope="session")
def changing(scene: Scene) -> list[str]:
    """The states that are others where the customer is called otherwise."""
    somebody = replace(scene, name="Somebody Else")
    return [state for state, build in SURFACES.items() if build(somebody) != build(scene)]


@pytest.mark.parametrize("called", NAMES)
def test_no_name_goes_over_a_limit_or_mentions_anybody(called: str, scene: Scene, changing: list[str]) -> None:
    for state in changing:
        built = SURFACES[state](replace(scene, name=NAMES[called]))

        assert problems(built) == [], state
        assert_nobody_is_called(built)


def test_nobody_is_called_where_no_customer_is_named(scene: Scene, changing: list[str]) -> None:
    for state in SURFACES.keys() - {*changing}:
        assert_nobody_is_called(SURFACES[state](scene))


def assert_nobody_is_called(built: Built) -> None:
    """What Slack formats has no mention, link or broken entity in it, except the bot's own."""
    formatted = [OUR_OWN.sub("", text) for kind, text in texts(built) if kind == "mrkdwn"]
    assert [text for text in formatted if "<" in text] == []
    assert [text for text in formatted if re.search(r"&(?!amp;|lt;|gt;)", text)] == []


@pytest.fixture(scope="session")
def showing(scene: Scene) -> list[str]:
    """The states that say what the customer is called."""
    somebody = replace(scene, name="Somebody Else")
    return [state for state in SURFACES if any("Somebody Else" in text for _, text in texts(SURFACES[state](somebody)))]


@pytest.mark.parametrize("called", NAMES)
def test_a_name_is_shown_as_it_was_typed(called: str, scene: Scene, showing: list[str]) -> None:
    name = NAMES[called]
    for state in showing:
        shown = [read(kind, text) for kind, text in texts(SURFACES[state](replace(scene, name=name)))]

        assert any(each in text for text in shown for each in as_shown(name)), f"{state}: {shown}"


def test_cards_lists_and_reminders_all_say_who_it_is(showing: list[str]) -> None:
    silent = set(SURFACES) - set(showing)

    assert {name for name in silent if name in CARDS} == {"card_first_unnamed"}
    assert {name for name in silent if name in LISTS} == {"list_empty", "home_empty"}
    assert {name for name in silent if name in REMINDERS} == set()


def test_an_empty_name_is_no_name(scene: Scene) -> None:
    for state in SURFACES:
        assert SURFACES[state](replace(scene, name="")) == SURFACES[state](replace(scene, name=None)), state


def test_a_right_to_left_name_does_not_turn_the_sentence_around(scene: Scene) -> None:
    for called in ("right to left", "turned around"):
        text = SURFACES["reminder_done"](replace(scene, name=NAMES[called]))["text"]

        assert f"\u2068{NAMES[called]}\u2069" in text


LONG = {"mission": "<!channel> " * 272, "note": "<@U123>&lt; " * 250, "why": "🎈" * 3_000}


@pytest.mark.parametrize("kind", TaskKind)
def test_long_words_leave_room_for_what_to_say(kind: TaskKind, scene: Scene) -> None:
    bare = scene.brought(scene.reminder(kind))
    built = scene.brought(scene.reminder(kind, LONG))

    assert problems(built) == []
    assert_nobody_is_called(built)
    said = bare["blocks"][0]["text"]["text"]
    assert built["blocks"][0]["text"]["text"].startswith(said)


def test_long_words_come_back_whole_in_their_field_and_cut_on_the_card(scene: Scene) -> None:
    asked = scene.shown("why", words=LONG)
    kept = scene.shown("mission", mission=MISSION.model_copy(update={"words": LONG["mission"]}))

    assert problems(asked) == problems(kept) == []
    assert_nobody_is_called(kept)
    assert LONG["why"] in [text for _, text in texts(asked)]
