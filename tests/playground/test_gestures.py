"""What people do in the local Slack, and what the app hears of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from bot.playground.line import Kind
from bot.playground.workspace import SlackRefusesError
from bot.surfaces.limits import FITS
from tests.playground.local import (
    GENERAL,
    RENEWALS,
    ROSA,
    ROSAS_DM,
    SAM,
    Json,
    Local,
    actions,
    button,
    field_of,
    menu,
    option,
    plain,
    section,
    text_input,
    where,
)

MESSAGE = {"blocks": [section(), actions(button(), block_id="row")]}


async def test_a_command_reaches_the_app_with_everything_it_needs_to_answer(local: Local) -> None:
    await local.people.command(ROSA, RENEWALS, "/hello   Ada <O'Brien> & Sons ")
    kind, heard = local.app.heard[-1]
    assert kind is Kind.COMMAND
    assert (heard["command"], heard["text"]) == ("/hello", "Ada &lt;O'Brien&gt; &amp; Sons")
    assert (heard["user_id"], heard["channel_id"], heard["channel_name"]) == (ROSA, RENEWALS, "renewals")
    assert heard["response_url"].startswith(local.slack.url)
    assert local.workspace.use_trigger(heard["trigger_id"]) == ROSA

    await local.people.command(ROSA, ROSAS_DM, "/hello")
    assert (local.app.last["channel_id"], local.app.last["channel_name"]) == (ROSAS_DM, "directmessage")


async def test_the_answer_to_a_command_is_seen_by_whoever_asked(local: Local) -> None:
    local.app.answer = {"text": "For you"}
    await local.people.command(ROSA, RENEWALS, "/hello")
    local.app.answer = {"text": "For all", "response_type": "in_channel"}
    await local.people.command(ROSA, RENEWALS, "/hello")
    local.app.answer = {}
    await local.people.command(ROSA, RENEWALS, "/hello")
    assert local.sees(ROSA) == ["For you", "For all"]
    assert local.sees(SAM) == ["For all"]


async def test_an_answer_that_is_no_message_fails_as_in_slack(local: Local) -> None:
    local.app.answer = {"blocks": [{"type": "hologram"}]}
    await local.people.command(ROSA, RENEWALS, "/hello")
    assert local.workspace.notices[ROSA] == ["/hello failed with the error “invalid_command_response”"]
    assert (local.sees(ROSA), local.workspace.notices[SAM]) == ([], [])


async def test_only_the_commands_of_the_app_are_commands(local: Local) -> None:
    with pytest.raises(SlackRefusesError, match="/goodbye is not a valid command"):
        await local.people.command(ROSA, RENEWALS, "/goodbye")
    assert local.app.heard == []


async def test_people_write_in_channels_but_not_to_an_app_that_only_talks(local: Local) -> None:
    local.people.say(ROSA, GENERAL, "Is <!channel> here?")
    assert local.sees(SAM, GENERAL) == ["Is &lt;!channel&gt; here?"]
    with pytest.raises(SlackRefusesError, match="turned off"):
        local.people.say(ROSA, ROSAS_DM, "Hello?")


async def test_an_ephemeral_reaches_its_addressee_until_they_reload(local: Local) -> None:
    await local.web.chat_postEphemeral(channel=RENEWALS, user=ROSA, text="For Rosa")
    await local.web.chat_postEphemeral(channel=RENEWALS, user=SAM, text="For Sam")
    await local.web.chat_postMessage(channel=RENEWALS, text="For all")
    assert local.sees(ROSA) == ["For Rosa", "For all"]
    assert local.sees(SAM) == ["For Sam", "For all"]

    local.workspace.reload(ROSA)
    assert local.sees(ROSA) == ["For all"]
    assert local.sees(SAM) == ["For Sam", "For all"]


async def test_a_reload_closes_forms_and_forgets_notices(local: Local) -> None:
    await local.opens(section())
    local.app.answer = {"blocks": [{"type": "hologram"}]}
    await local.people.command(ROSA, RENEWALS, "/hello")
    local.workspace.reload(ROSA)
    assert (local.workspace.modals[ROSA], local.workspace.notices[ROSA]) == ([], [])


async def test_a_press_on_a_message_of_the_channel(local: Local) -> None:
    await local.web.chat_postMessage(channel=RENEWALS, text="Hello", **MESSAGE)
    message = local.workspace.seen_by(SAM, RENEWALS)[0]
    heard = await local.presses(message, "row", "press", person=SAM)
    assert (heard["type"], heard["user"]["id"], heard["channel"]["id"]) == ("block_actions", SAM, RENEWALS)
    assert heard["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": RENEWALS,
        "is_ephemeral": False,
    }
    assert (heard["message"]["ts"], heard["message"]["text"]) == (message.ts, "Hello")
    pressed = heard["actions"][0]
    assert (pressed["type"], pressed["block_id"], pressed["action_id"]) == ("button", "row", "press")
    assert "view" not in heard


async def test_a_press_on_an_ephemeral_carries_no_message_and_answers_in_its_place(local: Local) -> None:
    message = await local.shows(*MESSAGE["blocks"])
    heard = await local.presses(message, "row", "press")
    assert heard["container"]["is_ephemeral"] is True
    assert "message" not in heard

    assert await local.answers(heard["response_url"], text="Changed", replace_original=True) == (200, "ok")
    assert await local.answers(heard["response_url"], text="Beside", replace_original=False) == (200, "ok")
    assert local.sees(ROSA) == ["Changed", "Beside"]
    assert local.sees(SAM) == []
    await local.answers(heard["response_url"], delete_original=True)
    assert local.sees(ROSA) == ["Beside"]


async def test_what_is_not_there_cannot_be_pressed(local: Local) -> None:
    message = await local.shows(*MESSAGE["blocks"])
    for person, ids in ((ROSA, ("row", "gone")), (ROSA, ("gone", "press")), (SAM, ("row", "press"))):
        with pytest.raises(SlackRefusesError, match="not there any more"):
            await local.people.press(person, where(message), *ids, None, {})
    assert [kind for kind, _ in local.app.heard] == [Kind.COMMAND]


class Held(NamedTuple):
    """A control, what its state says before and after `typed`, and, where it can begin with something, that."""

    element: Json
    empty: Json
    typed: Any
    full: Json
    initial: Json


CHOICES = [option("one"), option("two"), option("three")]
NOON = 1_795_608_000

CONTROLS: Mapping[str, Held] = {
    "plain_text_input": Held({}, {"value": None}, "Hello", {"value": "Hello"}, {"initial_value": "Hello"}),
    "number_input": Held(
        {"is_decimal_allowed": True}, {"value": None}, "7.5", {"value": "7.5"}, {"initial_value": "7.5"}
    ),
    "email_text_input": Held({}, {"value": None}, "a@b.test", {"value": "a@b.test"}, {"initial_value": "a@b.test"}),
    "url_text_input": Held(
        {}, {"value": None}, "https://a.test", {"value": "https://a.test"}, {"initial_value": "https://a.test"}
    ),
    "static_select": Held(
        {"options": CHOICES},
        {"selected_option": None},
        "two",
        {"selected_option": option("two")},
        {"initial_option": option("two")},
    ),
    "radio_buttons": Held(
        {"options": CHOICES},
        {"selected_option": None},
        "two",
        {"selected_option": option("two")},
        {"initial_option": option("two")},
    ),
    "external_select": Held(
        {}, {"selected_option": None}, "two", {"selected_option": option("two")}, {"initial_option": option("two")}
    ),
    "checkboxes": Held(
        {"options": CHOICES},
        {"selected_options": []},
        ["one", "three"],
        {"selected_options": [option("one"), option("three")]},
        {"initial_options": [option("one"), option("three")]},
    ),
    "multi_static_select": Held(
        {"options": CHOICES},
        {"selected_options": []},
        ["two"],
        {"selected_options": [option("two")]},
        {"initial_options": [option("two")]},
    ),
    "users_select": Held({}, {"selected_user": None}, SAM, {"selected_user": SAM}, {"initial_user": SAM}),
    "conversations_select": Held(
        {},
        {"selected_conversation": None},
        GENERAL,
        {"selected_conversation": GENERAL},
        {"initial_conversation": GENERAL},
    ),
    "channels_select": Held(
        {}, {"selected_channel": None}, GENERAL, {"selected_channel": GENERAL}, {"initial_channel": GENERAL}
    ),
    "datepicker": Held(
        {}, {"selected_date": None}, "2026-12-01", {"selected_date": "2026-12-01"}, {"initial_date": "2026-12-01"}
    ),
    "timepicker": Held({}, {"selected_time": None}, "09:30", {"selected_time": "09:30"}, {"initial_time": "09:30"}),
    "datetimepicker": Held(
        {}, {"selected_date_time": None}, NOON, {"selected_date_time": NOON}, {"initial_date_time": NOON}
    ),
}


def fields(**initial: Json) -> list[Json]:
    """Every control as a field of its own, beginning with what is given."""
    return [
        field_of({"type": kind, "action_id": kind, **held.element, **initial.get(kind, {})}, block_id=kind)
        for kind, held in CONTROLS.items()
    ]


def states(state: Mapping[str, Json]) -> Mapping[str, Json]:
    """What `state.values` says of each control."""
    return {kind: controls[kind] for kind, controls in state.items() if kind in CONTROLS}


EMPTY = {kind: {"type": kind, **held.empty} for kind, held in CONTROLS.items()}
FULL = {kind: {"type": kind, **held.full} for kind, held in CONTROLS.items()}


async def test_every_press_on_a_message_carries_all_that_stands_in_it(local: Local) -> None:
    message = await local.shows(*fields(), actions(button(), block_id="row"))
    untouched = await local.presses(message, "row", "press")
    assert states(untouched["state"]["values"]) == EMPTY

    typed = {kind: {kind: held.typed} for kind, held in CONTROLS.items()}
    filled = await local.presses(message, "row", "press", typed=typed)
    assert states(filled["state"]["values"]) == FULL
    assert "row" not in filled["state"]["values"]


async def test_what_a_control_begins_with_comes_back_unless_it_was_emptied(local: Local) -> None:
    initial = {kind: held.initial for kind, held in CONTROLS.items()}
    message = await local.shows(*fields(**initial), actions(button(), block_id="row"))
    untouched = await local.presses(message, "row", "press")
    assert states(untouched["state"]["values"]) == FULL

    emptied: Mapping[str, Json] = {kind: {kind: None} for kind in CONTROLS}
    heard = await local.presses(message, "row", "press", typed=emptied)
    assert states(heard["state"]["values"]) == EMPTY


async def test_a_form_is_sent_with_all_that_was_chosen(local: Local) -> None:
    view = await local.opens(*fields())
    typed = {kind: {kind: held.typed} for kind, held in CONTROLS.items()}
    assert await local.people.submit(ROSA, view.id, typed) == {}
    assert local.app.last["view"]["state"]["values"] == {kind: {kind: FULL[kind]} for kind in CONTROLS}


async def test_every_control_of_a_form_may_be_required(local: Local) -> None:
    view = await local.opens(*fields())
    assert list(await local.people.submit(ROSA, view.id, {})) == list(CONTROLS)
    assert local.app.heard == []


async def test_a_choice_is_told_as_the_action_it_is(local: Local) -> None:
    dots = {"type": "overflow", "action_id": "dots", "options": CHOICES}
    day = {"type": "datepicker", "action_id": "day"}
    message = await local.shows(
        actions(menu("one", "two"), dots, day, block_id="row"),
        field_of(text_input("note"), block_id="note", dispatch_action=True),
    )

    async def told(block_id: str, action_id: str, choice: str) -> Json:
        action = (await local.presses(message, block_id, action_id, choice))["actions"][0]
        return {name: value for name, value in action.items() if name not in ("action_id", "block_id", "action_ts")}

    assert await told("row", "menu", "two") == {"type": "static_select", "selected_option": option("two")}
    assert await told("row", "dots", "three") == {"type": "overflow", "selected_option": option("three")}
    assert await told("row", "day", "2026-12-01") == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert await told("note", "note", "Hi") == {"type": "plain_text_input", "value": "Hi"}
    with pytest.raises(SlackRefusesError, match="not one of the options"):
        await local.people.press(ROSA, where(message), "row", "menu", "four", {})


async def test_every_change_of_a_control_in_a_message_is_a_press(local: Local) -> None:
    there = {kind: held for kind, held in CONTROLS.items() if kind in FITS["actions"]}
    begun = [{"type": kind, "action_id": kind, **held.element, **held.initial} for kind, held in there.items()]
    message = await local.shows(actions(*begun, block_id="row"))
    for kind, held in there.items():
        heard = await local.presses(message, "row", kind, held.typed)
        assert heard["actions"][0].items() >= {"type": kind, **held.full, **held.initial}.items()


async def test_a_choice_stands_in_its_control_by_the_time_the_app_hears_of_it(local: Local) -> None:
    message = await local.shows(actions(menu("one", "two", initial_option=option("one")), button(), block_id="row"))
    heard = await local.presses(message, "row", "menu", "two")
    assert heard["state"]["values"]["row"]["menu"]["selected_option"] == option("two")


async def test_a_press_says_again_what_stood_there_at_first(local: Local) -> None:
    day = {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01", "placeholder": plain("Move to")}
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": CHOICES, "initial_options": [option("one")]}
    message = await local.shows(actions(day, boxes, block_id="row"))

    moved = (await local.presses(message, "row", "day", "2026-12-02"))["actions"][0]
    assert (moved["selected_date"], moved["initial_date"]) == ("2026-12-02", "2026-12-01")
    assert moved["placeholder"] == plain("Move to")
    emptied = (await local.presses(message, "row", "boxes", []))["actions"][0]
    assert (emptied["selected_options"], emptied["initial_options"]) == ([], [option("one")])


async def test_options_are_looked_up_as_one_types(local: Local) -> None:
    who = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    message = await local.shows(actions(who, block_id="row"))
    local.app.answer = {"options": [option("Ada")]}
    assert await local.people.suggest(ROSA, where(message), "row", "who", "Ad") == [option("Ada")]
    heard = local.app.last
    assert (heard["type"], heard["value"], heard["action_id"]) == ("block_suggestion", "Ad", "who")
