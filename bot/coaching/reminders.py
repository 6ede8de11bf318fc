"""Tasks, and the reminders that bring them back at the right hour."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVarTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select, update

from bot.coaching import calendar, customers
from bot.coaching.errors import Declined, Reason
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Sale, Task, UtcDateTime

KIND = "reminder"

Ts = TypeVarTuple("Ts")


class TaskKind(StrEnum):
    """What was promised."""

    CARRY_OUT = "carry_out"
    COOL_OFF_CALL = "cool_off_call"
    SOFT_YES_CALL = "soft_yes_call"
    CHECK_IN = "check_in"
    HELLO = "hello"
    FIX = "fix"
    SESSION = "session"
    FORWARD = "forward"
    TELL_HEARD = "tell_heard"
    ANSWER = "answer"
    USEFUL = "useful"
    MET = "met"
    UNSURE_CALL = "unsure_call"
    AFTER_SALE = "after_sale"
    PROBLEM = "problem"


# Days from now, where nobody chose a date: a soft yes cools fast, a check-in waits out the days of remorse. What is
# not here always comes with a time of its own.
DEFAULT_DAYS: Mapping[TaskKind, int] = {
    TaskKind.CARRY_OUT: 1,
    TaskKind.SOFT_YES_CALL: 2,
    TaskKind.COOL_OFF_CALL: 3,
    TaskKind.CHECK_IN: 7,
    TaskKind.HELLO: 90,
    TaskKind.FIX: 2,
    TaskKind.SESSION: 3,
    TaskKind.FORWARD: 1,
    TaskKind.TELL_HEARD: 1,
    TaskKind.ANSWER: 3,
    TaskKind.UNSURE_CALL: 2,
    TaskKind.AFTER_SALE: 7,
}

# What was promised to a customer is asked for again every working day until it is done.
UNTIL_DONE = frozenset(
    {
        TaskKind.CARRY_OUT,
        TaskKind.COOL_OFF_CALL,
        TaskKind.SOFT_YES_CALL,
        TaskKind.FIX,
        TaskKind.SESSION,
        TaskKind.FORWARD,
        TaskKind.TELL_HEARD,
        TaskKind.ANSWER,
        TaskKind.MET,
        TaskKind.UNSURE_CALL,
    }
)

# What is nobody's wish any more once they have asked not to be contacted.
UNINVITED = frozenset({TaskKind.HELLO, TaskKind.CHECK_IN, TaskKind.AFTER_SALE, TaskKind.PROBLEM, TaskKind.UNSURE_CALL})


class Snooze(StrEnum):
    """How long a reminder can be put off with one press."""

    HOUR = "hour"
    TOMORROW = "tomorrow"


@dataclass(frozen=True)
class Reminder:
    """A task with whom it is about, as its owner sees it."""

    task: Task
    case: Case | None
    sale: Sale | None
    customer: Customer | None
    member: Member

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)

    @property
    def card(self) -> int | None:
        """The case that its owner can open: what they do for a colleague's case leaves that case the colleague's."""
        return self.case.id if self.case and self.case.rep_id == self.task.owner_id else None


@dataclass(frozen=True)
class Promise:
    """Something to be booked: by `at`, else in the morning of the day `on`, else after the kind's own number of days.

    It is for `owner` to do, else for whoever promises. `facts` are what its reminder will have to say.
    """

    kind: TaskKind
    on: date | None = None
    at: datetime | None = None
    owner: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def book(session: Session, about: Case | Sale, member: Member, now: datetime, *promises: Promise) -> Sequence[Task]:
    """Make tasks of what was promised in a case or after a sale."""
    tasks = [_task(about, member, now, promise) for promise in promises]
    session.add_all(tasks)
    session.flush()
    return tasks


def _task(about: Case | Sale, member: Member, now: datetime, promise: Promise) -> Task:
    today = now.astimezone(_zone(member)).date()
    due_at = promise.at or morning_of(promise.on or default_day(promise.kind, today), member)
    return Task(
        team_id=about.team_id,
        case_id=about.id if isinstance(about, Case) else None,
        sale_id=about.id if isinstance(about, Sale) else None,
        owner_id=promise.owner or about.rep_id,
        kind=promise.kind,
        facts=dict(promise.facts),
        due_at=due_at,
        created_at=now,
    )


def morning_of(day: date, member: Member) -> datetime:
    """Ten in the morning of that day, where the member lives."""
    return calendar.at(day, calendar.MORNING, _zone(member))


def day_of(task: Task, member: Member) -> date:
    """The day a task is due, where the member lives."""
    return task.due_at.astimezone(_zone(member)).date()


def default_day(kind: TaskKind, today: date) -> date:
    """The day proposed for a task where nobody chose one."""
    return calendar.workday(today + timedelta(days=DEFAULT_DAYS[kind]))


def first_due(task: Task, rep_id: str, now: datetime) -> outbox.Due:
    """The first row that reminds of a task: at once, where it was promised for somebody else to do."""
    return due(task) if task.owner_id == rep_id else replace(due(task), due_at=now)


def due(task: Task) -> outbox.Due:
    """The outbox row that reminds of a task."""
    return outbox.Due(task.team_id, f"reminder:{task.id}", KIND, task.owner_id, task.due_at, task.id)


def open_in_case() -> ColumnElement[bool]:
    """The join from a case to what is still promised in it."""
    return (
        (col(Task.team_id) == col(Case.team_id))
        & (col(Task.case_id) == col(Case.id))
        & col(Task.done_at).is_(None)
        & col(Task.dropped_at).is_(None)
    )


_THEIR_CASES = select(Case.id).where(
    col(Case.team_id) == bindparam("team"), col(Case.customer_id) == bindparam("customer")
)
_THEIR_SALES = select(Sale.id).where(
    col(Sale.team_id) == bindparam("team"), col(Sale.customer_id) == bindparam("customer")
)
_CHANGE = update(Task).where(col(Task.team_id) == bindparam("of_team"), col(Task.case_id) == bindparam("of_case"))
_OPEN = (col(Task.done_at).is_(None), col(Task.dropped_at).is_(None))
_DROP = _CHANGE.where(*_OPEN, col(Task.kind).not_in(bindparam("kept", expanding=True)))


_DROP_UNINVITED = (
    update(Task)
    .where(
        col(Task.team_id) == bindparam("team"),
        *_OPEN,
        col(Task.kind).in_(bindparam("kinds", expanding=True)),
        col(Task.case_id).in_(_THEIR_CASES) | col(Task.sale_id).in_(_THEIR_SALES),
    )
    .values(dropped_at=bindparam("now", type_=UtcDateTime))
)


def drop(session: Session, case: Case, now: datetime, *, keep: Collection[TaskKind] = ()) -> None:
    """Take back what was promised in a case, but for the kinds to `keep`. Reminders find that out when they are due."""
    which = {"of_team": case.team_id, "of_case": case.id, "kept": [*keep], "dropped_at": now}
    session.connection().execute(_DROP, which)


def drop_uninvited(session: Session, case: Case, now: datetime) -> None:
    """Take back everything by which anybody would get in touch with a case's customer of their own accord."""
    of_customer = {"team": case.team_id, "customer": case.customer_id, "now": now, "kinds": [*UNINVITED]}
    session.connection().execute(_DROP_UNINVITED, of_customer)


def drop_kind(tasks: Sequence[Task], kind: TaskKind, now: datetime) -> None:
    """Take back those of these tasks that are of one kind."""
    for task in tasks:
        if task.kind == kind:
            task.dropped_at = now


def move(session: Session, task: Task, due_at: datetime) -> None:
    """Give a task another date, and its reminder with it."""
    task.due_at = due_at
    outbox.enqueue(session, due(task))


def with_customer(statement: sa.Select[*Ts]) -> sa.Select[*Ts]:
    """A query of tasks, joined to the case or the sale they belong to, and to its customer."""
    customer_id = sa.func.coalesce(col(Case.customer_id), col(Sale.customer_id))
    return (
        statement.outerjoin(Case, (col(Case.team_id) == col(Task.team_id)) & (col(Case.id) == col(Task.case_id)))
        .outerjoin(Sale, (col(Sale.team_id) == col(Task.team_id)) & (col(Sale.id) == col(Task.sale_id)))
        .outerjoin(Customer, (col(Customer.team_id) == col(Task.team_id)) & (col(Customer.id) == customer_id))
    )


_OF_ID = (
    with_customer(sa.select(Task, Case, Sale, Customer, Member).select_from(Task))
    .outerjoin(Member, (col(Member.team_id) == col(Task.team_id)) & (col(Member.user_id) == col(Task.owner_id)))
    .where(col(Task.team_id) == bindparam("team_id"), col(Task.id) == bindparam("task_id"))
    .with_for_update(of=Task)
)


def find(session: Session, team_id: str, user_id: str, task_id: int) -> Reminder:
    """One task of this member's. Raises `Declined` when it is not there or not theirs."""
    found = session.execute(_OF_ID, {"team_id": team_id, "task_id": task_id}).first()
    if found is None:
        raise Declined(Reason.GONE)
    task, case, sale, customer, member = found
    if task.owner_id != user_id:
        raise Declined(Reason.NOT_YOURS)
    return Reminder(task, case, sale, customer, member or Member(team_id=team_id, user_id=user_id))


def is_open(task: Task) -> bool:
    """Whether a task still waits to be done."""
    return task.done_at is None and task.dropped_at is None


def done(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """Mark a task as done. Doing it twice changes nothing."""
    reminder = find(session, team_id, user_id, task_id)
    if is_open(reminder.task):
        reminder.task.done_at = now
    return reminder


def snooze(
    session: Session, team_id: str, user_id: str, task_id: int, until: Snooze | datetime, now: datetime
) -> Reminder:
    """Put a task off. One that is done or dropped stays as it is."""
    reminder = find(session, team_id, user_id, task_id)
    if is_open(reminder.task):
        move(session, reminder.task, _until(until, now, _zone(reminder.member)))
    return reminder


def _until(until: Snooze | datetime, now: datetime, where: ZoneInfo) -> datetime:
    if isinstance(until, datetime):
        return until
    if until is Snooze.HOUR:
        return now + timedelta(hours=1)
    return calendar.next_workday_morning(now, where)


def ask_again(session: Session, reminder: Reminder, now: datetime) -> None:
    """Once a reminder went out: a promise that must be kept comes back on the next working day, and not too soon."""
    task = reminder.task
    if task.kind in UNTIL_DONE:
        tomorrow = calendar.next_workday_morning(now, _zone(reminder.member))
        outbox.enqueue(session, replace(due(task), due_at=max(tomorrow, task.due_at)))


def _zone(member: Member) -> ZoneInfo:
    return calendar.zone(member.timezone)
