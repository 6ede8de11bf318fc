"""The bot is killed again and again while reminders flow: each of them is sent, and every repeat is accounted for.

A message that Slack has taken, while its row was not settled yet, is sent once more: whoever died in between cannot
tell. Both have the same key in their metadata. Nothing else is ever sent twice.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

import aiohttp
import anyio
import pytest
from sqlalchemy import make_url

from bot.coaching.calendar import zone
from bot.playground.clock import MovableClock
from bot.playground.server import HOST, LocalSlack
from bot.playground.workspace import Json, Workspace
from bot.surfaces.manifest import manifest
from bot.surfaces.words import Words
from bot.web.server import bind
from tests.crashes.floor import Floor, floor_on
from tests.crashes.workers import Crew, Worker, crew_of

SEED = 6
PATIENCE = 300
# Within this much the message is settled, others are claimed, and the next is on its way.
SOON_SECONDS = 0.06


@dataclass(frozen=True)
class Size:
    """How often to kill, how many work at once, and how many messages at most pass from one kill to the next.

    There are so many members that something is left to be sent after the last kill.
    """

    kills: int
    workers: int
    posts_between: int
    members: int


SIZES = {
    ("sqlite", False): Size(kills=3, workers=1, posts_between=10, members=50),
    ("postgresql", False): Size(kills=3, workers=4, posts_between=10, members=50),
    ("sqlite", True): Size(kills=220, workers=1, posts_between=20, members=2_400),
    ("postgresql", True): Size(kills=220, workers=4, posts_between=40, members=5_000),
}


@dataclass(frozen=True)
class Post:
    """A message that reached Slack: the process that had its row in hand (0 for none), and its key."""

    pid: int
    key: str

    @property
    def tasks(self) -> frozenset[str]:
        """Each task that it brings, with how often it was brought before."""
        return _tasks_in(self.key)


@dataclass
class Killer:
    """Counts the messages and, after as many as nobody can foresee, kills: as often as `left` says.

    Every third time it is whoever has just sent a message, before Slack has answered; else any of the workers, soon
    after. So there is no need for a moment of quiet in between.
    """

    slack: LocalSlack
    floor: Floor
    crew: Crew
    random: Random
    left: int
    posts_between: int
    posts: list[Post] = field(default_factory=list)
    before_an_answer: int = 0
    _to_pass: int = 1
    _killed: asyncio.Queue[Worker] = field(default_factory=asyncio.Queue)

    def watch(self, method: str, arguments: Json) -> None:
        """A trouble of the local Slack, which lets everything through."""
        if method != "chat.postMessage":
            return
        member = self.slack.workspace.channel(str(arguments["channel"])).owner or ""
        sender = int(self.floor.holder_of(member).partition("-")[0] or 0)
        self.posts.append(Post(sender, _key_of(arguments["metadata"])))
        self._to_pass -= 1
        if self._to_pass or not self.left:
            return
        if self.left % 3:
            asyncio.get_running_loop().call_later(self.random.uniform(0, SOON_SECONDS), self._kill_any)
        elif sender in self.crew.at_work:
            self.before_an_answer += 1
            self._kill(sender)
        else:
            self._to_pass = 1

    def _kill_any(self) -> None:
        if self.crew.at_work:
            self._kill(self.random.choice([*self.crew.at_work]))
        else:
            self._to_pass = 1

    def _kill(self, pid: int) -> None:
        worker = self.crew.at_work.pop(pid)
        worker.process.kill()
        self._killed.put_nowait(worker)
        self.left -= 1
        self._to_pass = self.random.randint(1, self.posts_between)

    async def next_one(self) -> int:
        """Who was killed next, once nothing is heard of them any more."""
        with anyio.fail_after(PATIENCE):
            worker = await self._killed.get()
        await worker.process.wait()
        # Before this is answered, Slack has read whatever the dead had sent.
        async with aiohttp.ClientSession() as http, http.get(self.slack.url):
            pass
        await _until(lambda: not self.floor.hears_from(worker.name))
        return worker.process.pid


@pytest.fixture
def size(request: pytest.FixtureRequest, database_url: str) -> Size:
    full = request.config.getoption("--full-size", default=False)
    return SIZES[make_url(database_url).get_backend_name(), full]


async def test_killed_again_and_again_it_loses_nothing_and_every_repeat_is_accounted_for(
    database_url: str, size: Size, words: Words, tmp_path: Path
) -> None:
    random, started = Random(SEED), perf_counter()  # noqa: S311 - no secret
    unsettled: dict[int, frozenset[str]] = {}
    with floor_on(database_url, size.members, random) as floor:
        workspace = Workspace(MovableClock(), manifest(words.voice(None, zone(None)), ""), floor.people)
        slack = LocalSlack(workspace, bind(HOST, 0))
        async with slack.serving(), crew_of(size.workers, database_url, slack.api_url, tmp_path) as crew:
            killer = Killer(slack, floor, crew, random, size.kills, size.posts_between)
            slack.troubles.append(killer.watch)
            for _ in range(size.kills):
                killed = await killer.next_one()
                unsettled[killed] = floor.unsettled(killed)
                await floor.five_minutes_pass(killed)
                await crew.hire()
            await _until(lambda: not floor.is_busy)
            quiet = floor.is_quiet

    copies = Counter(_key_of(message.metadata) for message in workspace.messages)
    repeats = copies - Counter([*copies])
    lost = floor.promised - {task for key in copies for task in _tasks_in(key)}
    print(  # noqa: T201 - these figures are what it is run at full size for
        f"\n{make_url(database_url).get_backend_name()}: {size.workers} at work, {len(unsettled)} kills, "
        f"{killer.before_an_answer} of them before an answer, {len(floor.promised)} reminders in {len(copies)} "
        f"messages, {len(lost)} lost, {repeats.total()} repeated, {perf_counter() - started:.0f} seconds"
    )
    assert len(unsettled) == size.kills
    assert not lost
    assert repeats == Counter(post.key for post in killer.posts if post.tasks <= unsettled.get(post.pid, frozenset()))
    assert repeats.total() >= killer.before_an_answer > 0
    assert quiet
    assert crew.complaints == ""


def _key_of(metadata: Json | None) -> str:
    return str((metadata or {})["event_payload"]["key"])


def _tasks_in(key: str) -> frozenset[str]:
    return frozenset(key.rpartition(":")[2].split("+"))


async def _until(happened: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    with anyio.fail_after(PATIENCE):
        while not happened():  # noqa: ASYNC110 - another process sets no event
            await anyio.sleep(0.05)
