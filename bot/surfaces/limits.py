"""Slack's limits on messages and views, as one table (Slack: docs.slack.dev/reference/block-kit).

The golden tests hold every surface to it, and the playground refuses by it what Slack would refuse.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.surfaces.data_blocks import CHART, CHARTS_MOST, TABLE, TABLES_MOST
from bot.surfaces.shapes import (
    Problem,
    Rule,
    Shape,
    among,
    any_text,
    anything,
    items,
    kind,
    listed,
    plain,
    problem,
    shaped,
    string,
    type_of,
    whole,
)

INVALID_ARGUMENTS = "invalid_arguments"
TOO_LONG = "msg_too_long"
VIEW_TOO_LARGE = "view_too_large"

MESSAGE_TEXT_MOST = 40_000
_VIEW_BYTES_MOST = 250_000
_ID_MOST = 255

# A menu shows plain text; beside a box or a dot there may be emphasis.
_LINE = Shape(("text", "value"), {"text": plain(75), "value": string(150), "description": plain(75)})
_LINK = Shape(_LINE.needs, {**_LINE.fields, "url": string(3000)})
_BOX = Shape(_LINE.needs, {"text": any_text(75), "value": string(150), "description": any_text(75)})
_GROUP = Shape(("label", "options"), {"label": plain(75), "options": items(shaped(_LINE), 1, 100)})
_CONFIRM = Shape(
    ("title", "text", "confirm", "deny"),
    {
        "title": plain(100),
        "text": any_text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": among("primary", "danger"),
    },
)

_FILTER: Mapping[str, Rule] = {
    "include": items(among("im", "mpim", "private", "public"), 1, 4),
    "exclude_external_shared_channels": kind(bool),
    "exclude_bot_users": kind(bool),
}

_NAMED: Mapping[str, Rule] = {"type": kind(str), "action_id": string(_ID_MOST)}
_PRESSED: Mapping[str, Rule] = {**_NAMED, "confirm": shaped(_CONFIRM)}
_CHOSEN: Mapping[str, Rule] = {**_PRESSED, "focus_on_load": kind(bool)}
_MENU: Mapping[str, Rule] = {**_CHOSEN, "placeholder": plain(150)}
_TYPED: Mapping[str, Rule] = {
    **_NAMED,
    "focus_on_load": kind(bool),
    "placeholder": plain(150),
    "dispatch_action_config": anything,
}
_LISTED: Mapping[str, Rule] = {
    "options": items(shaped(_LINE), 1, 100),
    "option_groups": items(shaped(_GROUP), 1, 100),
}
_PICTURE: Mapping[str, Rule] = {
    "type": kind(str),
    "alt_text": string(2000),
    "image_url": string(3000),
    "slack_file": anything,
}

ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        ("text",),
        {
            **_PRESSED,
            "text": plain(75),
            "value": string(2000, 0),
            "url": string(3000),
            "style": among("primary", "danger"),
            "accessibility_label": string(75),
        },
    ),
    "overflow": Shape(("options",), {**_PRESSED, "options": items(shaped(_LINK), 1, 5)}),
    "static_select": Shape((), {**_MENU, **_LISTED, "initial_option": shaped(_LINE)}, tuple(_LISTED)),
    "multi_static_select": Shape(
        (),
        {
            **_MENU,
            **_LISTED,
            "initial_options": items(shaped(_LINE), 1, 100),
            "max_selected_items": whole(1, 100),
        },
        tuple(_LISTED),
    ),
    "external_select": Shape((), {**_MENU, "initial_option": shaped(_LINE), "min_query_length": kind(int)}),
    "users_select": Shape((), {**_MENU, "initial_user": kind(str)}),
    "conversations_select": Shape(
        (),
        {
            **_MENU,
            "initial_conversation": kind(str),
            "default_to_current_conversation": kind(bool),
            "response_url_enabled": kind(bool),
            "filter": shaped(Shape((), _FILTER, tuple(_FILTER))),
        },
    ),
    "channels_select": Shape((), {**_MENU, "initial_channel": kind(str), "response_url_enabled": kind(bool)}),
    "datepicker": Shape((), {**_MENU, "initial_date": string(10, 10)}),
    "timepicker": Shape((), {**_MENU, "initial_time": string(5, 5), "timezone": kind(str)}),
    "datetimepicker": Shape((), {**_CHOSEN, "initial_date_time": whole(10**9, 10**10 - 1)}),
    "radio_buttons": Shape(
        ("options",),
        {**_CHOSEN, "options": items(shaped(_BOX), 1, 10), "initial_option": shaped(_BOX)},
    ),
    "checkboxes": Shape(
        ("options",),
        {**_CHOSEN, "options": items(shaped(_BOX), 1, 10), "initial_options": items(shaped(_BOX), 1, 10)},
    ),
    "plain_text_input": Shape(
        (),
        {
            **_TYPED,
            "initial_value": string(3000, 0),
            "multiline": kind(bool),
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
    ),
    "number_input": Shape(
        ("is_decimal_allowed",),
        {
            **_TYPED,
            "is_decimal_allowed": kind(bool),
            "initial_value": kind(str),
            "min_value": kind(str),
            "max_value": kind(str),
        },
    ),
    "email_text_input": Shape((), {**_TYPED, "initial_value": kind(str)}),
    "url_text_input": Shape((), {**_TYPED, "initial_value": kind(str)}),
    "image": Shape(("alt_text",), _PICTURE, ("image_url", "slack_file")),
}

_BUTTONS = {"button", "overflow"}
_CHOICES = {"radio_buttons", "checkboxes", "datepicker", "timepicker"}
_MENUS = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
_WRITTEN = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
FITS: Mapping[str, set[str]] = {
    "section": _BUTTONS | _CHOICES | _MENUS | {"multi_static_select", "image"},
    "actions": _BUTTONS | _CHOICES | _MENUS | {"datetimepicker"},
    "input": _CHOICES | _MENUS | _WRITTEN | {"multi_static_select", "datetimepicker"},
}


def _element_in(block: str) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        given = type_of(value)
        if given not in FITS[block]:
            yield problem(where, f"{given} does not fit into a block of type {block}")
        else:
            yield from shaped(ELEMENTS[given])(value, where)
            yield from _initial_is_an_option(value, where)
            yield from _number_is_within(value, where)

    return check


def _in_context(value: object, where: str) -> Iterator[Problem]:
    rule = shaped(ELEMENTS["image"]) if type_of(value) == "image" else any_text(3000)
    yield from rule(value, where)


def _initial_is_an_option(value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping) or value.get("type") == "external_select":
        return
    groups = value.get("option_groups") or [value]
    known = [_value_of(option) for group in groups for option in listed(group, "options")]
    initial = [value["initial_option"]] if value.get("initial_option") else listed(value, "initial_options")
    if any(_value_of(option) not in known for option in initial):
        yield problem(f"{where}/initial_option", "is not one of the options")


def _number_is_within(value: object, where: str) -> Iterator[Problem]:
    is_filled = isinstance(value, Mapping) and type_of(value) == "number_input" and value.get("initial_value")
    if isinstance(value, Mapping) and is_filled and not is_within(value, value["initial_value"]):
        yield problem(f"{where}/initial_value", "is not a number from min_value to max_value")


def is_within(field: Mapping[str, object], typed: object) -> bool:
    """Whether a field for numbers takes what was typed."""
    least, most = field.get("min_value") or "-inf", field.get("max_value") or "inf"
    try:
        return float(str(least)) <= float(str(typed)) <= float(str(most))
    except ValueError:
        return False


def _value_of(option: object) -> object:
    return option.get("value") if isinstance(option, Mapping) else None


_BLOCK: Mapping[str, Rule] = {"type": kind(str), "block_id": string(_ID_MOST)}

BLOCKS: Mapping[str, Shape] = {
    "section": Shape(
        (),
        {
            **_BLOCK,
            "text": any_text(3000),
            "fields": items(any_text(2000), 1, 10),
            "accessory": _element_in("section"),
            "expand": kind(bool),
        },
        ("text", "fields"),
    ),
    "header": Shape(("text",), {**_BLOCK, "text": plain(150)}),
    "divider": Shape((), _BLOCK),
    "context": Shape(("elements",), {**_BLOCK, "elements": items(_in_context, 1, 10)}),
    "actions": Shape(("elements",), {**_BLOCK, "elements": items(_element_in("actions"), 1, 25)}),
    "input": Shape(
        ("label", "element"),
        {
            **_BLOCK,
            "label": plain(2000),
            "hint": plain(2000),
            "element": _element_in("input"),
            "optional": kind(bool),
            "dispatch_action": kind(bool),
        },
    ),
    "image": Shape(("alt_text",), {**_BLOCK, **_PICTURE, "title": plain(2000)}, ("image_url", "slack_file")),
    "rich_text": Shape(("elements",), {**_BLOCK, "elements": anything}),
    "markdown": Shape(("text",), {**_BLOCK, "text": string(12_000)}),
    "table": Shape(("rows",), {**_BLOCK, **TABLE}),
    "data_visualization": Shape(("title", "chart"), {**_BLOCK, **CHART}),
    "alert": Shape(("text",), {**_BLOCK, "text": any_text(200), "level": kind(str)}),
}

# Blocks that only some surfaces take; all others stand anywhere.
ONLY_ON: Mapping[str, set[str]] = {
    "markdown": {"message"},
    "table": {"message", "home"},
    "data_visualization": {"message"},
    "alert": {"modal"},
}
BLOCKS_MOST: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}
# Blocks of which one message takes only so many.
_IN_A_MESSAGE: Mapping[str, int] = {"table": TABLES_MOST, "data_visualization": CHARTS_MOST}

_VIEW_FIELDS: Mapping[str, Rule] = {
    "type": kind(str),
    "blocks": anything,
    "private_metadata": string(3000, 0),
    "callback_id": string(_ID_MOST, 0),
    "external_id": string(_ID_MOST, 0),
}
VIEWS: Mapping[str, Shape] = {
    "home": Shape(("blocks",), _VIEW_FIELDS),
    "modal": Shape(
        ("title", "blocks"),
        {
            **_VIEW_FIELDS,
            "title": plain(24),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": kind(bool),
            "notify_on_close": kind(bool),
            "submit_disabled": kind(bool),
        },
    ),
}


def message_problems(message: Mapping[str, object], text_most: int = MESSAGE_TEXT_MOST) -> list[Problem]:
    """Everything for which Slack would refuse a message; an empty list when it would take it."""
    problems = []
    text, blocks = message.get("text"), message.get("blocks")
    if isinstance(text, str) and len(text) > text_most:
        problems.append(Problem(TOO_LONG, "/text", f"has {len(text)} characters"))
    if not text and not blocks and not message.get("attachments"):
        problems.append(Problem("no_text", "/text", "a message needs text or blocks"))
    if blocks is not None:
        problems.extend(_blocks(blocks, "message"))
    return problems


def view_problems(view: Mapping[str, object]) -> list[Problem]:
    """Everything for which Slack would refuse a modal or a Home; an empty list when it would take it."""
    surface = str(view.get("type"))
    if surface not in VIEWS:
        return [Problem(INVALID_ARGUMENTS, "/type", "must be modal or home")]
    blocks = view.get("blocks") or []
    found = [*shaped(VIEWS[surface])(view, ""), *_blocks(blocks, surface)]
    has_inputs = isinstance(blocks, Sequence) and any(type_of(block) == "input" for block in blocks)
    if surface == "modal" and has_inputs and not view.get("submit"):
        found.append(problem("/submit", "is required where there are inputs"))
    problems = [each._replace(error=INVALID_ARGUMENTS) for each in found]
    if len(json.dumps(view)) > _VIEW_BYTES_MOST:
        problems.append(Problem(VIEW_TOO_LARGE, "", f"a view has at most {_VIEW_BYTES_MOST} bytes"))
    return problems


def option_problems(options: object) -> list[Problem]:
    """Everything for which Slack would refuse the options that were looked up for an external_select."""
    return list(items(shaped(_LINE), 0, 100)(options, "/options"))


def _blocks(blocks: object, surface: str) -> Iterator[Problem]:
    least = 0 if surface == "home" else 1
    yield from items(_block_on(surface), least, BLOCKS_MOST[surface])(blocks, "/blocks")
    if isinstance(blocks, Sequence):
        yield from _twice(blocks, surface)
        if surface == "message":
            yield from _too_many(blocks)


def _block_on(surface: str) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        given = type_of(value)
        if given not in BLOCKS:
            yield problem(where, f"unsupported type: {given}")
            return
        if surface not in ONLY_ON.get(given, {surface}):
            yield problem(where, f"{given} does not fit on a {surface}")
        yield from shaped(BLOCKS[given])(value, where)

    return check


def elements(block: object) -> Sequence[Mapping[str, object]]:
    """The controls of a block."""
    if not isinstance(block, Mapping):
        return []
    found = [block.get("accessory"), block.get("element"), *listed(block, "elements")]
    return [each for each in found if isinstance(each, Mapping) and each.get("action_id")]


def _too_many(blocks: Sequence[object]) -> Iterator[Problem]:
    seen = Counter(map(type_of, blocks))
    for given, most in _IN_A_MESSAGE.items():
        if seen[given] > most:
            yield problem("/blocks", f"must have at most {most} of type {given}, and has {seen[given]}")


def _twice(blocks: Sequence[object], surface: str) -> Iterator[Problem]:
    """Ids that stand twice: a block's in its message or view, an action's in its block (in a view, anywhere)."""
    block_ids: set[str] = set()
    action_ids: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = str(block.get("block_id") or "") if isinstance(block, Mapping) else ""
        if block_id and block_id in block_ids:
            yield problem(f"/blocks/{index}/block_id", f"{block_id} stands here twice")
        block_ids.add(block_id)
        if surface == "message":
            action_ids = set()
        for action_id in (str(element["action_id"]) for element in elements(block)):
            if action_id in action_ids:
                yield problem(f"/blocks/{index}", f"action_id {action_id} stands here twice")
            action_ids.add(action_id)
