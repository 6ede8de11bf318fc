"""Block Kit as plain dicts (Slack: docs.slack.dev/reference/block-kit): 85 times faster to build than the SDK's models.

Labels and whatever people typed go into `plain` text, shown as it stands; sentences with emphasis into `mrkdwn`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias, cast

from bot.surfaces.aloud import aloud

Block: TypeAlias = dict[str, object]
Element: TypeAlias = dict[str, object]
View: TypeAlias = dict[str, object]
Message: TypeAlias = dict[str, object]
ChartKind: TypeAlias = Literal["bar", "line", "area", "pie"]

HEADER_MOST = 150
OPTION_MOST = 75
SPOKEN_MOST = 75
OPTIONS_MOST = 100
# Of a longer list, in groups: the longest names of so many still find room in a view.
MENU_MOST = 250
VALUE_MOST = 150
TEXT_MOST = 3000
CHART_TITLE_MOST = 50
CHART_LABEL_MOST = 20
# Slack cuts more than that, and refuses it when a message is updated.
MESSAGE_TEXT_MOST = 4000
_CUT = "…"
_END_MOST = 30
_HALF_ESCAPED = re.compile(f"&[a-z]{{0,3}}{_CUT}$")


class Cut(str):
    """Text of which only the beginning is left; known as such to whoever looks for words that find no room."""

    __slots__ = ()


def cut(text: str, most: int) -> str:
    """The text, or its beginning with a mark where it is longer than `most` characters."""
    return text if len(text) <= most else Cut(text[: most - len(_CUT)].rstrip() + _CUT)


def _cut_escaped(text: str, most: int) -> str:
    """The same for text whose control characters were escaped: none is cut in its middle."""
    short = cut(text, most)
    return Cut(_HALF_ESCAPED.sub(_CUT, short)) if isinstance(short, Cut) else text


def plain(text: str) -> Element:
    """Text shown exactly as it stands, emoji names included."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Element:
    """Formatted text; what people typed in it must have been escaped (the templates do)."""
    return {"type": "mrkdwn", "text": _cut_escaped(text, TEXT_MOST), "verbatim": True}


def header(text: str) -> Block:
    """A large line, for who or what this is about."""
    return {"type": "header", "text": plain(cut(text, HEADER_MOST))}


def section(text: str, accessory: Element | None = None) -> Block:
    """A paragraph, with one control beside it where given."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def divider() -> Block:
    """A line between one thing and the next."""
    return {"type": "divider"}


def table(rows: Sequence[Sequence[str]], *, right: Collection[int] = (), wrapped: Collection[int] = ()) -> Block:
    """Rows of cells, the first of them the head, shown exactly as they stand; a message takes one table.

    `right` and `wrapped` are the columns, from 0, that stand to the right (numbers do) and that may take several lines.
    Slack: docs.slack.dev/reference/block-kit/blocks/table-block, at most 100 rows, 20 columns and 10,000 characters.
    """
    columns = range(max(map(len, rows)))
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if each in right else "left", "is_wrapped": each in wrapped} for each in columns
        ],
        # Slack refuses a cell of no letters.
        "rows": [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows],
    }


def chart(
    title: str,
    kind: ChartKind,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    x_label: str | None = None,
    y_label: str | None = None,
) -> Block:
    """A drawing of numbers; a message takes two, other surfaces none, and some workspaces refuse them yet.

    `series` has, by its name, a number for each label: at most 6 series and 20 labels, each told from the others within
    their first characters. A pie has one series, of at most 6 labels; what is 0 is no part of it. `x_label` and
    `y_label` say what runs along the axes. Raises `ValueError` for a series of another length, or a pie of several.
    Slack: docs.slack.dev/reference/block-kit/blocks/data-visualization-block; it shows no alternative text, so that the
    message's own `text` has to say the numbers.
    """
    labels, names = _told_apart(labels), _told_apart([*series])
    drawn = [
        [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]
        for values in series.values()
    ]
    if kind == "pie":
        (points,) = drawn
        told: Element = {"type": kind, "segments": [point for point in points if point["value"] != 0]}
    else:
        axes = {"categories": labels, "x_label": x_label, "y_label": y_label}
        told = {
            "type": kind,
            "series": [{"name": name, "data": data} for name, data in zip(names, drawn, strict=True)],
            "axis_config": {name: given for name, given in axes.items() if given},
        }
    return {"type": "data_visualization", "title": cut(title, CHART_TITLE_MOST), "chart": told}


def _told_apart(labels: Sequence[str]) -> Sequence[str]:
    """Labels as short as a chart has them; one that looks like an earlier one, cut or not, gets a number."""
    found: list[str] = []
    for label in labels:
        short, number = cut(label, CHART_LABEL_MOST), 1
        while short in found:
            number += 1
            short = f"{cut(label, CHART_LABEL_MOST - len(f' {number}'))} {number}"
        found.append(short)
    return found


def context(text: str) -> Block:
    """A quiet line."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(block_id: str, elements: Sequence[Element]) -> Block:
    """A row of controls."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(action_id: str, label: str, value: str, *, style: str | None = None, of: str | None = None) -> Element:
    """A button that says what it does; `style` is primary or danger.

    Where several of one label stand on a surface, a screen reader reads what each is `of`.
    """
    element: Element = {"type": "button", "action_id": action_id, "text": plain(label), "value": value}
    spoken = {"accessibility_label": str(cut(f"{label}: {of}", SPOKEN_MOST))} if of else {}
    return {**element, **spoken, **({"style": style} if style else {})}


def asked_first(pressed: Element, title: str, text: str, leave: str) -> Element:
    """A button that Slack asks about before the press goes out: yes is the button's own word, no is `leave`."""
    question = {"title": plain(title), "text": plain(text), "confirm": pressed["text"], "deny": plain(leave)}
    return {**pressed, "confirm": question}


def option(label: str, value: str) -> Element:
    """One line of a menu."""
    return {"text": plain(cut(label, OPTION_MOST)), "value": value}


def overflow(action_id: str, options: Sequence[Element]) -> Element:
    """The menu behind the dots: five options at most."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def select(action_id: str, options: Sequence[Element], chosen: str | None, placeholder: str) -> Element:
    """A menu of which one can be chosen; `chosen` is the value that stands in it. It takes up to `MENU_MOST` lines."""
    listed = options[:MENU_MOST]
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        **_in_groups(listed),
        "placeholder": plain(placeholder),
    }
    initial = next((each for each in listed if each["value"] == chosen), None)
    return {**element, "initial_option": initial} if initial else element


def _in_groups(options: Sequence[Element]) -> Element:
    """The lines of a menu; where there are more than Slack takes in one list, in groups, each called by its ends."""
    if len(options) <= OPTIONS_MOST:
        return {"options": list(options)}
    groups = [options[at : at + OPTIONS_MOST] for at in range(0, len(options), OPTIONS_MOST)]
    return {
        "option_groups": [
            {"label": plain(f"{_end(group[0])} – {_end(group[-1])}"), "options": list(group)} for group in groups
        ]
    }


def _end(option: Element) -> str:
    return cut(cast("Mapping[str, str]", option["text"])["text"], _END_MOST)


def text_input(
    action_id: str,
    kept: str | None = None,
    *,
    placeholder: str | None = None,
    lines: bool = False,
    most: int = TEXT_MOST,
) -> Element:
    """A field to type in, with what was kept of it; it takes up to `most` characters."""
    element: Element = {"type": "plain_text_input", "action_id": action_id, "multiline": lines, "max_length": most}
    if kept:
        element["initial_value"] = cut(kept, most)
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return element


def number_input(action_id: str, kept: int | None, least: int, most: int) -> Element:
    """A field for a whole number from `least` to `most`."""
    element: Element = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    return element if kept is None else {**element, "initial_value": str(kept)}


def external_select(action_id: str, placeholder: str, chosen: Element | None = None) -> Element:
    """A menu whose options the app looks up while somebody types, and once before; `chosen` stands in it."""
    element: Element = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "min_query_length": 0,
    }
    return {**element, "initial_option": chosen} if chosen else element


def users_select(action_id: str, placeholder: str, chosen: str | None = None) -> Element:
    """Somebody of the workspace to choose; `chosen` is the member's id that stands in it."""
    element: Element = {"type": "users_select", "action_id": action_id, "placeholder": plain(placeholder)}
    return {**element, "initial_user": chosen} if chosen else element


def channels_select(action_id: str, placeholder: str, chosen: str | None = None) -> Element:
    """A public channel to choose; `chosen` is the id that stands in it. It needs no scope to read channels."""
    element: Element = {"type": "channels_select", "action_id": action_id, "placeholder": plain(placeholder)}
    return {**element, "initial_channel": chosen} if chosen else element


def own_channels_select(action_id: str, placeholder: str, chosen: str | None = None) -> Element:
    """A channel to choose, public or private, that nobody outside of the workspace reads."""
    element: Element = {
        "type": "conversations_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }
    return {**element, "initial_conversation": chosen} if chosen else element


def checkboxes(action_id: str, options: Sequence[Element], ticked: Collection[str] = ()) -> Element:
    """Up to ten boxes to tick; `ticked` are the values of those that are."""
    element: Element = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    initial = [each for each in options if each["value"] in ticked]
    return {**element, "initial_options": initial} if initial else element


def radio_buttons(action_id: str, options: Sequence[Element], chosen: str | None = None) -> Element:
    """Up to ten options in sight, of which one can be chosen; `chosen` is the value of the one that is."""
    element: Element = {"type": "radio_buttons", "action_id": action_id, "options": list(options)}
    initial = next((each for each in options if each["value"] == chosen), None)
    return {**element, "initial_option": initial} if initial else element


def date_picker(action_id: str, day: str | None, placeholder: str | None = None) -> Element:
    """A day to choose, as YYYY-MM-DD."""
    element: Element = {"type": "datepicker", "action_id": action_id}
    if day:
        element["initial_date"] = day
    return {**element, "placeholder": plain(placeholder)} if placeholder else element


def time_picker(action_id: str, time: str) -> Element:
    """An hour to choose, as HH:MM; `time` is the one that stands in it."""
    return {"type": "timepicker", "action_id": action_id, "initial_time": time}


def time_and_date_picker(action_id: str, moment: int) -> Element:
    """An hour of a day to choose, in seconds since 1970."""
    return {"type": "datetimepicker", "action_id": action_id, "initial_date_time": moment}


def field(block_id: str, label: str, element: Element, *, hint: str | None = None, optional: bool = True) -> Block:
    """An input with its label."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint)} if hint else block


def form(callback_id: str, title: str, submit: str, close: str, blocks: Sequence[Block], carried: str) -> View:
    """A modal to fill in; `carried` comes back with it (3,000 characters at most)."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(close),
        "private_metadata": carried,
        "blocks": list(blocks),
    }


def word(title: str, close: str, text: str) -> View:
    """A modal that only says something."""
    return sheet(title, close, [section(text)])


def sheet(title: str, close: str, blocks: Sequence[Block]) -> View:
    """A modal with nothing to fill in."""
    return {"type": "modal", "title": plain(title), "close": plain(close), "blocks": list(blocks)}


def message(blocks: Sequence[Block], *, brief: str | None = None) -> Message:
    """A message; its `text` says it all, since it is what screen readers and notifications have.

    `brief` stands there where all of it would find no room.
    """
    return {
        "text": _cut_escaped(brief or aloud(blocks), MESSAGE_TEXT_MOST),
        "blocks": list(blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def remark(text: str) -> Message:
    """A message that only says something."""
    return message([section(text)])


def options_of(labels: Mapping[str, str]) -> Sequence[Element]:
    """A menu's options from values and their labels."""
    return [option(label, value) for value, label in labels.items()]
