"""The local Slack as a server on this machine: the Web API, `response_url`s, Socket Mode, and the page."""

import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from bot.playground import api
from bot.playground.gestures import Gestures
from bot.playground.line import PATIENCE_SECONDS, Line, SocketLine, WatchedLine
from bot.playground.traffic import FROM_BOT, Traffic
from bot.playground.window import Window
from bot.playground.workspace import FILE_BYTES_MOST, Json, SlackRefusesError, Workspace
from bot.web import server as web

HOST = "127.0.0.1"
BOT_TOKEN = "xoxb-playground"  # noqa: S105 - good for nothing but this local Slack
APP_TOKEN = "xapp-playground"  # noqa: S105 - likewise
SIGNING_SECRET = "playground-signing-secret"  # noqa: S105 - likewise

_OPEN_CONNECTION = "apps.connections.open"
_UPLOAD = "upload_url"
_ADDRESSES = (_UPLOAD, "permalink")
_NO_MORE = 404
_TOO_LARGE = 413
_BAD_REQUEST = 400

# Stands between a call and its answer: returns what to answer instead, or None to let the call through.
Trouble = Callable[[str, Json], Response | None]


class LocalSlack:
    """A Slack of one workspace, with the app installed in it, at a bound loopback address.

    `patience` is for how many seconds an answer over Socket Mode is waited for.
    """

    def __init__(self, workspace: Workspace, address: socket.socket, patience: float = PATIENCE_SECONDS) -> None:
        self._address = address
        self.workspace = workspace
        self.traffic = Traffic(workspace.clock.now)
        self.sockets = SocketLine(patience)
        self.troubles: list[Trouble] = []
        self.people = Gestures(workspace, WatchedLine(self.sockets, self.traffic), self.url)
        self._window = Window(workspace, self.people, self.traffic)
        workspace.clock.on_move(self._window.changed)

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        host, port = self._address.getsockname()
        return f"http://{host}:{port}"

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"{self.url}/api/"

    def reach(self, line: Line) -> None:
        """Reach the app over this line from now on."""
        self.people.line = WatchedLine(line, self.traffic)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve until the block ends."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(web.serve, self._asgi(), self._address)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()

    def _asgi(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self._call, methods=["GET", "POST"]),
                Route("/respond/{name}", self._respond, methods=["POST"]),
                Route("/upload/{place}", self._upload, methods=["POST"]),
                WebSocketRoute("/socket", self.sockets.serve),
                *self._window.routes(),
            ],
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
        )

    async def _call(self, request: Request) -> Response:
        """One call of the Web API: always a 200, with `ok` and Slack's own name for what is wrong."""
        method = request.path_params["method"]
        started = perf_counter()
        arguments = await _arguments(request)
        response = self._in_trouble(method, arguments) or JSONResponse(self._answer(method, request, arguments))
        took = (perf_counter() - started) * 1000
        shown = {name: value for name, value in arguments.items() if name != "token"}
        self.traffic.record(
            FROM_BOT,
            method,
            shown,
            answer=_readable(response),
            milliseconds=took,
            status=response.status_code,
        )
        self._window.changed()
        return response

    def _in_trouble(self, method: str, arguments: Json) -> Response | None:
        return next(filter(None, (trouble(method, arguments) for trouble in self.troubles)), None)

    def _answer(self, method: str, request: Request, arguments: Json) -> Json:
        try:
            self._check_token(method, request, arguments)
            if method == _OPEN_CONNECTION:
                return {"ok": True, "url": f"{self.url}/socket?ticket={self.sockets.ticket()}".replace("http", "ws", 1)}
            answer = api.call(self.workspace, method, api.read_arguments(arguments))
            return {"ok": True, **self._reachable(answer)}
        except SlackRefusesError as refusal:
            details = {"response_metadata": {"messages": list(refusal.messages)}} if refusal.messages else {}
            return {"ok": False, "error": refusal.error, **refusal.told, **details}

    def _reachable(self, answer: Json) -> Json:
        """An answer with its address, if there is one, as the app can reach it and people can open it."""
        return {name: f"{self.url}{each}" if name in _ADDRESSES else each for name, each in answer.items()}

    def _check_token(self, method: str, request: Request, arguments: Json) -> None:
        if method in api.OPEN_METHODS:
            return
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        token = bearer or arguments.get("token")
        if not token:
            raise SlackRefusesError("not_authed")
        if token not in (BOT_TOKEN, APP_TOKEN):
            raise SlackRefusesError("invalid_auth")
        if (method == _OPEN_CONNECTION) != (token == APP_TOKEN):
            raise SlackRefusesError("not_allowed_token_type")

    async def _respond(self, request: Request) -> Response:
        """An answer to a `response_url`: five in half an hour."""
        started = perf_counter()
        body = _object(await request.body())
        if body is None:
            return PlainTextResponse("invalid_payload", status_code=_BAD_REQUEST)
        status, said = 200, "ok"
        try:
            place = self.workspace.use_response_url(request.path_params["name"])
            self.people.answer(place.person, place.channel, place.original, body)
        except SlackRefusesError as refusal:
            status = _NO_MORE if refusal.error in ("used_url", "expired_url") else _BAD_REQUEST
            said = refusal.error
        took = (perf_counter() - started) * 1000
        self.traffic.record(FROM_BOT, "response_url", body, answer=said, milliseconds=took, status=status)
        self._window.changed()
        return PlainTextResponse(said, status_code=status)

    async def _upload(self, request: Request) -> Response:
        """The bytes of a file, raw, to an address that was given out for it (Slack: files.getUploadURLExternal)."""
        started = perf_counter()
        content = await _bytes(request, FILE_BYTES_MOST)
        told: Json = {"bytes": None if content is None else len(content)}
        response = self._in_trouble(_UPLOAD, told) or self._take(request.path_params["place"], content)
        took = (perf_counter() - started) * 1000
        self.traffic.record(
            FROM_BOT, _UPLOAD, told, answer=_readable(response), milliseconds=took, status=response.status_code
        )
        return response

    def _take(self, place: str, content: bytes | None) -> Response:
        if content is None:
            return PlainTextResponse("too_large", status_code=_TOO_LARGE)
        try:
            self.workspace.upload(place, content)
        except SlackRefusesError as refusal:
            status = _NO_MORE if refusal.error == "file_not_found" else _BAD_REQUEST
            return PlainTextResponse(refusal.error, status_code=status)
        return PlainTextResponse(f"OK - {len(content)}")


async def _bytes(request: Request, most: int) -> bytes | None:
    """The body of a request, or None for more than `most` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    return bytes(body)


async def _arguments(request: Request) -> Json:
    """The arguments of a call, from its address and its body."""
    found: dict[str, Any] = dict(request.query_params)
    raw = await request.body()
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {**found, **dict(parse_qsl(raw.decode(), keep_blank_values=True))}
    return {**found, **(_object(raw) or {})}


def _object(raw: bytes) -> Json | None:
    """A JSON object, or None for anything else."""
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _readable(response: Response) -> object:
    try:
        return json.loads(bytes(response.body))
    except ValueError:
        return bytes(response.body).decode(errors="replace")
