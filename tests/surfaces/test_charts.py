"""Charts and tables as we build them: what Slack takes, whatever the words are."""

import math

import pytest
from slack_sdk.models.blocks import TableBlock

from bot.surfaces import blocks
from bot.surfaces.blocks import Block, ChartKind
from bot.surfaces.limits import message_problems
from bot.surfaces.shapes import Problem

WEEKS = ["Oct 5", "Oct 12", "Oct 19"]


def refused(block: Block) -> list[Problem]:
    return message_problems(blocks.message([block]))


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_a_chart_of_series_has_a_point_for_each_label(kind: ChartKind) -> None:
    block = blocks.chart("Saves", kind, WEEKS, {"Saved": [3, 0, 2], "Lost": [1, 2, 0.5]}, y_label="Customers")
    assert refused(block) == []
    assert block == {
        "type": "data_visualization",
        "title": "Saves",
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": "Saved",
                    "data": [
                        {"label": "Oct 5", "value": 3},
                        {"label": "Oct 12", "value": 0},
                        {"label": "Oct 19", "value": 2},
                    ],
                },
                {
                    "name": "Lost",
                    "data": [
                        {"label": "Oct 5", "value": 1},
                        {"label": "Oct 12", "value": 2},
                        {"label": "Oct 19", "value": 0.5},
                    ],
                },
            ],
            "axis_config": {"categories": WEEKS, "y_label": "Customers"},
        },
    }


def test_a_pie_leaves_out_what_is_zero() -> None:
    block = blocks.chart("Reasons", "pie", ["Price", "Timing", "Other"], {"Cases": [4, 0, 1]})
    assert refused(block) == []
    segments = [{"label": "Price", "value": 4}, {"label": "Other", "value": 1}]
    assert block["chart"] == {"type": "pie", "segments": segments}


def test_a_pie_has_one_series_and_every_series_a_number_for_each_label() -> None:
    with pytest.raises(ValueError, match="too many values"):
        blocks.chart("Reasons", "pie", ["Price"], {"Before": [1], "After": [2]})
    with pytest.raises(ValueError, match="shorter"):
        blocks.chart("Saves", "bar", WEEKS, {"Saved": [1, 2]})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_to_slack_is_refused(value: float) -> None:
    (found,) = refused(blocks.chart("Saves", "line", ["Oct 5"], {"Saved": [value]}))
    assert found == ("invalid_blocks", "/blocks/0/chart/series/0/data/0/value", "must be a number")


def test_long_words_find_room_on_a_chart_and_are_told_apart() -> None:
    plans = ["Enterprise plan for Germany, north", "Enterprise plan for Germany, south", "Starter", "Starter"]
    block = blocks.chart("Saves by plan and region, " * 4, "bar", plans, {"Saved " * 9: [1] * 4, "Saved " * 8: [2] * 4})
    assert refused(block) == []
    told = block["chart"]
    assert isinstance(told, dict)
    assert told["axis_config"]["categories"] == ["Enterprise plan for…", "Enterprise plan f… 2", "Starter", "Starter 2"]
    assert [each["name"] for each in told["series"]] == ["Saved Saved Saved S…", "Saved Saved Saved… 2"]


def test_a_table_is_shown_as_it_stands_with_numbers_to_the_right() -> None:
    block = blocks.table([["Reason", "Cases"], ["<!channel> & more", "12"], ["", "3"]], right={1}, wrapped={0})
    assert refused(block) == []
    assert block["column_settings"] == [
        {"align": "left", "is_wrapped": True},
        {"align": "right", "is_wrapped": False},
    ]
    rows = block["rows"]
    assert isinstance(rows, list)
    assert rows[1:] == [
        [{"type": "raw_text", "text": "<!channel> & more"}, {"type": "raw_text", "text": "12"}],
        [{"type": "raw_text", "text": " "}, {"type": "raw_text", "text": "3"}],
    ]


def test_a_table_is_what_slacks_own_model_understands() -> None:
    block = blocks.table([["Reason", "Cases"], ["Price", "12"]], right={1})
    parsed = TableBlock.parse(block)
    assert parsed is not None
    parsed.validate_json()
    assert parsed.to_dict() == block
