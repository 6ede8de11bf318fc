"""What stands in the controls of a message or view, as Slack reports it (Slack: docs.slack.dev/reference/block-kit)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from bot.playground.workspace import Json, SlackRefusesError
from bot.surfaces import limits

# What people typed or chose, by block_id and action_id: text, an option's value, a list of them, or seconds.
Typed: TypeAlias = Mapping[str, Mapping[str, Any]]

_REQUIRED = "Please complete this required field."


class _Holding(NamedTuple):
    """Under which names a control reports what it holds, and is given what it holds at first."""

    reported: str
    initial: str


_TEXT = _Holding("value", "initial_value")
_OPTION = _Holding("selected_option", "initial_option")
_OPTIONS = _Holding("selected_options", "initial_options")
_HOLDINGS: Mapping[str, _Holding] = {
    "plain_text_input": _TEXT,
    "number_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "overflow": _OPTION,
    "checkboxes": _OPTIONS,
    "multi_static_select": _OPTIONS,
    "users_select": _Holding("selected_user", "initial_user"),
    "conversations_select": _Holding("selected_conversation", "initial_conversation"),
    "channels_select": _Holding("selected_channel", "initial_channel"),
    "datepicker": _Holding("selected_date", "initial_date"),
    "timepicker": _Holding("selected_time", "initial_time"),
    "datetimepicker": _Holding("selected_date_time", "initial_date_time"),
}
_STATELESS = ("button", "overflow", "image")


def find(blocks: Sequence[Json], block_id: str, action_id: str) -> Json | None:
    """The control of those ids, if it is there."""
    return next(
        (
            dict(element)
            for block in blocks
            if block["block_id"] == block_id
            for element in limits.elements(block)
            if element.get("action_id") == action_id
        ),
        None,
    )


def used(element: Json, choice: Any) -> Json:
    """A control as the payload of its use tells of it; `choice` is what was chosen or typed."""
    kind = str(element["type"])
    if kind == "button":
        return {name: value for name, value in element.items() if name in ("type", "text", "value", "style")}
    holding = _HOLDINGS[kind]
    # Slack says again what stood there at first, under another name than what was chosen.
    told = {name: element[name] for name in (holding.initial, "placeholder", "confirm") if name in element}
    return {"type": kind, **told, holding.reported: _reported(holding, _chosen(element, choice))}


def values(blocks: Sequence[Json], typed: Typed) -> Json:
    """`state.values`: what every control holds, typed or from the beginning."""
    state: Json = {}
    for block in blocks:
        for element in limits.elements(block):
            kind, action_id = str(element["type"]), str(element["action_id"])
            if kind in _STATELESS:
                continue
            holding = _HOLDINGS[kind]
            changed = typed.get(block["block_id"], {})
            held = _chosen(element, changed[action_id]) if action_id in changed else element.get(holding.initial)
            state.setdefault(block["block_id"], {})[action_id] = {
                "type": kind,
                holding.reported: _reported(holding, held),
            }
    return state


def missing(blocks: Sequence[Json], state: Json) -> Mapping[str, str]:
    """The inputs that must be filled in and are not, with Slack's own words."""
    return {
        block["block_id"]: _REQUIRED
        for block in blocks
        if block["type"] == "input" and not block.get("optional") and _is_empty(state[block["block_id"]])
    }


def _is_empty(held: Mapping[str, Json]) -> bool:
    return not any(value for element in held.values() for name, value in element.items() if name != "type")


def _reported(holding: _Holding, held: Any) -> Any:
    """An empty field is null to Slack, and an empty list of options a list."""
    return (held or []) if holding is _OPTIONS else (None if held == "" else held)


def _chosen(element: Mapping[str, Any], choice: Any) -> Any:
    """A choice as Slack reports it: an option whole, everything else as it is."""
    holding = _HOLDINGS[str(element["type"])]
    if choice is None or holding not in (_OPTION, _OPTIONS):
        return choice
    if element["type"] == "external_select":
        return {"text": {"type": "plain_text", "text": str(choice)}, "value": choice}
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    options = {option["value"]: option for group in groups for option in group["options"]}
    wanted = choice if isinstance(choice, list) else [choice]
    if not options.keys() >= set(wanted):
        raise SlackRefusesError("That is not one of the options.")
    found = [options[value] for value in wanted]
    return found if holding is _OPTIONS else found[0]
