"""Slack's limits on messages and views, as one table (Slack: docs.slack.dev/reference/block-kit).

The golden tests hold every surface to it, and the playground refuses by it what Slack would refuse.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

INVALID_BLOCKS = "invalid_blocks"
INVALID_ARGUMENTS = "invalid_arguments"
TOO_LONG = "msg_too_long"
VIEW_TOO_LARGE = "view_too_large"

_MESSAGE_TEXT_MOST = 40_000
_VIEW_BYTES_MOST = 250_000
_ID_MOST = 255


class Problem(NamedTuple):
    """What Slack would refuse: its name for it, where it stands, and what is wrong."""

    error: str
    where: str
    what: str


Rule: TypeAlias = Callable[[object, str], Iterator[Problem]]


class Shape(NamedTuple):
    """The fields of an object: those it must have, and the rule for each that it may have."""

    needs: Sequence[str]
    fields: Mapping[str, Rule]


def _problem(where: str, what: str) -> Problem:
    return Problem(INVALID_BLOCKS, where, what)


def _string(most: int, least: int = 1) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield _problem(where, "must be a string")
        elif not least <= len(value) <= most:
            yield _problem(where, f"must be {least} to {most} characters, and has {len(value)}")

    return check


def _text(most: int, *kinds: str) -> Rule:
    length = _string(most)

    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping) or value.get("type") not in kinds:
            yield _problem(where, f"must be a text object of type {' or '.join(kinds)}")
        else:
            yield from length(value.get("text"), f"{where}/text")

    return check


def _plain(most: int) -> Rule:
    return _text(most, "plain_text")


def _any_text(most: int) -> Rule:
    return _text(most, "plain_text", "mrkdwn")


def _items(rule: Rule, least: int, most: int) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            yield _problem(where, "must be a list")
            return
        if not least <= len(value) <= most:
            yield _problem(where, f"must have {least} to {most} items, and has {len(value)}")
        for index, item in enumerate(value):
            yield from rule(item, f"{where}/{index}")

    return check


def _among(*values: object) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        if value not in values:
            yield _problem(where, f"must be one of {', '.join(map(str, values))}")

    return check


def _kind(kind: type) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, kind):
            yield _problem(where, f"must be a {kind.__name__}")

    return check


def _object(shape: Shape) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield _problem(where, "must be an object")
            return
        for name in shape.needs:
            if value.get(name) is None:
                yield _problem(f"{where}/{name}", "is missing")
        for name, given in value.items():
            rule = shape.fields.get(name)
            if rule is None:
                yield _problem(f"{where}/{name}", "is not a field of this object")
            elif given is not None:
                yield from rule(given, f"{where}/{name}")

    return check


def _anything(_value: object, _where: str) -> Iterator[Problem]:
    yield from ()


_OPTION = Shape(
    ("text", "value"),
    {"text": _any_text(75), "value": _string(150), "description": _any_text(75), "url": _string(3000)},
)
_GROUP = Shape(("label", "options"), {"label": _plain(75), "options": _items(_object(_OPTION), 1, 100)})
_CONFIRM = Shape(
    ("title", "text", "confirm", "deny"),
    {
        "title": _plain(100),
        "text": _any_text(300),
        "confirm": _plain(30),
        "deny": _plain(30),
        "style": _among("primary", "danger"),
    },
)

_ACTION: Mapping[str, Rule] = {
    "type": _kind(str),
    "action_id": _string(_ID_MOST),
    "confirm": _object(_CONFIRM),
    "focus_on_load": _kind(bool),
}
_MENU: Mapping[str, Rule] = {**_ACTION, "placeholder": _plain(150)}
_LISTED: Mapping[str, Rule] = {
    "options": _items(_object(_OPTION), 1, 100),
    "option_groups": _items(_object(_GROUP), 1, 100),
}
_TYPED: Mapping[str, Rule] = {**_MENU, "dispatch_action_config": _anything}

ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        ("text",),
        {
            **_ACTION,
            "text": _plain(75),
            "value": _string(2000, 0),
            "url": _string(3000),
            "style": _among("primary", "danger"),
            "accessibility_label": _string(75),
        },
    ),
    "overflow": Shape(("options",), {**_ACTION, "options": _items(_object(_OPTION), 1, 5)}),
    "static_select": Shape((), {**_MENU, **_LISTED, "initial_option": _object(_OPTION)}),
    "multi_static_select": Shape(
        (),
        {
            **_MENU,
            **_LISTED,
            "initial_options": _items(_object(_OPTION), 1, 100),
            "max_selected_items": _kind(int),
        },
    ),
    "external_select": Shape((), {**_MENU, "initial_option": _object(_OPTION), "min_query_length": _kind(int)}),
    "users_select": Shape((), {**_MENU, "initial_user": _kind(str)}),
    "conversations_select": Shape(
        (),
        {
            **_MENU,
            "initial_conversation": _kind(str),
            "default_to_current_conversation": _kind(bool),
            "response_url_enabled": _kind(bool),
            "filter": _anything,
        },
    ),
    "channels_select": Shape((), {**_MENU, "initial_channel": _kind(str), "response_url_enabled": _kind(bool)}),
    "datepicker": Shape((), {**_MENU, "initial_date": _string(10, 10)}),
    "timepicker": Shape((), {**_MENU, "initial_time": _string(5, 5), "timezone": _kind(str)}),
    "datetimepicker": Shape((), {**_ACTION, "initial_date_time": _kind(int)}),
    "radio_buttons": Shape(
        ("options",),
        {**_ACTION, "options": _items(_object(_OPTION), 1, 10), "initial_option": _object(_OPTION)},
    ),
    "checkboxes": Shape(
        ("options",),
        {
            **_ACTION,
            "options": _items(_object(_OPTION), 1, 10),
            "initial_options": _items(_object(_OPTION), 1, 10),
        },
    ),
    "plain_text_input": Shape(
        (),
        {
            **_TYPED,
            "initial_value": _string(3000, 0),
            "multiline": _kind(bool),
            "min_length": _kind(int),
            "max_length": _kind(int),
        },
    ),
    "number_input": Shape(
        ("is_decimal_allowed",),
        {
            **_TYPED,
            "is_decimal_allowed": _kind(bool),
            "initial_value": _kind(str),
            "min_value": _kind(str),
            "max_value": _kind(str),
        },
    ),
    "email_text_input": Shape((), {**_TYPED, "initial_value": _kind(str)}),
    "url_text_input": Shape((), {**_TYPED, "initial_value": _kind(str)}),
    "image": Shape(
        ("alt_text",),
        {"type": _kind(str), "alt_text": _string(2000), "image_url": _string(3000), "slack_file": _anything},
    ),
}

_PRESSED = {"button", "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker"}
_MENUS = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
_WRITTEN = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
FITS: Mapping[str, set[str]] = {
    "section": _PRESSED | _MENUS | {"multi_static_select", "image"},
    "actions": _PRESSED | _MENUS | {"datetimepicker"},
    "input": (_PRESSED - {"button", "overflow"}) | _MENUS | _WRITTEN | {"multi_static_select", "datetimepicker"},
}


def _element_in(block: str) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if kind not in FITS[block]:
            yield _problem(where, f"{kind} does not fit into a block of type {block}")
        else:
            yield from _object(ELEMENTS[str(kind)])(value, where)
            yield from _initial_is_an_option(value, where)

    return check


def _in_context(value: object, where: str) -> Iterator[Problem]:
    kind = value.get("type") if isinstance(value, Mapping) else None
    rule = _object(ELEMENTS["image"]) if kind == "image" else _any_text(3000)
    yield from rule(value, where)


def _initial_is_an_option(value: object, where: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping) or value.get("type") == "external_select":
        return
    groups = value.get("option_groups") or [{"options": value.get("options") or []}]
    known = [option.get("value") for group in groups for option in group.get("options", [])]
    initial = [value["initial_option"]] if value.get("initial_option") else value.get("initial_options") or []
    if any(option.get("value") not in known for option in initial):
        yield _problem(f"{where}/initial_option", "is not one of the options")
    listed = value.get("type") in ("static_select", "multi_static_select")
    if listed and not (value.get("options") or value.get("option_groups")):
        yield _problem(f"{where}/options", "is missing")


_BLOCK: Mapping[str, Rule] = {"type": _kind(str), "block_id": _string(_ID_MOST)}

BLOCKS: Mapping[str, Shape] = {
    "section": Shape(
        (),
        {
            **_BLOCK,
            "text": _any_text(3000),
            "fields": _items(_any_text(2000), 1, 10),
            "accessory": _element_in("section"),
            "expand": _kind(bool),
        },
    ),
    "header": Shape(("text",), {**_BLOCK, "text": _plain(150)}),
    "divider": Shape((), _BLOCK),
    "context": Shape(("elements",), {**_BLOCK, "elements": _items(_in_context, 1, 10)}),
    "actions": Shape(("elements",), {**_BLOCK, "elements": _items(_element_in("actions"), 1, 25)}),
    "input": Shape(
        ("label", "element"),
        {
            **_BLOCK,
            "label": _plain(2000),
            "hint": _plain(2000),
            "element": _element_in("input"),
            "optional": _kind(bool),
            "dispatch_action": _kind(bool),
        },
    ),
    "image": Shape(
        ("alt_text",),
        {
            **_BLOCK,
            "alt_text": _string(2000),
            "image_url": _string(3000),
            "title": _plain(2000),
            "slack_file": _anything,
        },
    ),
    "rich_text": Shape(("elements",), {**_BLOCK, "elements": _anything}),
    "markdown": Shape(("text",), {**_BLOCK, "text": _string(12_000)}),
    "table": Shape(("rows",), {**_BLOCK, "rows": _items(_anything, 1, 100), "column_settings": _anything}),
    "alert": Shape(("text",), {**_BLOCK, "text": _any_text(200), "level": _kind(str)}),
}

# Blocks that only some surfaces take; all others stand anywhere.
ONLY_ON: Mapping[str, set[str]] = {
    "markdown": {"message"},
    "table": {"message", "home"},
    "alert": {"modal"},
}
BLOCKS_MOST: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}

_VIEW_FIELDS: Mapping[str, Rule] = {
    "type": _among("modal", "home"),
    "blocks": _anything,
    "private_metadata": _string(3000, 0),
    "callback_id": _string(_ID_MOST, 0),
    "external_id": _string(_ID_MOST, 0),
}
VIEWS: Mapping[str, Shape] = {
    "home": Shape(("blocks",), _VIEW_FIELDS),
    "modal": Shape(
        ("title", "blocks"),
        {
            **_VIEW_FIELDS,
            "title": _plain(24),
            "submit": _plain(24),
            "close": _plain(24),
            "clear_on_close": _kind(bool),
            "notify_on_close": _kind(bool),
            "submit_disabled": _kind(bool),
        },
    ),
}


def message_problems(message: Mapping[str, object]) -> list[Problem]:
    """Everything for which Slack would refuse a message; an empty list when it would take it."""
    problems = []
    text, blocks = message.get("text"), message.get("blocks")
    if isinstance(text, str) and len(text) > _MESSAGE_TEXT_MOST:
        problems.append(Problem(TOO_LONG, "/text", f"has {len(text)} characters"))
    if not text and not blocks and not message.get("attachments"):
        problems.append(Problem("no_text", "/text", "a message needs text or blocks"))
    if blocks is not None:
        problems.extend(_blocks(blocks, "message"))
    return problems


def view_problems(view: Mapping[str, object]) -> list[Problem]:
    """Everything for which Slack would refuse a modal or a Home; an empty list when it would take it."""
    kind = str(view.get("type"))
    if kind not in VIEWS:
        return [Problem(INVALID_ARGUMENTS, "/type", "must be modal or home")]
    problems = [
        problem._replace(error=INVALID_ARGUMENTS) for problem in _object(VIEWS[kind])(view, "") if problem.where
    ]
    blocks = view.get("blocks") or []
    problems.extend(problem._replace(error=INVALID_ARGUMENTS) for problem in _blocks(blocks, kind))
    has_inputs = any(_type(block) == "input" for block in blocks) if isinstance(blocks, Sequence) else False
    if kind == "modal" and has_inputs and not view.get("submit"):
        problems.append(Problem(INVALID_ARGUMENTS, "/submit", "is required where there are inputs"))
    if len(json.dumps(view)) > _VIEW_BYTES_MOST:
        problems.append(Problem(VIEW_TOO_LARGE, "", f"a view has at most {_VIEW_BYTES_MOST} bytes"))
    return problems


def _type(block: object) -> object:
    return block.get("type") if isinstance(block, Mapping) else None


def _blocks(blocks: object, surface: str) -> Iterator[Problem]:
    least = 0 if surface == "home" else 1
    yield from _items(_block_on(surface), least, BLOCKS_MOST[surface])(blocks, "/blocks")
    if isinstance(blocks, Sequence):
        yield from _twice(blocks, surface)


def _block_on(surface: str) -> Rule:
    def check(value: object, where: str) -> Iterator[Problem]:
        kind = str(_type(value))
        if kind not in BLOCKS:
            yield _problem(where, f"unsupported type: {kind}")
            return
        if surface not in ONLY_ON.get(kind, {surface}):
            yield _problem(where, f"{kind} does not fit on a {surface}")
        yield from _object(BLOCKS[kind])(value, where)
        if kind == "section" and isinstance(value, Mapping) and not (value.get("text") or value.get("fields")):
            yield _problem(where, "a section needs text or fields")

    return check


def elements(block: object) -> Sequence[Mapping[str, object]]:
    """The controls of a block."""
    if not isinstance(block, Mapping):
        return []
    found = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
    return [each for each in found if isinstance(each, Mapping) and each.get("action_id")]


def _twice(blocks: Sequence[object], surface: str) -> Iterator[Problem]:
    """Ids that stand twice: a block's in its message or view, an action's in its block (in a view, anywhere)."""
    block_ids: set[object] = set()
    action_ids: set[object] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, Mapping) else None
        if block_id and block_id in block_ids:
            yield _problem(f"/blocks/{index}/block_id", f"{block_id} stands here twice")
        block_ids.add(block_id)
        if surface == "message":
            action_ids = set()
        for element in elements(block):
            if element["action_id"] in action_ids:
                yield _problem(f"/blocks/{index}", f"action_id {element['action_id']} stands here twice")
            action_ids.add(element["action_id"])
