"""How Slack reaches the app: over Socket Mode, or by signed HTTP (Slack: docs.slack.dev/apis/events-api)."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from time import perf_counter, time
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.traffic import TO_BOT, Traffic
from bot.playground.workspace import APP, Json

PATIENCE_SECONDS = 3.0
_OK = 200
_ANSWERED_WITH_A_PAYLOAD = ("view_submission", "block_suggestion")


class Kind(StrEnum):
    """What a payload is, by Socket Mode's names."""

    COMMAND = "slash_commands"
    INTERACTION = "interactive"
    EVENT = "events_api"


class UnansweredError(Exception):
    """The app did not answer as it must; `error` is Slack's name for that."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Line(Protocol):
    """A way to the app."""

    @property
    def is_up(self) -> bool:
        """Whether the app can be reached, as far as Slack knows."""
        ...

    async def send(self, kind: Kind, payload: Json) -> Json:
        """Send a payload and return what the app answered. Raises `UnansweredError`."""
        ...


class SocketLine:
    """Socket Mode: the app comes to Slack, with up to ten connections of which any may get a payload."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._tickets: set[str] = set()
        self._sockets: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def is_up(self) -> bool:
        """Whether the app is connected."""
        return bool(self._sockets)

    def ticket(self) -> str:
        """What lets one connection in, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection until the app leaves."""
        await socket.accept()
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001, "not a ticket of this Slack")
            return
        self._tickets.remove(ticket)
        self._sockets.append(socket)
        try:
            connection = {"connection_info": {"app_id": APP}, "num_connections": len(self._sockets)}
            await socket.send_json({"type": "hello", **connection})
            while True:
                self._settle(await socket.receive_json())
        except WebSocketDisconnect:
            return
        finally:
            self._sockets.remove(socket)

    async def hang_up(self) -> None:
        """Close every connection with a word of warning, as Slack does every few hours."""
        for socket in list(self._sockets):
            with suppress(RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await self.cut()

    async def cut(self) -> None:
        """Lose every connection without a word, as networks do."""
        for socket in list(self._sockets):
            with suppress(RuntimeError):
                await socket.close()

    async def send(self, kind: Kind, payload: Json) -> Json:
        """Send over the youngest connection, and wait as long as Slack would."""
        if not self._sockets:
            raise UnansweredError("dispatch_failed")
        envelope_id = secrets.token_hex(16)
        answered = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        envelope = {
            "envelope_id": envelope_id,
            "type": kind.value,
            "payload": payload,
            "accepts_response_payload": kind is Kind.COMMAND or payload.get("type") in _ANSWERED_WITH_A_PAYLOAD,
        }
        try:
            await self._sockets[-1].send_json(envelope)
            return await asyncio.wait_for(answered, self._patience)
        except TimeoutError:
            raise UnansweredError("operation_timeout") from None
        except RuntimeError:
            # The connection was closed while we were about to use it.
            raise UnansweredError("dispatch_failed") from None
        finally:
            del self._waiting[envelope_id]

    def _settle(self, answer: Mapping[str, Any]) -> None:
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload") or {})


class HttpLine:
    """Signed HTTP: Slack comes to the app (Slack: docs.slack.dev/authentication/verifying-requests-from-slack)."""

    is_up = True

    def __init__(
        self, url: str, signing_secret: str, http: aiohttp.ClientSession, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._url, self._http, self._patience = url, http, patience
        self._signer = SignatureVerifier(signing_secret)

    async def send(self, kind: Kind, payload: Json) -> Json:
        """Post a signed payload, and wait as long as Slack would."""
        body, content_type = _encoded(kind, payload)
        timestamp = str(int(time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": self._signer.generate_signature(timestamp=timestamp, body=body) or "",
        }
        timeout = aiohttp.ClientTimeout(total=self._patience)
        try:
            async with self._http.post(self._url, data=body, headers=headers, timeout=timeout) as answer:
                text = await answer.text()
                if answer.status != _OK:
                    raise UnansweredError("dispatch_failed")
        except TimeoutError:
            raise UnansweredError("operation_timeout") from None
        except aiohttp.ClientError:
            raise UnansweredError("dispatch_failed") from None
        return _answer(text)


class WatchedLine:
    """A line whose traffic is kept."""

    def __init__(self, line: Line, traffic: Traffic) -> None:
        self._line, self._traffic = line, traffic

    @property
    def is_up(self) -> bool:
        """Whether the app can be reached."""
        return self._line.is_up

    async def send(self, kind: Kind, payload: Json) -> Json:
        """Send a payload, and keep what was said."""
        started = perf_counter()
        name = str(payload.get("command") or payload.get("event", {}).get("type") or payload.get("type"))

        def keep(answer: object, status: int = _OK) -> None:
            took = (perf_counter() - started) * 1000
            self._traffic.record(TO_BOT, name, payload, answer=answer, milliseconds=took, status=status)

        try:
            answer = await self._line.send(kind, payload)
        except UnansweredError as error:
            keep({"error": error.error}, status=504)
            raise
        keep(answer)
        return answer


def _encoded(kind: Kind, payload: Json) -> tuple[str, str]:
    if kind is Kind.EVENT:
        return json.dumps(payload), "application/json"
    form = payload if kind is Kind.COMMAND else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _answer(text: str) -> Json:
    try:
        answer = json.loads(text) if text else {}
    except ValueError:
        return {"text": text}
    return answer if isinstance(answer, dict) else {"text": text}
