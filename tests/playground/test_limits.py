"""What Slack takes and what it refuses in messages and views: every limit at its edge, and everything misplaced."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.local import (
    RENEWALS,
    ROSA,
    Json,
    Local,
    actions,
    button,
    field_of,
    menu,
    modal,
    mrkdwn,
    option,
    plain,
    refusal,
    section,
    text_input,
)

SITE = "https://pictures.test/"


class Limit(NamedTuple):
    """What is allowed at most, and something of exactly that size."""

    most: int
    of_size: Callable[[int], Json]


def address(length: int) -> str:
    return SITE + "x" * (length - len(SITE))


def confirm(**more: Json) -> Json:
    asked = {"title": plain("Sure?"), "text": plain("It is."), "confirm": plain("Yes"), "deny": plain("No")}
    return actions(button(confirm={**asked, **more}))


def picture(**more: str) -> Json:
    return {"type": "image", "image_url": SITE, "alt_text": "A picture", **more}


def boxes(kind: str, count: int) -> Json:
    return actions({"type": kind, "action_id": "boxes", "options": [option(str(each)) for each in range(count)]})


def groups(count: int) -> Json:
    listed = [{"label": plain(str(each)), "options": [option(str(each))]} for each in range(count)]
    return actions({"type": "static_select", "action_id": "menu", "option_groups": listed})


def conversations(**filtered: Any) -> Json:
    return {"type": "conversations_select", "action_id": "where", "filter": filtered}


def table(rows: int = 1, cells: int = 1, letters: int = 1, **more: Any) -> Json:
    row = [{"type": "raw_text", "text": "x" * letters}, *[{"type": "raw_text", "text": " "}] * (cells - 1)]
    return {"type": "table", "rows": [row] * rows, **more}


def rich_table(letters: int) -> Json:
    """A table of two cells of formatted text, of so many letters together."""
    words = [{"type": "text", "text": "x"}, {"type": "text", "text": "x" * (letters - 1)}]
    cells = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [word]}]} for word in words]
    return {"type": "table", "rows": [cells]}


def number_input(typed: str) -> Json:
    bounds = {"min_value": "1", "max_value": "50"}
    return {"type": "number_input", "action_id": "often", "is_decimal_allowed": False, "initial_value": typed, **bounds}


def points(*values: float) -> list[Json]:
    return [{"label": f"Week {index}", "value": value} for index, value in enumerate(values)]


def plot(*series: Json, **axes: Any) -> Json:
    """A chart of these series, over as many weeks as the first has."""
    categories = [point["label"] for point in series[0]["data"]] if series else ["Week 0"]
    chart = {"type": "bar", "series": list(series), "axis_config": {"categories": categories, **axes}}
    return {"type": "data_visualization", "title": "Saves", "chart": chart}


def saved(*values: float, name: str = "Saved", **more: Any) -> Json:
    return {"name": name, "data": points(*values), **more}


def pie(*values: float, **more: Any) -> Json:
    segments = [{**each, **more} for each in points(*values)]
    return {"type": "data_visualization", "title": "Reasons", "chart": {"type": "pie", "segments": segments}}


def over(label: str) -> Json:
    """A chart of one week that is called so."""
    return plot({"name": "Saved", "data": [{"label": label, "value": 1}]})


IN_BLOCKS: Mapping[str, Limit] = {
    "a number": Limit(50, lambda most: field_of(number_input(str(most)))),
    "block_id": Limit(255, lambda n: section(block_id="x" * n)),
    "action_id": Limit(255, lambda n: actions(button("x" * n))),
    "text of a section": Limit(3000, lambda n: section(text=mrkdwn(n))),
    "fields of a section": Limit(10, lambda n: {"type": "section", "fields": [mrkdwn(1)] * n}),
    "a field of a section": Limit(2000, lambda n: {"type": "section", "fields": [plain(n)]}),
    "header": Limit(150, lambda n: {"type": "header", "text": plain(n)}),
    "elements of a context": Limit(10, lambda n: {"type": "context", "elements": [mrkdwn(1)] * n}),
    "text of a context": Limit(3000, lambda n: {"type": "context", "elements": [mrkdwn(n)]}),
    "controls of an actions block": Limit(25, lambda n: actions(*(button(str(each)) for each in range(n)))),
    "label of an input": Limit(2000, lambda n: field_of(text_input(), label=plain(n))),
    "hint of an input": Limit(2000, lambda n: field_of(text_input(), hint=plain(n))),
    "alt text of an image": Limit(2000, lambda n: picture(alt_text="x" * n)),
    "address of an image": Limit(3000, lambda n: picture(image_url=address(n))),
    "alt text of a picture beside text": Limit(2000, lambda n: section(accessory=picture(alt_text="x" * n))),
    "text of a button": Limit(75, lambda n: actions(button(text=plain(n)))),
    "value of a button": Limit(2000, lambda n: actions(button(value="x" * n))),
    "address of a button": Limit(3000, lambda n: actions(button(url=address(n)))),
    "placeholder of a menu": Limit(150, lambda n: actions(menu("one", placeholder=plain(n)))),
    "placeholder of a field": Limit(150, lambda n: field_of(text_input(placeholder=plain(n)))),
    "title of a question": Limit(100, lambda n: confirm(title=plain(n))),
    "text of a question": Limit(300, lambda n: confirm(text=mrkdwn(n))),
    "yes of a question": Limit(30, lambda n: confirm(confirm=plain(n))),
    "no of a question": Limit(30, lambda n: confirm(deny=plain(n))),
    "text of an option": Limit(75, lambda n: actions({**menu(), "options": [option(text=plain(n))]})),
    "description of an option": Limit(75, lambda n: actions({**menu(), "options": [option(description=plain(n))]})),
    "value of an option": Limit(150, lambda n: actions({**menu(), "options": [option(value="x" * n, text=plain(1))]})),
    "options of a menu": Limit(100, lambda n: actions(menu(*map(str, range(n))))),
    "groups of a menu": Limit(100, groups),
    "radio buttons": Limit(10, lambda n: boxes("radio_buttons", n)),
    "checkboxes": Limit(10, lambda n: boxes("checkboxes", n)),
    "options behind the dots": Limit(5, lambda n: boxes("overflow", n)),
    "what stands in a field": Limit(3000, lambda n: field_of(text_input(initial_value="x" * n))),
    "what a field takes": Limit(3000, lambda n: field_of(text_input(max_length=n))),
    "rows of a table": Limit(100, lambda n: table(rows=n)),
    "cells of a row": Limit(20, lambda n: table(cells=n)),
    "letters of a table": Limit(10_000, lambda n: table(letters=n)),
    "letters of a formatted table": Limit(10_000, rich_table),
    "settings of columns": Limit(20, lambda n: table(column_settings=[{"align": "right"}] * n)),
    "title of a chart": Limit(50, lambda n: {**plot(saved(1)), "title": "x" * n}),
    "series of a chart": Limit(6, lambda n: plot(*(saved(1, name=str(each)) for each in range(n)))),
    "name of a series": Limit(20, lambda n: plot(saved(1, name="x" * n))),
    "points of a series": Limit(20, lambda n: plot(saved(*range(n)))),
    "label of a point": Limit(20, lambda n: over("x" * n)),
    "label of an axis below": Limit(50, lambda n: plot(saved(1), x_label="x" * n)),
    "label of an axis beside": Limit(50, lambda n: plot(saved(1), y_label="x" * n)),
    "segments of a pie": Limit(6, lambda n: pie(*[1] * n)),
    "label of a segment": Limit(20, lambda n: pie(1, label="x" * n)),
    "markdown": Limit(12_000, lambda n: {"type": "markdown", "text": "x" * n}),
}

IN_MODALS: Mapping[str, Limit] = {
    "blocks": Limit(100, lambda n: modal(*[section()] * n)),
    "title": Limit(24, lambda n: modal(section(), title=plain(n))),
    "submit": Limit(24, lambda n: modal(section(), submit=plain(n))),
    "close": Limit(24, lambda n: modal(section(), close=plain(n))),
    "private_metadata": Limit(3000, lambda n: modal(section(), private_metadata="x" * n)),
    "callback_id": Limit(255, lambda n: modal(section(), callback_id="x" * n)),
    "text of an alert": Limit(200, lambda n: modal({"type": "alert", "text": mrkdwn(n)})),
}


def view_of_size(size: int) -> Json:
    """A modal that is so many bytes long as JSON."""
    full = [section(text=mrkdwn(3000))] * 81
    return modal(*full, section(text=mrkdwn(size - len(json.dumps(modal(*full, section(text=mrkdwn(0))))))))


async def test_messages_are_taken_at_each_limit_and_refused_one_over_it(local: Local) -> None:
    async def said(block: Json) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=[block]))

    assert {name: await said(limit.of_size(limit.most)) for name, limit in IN_BLOCKS.items()} == dict.fromkeys(
        IN_BLOCKS
    )
    assert {name: await said(limit.of_size(limit.most + 1)) for name, limit in IN_BLOCKS.items()} == dict.fromkeys(
        IN_BLOCKS, "invalid_blocks"
    )


async def test_modals_are_taken_at_each_limit_and_refused_one_over_it(local: Local) -> None:
    async def said(view: Json) -> str | None:
        return await refusal(local.web.views_open(trigger_id=local.workspace.trigger(ROSA), view=view))

    assert {name: await said(limit.of_size(limit.most)) for name, limit in IN_MODALS.items()} == dict.fromkeys(
        IN_MODALS
    )
    assert {name: await said(limit.of_size(limit.most + 1)) for name, limit in IN_MODALS.items()} == dict.fromkeys(
        IN_MODALS, "invalid_arguments"
    )


async def test_a_view_has_at_most_250_kb(local: Local) -> None:
    trigger = local.workspace.trigger
    assert await refusal(local.web.views_open(trigger_id=trigger(ROSA), view=view_of_size(250_000))) is None
    assert await refusal(local.web.views_open(trigger_id=trigger(ROSA), view=view_of_size(250_001))) == "view_too_large"


async def test_a_message_has_at_most_50_blocks_and_a_home_100(local: Local) -> None:
    async def message(count: int) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=[section()] * count))

    async def home(count: int) -> str | None:
        view = {"type": "home", "blocks": [section()] * count}
        return await refusal(local.web.views_publish(user_id=ROSA, view=view))

    assert [await message(count) for count in (1, 50, 51, 0)] == [None, None, "invalid_blocks", "invalid_blocks"]
    assert [await home(count) for count in (0, 100, 101)] == [None, None, "invalid_arguments"]


async def test_a_text_has_at_most_40_000_letters_and_4_000_once_it_is_changed(local: Local) -> None:
    async def posted(length: int) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="x" * length))

    posted_at = (await local.web.chat_postMessage(channel=RENEWALS, text="Hello"))["ts"]

    async def changed(length: int) -> str | None:
        return await refusal(local.web.chat_update(channel=RENEWALS, ts=posted_at, text="x" * length))

    assert [await posted(length) for length in (40_000, 40_001)] == [None, "msg_too_long"]
    assert [await changed(length) for length in (4000, 4001)] == [None, "msg_too_long"]


MISPLACED: Mapping[str, Json] = {
    "a block nobody knows": {"type": "hologram"},
    "an element nobody knows": actions({"type": "lever", "action_id": "pull"}),
    "a text field among buttons": actions(text_input()),
    "a button as a field": field_of(button()),
    "dots as a field": field_of({"type": "overflow", "action_id": "dots", "options": [option()]}),
    "an hour beside text": section(accessory={"type": "datetimepicker", "action_id": "when"}),
    "a button in a context": {"type": "context", "elements": [button()]},
    "an alert in a message": {"type": "alert", "text": plain("Careful")},
    "a section of nothing": {"type": "section"},
    "an image of nothing": {"type": "image", "alt_text": "Nothing"},
    "an image for some only": {"type": "image", "image_url": SITE},
    "a menu of nothing": actions({"type": "static_select", "action_id": "menu"}),
    "a row of nothing": actions(),
    "a button that says nothing": actions(button(text=plain(""))),
    "a button that is no text": actions(button(text="Press")),
    "a button with emphasis": actions(button(text=mrkdwn("*Press*"))),
    "a button of a third colour": actions(button(style="secondary")),
    "a menu with emphasis": actions({**menu(), "options": [option(text=mrkdwn("*one*"))]}),
    "a link in a menu": actions({**menu(), "options": [option(url=SITE)]}),
    "plain text taken at its word": section(text={**plain("Hello"), "verbatim": True}),
    "emphasis with emoji": section(text={**mrkdwn("Hello"), "emoji": True}),
    "a field that asks back": field_of(text_input(confirm={})),
    "a menu of a conversation nobody has": actions(conversations(include=["secret"])),
    "a menu of no conversation": actions(conversations(include=[])),
    "a filter that filters nothing": actions(conversations()),
    "a thing nobody asked for": section(colour="green"),
    "a choice that is not there": actions(menu("one", initial_option=option("two"))),
    "choices of which one is not there": field_of(
        {**menu("one", initial_options=[option("one"), option("two")]), "type": "multi_static_select"}
    ),
    "a number under the least": field_of(number_input("0")),
    "a number that is none": field_of(number_input("many")),
    "a dot that is not there": actions(
        {"type": "radio_buttons", "action_id": "dots", "options": [option()], "initial_option": option("two")}
    ),
    "two controls of one id": actions(button("press"), button("press")),
    "a cell of no letters": table(letters=0),
    "a cell that is only text": {"type": "table", "rows": [["Hello"]]},
    "a column in the middle of nowhere": table(column_settings=[{"align": "middle"}]),
    "a chart of a fifth kind": {**plot(), "chart": {**plot(saved(1))["chart"], "type": "radar"}},
    "a chart of nothing": plot(),
    "a chart without a title": {**plot(saved(1)), "title": None},
    "a chart without axes": {**plot(), "chart": {"type": "line", "series": [saved(1)]}},
    "a pie with axes": {**pie(1), "chart": {**pie(1)["chart"], "axis_config": {"categories": ["Week 0"]}}},
    "a slice of nothing": pie(1, 0),
    "a point that is no number": plot(saved(1, data=points(True))),
    "a point in words": plot(saved(1, data=[{"label": "Week 0", "value": "1"}])),
    "two series of one name": plot(saved(1), saved(2)),
    "a series that leaves out a week": plot(saved(1, 2), saved(1, name="Lost")),
    "a series of a week that is not there": plot(saved(1), saved(1, name="Lost", data=[{"label": "May", "value": 1}])),
    "a series that has a week twice": plot(saved(1, 2), saved(1, name="Lost", data=points(1) * 2)),
    "a week that stands twice": plot(saved(1), categories=["Week 0", "Week 0"]),
}


async def test_what_does_not_fit_is_refused_and_leaves_nothing_behind(local: Local) -> None:
    async def said(block: Json) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=[section(), block]))

    assert {name: await said(block) for name, block in MISPLACED.items()} == dict.fromkeys(MISPLACED, "invalid_blocks")
    assert local.sees(ROSA) == []


async def test_charts_and_tables_of_every_kind_are_taken(local: Local) -> None:
    async def said(block: Json) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=[block]))

    losses = plot(saved(3, 0.5), saved(-2, -1, name="Lost"), x_label="Week", y_label="Customers")
    for kind in ("bar", "line", "area"):
        assert await said({**losses, "chart": {**losses["chart"], "type": kind}}) is None
    assert await said(pie(1, 2.5)) is None
    assert await said(table(cells=3, column_settings=[{"align": "right"}, None, {"is_wrapped": True}])) is None


async def test_a_message_has_at_most_two_charts_and_one_table(local: Local) -> None:
    async def said(*blocks: Json) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=list(blocks)))

    chart = plot(saved(1))
    assert await said(chart, table(), pie(1)) is None
    assert await said(chart, chart, pie(1)) == "invalid_blocks"
    assert await said(table(), section(), table()) == "invalid_blocks"


async def test_a_workspace_that_has_no_charts_yet_refuses_them_and_nothing_else(local: Local) -> None:
    async def said(*blocks: Json) -> str | None:
        return await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=list(blocks)))

    local.workspace.refused_blocks |= {"data_visualization"}
    assert await said(section(), pie(1)) == "invalid_blocks"
    assert await said(section(), table()) is None
    local.workspace.refused_blocks.clear()
    assert await said(section(), pie(1)) is None


async def test_an_answer_with_a_chart_is_refused_where_there_are_none_yet(local: Local) -> None:
    local.workspace.refused_blocks |= {"data_visualization"}
    await local.people.command(ROSA, RENEWALS, "/hello")
    response_url = local.app.last["response_url"]
    assert await local.answers(response_url, text="Hello", blocks=[pie(1)]) == (400, "invalid_blocks")
    assert await local.answers(response_url, text="Hello") == (200, "ok")
    assert local.sees(ROSA) == ["Hello"]


async def test_a_refusal_says_where_it_was_met(local: Local) -> None:
    with pytest.raises(SlackApiError) as refused:
        await local.web.chat_postMessage(channel=RENEWALS, text="Hello", blocks=[section(), actions(button(), {})])
    told = refused.value.response["response_metadata"]["messages"]
    assert told == ["[ERROR] None does not fit into a block of type actions [json-pointer:/blocks/1/elements/1]"]


async def test_two_blocks_of_one_id_are_refused(local: Local) -> None:
    twice = [section(block_id="hello"), section(block_id="hello")]
    assert await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hi", blocks=twice)) == "invalid_blocks"
    assert await refusal(local.opens(*twice)) == "invalid_arguments"


async def test_one_action_may_stand_in_two_blocks_of_a_message_but_not_of_a_view(local: Local) -> None:
    twice = [actions(button("press")), actions(button("press"))]
    assert await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hi", blocks=twice)) is None
    assert await refusal(local.opens(*twice)) == "invalid_arguments"


VIEWS_REFUSED: Mapping[str, Json] = {
    "inputs that nothing sends": {**modal(field_of(text_input())), "submit": None},
    "no title": {**modal(section()), "title": None},
    "markdown in a modal": modal({"type": "markdown", "text": "Hello"}),
    "a table in a modal": modal(table()),
    "a chart in a modal": modal(plot(saved(1))),
    "no blocks": modal(),
    "a home as a modal": {"type": "home", "blocks": []},
    "neither": {"type": "carousel", "blocks": []},
}


async def test_a_view_that_is_none_is_refused(local: Local) -> None:
    async def said(view: Json) -> str | None:
        return await refusal(local.web.views_open(trigger_id=local.workspace.trigger(ROSA), view=view))

    assert {name: await said(view) for name, view in VIEWS_REFUSED.items()} == dict.fromkeys(
        VIEWS_REFUSED, "invalid_arguments"
    )
    assert local.workspace.modals[ROSA] == []


async def test_a_home_takes_tables_and_fields_but_no_alert_and_no_chart(local: Local) -> None:
    async def home(*blocks: Json) -> str | None:
        view = {"type": "home", "blocks": list(blocks)}
        return await refusal(local.web.views_publish(user_id=ROSA, view=view))

    assert await home(table(), field_of(text_input())) is None
    assert await home({"type": "alert", "text": plain("Careful")}) == "invalid_arguments"
    assert await home(pie(1)) == "invalid_arguments"


async def test_looked_up_options_are_a_hundred_at_most(local: Local) -> None:
    who = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    view = await local.opens(field_of(who, block_id="ask"))

    local.app.answer = {"options": [option(str(each)) for each in range(100)]}
    offered = await local.people.suggest(ROSA, {"view": view.id}, "ask", "who", "x")
    assert len(offered) == 100

    local.app.answer = {"options": [option(str(each)) for each in range(101)]}
    with pytest.raises(Exception, match="options could not be loaded"):
        await local.people.suggest(ROSA, {"view": view.id}, "ask", "who", "x")
