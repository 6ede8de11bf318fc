"""HTTP in: Slack's requests, checked at the edge, and a word for whoever watches over the process.

What is not Slack's never reaches Bolt: a timestamp that is no number would make it answer 500, and malformed JSON
would be parsed before the signature is checked.
"""

import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import anyio
import uvicorn
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

EVENTS_PATH = "/slack/events"
_BODY_MOST = 1_000_000
_NOT_A_PAYLOAD = PlainTextResponse("not a payload", status_code=400)
_FINISH_SECONDS = 5

log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


def web_app(app: AsyncApp, signing_secret: str, is_ready: Callable[[], Awaitable[bool]]) -> Starlette:
    """The ASGI application: `POST /slack/events`, `/healthz` (alive) and `/readyz` (the database answers)."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_request: Request) -> Response:
        return PlainTextResponse("ready") if await is_ready() else PlainTextResponse("not ready", status_code=503)

    return Starlette(
        routes=[
            Route(EVENTS_PATH, slack_endpoint(app, SignatureVerifier(signing_secret)), methods=["POST"]),
            Route("/healthz", alive),
            Route("/readyz", ready),
        ]
    )


def slack_endpoint(app: AsyncApp, verifier: SignatureVerifier) -> Handler:
    """Slack's one address. 401 for what Slack did not sign within the last five minutes, 400 for what is no payload."""

    async def events(request: Request) -> Response:
        raw = await request.body()
        if len(raw) > _BODY_MOST:
            return PlainTextResponse("too large", status_code=413)
        text = _decoded(raw)
        if text is None:
            return _NOT_A_PAYLOAD
        if not _is_signed(verifier, text, request):
            return PlainTextResponse("not signed by Slack", status_code=401)
        payload = _payload(text, request.headers.get("content-type", ""))
        if payload is None:
            return _NOT_A_PAYLOAD
        try:
            # Handed on as from Socket Mode: Bolt's own reading loses a command that has the word "payload" in it.
            answer = await app.async_dispatch(
                AsyncBoltRequest(body=payload, headers=dict(request.headers), mode="socket_mode")
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            # What a listener raises has been answered; of these shapes Bolt itself could make nothing.
            log.exception("A payload could not be read")
            return _NOT_A_PAYLOAD
        headers = {name: values[0] for name, values in answer.headers.items() if name != "content-length"}
        return Response(answer.body, status_code=answer.status, headers=headers)

    return events


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _is_signed(verifier: SignatureVerifier, body: str, request: Request) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and signature.isascii()):
        return False
    return verifier.is_valid(body, timestamp, signature)


def _payload(body: str, content_type: str) -> dict[str, Any] | None:
    """What Slack tells: JSON, the JSON in a form's `payload`, or the form itself. None for what is none of these."""
    try:
        if content_type.startswith("application/json"):
            payload = json.loads(body)
        else:
            form = dict(parse_qsl(body, keep_blank_values=True))
            payload = json.loads(form["payload"]) if "payload" in form else form
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None


def bind(host: str, port: int) -> socket.socket:
    """Take an address (port 0: any that is free). Raises `OSError` where somebody else has it."""
    # Told that it is TCP, asyncio turns Nagle off: with it, an answer waits 40 ms for the other side.
    address = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        address.bind((host, port))
    except OSError:
        address.close()
        raise
    address.listen()
    return address


async def serve(asgi: ASGIApp, address: socket.socket) -> None:
    """Serve at a bound address until cancelled; what is under way then is finished first."""
    server = _Server(
        uvicorn.Config(
            asgi,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=_FINISH_SECONDS,
        )
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve_on, address)
        try:
            await anyio.sleep_forever()
        finally:
            server.should_exit = True


class _Server(uvicorn.Server):
    """A server that is told when to stop, and leaves the process's signals to whoever started it."""

    async def serve_on(self, address: socket.socket) -> None:
        with anyio.CancelScope(shield=True):
            await self.serve([address])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
