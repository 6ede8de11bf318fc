"""What the page asks of the local Slack."""

from datetime import UTC, datetime

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
    section,
    text_input,
)


async def state(local: Local, person: str = ROSA) -> Json:
    async with local.http.get(f"{local.slack.url}/playground/state", params={"as": person}) as answer:
        return dict(await answer.json())


async def does(local: Local, gesture: str, person: str = ROSA, **more: object) -> tuple[int, Json]:
    """What the page sends for a gesture, and what it gets."""
    url = f"{local.slack.url}/playground/{gesture}"
    async with local.http.post(url, json={"as": person, **more}) as answer:
        return answer.status, await answer.json()


async def test_everybody_sees_their_own_state(local: Local) -> None:
    await local.web.chat_postMessage(channel=ROSA, text="For Rosa")
    await local.web.chat_postEphemeral(channel=RENEWALS, user=SAM, text="For Sam")
    await local.opens(section())
    rosa, sam = await state(local), await state(local, SAM)
    assert (rosa["me"]["id"], rosa["me"]["tz"]) == (ROSA, "America/New_York")
    assert [each["text"] for each in rosa["messages"][ROSAS_DM]] == ["For Rosa"]
    assert rosa["messages"][RENEWALS] == []
    assert ROSAS_DM not in sam["messages"]
    assert [(each["text"], each["ephemeral"]) for each in sam["messages"][RENEWALS]] == [("For Sam", True)]
    assert (len(rosa["modals"]), len(sam["modals"])) == (1, 0)
    assert {each["id"]: each["is_member"] for each in sam["channels"]} == {
        RENEWALS: True,
        "C0FLOOR": True,
        GENERAL: False,
        "D0SAM": True,
    }
    assert [each["command"] for each in rosa["commands"]] == ["/hello"]
    assert rosa["connected"] is True


async def test_nobody_unknown_sees_or_does_anything(local: Local) -> None:
    assert (await state(local, "U0NOBODY"))["error"] == "user_not_found"
    assert await does(local, "command", "U0NOBODY", channel=RENEWALS, text="/hello") == (
        400,
        {"ok": False, "error": "user_not_found"},
    )
    assert local.app.heard == []


async def test_the_gestures_of_the_page_are_those_of_people(local: Local) -> None:
    local.app.answer = {"blocks": [actions(button(), block_id="row"), field_of(text_input("note"), block_id="note")]}
    assert await does(local, "command", channel=RENEWALS, text="/hello") == (200, {"ok": True})
    local.app.answer = {}
    card = (await state(local))["messages"][RENEWALS][0]

    pressed = {"where": {"channel": RENEWALS, "ts": card["ts"]}, "block_id": "row", "action_id": "press"}
    assert (await does(local, "act", **pressed, typed={"note": {"note": "Hi"}}))[0] == 200
    assert local.app.last["state"]["values"]["note"]["note"]["value"] == "Hi"

    assert await does(local, "say", channel=RENEWALS, text="Hello") == (200, {"ok": True})
    assert (await does(local, "say", channel=ROSAS_DM, text="Hello"))[0] == 400
    assert (await does(local, "home"))[0] == 200
    assert (await does(local, "shortcut", callback_id="wave"))[0] == 200
    assert local.app.last["callback_id"] == "wave"
    said = (await state(local))["messages"][RENEWALS][-1]["ts"]
    kept = {"callback_id": "keep", "message": {"channel": RENEWALS, "ts": said}}
    assert (await does(local, "shortcut", **kept))[0] == 200
    assert local.app.last["message_ts"] == said
    assert (await does(local, "shortcut", callback_id="unknown"))[0] == 400
    assert [each["text"] for each in (await state(local))["messages"][RENEWALS]] == ["", "Hello"]

    assert (await does(local, "reload"))[0] == 200
    assert [each["text"] for each in (await state(local))["messages"][RENEWALS]] == ["Hello"]


async def test_a_form_is_sent_and_closed_from_the_page(local: Local) -> None:
    view = await local.opens(field_of(text_input("name"), block_id="who"))
    status, answer = await does(local, "submit", view=view.id)
    assert (status, list(answer["errors"])) == (200, ["who"])
    assert await does(local, "submit", view=view.id, typed={"who": {"name": "Ada"}}) == (
        200,
        {"ok": True, "errors": {}},
    )
    assert (await does(local, "submit", view=view.id))[0] == 400

    other = await local.opens(field_of(text_input("name"), block_id="who"), notify_on_close=True)
    assert (await does(local, "close", view=other.id, typed={"who": {"name": "Bo"}}))[0] == 200
    assert local.app.last["view"]["state"]["values"]["who"]["name"]["value"] == "Bo"
    assert (await state(local))["modals"] == []


async def test_the_page_moves_the_clock_on_and_never_back(local: Local) -> None:
    assert (await does(local, "clock", seconds=3600))[0] == 200
    assert local.workspace.clock.now() == datetime(2026, 11, 24, 16, tzinfo=UTC)
    for seconds in (-3600, 0, 400 * 24 * 3600, "an hour"):
        assert (await does(local, "clock", seconds=seconds))[0] == 400
    assert local.workspace.clock.now() == datetime(2026, 11, 24, 16, tzinfo=UTC)

    await does(local, "clock", SAM, to="monday-9")
    assert local.workspace.clock.now() == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert (await state(local))["now"] == "2026-11-30T09:00:00+00:00"


async def test_the_page_is_told_of_every_change(local: Local) -> None:
    async with local.http.ws_connect(f"{local.slack.url}/playground/live") as live:
        await local.web.chat_postMessage(channel=RENEWALS, text="Hello")
        assert await live.receive_str() == "changed"
        await does(local, "clock", seconds=60)
        assert await live.receive_str() == "changed"


async def test_the_traffic_can_be_read(local: Local) -> None:
    await does(local, "command", channel=RENEWALS, text="/hello")
    async with local.http.get(f"{local.slack.url}/playground/traffic") as answer:
        (exchange,) = await answer.json()
    assert (exchange["direction"], exchange["name"], exchange["status"]) == ("to bot", "/hello", 200)
    assert exchange["body"]["user_id"] == ROSA


async def test_the_page_is_served_without_anything_from_elsewhere(local: Local) -> None:
    async with local.http.get(local.slack.url) as answer:
        page = await answer.text()
    assert answer.status == 200
    assert "default-src 'self'" in page
    assert "http://" not in page
    assert "https://" not in page


async def test_a_request_that_was_sent_to_another_host_is_refused(local: Local) -> None:
    async def asked_as(host: str, path: str) -> int:
        async with local.http.get(f"{local.slack.url}{path}", headers={"Host": host}) as answer:
            return answer.status

    for path in ("/", "/playground/state?as=U0ROSA", "/page/app.js", "/api/auth.test"):
        assert await asked_as("evil.test", path) == 400
        assert await asked_as("localhost", path) == 200


async def test_another_site_cannot_act_in_the_playground(local: Local) -> None:
    """A form or a script of another site may send text without asking, but not JSON."""
    said = '{"as": "U0ROSA", "channel": "C0RENEWALS", "text": "Hi"}'
    for kind, body in (("text/plain", said), ("application/x-www-form-urlencoded", said), ("application/json", "{")):
        headers = {"Content-Type": kind, "Origin": "https://evil.test"}
        async with local.http.post(f"{local.slack.url}/playground/say", data=body, headers=headers) as answer:
            assert answer.status == 400
    async with local.http.options(
        f"{local.slack.url}/playground/say", headers={"Origin": "https://evil.test"}
    ) as asked:
        assert "Access-Control-Allow-Origin" not in asked.headers
    assert local.sees(ROSA) == []
