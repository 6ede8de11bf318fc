"""Shortcuts, chosen anywhere or on a message, and what the app hears of it."""

import pytest

from bot.playground.line import Kind, UnansweredError
from bot.playground.workspace import BOT, SlackRefusesError, email
from tests.playground.local import RENEWALS, ROSA, ROSAS_DM, SAM, Json, Local, modal, refusal, section

TROUBLES = ["operation_timeout", "dispatch_failed"]


class Deaf:
    """A line to an app that does not answer."""

    is_up = True

    def __init__(self, error: str) -> None:
        self._error = error

    async def send(self, _kind: Kind, _payload: Json) -> Json:
        raise UnansweredError(self._error)


async def test_a_global_shortcut_says_who_chose_it_and_nothing_of_a_place(local: Local) -> None:
    await local.people.shortcut(ROSA, "wave")
    kind, heard = local.app.heard[-1]
    assert kind is Kind.INTERACTION
    assert (heard["type"], heard["callback_id"], heard["user"]["id"]) == ("shortcut", "wave", ROSA)
    assert heard.keys() >= {"token", "action_ts", "team", "trigger_id"}
    assert heard.keys().isdisjoint({"channel", "message", "message_ts", "response_url"})
    opened = local.web.views_open(trigger_id=heard["trigger_id"], view=modal(section()))
    assert await refusal(opened) is None
    assert len(local.workspace.modals[ROSA]) == 1


async def test_a_message_shortcut_brings_the_message_and_where_to_answer(local: Local) -> None:
    said = local.people.say(SAM, RENEWALS, "Worth keeping")
    await local.people.message_shortcut(ROSA, RENEWALS, said.ts, "keep")
    heard = local.app.last
    assert (heard["type"], heard["callback_id"], heard["user"]["id"]) == ("message_action", "keep", ROSA)
    assert heard["channel"] == {"id": RENEWALS, "name": "renewals"}
    assert heard["message"] == {"type": "message", "ts": said.ts, "user": SAM, "text": "Worth keeping", "blocks": []}
    assert heard["message_ts"] == said.ts
    assert heard.keys() >= {"token", "action_ts", "team"}
    assert local.workspace.use_trigger(heard["trigger_id"]) == ROSA

    assert await local.answers(heard["response_url"], text="Kept") == (200, "ok")
    assert local.sees(ROSA) == ["Worth keeping", "Kept"]
    assert local.sees(SAM) == ["Worth keeping"]


async def test_a_message_of_an_app_and_one_in_a_thread_are_told_as_such(local: Local) -> None:
    first = await local.web.chat_postMessage(channel=ROSAS_DM, text="Hello", blocks=[section()])
    reply = await local.web.chat_postMessage(channel=ROSAS_DM, text="Again", thread_ts=first["ts"])
    for ts in (first["ts"], reply["ts"]):
        await local.people.message_shortcut(ROSA, ROSAS_DM, ts, "keep")
    told, told_below = (heard["message"] for _, heard in local.app.heard)
    assert (told["bot_id"], told["blocks"][0]["type"], "thread_ts" in told) == (BOT, "section", False)
    assert told_below["thread_ts"] == first["ts"]
    assert local.app.last["channel"]["name"] == "directmessage"


async def test_a_forwarded_email_comes_with_its_message(local: Local) -> None:
    text = "Please stop my order.\n" * 40
    mail = email("Cancel, please", "Ada Lovelace", "ada@example.com", text)
    message = local.workspace.post(RENEWALS, ROSA, "", files=[mail])
    await local.people.message_shortcut(ROSA, RENEWALS, message.ts, "keep")
    (told,) = local.app.last["message"]["files"]
    assert (
        told.items()
        >= {
            "mode": "email",
            "filetype": "email",
            "title": "Cancel, please",
            "from": [
                {"address": "ada@example.com", "name": "Ada Lovelace", "original": "Ada Lovelace <ada@example.com>"},
            ],
            "plain_text": text,
        }.items()
    )
    assert text.startswith(told["preview_plain_text"])
    assert len(told["preview_plain_text"]) < len(text)

    async with local.http.get(f"{local.slack.url}/playground/file/{told['id']}", params={"as": ROSA}) as answer:
        assert (answer.status, await answer.text()) == (200, text)


async def test_attachments_come_with_their_message(local: Local) -> None:
    attached = {"pretext": "From chat", "title": "Ada", "text": "I want to stop.", "fallback": "Ada: I want to stop."}
    message = local.workspace.post(RENEWALS, ROSA, "See here", attachments=[attached])
    await local.people.message_shortcut(SAM, RENEWALS, message.ts, "keep")
    assert local.app.last["message"]["attachments"] == [attached]


async def test_only_the_shortcuts_of_the_app_are_shortcuts_each_in_its_place(local: Local) -> None:
    said = local.people.say(SAM, RENEWALS, "Worth keeping")
    for callback_id in ("unknown", "keep"):
        with pytest.raises(SlackRefusesError, match=f"{callback_id} is not a valid shortcut"):
            await local.people.shortcut(ROSA, callback_id)
    for callback_id in ("unknown", "wave"):
        with pytest.raises(SlackRefusesError, match=f"{callback_id} is not a valid shortcut"):
            await local.people.message_shortcut(ROSA, RENEWALS, said.ts, callback_id)
    del local.workspace.manifest["features"]["shortcuts"]
    with pytest.raises(SlackRefusesError, match="wave is not a valid shortcut"):
        await local.people.shortcut(ROSA, "wave")
    assert local.app.heard == []


async def test_a_message_that_is_gone_or_only_ones_own_has_no_shortcuts(local: Local) -> None:
    gone = await local.web.chat_postMessage(channel=RENEWALS, text="Hello")
    await local.web.chat_delete(channel=RENEWALS, ts=gone["ts"])
    whispered = await local.web.chat_postEphemeral(channel=RENEWALS, user=ROSA, text="Psst")
    for person, ts, why in (
        (ROSA, gone["ts"], "not there any more"),
        (SAM, whispered["message_ts"], "not there any more"),
        (ROSA, whispered["message_ts"], "only you see"),
    ):
        with pytest.raises(SlackRefusesError, match=why):
            await local.people.message_shortcut(person, RENEWALS, ts, "keep")
    assert local.app.heard == []


@pytest.mark.parametrize("error", TROUBLES)
async def test_whoever_chose_a_shortcut_is_told_that_the_app_did_not_answer(local: Local, error: str) -> None:
    said = local.people.say(SAM, RENEWALS, "Worth keeping")
    local.slack.reach(Deaf(error))
    await local.people.shortcut(ROSA, "wave")
    await local.people.message_shortcut(ROSA, RENEWALS, said.ts, "keep")
    assert local.workspace.notices[ROSA] == [
        f"Wave failed with the error “{error}”",
        f"Keep it failed with the error “{error}”",
    ]
    assert local.workspace.notices[SAM] == []
