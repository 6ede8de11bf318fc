"""`blocks.validate`: what Slack would say of blocks, of a message or of a view, without showing them to anybody."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.local import ROSA, Local, actions, button, field_of, modal, plain, refusal, section, text_input


async def faults(local: Local, **given: Any) -> tuple[str, dict[str, str]]:
    """Slack's name for the whole, and what is wrong by where it stands."""
    with pytest.raises(SlackApiError) as refused:
        await local.web.blocks_validate(**given)
    answer = refused.value.response
    assert {each["code"] for each in answer["errors"]} == {"failed_constraint"}
    return answer["error"], {each["pointer"]: each["message"] for each in answer["errors"]}


async def test_anybody_may_ask(local: Local) -> None:
    nobody = local.client(None)
    for given in (
        {"blocks": [section()]},
        {"message": {"text": "Hello", "blocks": [section()]}},
        {"view": modal(field_of(text_input()))},
    ):
        assert (await nobody.blocks_validate(**given))["ok"] is True
    assert await refusal(nobody.blocks_validate(blocks=[{"type": "hologram"}])) == "invalid_blocks"
    assert local.sees(ROSA) == []


async def test_every_fault_is_told_with_its_place(local: Local) -> None:
    long, lost = section(text=plain(3001)), actions(button(text=plain(76)), {})
    told = {
        "/0/text/text": "must be 1 to 3000 characters, and has 3001",
        "/1/elements/0/text/text": "must be 1 to 75 characters, and has 76",
        "/1/elements/1": "None does not fit into a block of type actions",
    }
    assert await faults(local, blocks=[long, lost]) == ("invalid_blocks", told)

    in_a_message = {f"/blocks{place}": what for place, what in told.items()}
    message = {"text": "Hello", "blocks": [long, lost]}
    assert await faults(local, message=message) == ("invalid_message", in_a_message)

    view = {**modal(long, field_of(text_input())), "submit": None}
    told_of_view = {
        "/blocks/0/text/text": "must be 1 to 3000 characters, and has 3001",
        "/submit": "is required where there are inputs",
    }
    assert await faults(local, view=view) == ("invalid_view", told_of_view)


async def test_one_thing_is_looked_at_at_a_time(local: Local) -> None:
    both = local.web.blocks_validate(blocks=[section()], view=modal(section()))
    assert await refusal(both) == "invalid_arguments"
    assert await refusal(local.web.blocks_validate()) == "invalid_arguments"
    assert await refusal(local.web.blocks_validate(message="[]")) == "invalid_arguments"
