"""Every server in a process of its own, ended by its handle."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.playground.server import BOT_TOKEN, HOST, SIGNING_SECRET
from bot.web.server import EVENTS_PATH

_START_SECONDS = 30
_END_SECONDS = 10
_CHECKOUT = Path(__file__).parents[2]


@asynccontextmanager
async def together(*servers: AbstractAsyncContextManager[str]) -> AsyncIterator[Sequence[str]]:
    """Several servers, started at the same time; yields their addresses in the same order."""
    async with AsyncExitStack() as running:
        async with asyncio.TaskGroup() as starting:
            tasks = [starting.create_task(running.enter_async_context(server)) for server in servers]
        yield [task.result() for task in tasks]


@asynccontextmanager
async def the_bot(slack: str, folder: Path) -> AsyncIterator[str]:
    """The bot as it runs over HTTP, clock and all; yields where Slack reaches it."""
    settings = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack}/api/",
        "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        "HOST": HOST,
        "PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    async with _process(folder, "bot", "run", **settings) as url:
        yield url


@asynccontextmanager
async def beside(name: str, slack: str, folder: Path) -> AsyncIterator[str]:
    """A server to compare with, by its name in `servers`; yields where Slack reaches it."""
    async with _process(folder, "tests.benchmarks.servers", name, slack) as url:
        yield f"{url}{EVENTS_PATH}"


@asynccontextmanager
async def _process(folder: Path, *module: str, **settings: str) -> AsyncIterator[str]:
    """Python in `folder`, with no settings but these; its first line ends with its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        stdout=asyncio.subprocess.PIPE,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_CHECKOUT), **settings},
    )
    try:
        async with asyncio.timeout(_START_SECONDS):
            said = await process.stdout.readline() if process.stdout else b""
        if not said:
            raise ChildProcessError(f"{' '.join(module)} did not start")
        yield said.decode().split()[-1]
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask the process to stop, and insist where it does not."""
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
