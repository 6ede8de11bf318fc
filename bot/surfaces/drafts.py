"""Forms that bring back what was typed into them before they were closed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.coaching.card_numbers import looks_like_card_number
from bot.coaching.drafts import Values
from bot.storage.models import Draft
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Block, View
from bot.surfaces.payloads import Closed, Element
from bot.surfaces.words import Voice

# Forms in which somebody types, and by what each is told from others of its kind.
FORMS: Mapping[str, tuple[str, ...]] = {
    ids.SOLIDIFY_FORM: (),
    ids.DETAILS_FORM: ("case_id",),
    ids.REMEDY_FORM: ("case_id", "key"),
    ids.COLLEAGUE_FORM: ("case_id",),
    ids.STORY_FORM: ("case_id",),
    ids.WRITE_FORM: ("story_id",),
    ids.MESSAGE_FORM: ("channel", "ts"),
}
_RESTORED = "form.restored"
# Where a value stands in what is sent, and where in a form that holds it.
_HELD = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_user": "initial_user",
}


def about(view: Mapping[str, Any]) -> str:
    """What a form is about, in a word that is the same whenever it is opened."""
    carried = json.loads(view.get("private_metadata") or "{}")
    return ":".join(str(carried.get(name)) for name in FORMS[str(view["callback_id"])])


def typed(closed: Closed) -> Values:
    """What was typed or chosen in a form that is closed, and does not stand in it anyway; no card numbers.

    What was brought back into it stands nowhere else, and is typed still.
    """
    was_restored = any(block.get("block_id") == _RESTORED for block in closed.view.blocks)
    stood = {} if was_restored else {element.get("action_id"): element for element in closed.view.elements}
    return {
        name: value
        for name, element in closed.view.state.elements().items()
        if (value := _value(element)) and not _stands(stood.get(name, {}), value)
        if not looks_like_card_number(str(value.get("value") or ""))
    }


def _value(element: Element) -> dict[str, Any]:
    return {name: held for name, held in element.model_dump(include={*_HELD}).items() if held}


def _stands(element: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    return all(_plain(element.get(_HELD[name])) == _plain(held) for name, held in value.items())


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
    held = {_HELD[name]: _held(element, value) for name, value in values[element["action_id"]].items()}
    return {**block, "element": {**element, **{name: value for name, value in held.items() if value}}}


def _held(element: Mapping[str, Any], value: Any) -> Any:
    """A value as the element holds it: of a menu, those options that it still has."""
    options = {option["value"]: option for option in element.get("options", [])}
    if isinstance(value, list):
        return [options[_plain(each)] for each in value if _plain(each) in options]
    return options.get(value["value"]) if isinstance(value, Mapping) else value
