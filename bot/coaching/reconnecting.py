"""`/reconnect`: what is due and coming, a reminder of one's own, and time away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.coaching import customers, homes, hours, members, reminders, resent
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.errors import Declined, Reason
from bot.coaching.reminders import Reminder, TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Mission, Sale, Task, Team

SHOWN_MOST = 20
CALENDAR = "calendar"
CALENDAR_MOST = 500
_UNDONE_WITHIN = timedelta(days=1)

_MINE = (
    col(Task.team_id) == bindparam("team_id"),
    col(Task.owner_id) == bindparam("user_id"),
    col(Task.done_at).is_(None),
    col(Task.dropped_at).is_(None),
)
# Counted apart: the index then brings the first of them without looking at the rest.
_ALL_OF_MINE = sa.select(sa.func.count()).select_from(Task).where(*_MINE).scalar_subquery()
_COMING = (
    reminders.with_customer(sa.select(Task, Case, Sale, Customer, _ALL_OF_MINE).select_from(Task))
    .where(*_MINE)
    .order_by(col(Task.due_at), col(Task.id))
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Coming:
    """What a member has promised, soonest first, and how much there is in all."""

    member: Member
    team: Team | None
    reminders: Sequence[Reminder]
    count: int


@dataclass(frozen=True)
class Away:
    """A member who is away, and what falls due meanwhile."""

    member: Member
    until: datetime
    count: int


def coming(session: Session, team_id: str, user_id: str, most: int = SHOWN_MOST) -> Coming:
    """Up to `most` of what this member has promised."""
    member = members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    team = session.get(Team, team_id)
    found = session.execute(_COMING, {"team_id": team_id, "user_id": user_id, "most": most}).all()
    listed = [Reminder(task, case, sale, customer, member, team) for task, case, sale, customer, _ in found]
    return Coming(member, team, listed, found[0][4] if found else 0)


def book(
    session: Session, team_id: str, user_id: str, name: str, at: datetime, now: datetime, *, exact: bool
) -> Reminder:
    """Remind this member of a customer. One whom nobody knows yet is known from now on.

    Raises `Declined` for a card number, and for whoever asked not to be contacted.
    """
    refuse_card_numbers(name)
    known = customers.by_name(session, team_id, name)
    customer = known[0].customer if known else customers.create(session, team_id, name, now)
    if customer.left_alone_since:
        raise Declined(Reason.LEFT_ALONE)
    member = members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    task = Task(
        team_id=team_id,
        customer_id=customer.id,
        owner_id=user_id,
        kind=TaskKind.RECONNECT,
        facts=_in_their_words(session, customer),
        due_at=at,
        remind_at=at,
        exact=exact,
        created_at=now,
    )
    session.add(task)
    session.flush()
    outbox.enqueue(session, reminders.alarm(task))
    return Reminder(task, None, None, customer, member, session.get(Team, team_id))


def unbook(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """Take back a reminder that was booked just now. Raises `Declined` when that was more than a day ago."""
    reminder = reminders.find(session, team_id, user_id, task_id)
    if now - reminder.task.created_at > _UNDONE_WITHIN:
        raise Declined(Reason.LONG_AGO)
    if reminders.is_open(reminder.task):
        reminder.task.dropped_at = now
    return reminder


def calendar_due(team_id: str, user_id: str, now: datetime) -> outbox.Due:
    """The outbox row that sends a member the calendar file of their reminders."""
    return outbox.Due(team_id, f"{CALENDAR}:{user_id}:{int(now.timestamp())}", CALENDAR, user_id, now)


def leave(session: Session, team_id: str, user_id: str, until: datetime, now: datetime) -> Away:
    """Be away: whatever falls due until then waits for the first working hour after it."""
    member = members.meet(session, team_id, user_id)
    member.away_until = hours.of(member, session.get(Team, team_id)).next_open(until)
    outbox.enqueue(session, *homes.own(member, now))
    return Away(member, member.away_until, len(_due_until(session, member, member.away_until)))


def come_back(session: Session, team_id: str, user_id: str, now: datetime) -> tuple[Member, bool]:
    """Be back, and whether they had been away.

    What waited is brought at once, in working hours; what came before they left today is not repeated.
    """
    member = members.meet(session, team_id, user_id)
    until = member.away_until
    if until:
        works = hours.of(member, session.get(Team, team_id))
        for task in _due_until(session, member, until):
            came_today = task.reminded_at and works.today(task.reminded_at) == works.today(now)
            if task.due_at <= now and task.remind_at and task.remind_at >= until and not came_today:
                task.remind_at = now
        member.away_until = None
        outbox.enqueue(session, reminders.alarm_of(team_id, user_id, now), *homes.own(member, now))
    return member, until is not None and now < until


def hand_all_over(session: Session, team_id: str, user_id: str, to: str, now: datetime) -> tuple[int, datetime]:
    """Give a colleague everything that falls due while this member is away; how much that is, and since when.

    What was sent twice is given once. Raises `Declined` for giving it to oneself.
    """
    if to == user_id:
        raise Declined(Reason.YOUR_OWN)
    member = members.meet(session, team_id, user_id)
    tasks = _due_until(session, member, member.away_until) if member.away_until else ()
    if not tasks and (given := _given_before(session, team_id, user_id, to, now)):
        return len(given), given[0]
    for task in tasks:
        reminders.give(task, to, now)
    known = members.find(session, team_id, to)
    session.flush()
    learn = members.look_up_if_new(known, team_id, to, now)
    outbox.enqueue(session, reminders.alarm_of(team_id, to, now), *learn)
    homes.follow(session, team_id, (user_id, to), now)
    return len(tasks), now


def _given_before(session: Session, team_id: str, user_id: str, to: str, now: datetime) -> Sequence[datetime]:
    """The moment at which the same form gave things to this colleague, once for each of them."""
    theirs = (col(Task.team_id) == team_id, col(Task.owner_id) == to, col(Task.handed_by) == user_id)
    just = col(Task.handed_at) >= resent.since(now)
    moments = session.exec(select(Task.handed_at).where(*theirs, just).order_by(col(Task.handed_at).desc())).all()
    return [each for each in moments if each and each == moments[0]]


def take_all_back(session: Session, team_id: str, user_id: str, handed_at: datetime, now: datetime) -> int:
    """Take back what was handed over at that moment, as far as nobody has done it, and say how much that is.

    Raises `Declined` when that was more than a day ago.
    """
    if now - handed_at > _UNDONE_WITHIN:
        raise Declined(Reason.LONG_AGO)
    handed = session.exec(
        select(Task).where(
            col(Task.team_id) == team_id,
            col(Task.handed_by) == user_id,
            col(Task.handed_at) == handed_at,
            col(Task.done_at).is_(None),
            col(Task.dropped_at).is_(None),
        )
    ).all()
    had = {task.owner_id for task in handed}
    for task in handed:
        reminders.take(task, user_id, now)
    session.flush()
    outbox.enqueue(session, reminders.alarm_of(team_id, user_id, now))
    homes.follow(session, team_id, {user_id, *had}, now)
    return len(handed)


def _due_until(session: Session, member: Member, until: datetime) -> Sequence[Task]:
    return session.exec(
        select(Task)
        .where(
            col(Task.team_id) == member.team_id,
            col(Task.owner_id) == member.user_id,
            col(Task.done_at).is_(None),
            col(Task.dropped_at).is_(None),
            col(Task.due_at) < until,
        )
        .order_by(col(Task.due_at), col(Task.id))
    ).all()


def _in_their_words(session: Session, customer: Customer) -> dict[str, str]:
    heard = session.exec(
        select(Mission)
        .where(col(Mission.team_id) == customer.team_id, col(Mission.customer_id) == customer.id)
        .order_by(col(Mission.heard_at).desc())
        .limit(1)
    ).first()
    return {"mission": heard.words} if heard else {}
