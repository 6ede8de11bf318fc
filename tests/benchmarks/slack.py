"""What the servers take for Slack while they are measured."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.playground.server import HOST
from bot.web.server import bind, serve

SECONDS = 0.1

_ANSWERS: Mapping[str, Mapping[str, object]] = {
    "auth.test": {"team_id": "T0BENCH", "team": "Bench", "user_id": "U0BOT", "user": "bot", "bot_id": "B0BOT"},
    "users.info": {"user": {"id": "U0BENCH", "tz": "America/New_York", "locale": "en-US"}},
}


class SlowSlack:
    """Knows the app, and takes 100 ms over a `response_url`. `redraws` counts the cards it was sent there."""

    def __init__(self) -> None:
        self._address = bind(HOST, 0)
        self.redraws = 0

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{HOST}:{self._address.getsockname()[1]}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve until the block ends."""
        routes = [
            Route("/api/{method}", self._call, methods=["GET", "POST"]),
            Route("/respond", self._respond, methods=["POST"]),
        ]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(serve, Starlette(routes=routes), self._address)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()

    async def _call(self, request: Request) -> Response:
        answer = _ANSWERS.get(request.path_params["method"])
        return JSONResponse({"ok": True, **answer} if answer else {"ok": False, "error": "unknown_method"})

    async def _respond(self, request: Request) -> Response:
        self.redraws += (await request.json())["replace_original"]
        await anyio.sleep(SECONDS)
        return PlainTextResponse("ok")
