"""How the local Slack reaches an app: over Socket Mode, and by signed HTTP."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import aiohttp
import anyio
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.playground.line import PATIENCE_SECONDS, HttpLine
from bot.playground.server import APP_TOKEN, BOT_TOKEN, HOST, SIGNING_SECRET
from bot.web.server import bind, serve
from tests.playground.local import RENEWALS, ROSA, Local, an_app, modal, open_local, refusal, section

IMPATIENCE = 0.05

Socket = aiohttp.ClientWebSocketResponse


async def new_address(local: Local) -> str:
    return str((await local.client(APP_TOKEN).apps_connections_open(app_token=APP_TOKEN))["url"])


@asynccontextmanager
async def connected(local: Local) -> AsyncIterator[Socket]:
    """An app on Socket Mode, greeted."""
    async with local.http.ws_connect(await new_address(local)) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        local.slack.reach(local.slack.sockets)
        yield socket


async def test_an_app_that_connects_is_greeted(local: Local) -> None:
    assert not local.slack.sockets.is_up
    async with local.http.ws_connect(await new_address(local)) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"], "app_id" in hello["connection_info"]) == ("hello", 1, True)
        assert local.slack.sockets.is_up


async def test_a_ticket_lets_one_connection_in_once(local: Local) -> None:
    address = await new_address(local)
    async with local.http.ws_connect(address) as first:
        await first.receive_json()
        for refused in (address, f"{address}x"):
            async with local.http.ws_connect(refused) as socket:
                assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_payload_is_answered_in_its_envelope(local: Local) -> None:
    async with connected(local) as socket, anyio.create_task_group() as tasks:
        tasks.start_soon(local.people.command, ROSA, RENEWALS, "/hello Ada")
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert (envelope["payload"]["command"], envelope["payload"]["text"]) == ("/hello", "Ada")
        await socket.send_json({"envelope_id": "somebody else's", "payload": {"text": "Not me"}})
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Hello, Ada"}})
    assert local.sees(ROSA) == ["Hello, Ada"]


async def test_an_event_is_acknowledged_without_a_payload(local: Local) -> None:
    async with connected(local) as socket, anyio.create_task_group() as tasks:
        tasks.start_soon(local.people.open_home, ROSA)
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert envelope["payload"]["event"]["type"] == "app_home_opened"
        await socket.send_json({"envelope_id": envelope["envelope_id"]})


async def test_a_form_is_sent_and_answered_in_one_envelope(local: Local) -> None:
    await local.web.views_open(trigger_id=local.workspace.trigger(ROSA), view=modal(section()))
    view = local.workspace.modals[ROSA][0]
    async with connected(local) as socket, anyio.create_task_group() as tasks:
        tasks.start_soon(local.people.submit, ROSA, view.id, {})
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
        answer = {"response_action": "update", "view": modal(section(), callback_id="next")}
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": answer})
    assert local.workspace.modals[ROSA][0].content["callback_id"] == "next"


async def test_slack_says_goodbye_before_it_hangs_up(local: Local) -> None:
    async with connected(local) as socket:
        await local.slack.sockets.hang_up()
        assert (await socket.receive_json())["type"] == "disconnect"
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    await local.people.command(ROSA, RENEWALS, "/hello")
    assert local.workspace.notices[ROSA] == ["/hello failed with the error “dispatch_failed”"]


async def test_a_command_that_nobody_answers_in_time_fails_as_in_slack() -> None:
    async with open_local(an_app(), patience=IMPATIENCE) as local, connected(local) as socket:
        await local.people.command(ROSA, RENEWALS, "/hello")
        assert local.workspace.notices[ROSA] == ["/hello failed with the error “operation_timeout”"]

        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Sorry, late"}})
        await local.web.auth_test()
        assert local.sees(ROSA) == []


async def test_a_request_that_nobody_answers_in_time_fails_as_in_slack(local: Local) -> None:
    enough = anyio.Event()

    async def silence(_request: Request) -> Response:
        await enough.wait()
        return PlainTextResponse("Sorry, late")

    async with answering(local, silence, IMPATIENCE) as line:
        local.slack.reach(line)
        await local.people.command(ROSA, RENEWALS, "/hello")
        enough.set()
    assert local.workspace.notices[ROSA] == ["/hello failed with the error “operation_timeout”"]
    assert local.sees(ROSA) == []


async def test_a_command_answered_with_an_error_fails_as_in_slack(local: Local) -> None:
    async def trouble(_request: Request) -> Response:
        return PlainTextResponse("Ouch", status_code=500)

    async with answering(local, trouble) as line:
        local.slack.reach(line)
        await local.people.command(ROSA, RENEWALS, "/hello")
    assert local.workspace.notices[ROSA] == ["/hello failed with the error “dispatch_failed”"]


async def test_what_goes_over_http_is_signed_and_shaped_as_slack_does(local: Local) -> None:
    heard: list[tuple[str, bytes, bool]] = []

    async def listen(request: Request) -> Response:
        raw = await request.body()
        signed = SignatureVerifier(SIGNING_SECRET).is_valid_request(raw, dict(request.headers))
        heard.append((request.headers["content-type"], raw, signed))
        return PlainTextResponse("Thank you")

    async with answering(local, listen) as line:
        local.slack.reach(line)
        await local.people.command(ROSA, RENEWALS, "/hello Ada & Bo")
        await local.people.shortcut(ROSA, "wave")
        await local.people.open_home(ROSA)

    assert [signed for _, _, signed in heard] == [True, True, True]
    (form, command, _), (_, shortcut, _), (plain, event, _) = heard
    assert form == "application/x-www-form-urlencoded"
    assert parse_qs(command.decode())["text"] == ["Ada &amp; Bo"]
    assert json.loads(parse_qs(shortcut.decode())["payload"][0])["type"] == "shortcut"
    assert plain == "application/json"
    assert json.loads(event)["event"]["type"] == "app_home_opened"
    # A body that is no JSON is the text of the answer.
    assert local.sees(ROSA) == ["Thank you"]


async def test_the_calls_of_an_app_stand_in_the_traffic_beside_what_it_heard(local: Local) -> None:
    local.app.answer = {"text": "Hello"}
    await local.people.command(ROSA, RENEWALS, "/hello")
    await local.answers(local.app.last["response_url"], text="Again")
    await refusal(local.web.chat_postMessage(channel="C0NOWHERE", text="Hello"))
    assert [(each.direction, each.name, each.status) for each in local.slack.traffic.exchanges] == [
        ("to bot", "/hello", 200),
        ("from bot", "response_url", 200),
        ("from bot", "chat.postMessage", 200),
    ]
    assert local.slack.traffic.exchanges[-1].answer == {"ok": False, "error": "channel_not_found"}


async def test_a_token_may_come_as_an_argument_and_never_stands_in_the_traffic(local: Local) -> None:
    async with local.http.post(f"{local.slack.api_url}auth.test", data={"token": BOT_TOKEN, "seen": "yes"}) as answer:
        assert (await answer.json())["ok"] is True
    assert [each.body for each in local.slack.traffic.exchanges] == [{"seen": "yes"}]


@asynccontextmanager
async def answering(
    local: Local, endpoint: Callable[[Request], Awaitable[Response]], patience: float = PATIENCE_SECONDS
) -> AsyncIterator[HttpLine]:
    """A line by signed HTTP to an app that is this one endpoint."""
    door = bind(HOST, 0)
    host, port = door.getsockname()
    asgi = Starlette(routes=[Route("/events", endpoint, methods=["POST"])])
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve, asgi, door)
        try:
            yield HttpLine(f"http://{host}:{port}/events", SIGNING_SECRET, local.http, patience)
        finally:
            tasks.cancel_scope.cancel()
