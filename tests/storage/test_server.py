"""What a database server brings with it: several at once who are all right, and a line that can break."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from bot.coaching import customers, members
from bot.coaching.members import Profile
from bot.storage.database import Database
from bot.storage.models import Customer, Member

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

pytestmark = pytest.mark.postgresql_only


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """The same database, as another process has it."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield other
    other.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
async def test_the_address_alone_picks_the_server(database: Database, scheme: str) -> None:
    named = Database(database.url.set(drivername=scheme).render_as_string(hide_password=False))
    try:
        assert not named.is_sqlite
        assert await named.read(lambda session: session.execute(text("SELECT version()")).scalar_one())
    finally:
        named.dispose()


async def both_after_they_have_looked(
    one: Database, two: Database, look: Callable[[Session], object], do: Callable[[Session], object]
) -> None:
    """Let two transactions look before either goes on: neither can know of the other."""
    met = threading.Barrier(2)
    begun: set[Database] = set()

    def gesture(database: Database, session: Session) -> None:
        look(session)
        if database not in begun:
            begun.add(database)
            met.wait(timeout=10)
        do(session)

    async with anyio.create_task_group() as tasks:
        for database in (one, two):
            tasks.start_soon(database.write, lambda session, mine=database: gesture(mine, session))


async def test_a_member_met_by_two_at_once_is_met_once(database: Database, other: Database) -> None:
    await both_after_they_have_looked(
        database,
        other,
        lambda session: members.find(session, "T1", "U1"),
        lambda session: members.learn(session, "T1", "U1", Profile("Europe/Paris"), NOW),
    )

    with database.begin(writes=False) as session:
        assert session.exec(select(Member)).one().timezone == "Europe/Paris"


async def test_a_customer_whom_two_reps_name_at_once_is_one_customer(database: Database, other: Database) -> None:
    def name(session: Session) -> None:
        if not customers.by_name(session, "T1", "Ada Lovelace"):
            customers.create(session, "T1", "Ada Lovelace", NOW)

    await both_after_they_have_looked(
        database, other, lambda session: customers.by_name(session, "T1", "Ada Lovelace"), name
    )

    with database.begin(writes=False) as session:
        assert session.exec(select(Customer)).one().name == "Ada Lovelace"


async def test_two_who_wait_for_each_other_both_get_through(database: Database, other: Database) -> None:
    with database.begin() as session:
        session.add_all(Member(team_id="T1", user_id=user_id) for user_id in ("U1", "U2"))
    met = threading.Barrier(2)
    begun: set[str] = set()

    def rename(session: Session, first: str, second: str) -> None:
        for user_id in (first, second):
            of_id = col(Member.user_id) == user_id
            session.exec(select(Member).where(of_id).with_for_update()).one().playbook = first
            if first not in begun:
                begun.add(first)
                met.wait(timeout=10)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(database.write, rename, "U1", "U2")
        tasks.start_soon(other.write, rename, "U2", "U1")

    with database.begin(writes=False) as session:
        assert len(set(session.exec(select(Member.playbook)).all())) == 1


async def test_what_can_never_be_kept_is_not_tried_for_ever(database: Database) -> None:
    tried = []

    def refer_to_nobody(session: Session) -> None:
        tried.append(1)
        session.execute(text("UPDATE outbox SET nothing = 1"))

    with pytest.raises(DBAPIError, match="nothing"):
        await database.write(refer_to_nobody)
    assert len(tried) == 1


async def test_a_broken_line_to_the_server_is_made_anew(database: Database, other: Database) -> None:
    """As when the server is started again, or a network forgets who was talking."""
    await database.write(members.remember_dm, "T1", "U1", "D1")
    assert await database.read(members.find, "T1", "U1")
    with other.begin() as session:
        mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        assert session.execute(text(f"{mine} AND pid <> pg_backend_pid()")).scalars().all()

    await database.write(members.remember_dm, "T1", "U2", "D2")
    assert await database.read(members.find, "T1", "U2")


async def test_a_line_that_breaks_in_the_middle_keeps_nothing(database: Database, other: Database) -> None:
    def break_off(session: Session) -> None:
        members.remember_dm(session, "T1", "U1", "D1")
        session.flush()
        mine = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.begin() as theirs:
            theirs.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})

    with pytest.raises(DBAPIError):
        await database.write(break_off)

    assert await database.read(members.find, "T1", "U1") is None
