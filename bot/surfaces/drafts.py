"""Forms that bring back what was typed into them before they were closed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.coaching.card_numbers import looks_like_card_number
from bot.coaching.drafts import Values
from bot.coaching.spelling import fold
from bot.storage.models import Draft
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Block, View
from bot.surfaces.forms import NAME
from bot.surfaces.library import REMOVE
from bot.surfaces.limits import is_within
from bot.surfaces.payloads import Element, Filled
from bot.surfaces.words import Voice

# Forms in which somebody types or chooses, and by what each is told from others of its kind.
FORMS: Mapping[str, tuple[str, ...]] = {
    ids.NEW_CASE_FORM: (),
    ids.MESSAGE_FORM: ("channel", "ts"),
    ids.DETAILS_FORM: ("case_id",),
    ids.COOL_OFF_FORM: ("case_id",),
    ids.LEAVE_OUT_FORM: ("case_id",),
    ids.REMEDY_FORM: ("case_id", "key"),
    ids.NEW_DATE_FORM: ("case_id",),
    ids.NOT_NOW_FORM: ("case_id",),
    ids.MISFIT_FORM: ("case_id",),
    ids.IN_TOUCH_FORM: ("case_id",),
    ids.COLLEAGUE_FORM: ("case_id",),
    ids.CORRECT_FORM: ("case_id",),
    ids.STORY_FORM: ("case_id",),
    ids.WRITE_FORM: ("story_id",),
    ids.WITHDRAW_FORM: ("story_id",),
    ids.VERDICT_FORM: ("story_id", "revision", "verdict"),
    ids.APPROVAL_FORM: ("approval_id", "verdict"),
    ids.SNOOZE_FORM: ("task_id",),
    ids.HAND_OVER_FORM: ("task_id",),
    ids.DROP_FORM: ("task_id",),
    ids.HAND_ALL_FORM: (),
    ids.SOLIDIFY_FORM: ("called",),
    ids.SUBSCRIBE_FORM: ("channel",),
    ids.PRODUCT_FORM: ("product_id",),
    ids.TEAM_FORM: (),
    ids.POLICY_FORM: ("follow",),
    ids.MANAGERS_FORM: (),
    ids.SETTINGS_FORM: (),
}
# Forms of which nothing is kept: they look something up or ask once more, or stand where another was sent.
FLEETING = (
    ids.SEARCH_FORM,
    ids.TOLD_FORM,
    ids.DATES_FORM,
    ids.CUSTOMER_FORM,
    ids.EXPORT_FORM,
    ids.SWITCH_ON_FORM,
    ids.FORGET_FORM,
    ids.CALL_FORM,
)
_RESTORED = "form.restored"
# A tick that takes something away is set anew each time.
_NEVER_KEPT = (REMOVE,)
# Where a value stands in what is sent, and where in a form that holds it.
_HELD = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
}


def about(view: Mapping[str, Any]) -> str:
    """What a form is about, in a word that is the same whenever it is opened."""
    carried = _carried(view)
    return ":".join(str(carried.get(name)) for name in FORMS[str(view["callback_id"])])


def about_closed(closed: Filled) -> str:
    """What a closed form has come to be about: where it was opened for a customer, the one that it names now."""
    view = closed.view.model_dump()
    named = closed.view.state.elements().get(NAME, Element()).value or ""
    is_known_by_name = _carried(view).get("called") and named.strip() and not looks_like_card_number(named)
    return fold(named) if is_known_by_name else about(view)


def typed(closed: Filled) -> Values:
    """What was typed or chosen in a form that is closed, and does not stand in it anyway; no card numbers.

    A field that was emptied is there with nothing in it; where Slack tells of no field at all, none was. The name by
    which a form is known is no part of it.
    """
    told = {name: _value(element) for name, element in closed.view.state.elements().items()}
    stood = {element.get("action_id"): element for element in closed.view.elements}
    named = (NAME,) if _carried(closed.view.model_dump()).get("called") else ()
    return {
        name: value
        for name, value in told.items()
        if any(told.values()) and name not in (*_NEVER_KEPT, *named)
        if not _stands(stood.get(name, {}), value)
        if not looks_like_card_number(str(value.get("value") or ""))
    }


def brings_back(form: Filled) -> bool:
    """Whether something that had been closed stands in a form."""
    return any(block.get("block_id") == _RESTORED for block in form.view.blocks)


def _carried(view: Mapping[str, Any]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", json.loads(view.get("private_metadata") or "{}"))


def _value(element: Element) -> dict[str, Any]:
    return {name: held for name, held in element.model_dump(include={*_HELD}).items() if held}


def _stands(element: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    stood = {name: _plain(element[initial]) for name, initial in _HELD.items() if element.get(initial)}
    return stood == {name: _plain(held) for name, held in value.items()}


def _plain(held: Any) -> Any:
    """A value without the texts that a menu shows."""
    if isinstance(held, list):
        return [_plain(each) for each in held]
    return held.get("value") if isinstance(held, Mapping) else held


def restored(voice: Voice, view: View, draft: Draft) -> View:
    """The form with what was typed in it, and a word on when that was."""
    told = blocks.context(voice.text("cases/restored", when=voice.moment(draft.kept_at)))
    said = {**told, "block_id": _RESTORED}
    fields = cast("Sequence[Block]", view["blocks"])
    return {**view, "blocks": [said, *(_filled(block, draft.values) for block in fields)]}


def _filled(block: Block, values: Values) -> Block:
    element = block.get("element")
    if not isinstance(element, Mapping) or element.get("action_id") not in values:
        return block
    value = values[element["action_id"]]
    held = {_HELD[name]: found for name, each in value.items() if (found := _held(element, each))}
    if value and not held:
        return block
    emptied = {name: each for name, each in element.items() if name not in _HELD.values()}
    return {**block, "element": {**emptied, **held}}


def _held(element: Mapping[str, Any], value: Any) -> Any:
    """A value as the element holds it: of a menu, those options that it still has; of one that looks up, any.

    Slack may refuse a whole form for a number in it that its field would not take.
    """
    if element.get("type") == "number_input":
        return value if is_within(element, value) else None
    if isinstance(value, list):
        return [found for each in value if (found := _held(element, each))]
    groups = element.get("option_groups", [element] if "options" in element else [])
    if not isinstance(value, Mapping) or not groups:
        return value
    options = (option for group in groups for option in group["options"])
    return next((option for option in options if option["value"] == value["value"]), None)
