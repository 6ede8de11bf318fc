"""What a screen reader or a notification has of a message: all of it, in the order in which it stands."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.surfaces.aloud import aloud
from bot.surfaces.blocks import chart, table
from tests.surfaces.scenes import Built, Scene
from tests.surfaces.states import STATES


def paragraphs(blocks: list[Mapping[str, Any]]) -> Iterator[str]:
    """What people read on blocks beside controls, from top to bottom."""
    for block in blocks:
        match block["type"]:
            case "header" | "section" if "text" in block:
                yield block["text"]["text"]
            case "context":
                yield from (element["text"] for element in block["elements"] if "text" in element)
            case "markdown":
                yield block["text"]


def words(text: str) -> list[str]:
    """The words of a text, without what only Slack reads of it."""
    return re.findall(r"[^\W_]+", re.sub(r"<!date\^[^>]*>", "", text))


def in_order(found: list[str], among: list[str]) -> list[str]:
    """What of `found` does not come, in this order, in `among`."""
    left = iter(among)
    return [word for word in found if word not in left]


# Of eight reminders each has its first line: more finds no room in a text of Slack's.
IN_BRIEF = "reminders_as_many_as_there_can_be"


def is_a_message(built: Built) -> bool:
    return isinstance(built, dict) and "text" in built and "blocks" in built


@pytest.mark.parametrize("state", [state for state in STATES if state != IN_BRIEF])
def test_a_message_says_it_all_in_its_text_too(state: str, scene: Scene) -> None:
    built = STATES[state](scene)
    if is_a_message(built):
        shown = [word for each in paragraphs(built["blocks"]) for word in words(each)]
        assert in_order(shown, words(built["text"])) == []


def test_of_many_reminders_each_has_its_first_line(scene: Scene) -> None:
    built = STATES[IN_BRIEF](scene)
    firsts = [each.split("*")[1] for each in paragraphs(built["blocks"]) if each.startswith("*")]

    assert len(firsts) == 8
    assert in_order(words(" ".join(firsts)), words(built["text"])) == []


def test_what_is_there_to_be_seen_is_not_read_aloud() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Ada & <Co>"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Say*\n> It is _yours_, <https://a.example/_b_|here>."},
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "*Listen for*\n\u2013 A sigh\n\u2013 2*3*4"}]},
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "A draft"},
            "element": {"type": "plain_text_input", "initial_value": "Dear Ada <3"},
        },
        {"type": "divider"},
    ]

    assert aloud(blocks).splitlines() == [
        "Ada &amp; &lt;Co&gt;",
        "Say",
        "It is yours, <https://a.example/_b_|here>.",
        "Listen for",
        "A sigh",
        "2*3*4",
        "A draft: Dear Ada &lt;3",
    ]


def test_the_numbers_of_a_drawing_are_read_aloud() -> None:
    line = chart("Stayed", "line", ["Week 1", "Week 2"], {"All": [2, 3.5], "Held": [1, 0]})
    pie = chart("Reasons", "pie", ["Price", "Timing"], {"All": [3, 1]})
    rows = table([["Product", "Stayed"], ["Sofa & chair", "3 of 4"]])

    assert aloud([line, pie, rows]).splitlines() == [
        "Stayed, All: Week 1 2, Week 2 3.5",
        "Stayed, Held: Week 1 1, Week 2 0",
        "Reasons: Price 3, Timing 1",
        "Product, Stayed",
        "Sofa &amp; chair, 3 of 4",
    ]
