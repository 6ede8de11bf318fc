"""A sales floor on which everybody's reminders are due at once, and what its database knows of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import reminders
from bot.coaching.reminders import TaskKind
from bot.playground.workspace import TEAM, Person
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.models import Customer, Member, OutboxRow, Task

# Some have more to do than one message brings.
_TASKS_MOST = 12
_LATE_MOST = timedelta(days=3)
_NOON = 12
_EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


class Floor:
    """Everybody who works here; `promised` is all they have to be reminded of, each as `told` has it."""

    def __init__(self, database: Database, members: int, random: Random) -> None:
        now = datetime.now(UTC)
        where = _where_it_is_noon(now)
        self.database = database
        self.people = [
            Person(f"U{number:05}", f"rep{number}", f"Rep {number}", where, "en-US") for number in range(members)
        ]
        with database.begin() as session:
            self.promised = frozenset(map(told, _fill(session, self.people, random, now)))

    def holder_of(self, user_id: str) -> str:
        """Which worker has taken a member's alarm; nobody, where it has no name."""
        with self.database.begin(writes=False) as session:
            alarm = select(OutboxRow.claimed_by).where(col(OutboxRow.key) == f"{outbox.ALARM}{user_id}")
            return session.exec(alarm).one() or ""

    def unsettled(self, pid: int) -> frozenset[str]:
        """What a process that is dead had still to bring, or to settle once it was brought."""
        held = sa.select(col(OutboxRow.user_id)).where(*_held_by(pid))
        with self.database.begin(writes=False) as session:
            tasks = session.exec(select(Task).where(col(Task.reminded_at).is_(None), col(Task.owner_id).in_(held)))
            return frozenset(map(told, tasks))

    async def five_minutes_pass(self, pid: int) -> None:
        """What a process that is dead had taken may be taken by others."""
        passed = sa.update(OutboxRow).where(*_held_by(pid)).values(claimed_until=datetime.now(UTC))
        # Others are at work meanwhile, and it is begun anew where it loses a race with them.
        await self.database.write(lambda session: session.execute(passed))

    def hears_from(self, name: str) -> bool:
        """Whether the server is still busy with what a process of this name has asked of it. A file is never."""
        if self.database.is_sqlite:
            return False
        with self.database.begin(writes=False) as session:
            busy = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
            return bool(session.execute(busy, {"name": name}).scalar())

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be sent."""
        return self._has((col(OutboxRow.status) == "pending") & (col(OutboxRow.due_at) <= datetime.now(UTC)))

    @property
    def is_quiet(self) -> bool:
        """Whether every alarm is set for another day, in nobody's hands and without trouble."""
        rests = (
            (col(OutboxRow.status) == "pending")
            & (col(OutboxRow.due_at) > datetime.now(UTC))
            & col(OutboxRow.claimed_by).is_(None)
            & col(OutboxRow.last_error).is_(None)
        )
        return not self._has(~rests)

    def _has(self, row: sa.ColumnElement[bool]) -> bool:
        with self.database.begin(writes=False) as session:
            return session.exec(select(OutboxRow.id).where(row).limit(1)).first() is not None


def told(task: Task) -> str:
    """A task as the key of a message names it: how often it was brought before tells one time from the next."""
    return f"{task.id}.{task.times}"


@contextmanager
def floor_on(url: str, members: int, random: Random) -> Iterator[Floor]:
    """A floor in an empty database."""
    database = Database(url)
    try:
        yield Floor(database, members, random)
    finally:
        database.dispose()


def _fill(session: Session, people: Sequence[Person], random: Random, now: datetime) -> Sequence[Task]:
    customer = Customer(team_id=TEAM, name="Ada Lovelace", name_key="ada lovelace", created_at=now)
    session.add(customer)
    session.flush()
    tasks = [
        _task(person, customer, now - random.random() * _LATE_MOST, now)
        for person in people
        for _ in range(random.randint(1, _TASKS_MOST))
    ]
    session.add_all([*tasks, *(_member(person, now) for person in people)])
    session.flush()
    outbox.enqueue(session, *map(reminders.alarm, tasks))
    return tasks


def _task(owner: Person, customer: Customer, due_at: datetime, now: datetime) -> Task:
    return Task(
        team_id=TEAM,
        customer_id=customer.id,
        owner_id=owner.id,
        kind=TaskKind.RECONNECT,
        due_at=due_at,
        remind_at=due_at,
        created_at=now - _LATE_MOST,
    )


def _member(person: Person, now: datetime) -> Member:
    return Member(
        team_id=TEAM,
        user_id=person.id,
        timezone=person.tz,
        locale=person.locale,
        learned_at=now,
        work_days=_EVERY_DAY,
        daily_most=_TASKS_MOST,
    )


def _where_it_is_noon(now: datetime) -> str:
    """A timezone in which people are at work for some hours to come. Its names count westward."""
    return f"Etc/GMT{now.hour - _NOON:+}"


def _held_by(pid: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (col(OutboxRow.status) == "pending", col(OutboxRow.claimed_by).startswith(f"{pid}-"))
