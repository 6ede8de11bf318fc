"""Held checks: whether somebody who stayed is still with us, 30, 60 and 90 days on."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.coaching import calendar, homes, members, reminders, stories
from bot.coaching.outcomes import STAYED
from bot.coaching.reminders import Promise, Reminder, TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Task

KIND = "held"
# What a task says of whether a save held. Only what somebody said is kept: a check that is done says nothing.
HELD = "held"
YES, NO, UNKNOWN = "yes", "no", "unknown"
# After how many days it is asked, and the fact that says which time it is.
DAYS = (30, 60, 90)
AFTER = "days"


def first_check(case: Case, member: Member, now: datetime) -> outbox.Due:
    """The outbox row that brings the first check on somebody who stays now."""
    return _check(case, member, now, DAYS[0])


def bring(session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> None:
    """Ask whether somebody is still with us, where they had stayed and nothing has changed since."""
    found = session.exec(
        select(Case, Customer)
        .outerjoin(Customer, (col(Customer.team_id) == col(Case.team_id)) & (col(Customer.id) == col(Case.customer_id)))
        .where(col(Case.team_id) == team_id, col(Case.id) == case_id, col(Case.rep_id) == user_id)
    ).first()
    if found is None:
        return
    case, customer = found
    if case.outcome not in STAYED or (customer and customer.left_alone_since):
        return
    member = members.get(session, team_id, user_id)
    if members.HELD in member.unwanted:
        return
    where = calendar.zone(member.timezone)
    # By the day, as it is booked: the hour at which they stayed may be later than the morning of the check.
    since = now.astimezone(where).date() - _stayed_at(case).astimezone(where).date()
    days = max((each for each in DAYS if each <= since.days), default=DAYS[0])
    (task,) = reminders.book(session, case, member, now, Promise(TaskKind.HELD, at=now, facts={AFTER: str(days)}))
    outbox.enqueue(session, reminders.alarm(task), *homes.own(member, now))


def has_gone(task: Task) -> bool:
    """Whether the customer was found to be no longer with us."""
    return task.facts.get(HELD) == NO


def answer_held(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """They are still with us: it is asked again at the next of the days. Raises `Declined` as `answer_gone` does."""
    return _answer(session, team_id, user_id, task_id, YES, now)


def answer_unknown(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """Nobody knows: that is kept too, and it is asked again. Raises `Declined` as `answer_gone` does."""
    return _answer(session, team_id, user_id, task_id, UNKNOWN, now)


def answer_gone(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """They are no longer with us: that is kept, and their story is out of sight until somebody has looked at it.

    Said before the first check, it is that check's answer. A task that is done or dropped stays as it is. Raises
    `Declined` when it is not there or not this member's.
    """
    return _answer(session, team_id, user_id, task_id, NO, now)


def _answer(session: Session, team_id: str, user_id: str, task_id: int, said: str, now: datetime) -> Reminder:
    reminder = reminders.find(session, team_id, user_id, task_id)
    task, case = reminder.task, reminder.case
    if not reminders.is_open(task):
        return reminder
    task.done_at = now
    task.facts = {**task.facts, HELD: said}
    if said == NO:
        stories.doubt(session, team_id, reminder.customer, case, user_id, now)
    if case and task.kind == TaskKind.HELD:
        following = next((days for days in DAYS if days > int(task.facts[AFTER])), None)
        if said != NO and following:
            outbox.enqueue(session, _check(case, reminder.member, _stayed_at(case), following))
    elif case:
        (check,) = reminders.book(session, case, reminder.member, now, Promise(TaskKind.HELD, at=now))
        check.done_at, check.facts = now, {HELD: said}
        outbox.cancel(session, team_id, _key(case))
    return reminder


def _check(case: Case, member: Member, stayed_at: datetime, days: int) -> outbox.Due:
    """A check comes with all others of its week, on a Monday."""
    where = calendar.zone(member.timezone)
    day = calendar.monday(stayed_at.astimezone(where).date() + timedelta(days=days))
    return outbox.Due(case.team_id, _key(case), KIND, case.rep_id, calendar.at(day, calendar.MORNING, where), case.id)


def _key(case: Case) -> str:
    return f"{KIND}:{case.id}"


def _stayed_at(case: Case) -> datetime:
    # A correction says later what was so from that day on.
    return case.closed_at or case.decided_at or case.opened_at
