"""The page, and what it asks of the local Slack: the state as one person sees it, and that person's gestures."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.gestures import Gestures
from bot.playground.traffic import Traffic
from bot.playground.workspace import (
    BOT_USER,
    TEAM_NAME,
    Channel,
    Json,
    Message,
    Person,
    SlackRefusesError,
    Workspace,
)

_PAGE = Path(__file__).parent / "page"
_REFUSED, _NOT_HERE = 400, 404
_FURTHEST_SECONDS = 366 * 24 * 3600

Gesture = Callable[[str, Mapping[str, Any]], Awaitable[Json]]


class Window:
    """What the page sees and does."""

    def __init__(self, workspace: Workspace, people: Gestures, traffic: Traffic) -> None:
        self._workspace, self._people, self._heard = workspace, people, traffic
        self._lookers: set[asyncio.Event] = set()
        self._gestures: Mapping[str, Gesture] = {
            "command": self._command,
            "say": self._say,
            "act": self._act,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "suggest": self._suggest,
            "shortcut": self._shortcut,
            "reload": self._reload,
            "clock": self._clock,
        }

    def routes(self) -> Sequence[BaseRoute]:
        """Everything the page loads and asks for."""
        return [
            Route("/", _index),
            Route("/archives/{channel}/{message}", _permalink),
            Mount("/page", StaticFiles(directory=_PAGE)),
            Route("/playground/state", self._state),
            Route("/playground/traffic", self._traffic),
            Route("/playground/file/{id}", self._file),
            WebSocketRoute("/playground/live", self._live),
            *(Route(f"/playground/{name}", self._gesture(do), methods=["POST"]) for name, do in self._gestures.items()),
        ]

    def changed(self) -> None:
        """Something may look different now: tell every open page."""
        for looker in self._lookers:
            looker.set()

    def _gesture(self, do: Gesture) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                body = await _body(request)
                person = self._workspace.person(str(body.get("as"))).id
                told = await do(person, body)
            except SlackRefusesError as refusal:
                return JSONResponse({"ok": False, "error": refusal.error}, status_code=_REFUSED)
            finally:
                self.changed()
            return JSONResponse({"ok": True, **told})

        return answer

    async def _live(self, socket: WebSocket) -> None:
        """Say "changed" whenever something has; many changes at once are said once."""
        await socket.accept()
        looker = asyncio.Event()
        self._lookers.add(looker)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_until_left, socket, tasks.cancel_scope)
                while True:
                    await looker.wait()
                    looker.clear()
                    await socket.send_text("changed")
        finally:
            self._lookers.remove(looker)

    async def _state(self, request: Request) -> Response:
        workspace = self._workspace
        try:
            person = workspace.person(request.query_params.get("as", ""))
        except SlackRefusesError as refusal:
            return JSONResponse({"ok": False, "error": refusal.error}, status_code=_REFUSED)
        channels = [each for each in workspace.channels.values() if each.owner in (None, person.id)]
        home = workspace.homes.get(person.id)
        notices = enumerate(workspace.notices[person.id])
        features = workspace.manifest["features"]
        return JSONResponse(
            {
                "team": {"name": TEAM_NAME},
                "app": {"name": workspace.manifest["display_information"]["name"], "bot_user_id": BOT_USER},
                "me": _person_shown(person),
                "people": [_person_shown(each) for each in workspace.people.values()],
                "channels": [_channel_shown(each) for each in channels],
                "messages": {
                    each.id: [_message_shown(message) for message in workspace.seen_by(person.id, each.id)]
                    for each in channels
                },
                "modals": [view.shown() for view in workspace.modals[person.id]],
                "home": home.shown() if home else None,
                "notices": [{"id": str(index), "text": text} for index, text in notices],
                "commands": features["slash_commands"],
                "shortcuts": features.get("shortcuts", []),
                "now": workspace.clock.now().isoformat(),
                "connected": self._people.line.is_up,
            }
        )

    async def _file(self, request: Request) -> Response:
        """A file, to be kept and never shown: whoever wrote it, nothing in it runs as a part of this page."""
        file = self._workspace.file_seen_by(request.query_params.get("as", ""), request.path_params["id"])
        if file is None:
            return JSONResponse({"ok": False, "error": "file_not_found"}, status_code=_NOT_HERE)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(file.content, headers=headers, media_type="application/octet-stream")

    async def _traffic(self, _request: Request) -> Response:
        return JSONResponse([each.shown() for each in self._heard.exchanges])

    async def _command(self, person: str, body: Mapping[str, Any]) -> Json:
        await self._people.command(person, body["channel"], body["text"])
        return {}

    async def _say(self, person: str, body: Mapping[str, Any]) -> Json:
        self._people.say(person, body["channel"], body["text"])
        return {}

    async def _act(self, person: str, body: Mapping[str, Any]) -> Json:
        await self._people.press(
            person, body["where"], body["block_id"], body["action_id"], body.get("choice"), body.get("typed") or {}
        )
        return {}

    async def _submit(self, person: str, body: Mapping[str, Any]) -> Json:
        errors = await self._people.submit(person, body["view"], body.get("typed") or {})
        return {"errors": errors}

    async def _close(self, person: str, body: Mapping[str, Any]) -> Json:
        await self._people.close(person, body["view"], body.get("typed") or {})
        return {}

    async def _home(self, person: str, _body: Mapping[str, Any]) -> Json:
        await self._people.open_home(person)
        return {}

    async def _suggest(self, person: str, body: Mapping[str, Any]) -> Json:
        options = await self._people.suggest(person, body["where"], body["block_id"], body["action_id"], body["query"])
        return {"options": options}

    async def _shortcut(self, person: str, body: Mapping[str, Any]) -> Json:
        if message := body.get("message"):
            await self._people.message_shortcut(person, message["channel"], message["ts"], body["callback_id"])
        else:
            await self._people.shortcut(person, body["callback_id"])
        return {}

    async def _reload(self, person: str, _body: Mapping[str, Any]) -> Json:
        self._workspace.reload(person)
        return {}

    async def _clock(self, person: str, body: Mapping[str, Any]) -> Json:
        """Move the clock on, by seconds or to the next Monday at nine where this person is."""
        clock = self._workspace.clock
        if body.get("to") == "monday-9":
            clock.move_to(clock.next_monday_nine(ZoneInfo(self._workspace.person(person).tz)))
            return {}
        seconds = body.get("seconds")
        if not isinstance(seconds, int) or not 0 < seconds <= _FURTHEST_SECONDS:
            raise SlackRefusesError("The clock only moves on, by a year at most.")
        clock.advance(timedelta(seconds=seconds))
        return {}


async def _index(_request: Request) -> Response:
    return FileResponse(_PAGE / "index.html")


async def _permalink(request: Request) -> Response:
    """Open the page at a message; where the page is, and at what, it keeps behind the hash."""
    return RedirectResponse("/#/{channel}/{message}".format(**request.path_params))


async def _body(request: Request) -> Json:
    """What the page sent. It sends JSON, which no other site may without asking first, and nobody answers that."""
    if request.headers.get("content-type") == "application/json":
        with suppress(ValueError):
            body = await request.json()
            if isinstance(body, dict):
                return body
    raise SlackRefusesError("invalid_json")


async def _until_left(socket: WebSocket, scope: anyio.CancelScope) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
    scope.cancel()


def _person_shown(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "tz": person.tz,
        "locale": person.locale,
        "is_admin": person.is_admin,
    }


def _channel_shown(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel.name, "is_dm": bool(channel.owner), "is_member": channel.has_bot}


def _message_shown(message: Message) -> Json:
    return {**message.shown(), "bot": message.is_bot, "ephemeral": bool(message.addressee)}
