"""Who gets in over HTTP: Slack, with a signature of the last five minutes, and nobody else."""

import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.playground.line import HttpLine, Kind
from bot.playground.server import SIGNING_SECRET
from bot.playground.workspace import TEAM
from bot.surfaces import ids
from bot.surfaces.words import Words
from tests.conversations.office import Json, Office, Rep, open_office

FORM = "application/x-www-form-urlencoded"


def door(office: Office) -> str:
    line = office.slack.people.line._line  # type: ignore[attr-defined]  # the office reaches the bot over HTTP
    assert isinstance(line, HttpLine)
    return line._url


def signed(body: str, *, at: str | None = None, by: str = SIGNING_SECRET) -> dict[str, str]:
    timestamp = at or str(int(time.time()))
    signature = SignatureVerifier(by).generate_signature(timestamp=timestamp, body=body) or ""
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


async def knock(office: Office, body: str | bytes, headers: Mapping[str, str], content_type: str = FORM) -> int:
    async with (
        aiohttp.ClientSession() as http,
        http.post(door(office), data=body, headers={"Content-Type": content_type, **headers}) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "yesterday", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "1e9", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "-1", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": str(10**30), "X-Slack-Signature": "v0=00"},
        signed("command=%2Fcancel", at=str(int(time.time()) - 301)),
        signed("command=%2Fcancel", at=str(int(time.time()) + 86_400)),
        signed("command=%2Fcancel", by="another"),
        signed("command=%2Fsomething-else"),
    ],
)
async def test_what_slack_did_not_sign_lately_is_turned_away(office: Office, headers: dict[str, str]) -> None:
    assert await knock(office, "command=%2Fcancel", headers) == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ("", "application/json"),
        (urlencode({"payload": "{"}), FORM),
        (urlencode({"payload": "[1]"}), FORM),
        (urlencode({"payload": "null"}), FORM),
    ],
)
async def test_what_is_no_payload_is_a_bad_request(office: Office, body: str, content_type: str) -> None:
    assert await knock(office, body, signed(body), content_type) == 400


async def test_bytes_that_are_no_text_are_a_bad_request(office: Office) -> None:
    assert await knock(office, b"\xff\xfe", signed("")) == 400


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [], "team": {"id": "T"}, "user": {"id": "U"}},
        {"type": "view_submission"},
        {"type": "view_submission", "view": {"callback_id": "case.form.details"}, "team": None},
        {"type": "nobody knows"},
    ],
)
async def test_a_signed_payload_that_makes_no_sense_is_no_server_error(office: Office, payload: object) -> None:
    body = urlencode({"payload": json.dumps(payload)})

    assert await knock(office, body, signed(body)) < 500


async def test_slacks_check_of_the_address_is_answered(office: Office) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "it is me"})
    async with (
        aiohttp.ClientSession() as http,
        http.post(door(office), data=body, headers={"Content-Type": "application/json", **signed(body)}) as answer,
    ):
        assert answer.status == 200
        assert "it is me" in await answer.text()


async def test_a_control_from_before_an_upgrade_answers_kindly(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    card = rosa.screen
    button = next(each for block in card.blocks for each in block.get("elements", []) if each["type"] == "button")
    for value in ("", "next", "next:x:y", "juggle:1:0", f"next:{10**12}:0"):
        button["value"] = value
        await office.slack.people.press("U0ROSA", card.where, "case.press", button["action_id"], None, {})

        rosa.sees("I can’t find that one any more")
    assert rosa.notices == []


async def test_a_control_that_nobody_knows_any_more_answers_kindly(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    card = rosa.screen
    button = next(each for block in card.blocks for each in block.get("elements", []) if each["type"] == "button")
    button["action_id"] = "case.button_of_old"
    await office.slack.people.press("U0ROSA", card.where, "case.press", button["action_id"], None, {})

    rosa.sees("That is from before I was renewed, so I left everything as it was.", "Reference")
    assert rosa.notices == []


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({"type": "view_submission", "view": {"type": "modal", "callback_id": "form.old", "blocks": []}}, True),
        ({"type": "view_closed", "view": {"type": "modal", "callback_id": "form.old"}}, False),
        ({"type": "block_suggestion", "action_id": "form.old", "block_id": "b", "value": "x"}, False),
        ({"type": "shortcut", "callback_id": "old", "trigger_id": "1.gone"}, False),
    ],
)
async def test_what_nobody_listens_for_is_no_error_to_slack(office: Office, payload: Json, told: bool) -> None:
    whose = {"team": {"id": TEAM}, "user": {"id": "U0ROSA", "team_id": TEAM}}
    answered = await office.slack.people.line.send(Kind.INTERACTION, {**payload, **whose})

    assert ("before I was renewed" in str(answered)) == told


async def test_a_menu_that_cannot_be_looked_up_offers_nothing(office: Office) -> None:
    whose = {"team": {"id": TEAM}, "user": {"id": "U0ROSA", "team_id": TEAM}}
    typed = {"type": "block_suggestion", "action_id": ids.FIND_STORY, "block_id": "of.old", "value": "a sofa"}

    assert await office.slack.people.line.send(Kind.INTERACTION, {**typed, **whose}) == {"options": []}


async def test_a_command_from_before_it_was_renamed_says_what_it_is_called_now(database_url: str, words: Words) -> None:
    async with open_office(database_url, words, command_prefix="our-") as office:
        asked = {"command": "/cancel", "text": "Ada", "team_id": TEAM, "user_id": "U0ROSA", "trigger_id": "1.1"}
        answered = await office.slack.people.line.send(Kind.COMMAND, asked)

    assert "`/our-cancel`" in answered["text"]
