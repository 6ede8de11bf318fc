"""Modals and Homes: what opens, changes and closes them, and what Slack refuses about it."""

import pytest

from bot.playground.workspace import TRIGGER_SECONDS, SlackRefusesError
from tests.playground.local import (
    ROSA,
    SAM,
    Json,
    Local,
    actions,
    button,
    field_of,
    modal,
    refusal,
    section,
    text_input,
    where,
)

NAME = field_of(text_input("name"), block_id="who")


def titles(local: Local, person: str = ROSA) -> list[str]:
    return [view.content["title"]["text"] for view in local.workspace.modals[person]]


def titled(title: str, *blocks: Json) -> Json:
    return modal(*(blocks or [section()]), title={"type": "plain_text", "text": title})


async def test_a_trigger_is_good_once(local: Local) -> None:
    trigger = local.workspace.trigger(ROSA)
    assert await refusal(local.web.views_open(trigger_id=trigger, view=titled("First"))) is None
    assert await refusal(local.web.views_open(trigger_id=trigger, view=titled("Second"))) == "exchanged_trigger_id"
    assert await refusal(local.web.views_open(trigger_id="12.34", view=titled("Third"))) == "invalid_trigger_id"
    assert titles(local) == ["First"]


async def test_a_trigger_is_good_for_three_seconds(local: Local) -> None:
    early, late = local.workspace.trigger(ROSA), local.workspace.trigger(ROSA)
    local.stopwatch.seconds += TRIGGER_SECONDS
    assert await refusal(local.web.views_open(trigger_id=early, view=titled("In time"))) is None
    local.stopwatch.seconds += 0.1
    assert await refusal(local.web.views_open(trigger_id=late, view=titled("Late"))) == "expired_trigger_id"
    assert titles(local) == ["In time"]


async def test_a_modal_opens_before_whoever_pressed(local: Local) -> None:
    await local.opens(NAME, person=SAM)
    assert (titles(local, ROSA), titles(local, SAM)) == ([], ["Form"])


async def test_modals_lie_three_deep(local: Local) -> None:
    async def push() -> Json:
        return (await local.web.views_push(trigger_id=local.workspace.trigger(ROSA), view=titled("Above")))["view"]

    first = await local.opens(NAME)
    second, third = await push(), await push()
    assert await refusal(push()) == "push_limit_reached"
    assert [(view["previous_view_id"], view["root_view_id"]) for view in (second, third)] == [
        (first.id, first.id),
        (second["id"], first.id),
    ]


async def test_a_view_that_changed_meanwhile_is_not_overwritten(local: Local) -> None:
    view = await local.opens(NAME)
    seen = view.hash
    changed = await local.web.views_update(view_id=view.id, hash=seen, view=titled("Changed"))
    assert changed["view"]["hash"] != seen
    stale = local.web.views_update(view_id=view.id, hash=seen, view=titled("Stale"))
    assert await refusal(stale) == "hash_conflict"
    assert titles(local) == ["Changed"]


async def test_a_view_is_reached_by_the_name_that_the_app_gave_it_once(local: Local) -> None:
    named = {**titled("First"), "external_id": "the-search"}
    await local.web.views_open(trigger_id=local.workspace.trigger(ROSA), view=named)
    twice = local.web.views_open(trigger_id=local.workspace.trigger(SAM), view=named)
    assert await refusal(twice) == "duplicate_external_id"

    await local.web.views_update(external_id="the-search", view={**named, **titled("Changed")})
    assert titles(local) == ["Changed"]
    assert await refusal(local.web.views_update(external_id="another", view=titled("Late"))) == "not_found"


async def test_a_closed_view_is_not_found(local: Local) -> None:
    view = await local.opens(NAME)
    await local.people.close(ROSA, view.id, {})
    assert await refusal(local.web.views_update(view_id=view.id, view=titled("Late"))) == "not_found"


async def test_a_home_is_published_for_one_person_and_kept_from_stale_writes(local: Local) -> None:
    home = {"type": "home", "blocks": [section()]}
    first = (await local.web.views_publish(user_id=ROSA, view=home))["view"]
    second = (await local.web.views_publish(user_id=ROSA, view=home, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    assert await refusal(local.web.views_publish(user_id=ROSA, view=home, hash=first["hash"])) == "hash_conflict"
    assert await refusal(local.web.views_publish(user_id="U0NOBODY", view=home)) == "user_not_found"
    assert SAM not in local.workspace.homes


async def test_opening_the_home_is_told_to_the_app_with_the_view_it_had(local: Local) -> None:
    await local.people.open_home(ROSA)
    assert local.app.last["event"]["type"] == "app_home_opened"
    assert (local.app.last["event"]["tab"], "view" in local.app.last["event"]) == ("home", False)
    published = (await local.web.views_publish(user_id=ROSA, view={"type": "home", "blocks": []}))["view"]
    await local.people.open_home(ROSA)
    assert local.app.last["event"]["view"]["hash"] == published["hash"]


async def test_what_is_sent_comes_with_its_initial_values_and_private_metadata(local: Local) -> None:
    view = await local.opens(
        field_of(text_input("name", initial_value="Ada"), block_id="who"),
        field_of(text_input("note"), block_id="what", optional=True),
        callback_id="people",
        private_metadata="carried",
    )
    assert await local.people.submit(ROSA, view.id, {}) == {}
    sent = local.app.last
    assert (sent["type"], sent["user"]["id"]) == ("view_submission", ROSA)
    assert (sent["view"]["callback_id"], sent["view"]["private_metadata"]) == ("people", "carried")
    assert sent["view"]["state"]["values"] == {
        "who": {"name": {"type": "plain_text_input", "value": "Ada"}},
        "what": {"note": {"type": "plain_text_input", "value": None}},
    }
    assert titles(local) == []


async def test_a_required_field_is_refused_before_the_app_hears_of_it(local: Local) -> None:
    view = await local.opens(NAME)
    assert list(await local.people.submit(ROSA, view.id, {})) == ["who"]
    assert list(await local.people.submit(ROSA, view.id, {"who": {"name": ""}})) == ["who"]
    assert local.app.heard == []
    assert await local.people.submit(ROSA, view.id, {"who": {"name": "Ada"}}) == {}
    assert local.app.last["view"]["state"]["values"]["who"]["name"]["value"] == "Ada"


async def test_the_answer_to_a_form_may_be_errors_beside_its_fields(local: Local) -> None:
    view = await local.opens(NAME)
    local.app.answer = {"response_action": "errors", "errors": {"who": "Nobody of that name."}}
    assert await local.people.submit(ROSA, view.id, {"who": {"name": "?"}}) == {"who": "Nobody of that name."}
    assert titles(local) == ["Form"]


async def test_the_answer_to_a_form_may_be_another_view(local: Local) -> None:
    view = await local.opens(NAME)
    typed = {"who": {"name": "Ada"}}
    local.app.answer = {"response_action": "push", "view": titled("Above", NAME)}
    await local.people.submit(ROSA, view.id, typed)
    assert titles(local) == ["Form", "Above"]

    above = local.workspace.modals[ROSA][-1]
    local.app.answer = {"response_action": "update", "view": titled("Changed", NAME)}
    await local.people.submit(ROSA, above.id, typed)
    assert titles(local) == ["Form", "Changed"]

    local.app.answer = {"response_action": "clear"}
    await local.people.submit(ROSA, above.id, typed)
    assert titles(local) == []


BAD_ANSWERS: dict[str, Json] = {
    "errors for no field of it": {"response_action": "errors", "errors": {"elsewhere": "No."}},
    "no errors at all": {"response_action": "errors", "errors": {}},
    "a view that is none": {"response_action": "update", "view": modal()},
    "a home": {"response_action": "push", "view": {"type": "home", "blocks": []}},
    "something unheard of": {"response_action": "explode"},
    "words": {"text": "Thank you"},
}


async def test_an_answer_that_slack_cannot_follow_leaves_the_form_open_and_says_so(local: Local) -> None:
    view = await local.opens(NAME)
    for answer in BAD_ANSWERS.values():
        local.app.answer = answer
        with pytest.raises(SlackRefusesError, match="trouble connecting"):
            await local.people.submit(ROSA, view.id, {"who": {"name": "Ada"}})
        assert titles(local) == ["Form"]


async def test_a_fourth_view_is_too_many_for_an_answer_as_well(local: Local) -> None:
    local.app.answer = {"response_action": "push", "view": titled("Above", NAME)}
    await local.opens(NAME)
    for _ in range(2):
        await local.people.submit(ROSA, local.workspace.modals[ROSA][-1].id, {"who": {"name": "Ada"}})
    with pytest.raises(SlackRefusesError, match="trouble connecting"):
        await local.people.submit(ROSA, local.workspace.modals[ROSA][-1].id, {"who": {"name": "Ada"}})
    assert titles(local) == ["Form", "Above", "Above"]


async def test_only_the_form_on_top_can_be_sent_and_only_by_whoever_has_it(local: Local) -> None:
    below = await local.opens(NAME)
    await local.web.views_push(trigger_id=local.workspace.trigger(ROSA), view=titled("Above"))
    typed = {"who": {"name": "Ada"}}
    for person, view in ((ROSA, below), (SAM, local.workspace.modals[ROSA][-1])):
        with pytest.raises(SlackRefusesError, match="not open any more"):
            await local.people.submit(person, view.id, typed)
    assert local.app.heard == []


async def test_closing_is_told_to_an_app_that_asked_for_it(local: Local) -> None:
    quiet = await local.opens(NAME)
    await local.people.close(ROSA, quiet.id, {})
    assert local.app.heard == []
    loud = await local.opens(NAME, notify_on_close=True)
    await local.people.close(ROSA, loud.id, {})
    assert (local.app.last["type"], local.app.last["view"]["id"]) == ("view_closed", loud.id)
    assert local.app.last["is_cleared"] is False
    assert titles(local) == []


async def test_what_was_typed_comes_with_the_news_that_a_form_was_closed(local: Local) -> None:
    note = field_of(text_input("note", initial_value="As before"), block_id="what")
    view = await local.opens(NAME, note, notify_on_close=True, callback_id="people", private_metadata="carried")
    await local.people.close(ROSA, view.id, {"who": {"name": "Ada"}})
    closed = local.app.last["view"]
    assert closed["state"]["values"] == {
        "who": {"name": {"type": "plain_text_input", "value": "Ada"}},
        "what": {"note": {"type": "plain_text_input", "value": "As before"}},
    }
    assert (closed["callback_id"], closed["private_metadata"]) == ("people", "carried")


async def test_closing_uncovers_the_form_below_or_clears_them_all_where_the_view_says_so(local: Local) -> None:
    async def push(**more: object) -> str:
        pushed = modal(NAME, notify_on_close=True, **more)
        return str((await local.web.views_push(trigger_id=local.workspace.trigger(ROSA), view=pushed))["view"]["id"])

    await local.opens(NAME)
    await local.people.close(ROSA, await push(), {})
    assert (local.app.last["is_cleared"], len(titles(local))) == (False, 1)
    await local.people.close(ROSA, await push(clear_on_close=True), {})
    assert (local.app.last["is_cleared"], titles(local)) == (True, [])


async def test_a_press_in_a_modal_or_a_home_carries_the_view_and_no_response_url(local: Local) -> None:
    blocks = [actions(button("press", value="7"), block_id="row"), NAME]
    form = await local.opens(*blocks)
    await local.web.views_publish(user_id=ROSA, view={"type": "home", "blocks": blocks})
    for view in (form, local.workspace.homes[ROSA]):
        heard = await local.presses(view, "row", "press", typed={"who": {"name": "Ada"}})
        assert heard["container"] == {"type": "view", "view_id": view.id}
        assert heard["view"]["state"]["values"]["who"]["name"]["value"] == "Ada"
        assert heard["view"]["hash"] == view.hash
        assert heard["actions"][0]["value"] == "7"
        assert heard.keys().isdisjoint({"response_url", "channel", "message", "state"})
        assert await refusal(local.web.views_open(trigger_id=heard["trigger_id"], view=titled("Next"))) is None


async def test_nobody_presses_in_somebody_elses_view(local: Local) -> None:
    view = await local.opens(actions(button("press"), block_id="row"))
    with pytest.raises(SlackRefusesError, match="not_found"):
        await local.people.press(SAM, where(view), "row", "press", None, {})
    assert local.app.heard == []
