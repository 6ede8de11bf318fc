"""Tasks, and the reminders that bring them back at the right hour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select, update

from bot.coaching import calendar, customers
from bot.coaching.errors import Declined, Reason
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Task

KIND = "reminder"


class TaskKind(StrEnum):
    """What was promised."""

    CARRY_OUT = "carry_out"
    COOL_OFF_CALL = "cool_off_call"
    SOFT_YES_CALL = "soft_yes_call"
    CHECK_IN = "check_in"
    HELLO = "hello"


# Days from now, where nobody chose a date: a soft yes cools fast, a check-in waits out the days of remorse.
DEFAULT_DAYS: Mapping[TaskKind, int] = {
    TaskKind.CARRY_OUT: 1,
    TaskKind.SOFT_YES_CALL: 2,
    TaskKind.COOL_OFF_CALL: 3,
    TaskKind.CHECK_IN: 7,
    TaskKind.HELLO: 90,
}

# What was promised to a customer is asked for again every working day until it is done.
UNTIL_DONE = frozenset({TaskKind.CARRY_OUT, TaskKind.COOL_OFF_CALL, TaskKind.SOFT_YES_CALL})


class Snooze(StrEnum):
    """How long a reminder can be put off with one press."""

    HOUR = "hour"
    TOMORROW = "tomorrow"


@dataclass(frozen=True)
class Reminder:
    """A task with whom it is about, as its owner sees it."""

    task: Task
    case: Case
    customer: Customer | None
    member: Member

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)


def book(session: Session, case: Case, kind: TaskKind, member: Member, now: datetime, on: date | None = None) -> Task:
    """Promise something for the case's rep to do: on the day chosen, else after the kind's own number of days."""
    task = Task(
        team_id=case.team_id,
        case_id=_id(case.id),
        owner_id=case.rep_id,
        kind=kind,
        due_at=morning_of(on or default_day(kind, now.astimezone(_zone(member)).date()), member),
        created_at=now,
    )
    session.add(task)
    session.flush()
    return task


def morning_of(day: date, member: Member) -> datetime:
    """Ten in the morning of that day, where the member lives."""
    return calendar.at(day, calendar.MORNING, _zone(member))


def day_of(task: Task, member: Member) -> date:
    """The day a task is due, where the member lives."""
    return task.due_at.astimezone(_zone(member)).date()


def default_day(kind: TaskKind, today: date) -> date:
    """The day proposed for a task where nobody chose one."""
    return calendar.workday(today + timedelta(days=DEFAULT_DAYS[kind]))


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


_DROP = update(Task).where(
    col(Task.team_id) == bindparam("of_team"),
    col(Task.case_id) == bindparam("of_case"),
    col(Task.done_at).is_(None),
    col(Task.dropped_at).is_(None),
)


def drop(session: Session, case: Case, now: datetime) -> None:
    """Take back what was promised in a case. Its reminders find that out when they are due."""
    session.connection().execute(_DROP, {"of_team": case.team_id, "of_case": case.id, "dropped_at": now})


def move(session: Session, task: Task, due_at: datetime) -> None:
    """Give a task another date, and its reminder with it."""
    task.due_at = due_at
    outbox.enqueue(session, due(task))


def find(session: Session, team_id: str, user_id: str, task_id: int) -> Reminder:
    """One task of this member's. Raises `Declined` when it is not there or not theirs."""
    found = session.exec(
        select(Task, Case, Customer, Member)
        .join(Case, (col(Case.id) == col(Task.case_id)) & (col(Case.team_id) == team_id))
        .outerjoin(Customer, customers.of_case())
        .outerjoin(Member, (col(Member.team_id) == team_id) & (col(Member.user_id) == col(Task.owner_id)))
        .where(col(Task.team_id) == team_id, col(Task.id) == task_id)
        .with_for_update(of=Task)
    ).first()
    if found is None:
        raise Declined(Reason.GONE)
    task, case, customer, member = found
    if task.owner_id != user_id:
        raise Declined(Reason.NOT_YOURS)
    return Reminder(task, case, customer, member or Member(team_id=team_id, user_id=user_id))


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
    """Once a reminder went out: a promise that must be kept comes back on the next working day."""
    if reminder.task.kind in UNTIL_DONE:
        tomorrow = calendar.next_workday_morning(now, _zone(reminder.member))
        outbox.enqueue(session, replace(due(reminder.task), due_at=tomorrow))


def _zone(member: Member) -> ZoneInfo:
    return calendar.zone(member.timezone)


def _id(case_id: int | None) -> int:
    if case_id is None:
        raise ValueError("a task belongs to a stored case")
    return case_id
