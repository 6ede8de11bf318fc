"""What is due: whether it is still wanted, asked at the moment of sending."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.coaching import calendar, posts, reminders
from bot.coaching.outcomes import UNCOUNTED, Outcome
from bot.coaching.playbooks import Kind
from bot.coaching.reminders import UNINVITED, Reminder, TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Task, UtcDateTime

# What looks after somebody who stayed or bought, and ends when they leave.
_LOOKING_AFTER = frozenset(
    {
        TaskKind.CHECK_IN,
        TaskKind.SOFT_YES_CALL,
        TaskKind.AFTER_SALE,
        TaskKind.UNSURE_CALL,
        TaskKind.PROBLEM,
    }
)
_WORKED_ON = timedelta(days=14)
_OF_A_DATE = frozenset({TaskKind.USEFUL, TaskKind.MET})

_LATER = select(Case).where(
    col(Case.team_id) == bindparam("team_id"),
    col(Case.customer_id) == bindparam("customer_id"),
    col(Case.opened_at) >= bindparam("since", type_=UtcDateTime),
    col(Case.id) != bindparam("case_id"),
    col(Case.outcome).is_(None) | col(Case.outcome).not_in(UNCOUNTED),
)


def due_now(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder | None:
    """A reminder as it should go out now; None where it is not wanted any more, or not yet.

    What nobody wants is dropped. Looking after somebody waits while they are just cancelling. A view that did not reach
    its channel is asked to be passed on by hand. Raises `Declined` when the task is gone or not this member's.
    """
    reminder = reminders.find(session, team_id, user_id, task_id)
    task = reminder.task
    if not reminders.is_open(task):
        return None
    later = _later(session, reminder) if task.kind in _LOOKING_AFTER | _OF_A_DATE else ()
    if _is_unwanted(reminder, later):
        task.dropped_at = now
        return None
    if _has_to_wait(task, later, now):
        tomorrow = calendar.next_workday_morning(now, calendar.zone(reminder.member.timezone))
        outbox.enqueue(session, replace(reminders.due(task), due_at=tomorrow))
        return None
    post = task.facts.get(posts.KIND)
    if task.kind == TaskKind.TELL_HEARD and post and not outbox.has_gone_out(session, team_id, post):
        outbox.cancel(session, team_id, post)
        task.kind = TaskKind.FORWARD
    return reminder


def _is_unwanted(reminder: Reminder, later: Sequence[Case]) -> bool:
    task, customer = reminder.task, reminder.customer
    if customer and customer.left_alone_since and task.kind in UNINVITED:
        return True
    if task.kind in _OF_A_DATE:
        return any(case.kind == Kind.APPOINTMENT and case.outcome for case in later)
    left = [case.decided_at for case in later if case.outcome == Outcome.LEFT and case.decided_at]
    return any(moment > task.created_at for moment in left)


def _has_to_wait(task: Task, later: Sequence[Case], now: datetime) -> bool:
    """Whether this customer is just cancelling the same sort of thing; a card that nobody works on holds nothing up."""
    about_a_date = task.kind in _OF_A_DATE
    return any(
        (case.kind == Kind.APPOINTMENT) is about_a_date
        and case.outcome in (None, Outcome.COOL_OFF)
        and case.touched_at > now - _WORKED_ON
        for case in later
    )


def _later(session: Session, reminder: Reminder) -> Sequence[Case]:
    """The cases of this customer since the one, or the sale, that a reminder belongs to."""
    case, sale, customer = reminder.case, reminder.sale, reminder.customer
    since = case.opened_at if case else sale.sold_at if sale else None
    if customer is None or since is None:
        return ()
    which = {
        "team_id": reminder.task.team_id,
        "customer_id": customer.id,
        "since": since,
        "case_id": case.id if case else 0,
    }
    return session.exec(_LATER, params=which).all()
