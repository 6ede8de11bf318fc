"""One way to a transaction: whole or not at all, and nothing lost between two that race."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
from sqlalchemy import event, func
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from bot.storage.database import Database
from bot.storage.models import Customer, Member

OTHERS = 1
INCREMENTS = 100


@contextmanager
def opened(database: Database) -> Iterator[Database]:
    """The same database, as another process would open it."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield other
    other.dispose()


def meet(session: Session, user_id: str) -> None:
    session.add(Member(team_id="T1", user_id=user_id, dm_channel="0"))


def add_one(session: Session) -> None:
    member = session.get_one(Member, ("T1", "U1"))
    member.dm_channel = str(int(member.dm_channel or 0) + 1)


def counted(session: Session) -> str | None:
    return session.get_one(Member, ("T1", "U1")).dm_channel


def members(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Member)).one()


async def test_of_racing_increments_none_is_lost(database: Database) -> None:
    """Each reads a number and writes the next: two that begin with a read alone would both write the same."""
    await database.write(meet, "U1")

    with ExitStack() as stack:
        processes = [database, *(stack.enter_context(opened(database)) for _ in range(OTHERS))]
        async with anyio.create_task_group() as tasks:
            for turn in range(INCREMENTS):
                tasks.start_soon(processes[turn % len(processes)].write, add_one)

    assert await database.read(counted) == str(INCREMENTS)


async def test_a_failing_transaction_leaves_nothing(database: Database) -> None:
    def fail(session: Session) -> None:
        meet(session, "U1")
        session.flush()
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await database.write(fail)

    assert await database.read(members) == 0


async def test_what_was_read_can_be_used_after_the_transaction(database: Database) -> None:
    await database.write(meet, "U1")
    member = await database.write(lambda session: session.get_one(Member, ("T1", "U1")))

    assert member.user_id == "U1"


def test_readers_see_the_last_whole_state_while_somebody_writes(database: Database) -> None:
    with opened(database) as other, database.begin() as writing:
        meet(writing, "U1")
        writing.flush()

        with other.begin(writes=False) as reading:
            assert members(reading) == 0

    with database.begin(writes=False) as reading:
        assert members(reading) == 1


def test_a_reader_sees_one_state_from_its_beginning_to_its_end(database: Database) -> None:
    with opened(database) as other, other.begin(writes=False) as reading:
        assert members(reading) == 0
        with database.begin() as writing:
            meet(writing, "U1")

        assert members(reading) == 0


def test_a_row_needs_what_it_refers_to(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.begin() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO task (team_id, case_id, owner_id, kind, due_at, created_at) "
            "VALUES ('T1', 404, 'U1', 'hello', '2026-11-24', '2026-11-24')"
        )


def test_an_instant_comes_back_as_it_was_wherever_it_was_written(database: Database) -> None:
    in_india = datetime.fromisoformat("2026-11-24T20:30:00.123456+05:30")
    with database.begin() as session:
        session.add(Customer(team_id="T1", name="Ada", name_key="ada", created_at=in_india))
    with database.begin(writes=False) as session:
        back = session.exec(select(Customer)).one().created_at

    assert back == in_india
    assert back.tzinfo is UTC


def impatient(database: Database) -> None:
    """Do not wait for a lock, so that a test need not either."""

    def set_timeout(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    event.listen(database.engine, "connect", set_timeout)


@pytest.mark.sqlite_only
def test_a_database_locked_by_somebody_else_refuses_and_keeps_nothing(database: Database) -> None:
    with opened(database) as mine:
        impatient(mine)
        with database.begin() as theirs:
            meet(theirs, "U1")
            theirs.flush()
            with pytest.raises(OperationalError, match="locked"), mine.begin() as session:
                meet(session, "U2")

        with mine.begin() as session:
            assert members(session) == 1
            meet(session, "U2")


@pytest.mark.sqlite_only
def test_a_read_only_database_is_read_and_refuses_to_be_written(database: Database) -> None:
    with database.begin() as session:
        meet(session, "U1")
    read_only = Database(f"sqlite:///file:{database.url.database}?mode=ro&uri=true")
    try:
        with pytest.raises(OperationalError, match="readonly"), read_only.begin() as session:
            meet(session, "U2")
        with read_only.begin(writes=False) as session:
            assert members(session) == 1
    finally:
        read_only.dispose()


def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'comeback.db'}")

    with pytest.raises(OperationalError, match="unable to open"):
        database.migrate()
