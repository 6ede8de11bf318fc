"""What is kept of a form that is closed, and how it stands in the form that is opened next."""

from typing import Any

import pytest

from bot.storage.models import Draft
from bot.surfaces import drafts, ids
from bot.surfaces.payloads import Filled
from tests.surfaces.scenes import NOW, Scene

OPTION = {"text": {"type": "plain_text", "text": "Paris", "emoji": False}, "value": "Europe/Paris"}


def form(element: dict[str, Any]) -> dict[str, Any]:
    block = {"type": "input", "block_id": "form.one", "element": {"action_id": "form.one", **element}}
    return {"callback_id": ids.SETTINGS_FORM, "private_metadata": "{}", "blocks": [block]}


def closed(element: dict[str, Any], **held: Any) -> Filled:
    state = {"values": {"form.one": {"form.one": held}}} if held else {"values": {}}
    view = {**form(element), "state": state}
    return Filled.model_validate({"team": {"id": "T"}, "user": {"id": "U"}, "view": view})


@pytest.mark.parametrize(
    ("kind", "reported", "value"),
    [
        ("multi_users_select", "selected_users", ["U1", "U2"]),
        ("multi_channels_select", "selected_channels", ["C1"]),
        ("multi_conversations_select", "selected_conversations", ["C1"]),
        ("multi_external_select", "selected_options", [OPTION]),
        ("external_select", "selected_option", OPTION),
        ("channels_select", "selected_channel", "C1"),
        ("conversations_select", "selected_conversation", "C1"),
        ("datetimepicker", "selected_date_time", 1_798_124_400),
    ],
)
def test_each_kind_of_field_comes_back(scene: Scene, kind: str, reported: str, value: Any) -> None:
    typed = drafts.typed(closed({"type": kind}, **{reported: value}))
    kept = Draft(team_id="T", user_id="U", form="", about="", values={**typed}, kept_at=NOW)
    _, field = drafts.restored(scene.voice, form({"type": kind}), kept)["blocks"]

    assert field["element"][reported.replace("selected", "initial")] == value


def test_what_is_no_longer_on_offer_leaves_the_field_as_it_is(scene: Scene) -> None:
    menu = {"type": "static_select", "options": [OPTION], "initial_option": OPTION}
    values = {"form.one": {"selected_option": {"value": "Atlantis"}}}
    kept = Draft(team_id="T", user_id="U", form="", about="", values=values, kept_at=NOW)
    _, field = drafts.restored(scene.voice, form(menu), kept)["blocks"]

    assert field["element"]["initial_option"] == OPTION


@pytest.mark.parametrize(("typed", "stands"), [("50", "50"), ("1", "1"), ("500", "5"), ("0", "5"), ("many", "5")])
def test_a_number_comes_back_where_its_field_takes_it(scene: Scene, typed: str, stands: str) -> None:
    number = {"type": "number_input", "min_value": "1", "max_value": "50", "initial_value": "5"}
    kept = Draft(team_id="T", user_id="U", form="", about="", values={"form.one": {"value": typed}}, kept_at=NOW)
    _, field = drafts.restored(scene.voice, form(number), kept)["blocks"]

    assert field["element"]["initial_value"] == stands


def test_where_slack_tells_nothing_nothing_was_emptied() -> None:
    text = {"type": "plain_text_input", "initial_value": "As it is set"}

    assert drafts.typed(closed(text)) == {}
    assert drafts.typed(closed(text, type="plain_text_input", value=None)) == {}
