"""`python -m bot play`: the local Slack, the bot in it, and something to look at."""

import socket
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio

from bot.app import Bot
from bot.coaching.calendar import Clock
from bot.playground import samples
from bot.playground.clock import MovableClock
from bot.playground.server import APP_TOKEN, BOT_TOKEN, LocalSlack
from bot.playground.workspace import PEOPLE, Json, Person, Workspace

# Makes a bot with these settings over those of the environment.
Start = Callable[[Mapping[str, str], Clock], AbstractAsyncContextManager[Bot]]


async def play(
    start: Start,
    manifest: Json,
    address: socket.socket,
    *,
    fresh: bool,
    ready: Callable[[str], None],
    clock: MovableClock | None = None,
    people: Iterable[Person] = PEOPLE,
) -> None:
    """Serve the playground to `people` until cancelled; `ready` is told where the page is.

    Everything lives in memory and in a temporary folder, apart from what `run` keeps, and is gone at the end. `clock`
    is that of the workspace, at the real time where none is given.
    """
    clock = clock or MovableClock()
    slack = LocalSlack(Workspace(clock, manifest, people), address)
    with tempfile.TemporaryDirectory(prefix="comeback-play-") as folder:
        settings = {
            "slack_api_url": slack.api_url,
            "slack_bot_token": BOT_TOKEN,
            "database_url": f"sqlite:///{Path(folder) / 'play.db'}",
        }
        async with slack.serving(), start(settings, clock) as bot:
            clock.on_move(bot.outbox.nudge)
            if not fresh:
                await samples.fill(slack.workspace, bot)
            line = bot.socket_mode(APP_TOKEN)
            await line.connect()
            ready(slack.url)
            await _together(bot.serve_clock, line.serve)


async def _together(*works: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async with anyio.create_task_group() as tasks:
        for work in works:
            tasks.start_soon(work)
