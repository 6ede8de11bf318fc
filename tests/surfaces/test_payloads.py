"""What Slack sends is read once: what we do not know of it is ignored, what is missing is empty."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.coaching.errors import Declined, Reason
from bot.surfaces import ids
from bot.surfaces.payloads import Command, Event, Press, Submission
from bot.surfaces.presses import Carried, carries
from tests.surfaces.scenes import Scene

PRESS: dict[str, Any] = {
    "type": "block_actions",
    "api_app_id": "A1",
    "token": "not looked at",
    "user": {"id": "U1", "username": "rosa", "name": "rosa", "team_id": "T1"},
    "team": {"id": "T1", "domain": "office", "enterprise_id": "E1"},
    "enterprise": None,
    "is_enterprise_install": False,
    "channel": {"id": "C1", "name": "renewals"},
    "container": {"type": "message", "message_ts": "1.0", "channel_id": "C1", "is_ephemeral": True, "new_in_2027": {}},
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.example/actions/1",
    "message": {"text": "x", "blocks": []},
    "state": {
        "values": {
            "words.why.3": {"words.why": {"type": "plain_text_input", "value": "Her brother"}},
            "words.thought.3": {"words.thought": {"type": "plain_text_input", "value": None}},
            "other": {"wordsmith": {"type": "plain_text_input", "value": "Not ours"}},
            "menu": {"menu": {"type": "static_select", "selected_option": None}},
        }
    },
    "actions": [
        {
            "action_id": "case.press.next",
            "block_id": "case.press",
            "type": "button",
            "text": {"type": "plain_text", "text": "Next", "emoji": False},
            "value": "next:7:3",
            "style": "primary",
            "action_ts": "1.1",
        }
    ],
}


def test_a_press_is_read_with_whatever_else_slack_sends() -> None:
    press = Press.model_validate(PRESS)

    assert (press.team.id, press.user.id, press.trigger_id) == ("T1", "U1", "1.2.abc")
    assert (press.used.action_id, press.used.chosen) == ("case.press.next", "next:7:3")
    assert press.response_url == "https://hooks.example/actions/1"
    assert (press.container.type, press.container.message_ts, press.container.is_ephemeral) == ("message", "1.0", True)
    assert press.typed(ids.WORDS) == {"why": "Her brother", "thought": ""}


def test_a_press_in_a_view_has_neither_message_nor_url() -> None:
    bare = {"team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [{"action_id": "home.new", "value": "new"}]}
    press = Press.model_validate({**bare, "container": {"type": "view", "view_id": "V1"}})

    assert (press.response_url, press.container.message_ts, press.container.is_ephemeral) == (None, None, False)
    assert press.typed(ids.WORDS) == {}


@pytest.mark.parametrize(
    ("element", "chosen"),
    [
        ({"type": "button", "value": "next:7:3"}, "next:7:3"),
        ({"type": "overflow", "selected_option": {"value": "back:7:3", "text": {"text": "Back"}}}, "back:7:3"),
        ({"type": "datepicker", "selected_date": "2026-11-25"}, "2026-11-25"),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "users_select", "selected_user": "U2", "initial_user": "U3"}, "U2"),
        ({"type": "conversations_select", "selected_conversation": "C2"}, "C2"),
        ({"type": "channels_select", "selected_channel": "C3"}, "C3"),
        ({"type": "radio_buttons", "selected_option": {"value": "flat"}}, "flat"),
        ({"type": "users_select", "selected_user": None}, None),
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "something_new", "selected_things": []}, None),
    ],
)
def test_whatever_was_used_says_what_was_chosen(element: dict[str, Any], chosen: str | None) -> None:
    press = Press.model_validate({**PRESS, "actions": [{"action_id": "a", **element}]})

    assert press.used.chosen == chosen


def test_boxes_say_which_of_them_stand_ticked() -> None:
    options = [{"value": value, "text": {"type": "plain_text", "text": value}} for value in ("payment", "order")]
    sent = Submission.model_validate(
        {
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "view": {"state": {"values": {"list": {"list": {"type": "checkboxes", "selected_options": options}}}}},
        }
    )

    assert sent.field("list").ticked == ["payment", "order"]
    assert (sent.field("list").chosen, sent.field("another").ticked) == (None, [])


def test_a_command_is_read_with_whatever_else_slack_sends() -> None:
    sent = {"team_id": "T1", "user_id": "U1", "user_name": "rosa", "command": "/cancel", "channel_id": "C1"}

    assert Command.model_validate({**sent, "text": "Ada"}).text == "Ada"
    assert Command.model_validate(sent).text == ""


def test_an_event_is_read_with_whatever_else_slack_sends() -> None:
    event = Event.model_validate({"type": "app_home_opened", "user": "U1", "tab": "home", "view": {}, "channel": "D1"})

    assert (event.user, event.tab) == ("U1", "home")


def test_a_field_that_a_form_did_not_have_is_empty_and_not_there() -> None:
    sent = Submission.model_validate(
        {
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "view": {"state": {"values": {"a": {"a": {"type": "plain_text_input", "value": " x "}}}}},
        }
    )

    assert (sent.text("a"), sent.has("a")) == ("x", True)
    assert (sent.text("b"), sent.has("b")) == (None, False)
    assert sent.view.private_metadata == ""


def test_what_somebody_typed_is_in_no_error() -> None:
    with pytest.raises(ValidationError) as fault:
        Press.model_validate({**PRESS, "actions": "Her brother laughed"})

    assert "brother" not in str(fault.value)


@pytest.mark.parametrize("argument", [None, 11])
def test_a_control_carries_what_it_asks_of_which_case_as_it_stood(scene: Scene, argument: int | None) -> None:
    carried = Carried.read(carries(scene.case(), "identify", argument))

    assert carried == Carried("identify", 7, 3, str(argument) if argument else None)


@pytest.mark.parametrize("value", [None, "", "next", "next:7", "next:x:3", "next:7:-3", "next::", "7:3", "a:b:c:d:e"])
def test_a_control_of_another_version_is_gone(value: str | None) -> None:
    with pytest.raises(Declined) as declined:
        Carried.read(value)
    assert declined.value.reason is Reason.GONE
