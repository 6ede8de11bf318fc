"""What is due: that a tick, a start and one member's list cost no more for all that waits, and what a claim costs.

All of it happens in one process, on databases of its own. A rate is what the median of single times comes to.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import anyio
import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col

from bot.app import build
from bot.coaching import reconnecting
from bot.coaching.reminders import KIND, TaskKind
from bot.config import Settings
from bot.jobs.outbox import Outbox
from bot.storage import outbox as rows
from bot.storage.database import Database
from bot.storage.models import Customer, OutboxRow, Task
from tests.benchmarks.comparisons import Size
from tests.benchmarks.load import WrongAnswerError
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.table import Row
from tests.benchmarks.turns import in_turns
from tests.benchmarks.workspace import numbers
from tests.coaching.desk import NOW

_TEAM = "T1"
_WORKER = "bench"
_TASKS_EACH = 200
_CUSTOMERS = 1_000
# What was promised: a thousand times the rows for no more than 1.2 times the price, claims at four fifths of the pace
# of the database itself, and 5 ms for a list.
_AS_FAST = 1 / 1.2
_AS_BARE = 0.8
_LONGEST_SECONDS = 0.005

# By hand, what a claim comes to on SQLite.
_BARE_CLAIM = (
    "UPDATE outbox SET claimed_by = ?, claimed_until = ?, attempts = attempts + 1 WHERE id IN ("
    "SELECT id FROM outbox WHERE status = 'pending' AND due_at <= ? AND (claimed_until IS NULL OR claimed_until <= ?) "
    "ORDER BY due_at, id LIMIT ?) RETURNING team_id, id, key, kind, user_id, subject_id, due_at, claimed_by, "
    "attempts, channel, message_ts"
)
_AS_KEPT = "%Y-%m-%d %H:%M:%S.%f"


class _StandingClock:
    """Nothing becomes due while it is measured."""

    def now(self) -> datetime:
        return NOW


async def outbox(size: Size, _: SlowSlack, folder: Path) -> Sequence[Row]:
    """Few rows that wait beside many; then claims beside bare SQL, and a list among all the tasks there are."""
    # Bolt, which asks the root what to log, would warn at every start of a token that is not needed.
    logging.getLogger().setLevel(logging.ERROR)
    # Ticks and starts have an event loop of their own.
    return await anyio.to_thread.run_sync(_compare, size, folder)


def _compare(size: Size, folder: Path) -> Sequence[Row]:
    few = size.pending // 1_000
    with ExitStack() as stack:
        beside_few = stack.enter_context(_database(folder / "few.db", few))
        beside_many = stack.enter_context(_database(folder / "many.db", size.pending))
        runner = stack.enter_context(asyncio.Runner())
        times = [range(size.ticks)] * (size.rounds + 1)
        tick_many, tick_few = in_turns(
            times, *(partial(_tick, runner, _worker(each)) for each in (beside_many, beside_few))
        )
        starts = [range(size.starts)] * (size.rounds + 1)
        start_many, start_few = in_turns(starts, *(partial(_start, runner, each) for each in (beside_many, beside_few)))
        (a_list,) = in_turns(times, partial(_list, beside_many))
        _make_due(beside_many, 2 * rows.BATCH * size.ticks * len(times))
        claim, bare = in_turns(
            times,
            partial(_claim, beside_many),
            partial(_claim_by_hand, beside_many),
            afterwards=partial(_settle, beside_many),
        )
    waiting, beside = f"{size.pending:,} wait", f"{few:,} wait"
    return [
        Row(f"an idle tick, {waiting}", 1 / tick_many, beside, 1 / tick_few, "a second", _AS_FAST),
        Row(f"a start, {waiting}", 60 / start_many, beside, 60 / start_few, "a minute", _AS_FAST),
        Row(f"a claim of {rows.BATCH}", 1 / claim, "the same in bare SQL", 1 / bare, "a second", _AS_BARE),
        Row(
            f"a member’s list, {size.pending:,} tasks",
            1 / a_list,
            f"{_LONGEST_SECONDS * 1000:g} ms each",
            1 / _LONGEST_SECONDS,
            "a second",
            to_reach=1,
        ),
    ]


def _worker(database: Database) -> Outbox:
    return Outbox(database, _StandingClock(), {})


def _tick(runner: asyncio.Runner, worker: Outbox, _nth: int) -> None:
    if runner.run(worker.deliver_due()):
        raise WrongAnswerError("something was due")


def _start(runner: asyncio.Runner, database: Database, _nth: int) -> None:
    """A whole bot, up to its first tick."""

    async def start() -> None:
        settings = Settings(_env_file=None, database_url=database.url.render_as_string())
        async with build(settings, _StandingClock()) as bot:
            if await bot.outbox.deliver_due():
                raise WrongAnswerError("something was due")

    runner.run(start())


def _list(database: Database, nth: int) -> None:
    with database.begin(writes=False) as session:
        coming = reconnecting.coming(session, _TEAM, f"U{nth}")
    if len(coming.reminders) != reconnecting.SHOWN_MOST:
        raise WrongAnswerError(f"{len(coming.reminders)} reminders are listed")


def _claim(database: Database, _nth: int) -> None:
    with database.begin() as session:
        _check(rows.claim(session, _WORKER, NOW))


def _claim_by_hand(database: Database, _nth: int) -> None:
    now, until = (moment.strftime(_AS_KEPT) for moment in (NOW, NOW + rows.LEASE))
    with database.begin() as session:
        taken = session.connection().exec_driver_sql(_BARE_CLAIM, (_WORKER, until, now, now, rows.BATCH))
        _check(taken.fetchall())


def _check(claimed: Sequence[object]) -> None:
    if len(claimed) != rows.BATCH:
        raise WrongAnswerError(f"{len(claimed)} rows were claimed")


def _settle(database: Database) -> None:
    """What was claimed is out of the way of the next claim."""
    taken = (col(OutboxRow.status) == "pending", col(OutboxRow.due_at) <= NOW, col(OutboxRow.claimed_by) == _WORKER)
    with database.begin() as session:
        session.connection().execute(sa.update(OutboxRow).where(*taken).values(status="sent", claimed_by=None))


@contextmanager
def _database(file: Path, pending: int) -> Iterator[Database]:
    """A database in which so many rows of the outbox wait for later, and as many tasks to be done."""
    database = Database(f"sqlite:///{file}")
    try:
        database.migrate()
        with database.begin() as session:
            _fill(session, pending)
        yield database
    finally:
        database.dispose()


def _fill(session: Session, count: int) -> None:
    session.add_all(Customer(team_id=_TEAM, name=f"{n}", name_key=f"{n}", created_at=NOW) for n in range(_CUSTOMERS))
    session.flush()
    nth = numbers(count).c.nth
    owner, later = sa.literal("U") + sa.cast(nth // _TASKS_EACH, sa.String), _in_seconds(60 + nth)
    _insert(session, OutboxRow, {**_row("waits", nth), "user_id": owner, "due_at": later})
    task = {"kind": TaskKind.RECONNECT, "customer_id": 1 + nth % _CUSTOMERS, "facts": "{}", "exact": False, "times": 0}
    _insert(
        session,
        Task,
        {**task, "owner_id": owner, "due_at": later, "remind_at": later, "created_at": _in_seconds(-nth)},
    )


def _make_due(database: Database, count: int) -> None:
    nth = numbers(count).c.nth
    with database.begin() as session:
        _insert(session, OutboxRow, {**_row("due", nth), "user_id": "U0", "due_at": _in_seconds(-nth)})


def _row(name: str, nth: ColumnElement[int]) -> Mapping[str, object]:
    key = sa.literal(f"{name}:") + sa.cast(nth, sa.String)
    return {"key": key, "kind": KIND, "status": "pending", "attempts": 0}


def _insert(session: Session, table: type[SQLModel], values: Mapping[str, object]) -> None:
    """A row of the team for each of the numbers that `values` are made of."""
    columns = [value if isinstance(value, ColumnElement) else sa.literal(value) for value in values.values()]
    session.execute(sa.insert(table).from_select(["team_id", *values], sa.select(sa.literal(_TEAM), *columns)))


def _in_seconds(seconds: ColumnElement[int]) -> ColumnElement[str]:
    """So many seconds from now, as SQLite keeps it."""
    return sa.func.strftime("%Y-%m-%d %H:%M:%f000", NOW.strftime(_AS_KEPT), sa.cast(seconds, sa.String) + " seconds")
