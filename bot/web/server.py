"""HTTP in: Slack's requests, checked at the edge, and a word for whoever watches over the process.

What is not Slack's never reaches Bolt: a timestamp that is no number would make it answer 500, and malformed JSON
would be parsed before the signature is checked.
"""

import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

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
_FINISH_SECONDS = 5

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
        if not _is_signed(verifier, raw, request):
            return PlainTextResponse("not signed by Slack", status_code=401)
        body = _readable(raw, request.headers.get("content-type", ""))
        if body is None:
            return PlainTextResponse("not a payload", status_code=400)
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=dict(request.headers)))
        headers = {name: values[0] for name, values in answer.headers.items() if name != "content-length"}
        return Response(answer.body, status_code=answer.status, headers=headers)

    return events


def _is_signed(verifier: SignatureVerifier, raw: bytes, request: Request) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and signature.isascii()):
        return False
    return verifier.is_valid(raw, timestamp, signature)


def _readable(raw: bytes, content_type: str) -> str | None:
    """The body as text when it parses as what it says it is: JSON, or a form whose `payload` is JSON."""
    try:
        body = raw.decode()
        if content_type.startswith("application/json"):
            return body if isinstance(json.loads(body), dict) else None
        payloads = parse_qs(body).get("payload", ["{}"])
        return body if isinstance(json.loads(payloads[0]), dict) else None
    except ValueError:
        return None


def bind(host: str, port: int) -> socket.socket:
    """Take an address (port 0: any that is free). Raises `OSError` where somebody else has it."""
    address = socket.socket()
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
