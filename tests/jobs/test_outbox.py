"""Sending what is due: what fails in passing comes back, what is refused is set aside, and nothing is sent twice."""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from aiohttp import ClientSession, web
from psycopg.errors import CheckViolation
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.jobs import clock as ticking
from bot.jobs.outbox import Outbox
from bot.storage import outbox as rows
from bot.storage.database import Database
from bot.storage.models import OutboxRow
from bot.storage.outbox import Claimed, Due, Sent

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
RATE_LIMITED = {"ok": False, "error": "ratelimited"}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment


@dataclass
class Slack:
    """A Slack that answers as it was told, and then with ok."""

    answers: deque[web.Response] = field(default_factory=deque)
    asked: int = 0
    url: str = ""

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return self.answers.popleft() if self.answers else web.json_response({"ok": True, "ts": f"{self.asked}.0"})

    def will_answer(self, body: object = None, status: int = 200, text: str | None = None, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {"text": text} if text is not None else {"body": web.json_response(body).body}
        named.setdefault("content-type", "application/json")
        self.answers.append(web.Response(status=status, headers=named, **content))  # type: ignore[arg-type]


async def nothing_happens(_row: Claimed) -> None:
    """Nothing comes between."""


@dataclass
class Posts:
    """A delivery that posts to Slack, while it is wanted."""

    client: AsyncWebClient
    wanted: bool = True
    sending: Callable[[Claimed], Awaitable[None]] = nothing_happens
    followed: list[str] = field(default_factory=list)
    stand_at: list[str | None] = field(default_factory=list)

    async def send(self, row: Claimed) -> Sent | None:
        await self.sending(row)
        if not self.wanted:
            return None
        posted = await self.client.chat_postMessage(channel="D1", text=row.key)
        return Sent("D1", str(posted["ts"]))

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:  # noqa: ARG002 - as a delivery has it
        self.followed.append(row.key)
        self.stand_at.append(sent.message_ts)


@dataclass
class Office:
    """A worker with its database, its clock and its Slack."""

    database: Database
    clock: Clock
    slack: Slack
    posts: Posts
    worker: Outbox

    def enqueue(self, *keys: str, kind: str = "post") -> None:
        with self.database.begin() as session:
            rows.enqueue(session, *(Due("T1", key, kind, "U1", self.clock.now()) for key in keys))

    def row(self, key: str = "a") -> OutboxRow:
        with self.database.begin(writes=False) as session:
            return session.exec(select(OutboxRow).where(col(OutboxRow.key) == key)).one()

    async def later(self, **by: float) -> int:
        self.clock.moment += timedelta(**by)
        return await self.worker.deliver_due()


@asynccontextmanager
async def listening(slack: Slack) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    slack.url = f"http://{host}:{port}/api/"
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    clock, slack = Clock(), Slack()
    async with listening(slack), ClientSession() as http:
        client = AsyncWebClient("xoxb-1", base_url=slack.url, session=http, retry_handlers=[])
        posts = Posts(client)
        yield Office(database, clock, slack, posts, Outbox(database, clock, {"post": posts}))


async def test_what_is_due_is_sent_once_and_what_follows_is_done(office: Office) -> None:
    office.enqueue("a", "b")

    assert await office.worker.deliver_due() == 2
    assert await office.later(hours=1) == 0
    assert office.slack.asked == 2
    assert office.posts.followed == ["a", "b"]
    assert office.posts.stand_at == ["1.0", "2.0"], "what follows knows where the message stands"
    row = office.row()
    assert (row.status, row.sent_at, row.channel, row.message_ts) == ("sent", START, "D1", "1.0")


async def test_more_than_a_batch_goes_out_in_one_tick(office: Office) -> None:
    office.enqueue(*(str(number) for number in range(2 * rows.BATCH + 1)))

    assert await office.worker.deliver_due() == 2 * rows.BATCH + 1


async def test_slacks_retry_after_is_honoured_to_the_second(office: Office) -> None:
    office.slack.will_answer(RATE_LIMITED, 429, retry_after="42")
    office.enqueue("a")
    await office.worker.deliver_due()

    row = office.row()
    assert (row.status, row.due_at, row.last_error) == ("pending", START + timedelta(seconds=42), "ratelimited")
    assert await office.later(seconds=41) == 0
    assert await office.later(seconds=1) == 1
    assert office.row().status == "sent"
    assert office.posts.followed == ["a"]


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"body": {"ok": False, "error": "internal_error"}, "status": 200}, "internal_error"),
        ({"body": {"ok": False, "error": "file_update_failed"}, "status": 200}, "file_update_failed"),
        ({"body": {"ok": False, "error": "service_unavailable"}, "status": 503}, "service_unavailable"),
        ({"body": {"ok": False, "error": "never_heard_of"}, "status": 500}, "never_heard_of"),
        ({"text": "<h1>Bad gateway</h1>", "status": 502, "content_type": "text/html"}, "http_502"),
        ({"text": "upstream", "status": 503, "content_type": "text/plain"}, "http_503"),
        ({"text": "slow down", "status": 429, "content_type": "text/plain"}, "http_429"),
        ({"text": '{"ok": tr', "status": 200}, "http_200"),
        ({"text": "{", "status": 500}, "http_500"),
    ],
)
async def test_what_slack_cannot_do_now_is_tried_again(office: Office, answer: Mapping[str, object], name: str) -> None:
    office.slack.will_answer(**answer)  # type: ignore[arg-type]
    office.enqueue("a")
    await office.worker.deliver_due()

    row = office.row()
    assert (row.status, row.due_at, row.last_error) == ("pending", START + timedelta(seconds=10), name)
    assert await office.later(seconds=10) == 1
    assert office.row().status == "sent"


async def test_each_failure_waits_longer_and_an_hour_at_most(office: Office) -> None:
    office.enqueue("a")
    waits = []
    for _ in range(12):
        office.slack.will_answer({"ok": False, "error": "fatal_error"})
        await office.worker.deliver_due()
        waits.append((office.row().due_at - office.clock.now()).total_seconds())
        office.clock.moment = office.row().due_at

    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]


async def test_a_slack_that_nobody_reaches_is_tried_again(office: Office) -> None:
    office.enqueue("a")
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        host, port = nobody_listens.getsockname()
        office.posts.client.base_url = f"http://{host}:{port}/api/"
        await office.worker.deliver_due()

    assert (office.row().status, office.row().last_error) == ("pending", "ClientConnectorError")


async def test_a_slack_that_does_not_answer_is_waited_for_no_longer_than_the_lease(office: Office) -> None:
    async def wait_for_ever(_row: Claimed) -> None:
        await asyncio.Event().wait()

    office.posts.sending = wait_for_ever
    office.worker.patience = timedelta(0)
    office.enqueue("a")
    with anyio.fail_after(10):
        await office.worker.deliver_due()

    assert (office.row().status, office.row().last_error) == ("pending", "TimeoutError")
    assert rows.BATCH * Outbox.patience < rows.LEASE


@pytest.mark.parametrize("error", ["channel_not_found", "invalid_blocks", "token_revoked", "msg_too_long"])
async def test_what_slack_refuses_for_good_is_set_aside(office: Office, error: str) -> None:
    office.slack.will_answer({"ok": False, "error": error})
    office.enqueue("a")
    await office.worker.deliver_due()

    row = office.row()
    assert (row.status, row.parked_at, row.last_error) == ("parked", START, error)
    assert await office.later(days=1) == 0
    assert office.posts.followed == []


async def test_what_is_no_longer_wanted_is_not_sent(office: Office) -> None:
    office.posts.wanted = False
    office.enqueue("a")
    await office.worker.deliver_due()

    assert office.row().status == "cancelled"
    assert (office.slack.asked, office.posts.followed) == (0, [])


async def test_a_worker_that_dies_while_sending_leaves_the_row_to_the_next(office: Office) -> None:
    reached = anyio.Event()

    async def stall(_row: Claimed) -> None:
        reached.set()
        await asyncio.Event().wait()

    dying = Outbox(office.database, office.clock, {"post": Posts(office.posts.client, sending=stall)})
    office.enqueue("a")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(dying.deliver_due)
        await reached.wait()
        tasks.cancel_scope.cancel()

    assert office.row().claimed_by == dying.owner
    assert await office.worker.deliver_due() == 0
    assert await office.later(seconds=rows.LEASE.total_seconds()) == 1
    assert (office.row().status, office.row().attempts) == ("sent", 2)


async def test_a_row_moved_while_it_is_sent_goes_out_again_and_nothing_follows_from_the_first(office: Office) -> None:
    async def move(row: Claimed) -> None:
        office.posts.sending = nothing_happens
        with office.database.begin() as session:
            rows.enqueue(session, Due("T1", row.key, "post", "U1", START + timedelta(hours=1)))

    office.posts.sending = move
    office.enqueue("a")
    await office.worker.deliver_due()

    assert (office.row().status, office.row().message_ts, office.posts.followed) == ("pending", "1.0", [])
    assert await office.later(hours=1) == 1
    assert office.posts.followed == ["a"]


async def test_a_row_in_trouble_does_not_hold_up_those_behind_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble(row: Claimed) -> None:
        if row.key == "bad":
            raise LookupError("no such template")

    office.posts.sending = stumble
    office.enqueue("bad", "a", "b")
    office.enqueue("unheard", kind="of_a_later_version")
    with caplog.at_level(logging.ERROR):
        await office.worker.deliver_due()

    assert office.posts.followed == ["a", "b"]
    assert (office.row("bad").status, office.row("bad").last_error) == ("pending", "LookupError")
    assert (office.row("unheard").status, office.row("unheard").last_error) == ("pending", "KeyError")
    assert "no such template" in caplog.text


def a_refused_row() -> IntegrityError:
    """A server's refusal, which quotes the row."""
    quoted = CheckViolation('violates check constraint "no_more"\nDETAIL:  Failing row contains (1, Ada Lovelace).')
    return IntegrityError("UPDATE customer SET name = %(name)s", {}, quoted, hide_parameters=True)


async def test_the_log_has_nothing_of_a_row_that_the_database_refused(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble(_row: Claimed) -> None:
        raise a_refused_row()

    office.posts.sending = stumble
    office.enqueue("a")
    await office.worker.deliver_due()

    assert "IntegrityError, CheckViolation, 23514, UPDATE customer" in caplog.text
    assert "Ada" not in caplog.text


async def test_two_workers_at_once_send_every_row_once(office: Office) -> None:
    other = Outbox(office.database, office.clock, {"post": office.posts})
    keys = [str(number) for number in range(25)]
    office.enqueue(*keys)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(office.worker.deliver_due)
        tasks.start_soon(other.deliver_due)

    assert sorted(office.posts.followed) == sorted(keys)
    assert office.slack.asked == len(keys)


async def test_a_nudge_wakes_the_worker_every_time(office: Office) -> None:
    arrived = {key: anyio.Event() for key in ("a", "b", "c")}

    async def arrive(row: Claimed) -> None:
        arrived[row.key].set()

    office.posts.sending = arrive
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(office.worker.serve)
        with anyio.fail_after(10):
            for key, event in arrived.items():
                office.enqueue(key)
                office.worker.nudge()
                await event.wait()
        tasks.cancel_scope.cancel()


async def test_a_bad_tick_does_not_end_the_next(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    failed, arrived = anyio.Event(), anyio.Event()

    class Stopped(Clock):
        def now(self) -> datetime:
            failed.set()
            raise OSError("the clock has stopped")

    async def arrive(_row: Claimed) -> None:
        arrived.set()

    office.posts.sending = arrive
    office.worker.clock = Stopped()
    office.enqueue("a")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(office.worker.serve)
        with anyio.fail_after(10):
            office.worker.nudge()
            await failed.wait()
            office.worker.clock = office.clock
            office.worker.nudge()
            await arrived.wait()
        tasks.cancel_scope.cancel()
    assert "the clock has stopped" in caplog.text


async def test_what_takes_long_keeps_nothing_else_waiting(office: Office) -> None:
    may_end = anyio.Event()

    async def long(row: Claimed) -> None:
        if row.kind == "long":
            await may_end.wait()

    office.posts.sending = long
    office.worker.slow = {"long": office.posts}
    office.enqueue("a", kind="long")
    office.enqueue("b")
    with anyio.fail_after(10):
        assert await office.worker.deliver_due() == 2
        assert office.posts.followed == ["b"]
        may_end.set()
        await office.worker.rest()
    assert office.posts.followed == ["b", "a"]
    assert office.row("a").status == "sent"


async def test_what_takes_long_ends_with_its_worker_and_comes_back(office: Office) -> None:
    begun = anyio.Event()

    async def forever(_row: Claimed) -> None:
        begun.set()
        await anyio.sleep_forever()

    office.posts.sending = forever
    office.worker.slow = {"long": office.posts}
    office.enqueue("a", kind="long")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(office.worker.serve)
        office.worker.nudge()
        with anyio.fail_after(10):
            await begun.wait()
        tasks.cancel_scope.cancel()
    office.posts.sending = nothing_happens
    assert await office.later(seconds=rows.LEASE.total_seconds() - 1) == 0
    assert await office.later(seconds=1) == 1
    await office.worker.rest()
    assert office.row("a").status == "sent"


async def test_the_clock_ticks_at_once_and_again() -> None:
    ticks: list[None] = []
    thrice = anyio.Event()

    def tick() -> None:
        ticks.append(None)
        if len(ticks) == 3:
            thrice.set()

    scheduler = ticking.start(tick, seconds=0.01)
    try:
        assert len(ticks) == 1
        with anyio.fail_after(10):
            await thrice.wait()
    finally:
        scheduler.shutdown(wait=False)
