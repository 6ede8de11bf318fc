"""Tasks, and the reminders that bring them back at the right hour."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVarTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Executable, bindparam
from sqlmodel import Session, col, select, update

from bot.coaching import calendar, customers, homes, hours, members, resent
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.errors import Declined, Reason
from bot.coaching.hours import Hours
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Sale, Task, Team, UtcDateTime

KIND = "reminder"
LEFT_OPEN = "left_open"
_A_DAY = timedelta(days=1)

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
    RECONNECT = "reconnect"
    LEFT_OPEN = "left_open"
    HELD = "held"
    CALL_BACK = "call_back"


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

# What was promised to a customer never waits for another day because a day has brought enough.
PROMISED = frozenset(
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
        TaskKind.CALL_BACK,
    }
)

# What is nobody's wish any more once they have asked not to be contacted.
UNINVITED = frozenset(
    {
        TaskKind.HELLO,
        TaskKind.CHECK_IN,
        TaskKind.AFTER_SALE,
        TaskKind.PROBLEM,
        TaskKind.UNSURE_CALL,
        TaskKind.RECONNECT,
        TaskKind.HELD,
    }
)
# What the bot asks of its own accord: nobody promised it to the customer.
ASKED_APART = frozenset({TaskKind.HELD, TaskKind.LEFT_OPEN})
# What happens at an hour that was agreed on with the customer.
_AT_AN_HOUR = frozenset({TaskKind.SESSION})
# After so many reminders without an answer the member is asked, once, what to do about it.
IGNORED_TIMES = 3
# What a check says of a customer who is no longer with us.
_GONE = "held"
KEPT = "kept"
# So long a slip of the finger can be taken back.
_UNDONE_WITHIN = timedelta(days=1)
_WEEK = timedelta(days=6)


class Snooze(StrEnum):
    """How long a reminder can be put off with one press."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"


@dataclass(frozen=True)
class Reminder:
    """A task with whom it is about, as its owner sees it."""

    task: Task
    case: Case | None
    sale: Sale | None
    customer: Customer | None
    member: Member
    team: Team | None = None

    @property
    def hours(self) -> Hours:
        """When its owner works."""
        return hours.of(self.member, self.team)

    @property
    def waits_for_answer(self) -> bool:
        """Whether it was brought to its owner, who has not said anything about it since."""
        is_theirs = self.task.owner_id == self.member.user_id
        return is_theirs and is_open(self.task) and self.task.reminded_at is not None

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
    owner_id = promise.owner or about.rep_id
    return Task(
        team_id=about.team_id,
        case_id=about.id if isinstance(about, Case) else None,
        sale_id=about.id if isinstance(about, Sale) else None,
        owner_id=owner_id,
        kind=promise.kind,
        facts=dict(promise.facts),
        due_at=due_at,
        # Whoever is to do what somebody else has promised hears of it at once.
        remind_at=due_at if owner_id == about.rep_id else now,
        exact=promise.kind in _AT_AN_HOUR,
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


def left_open(case: Case, now: datetime) -> outbox.Due:
    """The outbox row that looks, a day after the last press, whether a case was left open."""
    return outbox.Due(case.team_id, f"{LEFT_OPEN}:{case.id}", LEFT_OPEN, case.rep_id, now + _A_DAY, case.id)


def alarm(task: Task) -> outbox.Due:
    """The outbox row that rings for a task's owner when it is to be brought to them, or sooner."""
    return alarm_of(task.team_id, task.owner_id, task.remind_at or task.due_at)


def alarm_of(team_id: str, user_id: str, at: datetime) -> outbox.Due:
    """The outbox row that rings for a member: whatever waits for them then is brought in one message."""
    return outbox.Due(team_id, f"{outbox.ALARM}{user_id}", KIND, user_id, at)


def open_in_case() -> ColumnElement[bool]:
    """The join from a case to what is still promised in it; whether it held is asked apart from the card."""
    return (
        (col(Task.team_id) == col(Case.team_id))
        & (col(Task.case_id) == col(Case.id))
        & col(Task.done_at).is_(None)
        & col(Task.dropped_at).is_(None)
        & (col(Task.kind) != TaskKind.HELD)
    )


_THEIR_CASES = select(Case.id).where(
    col(Case.team_id) == bindparam("team"), col(Case.customer_id) == bindparam("customer")
)
_THEIR_SALES = select(Sale.id).where(
    col(Sale.team_id) == bindparam("team"), col(Sale.customer_id) == bindparam("customer")
)
_CHANGE = update(Task).where(col(Task.team_id) == bindparam("of_team"), col(Task.case_id) == bindparam("of_case"))
_OPEN = (col(Task.done_at).is_(None), col(Task.dropped_at).is_(None))
_DROP = _CHANGE.where(*_OPEN, col(Task.kind).not_in(bindparam("kept", expanding=True))).returning(col(Task.owner_id))


_DROP_UNINVITED = (
    update(Task)
    .where(
        col(Task.team_id) == bindparam("team"),
        *_OPEN,
        col(Task.kind).in_(bindparam("kinds", expanding=True)),
        col(Task.case_id).in_(_THEIR_CASES) | col(Task.sale_id).in_(_THEIR_SALES),
    )
    .values(dropped_at=bindparam("now", type_=UtcDateTime))
    .returning(col(Task.owner_id))
)


def drop(session: Session, case: Case, now: datetime, *, keep: Collection[TaskKind] = ()) -> None:
    """Take back what was promised in a case, but for the kinds to `keep`. Reminders find that out when they are due."""
    which = {"of_team": case.team_id, "of_case": case.id, "kept": [*keep], "dropped_at": now}
    _let_go(session, case, _DROP, which, now)


def drop_uninvited(session: Session, case: Case, now: datetime) -> None:
    """Take back everything by which anybody would get in touch with a case's customer of their own accord."""
    of_customer = {"team": case.team_id, "customer": case.customer_id, "now": now, "kinds": [*UNINVITED]}
    _let_go(session, case, _DROP_UNINVITED, of_customer, now)


def _let_go(session: Session, case: Case, statement: Executable, given: Mapping[str, object], now: datetime) -> None:
    """Take promises back. The Homes of colleagues who had made some of them follow; the rep's does anyway."""
    others = set(session.connection().execute(statement, given).scalars()) - {case.rep_id}
    if others:
        homes.follow(session, case.team_id, others, now)


def drop_kind(tasks: Sequence[Task], kind: TaskKind, now: datetime) -> None:
    """Take back those of these tasks that are of one kind."""
    for task in tasks:
        if task.kind == kind:
            task.dropped_at = now


def move(session: Session, task: Task, due_at: datetime) -> None:
    """Give a task another date, and its reminder with it."""
    reschedule(task, due_at)
    outbox.enqueue(session, alarm(task))


def reschedule(task: Task, due_at: datetime) -> None:
    """Give a task another date: it has not been brought to anybody yet."""
    task.due_at = task.remind_at = due_at
    task.reminded_at, task.times = None, 0


def with_customer(statement: sa.Select[*Ts]) -> sa.Select[*Ts]:
    """A query of tasks, joined to the case or the sale they belong to, and to its customer."""
    customer_id = sa.func.coalesce(col(Case.customer_id), col(Sale.customer_id), col(Task.customer_id))
    return (
        statement.outerjoin(Case, (col(Case.team_id) == col(Task.team_id)) & (col(Case.id) == col(Task.case_id)))
        .outerjoin(Sale, (col(Sale.team_id) == col(Task.team_id)) & (col(Sale.id) == col(Task.sale_id)))
        .outerjoin(Customer, (col(Customer.team_id) == col(Task.team_id)) & (col(Customer.id) == customer_id))
    )


_OF_ID = (
    with_customer(sa.select(Task, Case, Sale, Customer, Member, Team).select_from(Task))
    .outerjoin(Member, (col(Member.team_id) == col(Task.team_id)) & (col(Member.user_id) == col(Task.owner_id)))
    .outerjoin(Team, col(Team.team_id) == col(Task.team_id))
    .where(col(Task.team_id) == bindparam("team_id"), col(Task.id) == bindparam("task_id"))
    .with_for_update(of=Task)
)


def find(session: Session, team_id: str, user_id: str, task_id: int) -> Reminder:
    """One task of this member's. Raises `Declined` when it is not there or not theirs."""
    reminder = _anybodys(session, team_id, task_id)
    if reminder.task.owner_id != user_id:
        raise Declined(Reason.NOT_YOURS)
    return reminder


def _anybodys(session: Session, team_id: str, task_id: int) -> Reminder:
    """One task, as its owner sees it."""
    found = session.execute(_OF_ID, {"team_id": team_id, "task_id": task_id}).first()
    if found is None:
        raise Declined(Reason.GONE)
    task, case, sale, customer, member, team = found
    return Reminder(task, case, sale, customer, member or Member(team_id=team_id, user_id=task.owner_id), team)


def is_open(task: Task) -> bool:
    """Whether a task still waits to be done."""
    return task.done_at is None and task.dropped_at is None


def done(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """Mark a task as done. Doing it twice changes nothing."""
    reminder = find(session, team_id, user_id, task_id)
    if is_open(reminder.task):
        reminder.task.done_at = now
    return reminder


def drop_one(session: Session, team_id: str, user_id: str, task_id: int, why: str | None, now: datetime) -> Reminder:
    """Stop reminding of a task. One that is done or dropped stays as it is. Raises `Declined` for a card number."""
    refuse_card_numbers(why)
    reminder = find(session, team_id, user_id, task_id)
    if is_open(reminder.task):
        reminder.task.dropped_at, reminder.task.dropped_why = now, why or ""
    return reminder


def keep(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """Go on reminding of a task that was not answered for long, and never ask about that again."""
    reminder = find(session, team_id, user_id, task_id)
    task = reminder.task
    if is_open(task):
        task.facts = {**task.facts, KEPT: "1"}
        move(session, task, reminder.hours.morning_after(now))
    return reminder


def hand_over(session: Session, team_id: str, user_id: str, task_id: int, to: str, now: datetime) -> Reminder:
    """Make a task somebody else's to do, who hears of it at once; what was sent twice is given once.

    Raises `Declined` for handing it to oneself.
    """
    reminder = _anybodys(session, team_id, task_id)
    task = reminder.task
    if (task.owner_id, task.handed_by) == (to, user_id) and task.handed_at and task.handed_at > resent.since(now):
        return replace(reminder, member=members.get(session, team_id, user_id))
    if task.owner_id != user_id:
        raise Declined(Reason.NOT_YOURS)
    if to == user_id:
        raise Declined(Reason.YOUR_OWN)
    if is_open(task):
        known = members.find(session, team_id, to)
        give(task, to, now)
        outbox.enqueue(session, alarm(task), *members.look_up_if_new(known, team_id, to, now))
        homes.follow(session, team_id, (to,), now)
    return reminder


def give(task: Task, to: str, now: datetime) -> None:
    """Make a task somebody else's, to be brought to them at once."""
    task.handed_by, task.handed_at, task.owner_id = task.owner_id, now, to
    task.handed_ts, task.message_ts = task.message_ts, None
    task.reminded_at, task.times, task.remind_at = None, 0, now


def take(task: Task, user_id: str, now: datetime) -> None:
    """Make a task this member's again, who has it before them as it was."""
    task.owner_id, task.handed_by, task.handed_at, task.reminded_at = user_id, None, None, now
    task.message_ts, task.handed_ts = task.handed_ts, None


def undo(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """Take back what this member said of a task: done, dropped, or handed over.

    Raises `Declined` when that was more than a day ago, or where there is nothing of theirs to take back.
    """
    reminder = _anybodys(session, team_id, task_id)
    task = reminder.task
    if user_id not in (task.owner_id, task.handed_by):
        raise Declined(Reason.NOT_YOURS)
    said_at = undoable_since(task, user_id)
    if said_at is None:
        raise Declined(Reason.GONE)
    if now - said_at > _UNDONE_WITHIN:
        raise Declined(Reason.LONG_AGO)
    member = members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    reminder = replace(reminder, member=member)
    if task.owner_id != user_id:
        homes.follow(session, team_id, (task.owner_id,), now)
        take(task, user_id, now)
        task.remind_at = next_time(reminder, now)
    task.done_at = task.dropped_at = task.dropped_why = None
    task.remind_at = max(task.remind_at or now, now)
    outbox.enqueue(session, alarm(task))
    return reminder


def undoable_since(task: Task, user_id: str) -> datetime | None:
    """When this member said what they may take back; None where there is nothing of the kind.

    Whether they met, and that a customer has gone, has changed more than the task.
    """
    if task.owner_id != user_id:
        return task.handed_at if task.handed_by == user_id and is_open(task) else None
    if task.dropped_at and task.dropped_why is not None:
        return task.dropped_at
    return task.done_at if task.kind != TaskKind.MET and _GONE not in task.facts else None


def snooze(
    session: Session, team_id: str, user_id: str, task_id: int, until: Snooze | datetime, now: datetime
) -> Reminder:
    """Put a task off. One that is done or dropped stays as it is."""
    reminder = find(session, team_id, user_id, task_id)
    if is_open(reminder.task):
        # An hour that somebody chose is theirs to choose, late as it may be.
        reminder.task.exact = until is Snooze.HOUR or isinstance(until, datetime)
        move(session, reminder.task, _until(until, now, reminder.hours))
    return reminder


def _until(until: Snooze | datetime, now: datetime, hours: Hours) -> datetime:
    match until:
        case datetime():
            return until
        case Snooze.HOUR:
            return now + timedelta(hours=1)
        case Snooze.TOMORROW:
            return hours.morning_after(now)
    return hours.morning_after(now + _WEEK)


def next_time(reminder: Reminder, now: datetime) -> datetime | None:
    """When to bring a task again that was just brought, while nobody says anything about it; None for never.

    On the next working day, and not before it is due. Once its owner was asked what to do about it, what was promised
    to a customer comes once a week, and the rest stays in the list.
    """
    task, hours = reminder.task, reminder.hours
    if task.times < IGNORED_TIMES or KEPT in task.facts:
        return max(hours.morning_after(now), task.due_at)
    return hours.morning_after(now + _WEEK) if task.kind in PROMISED else None


def _zone(member: Member) -> ZoneInfo:
    return calendar.zone(member.timezone)
