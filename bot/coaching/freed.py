"""What an hour that an appointment has freed can be used for."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col

from bot.coaching import customers, reminders
from bot.coaching.cases import Freed
from bot.storage.models import Case, Customer, Task, UtcDateTime

_SOON = timedelta(days=2)

_FREE_TASK = (
    reminders.with_customer(sa.select(Task, Case, Customer).select_from(Task))
    .where(
        col(Task.team_id) == bindparam("team_id"),
        col(Task.owner_id) == bindparam("user_id"),
        col(Task.done_at).is_(None),
        col(Task.dropped_at).is_(None),
        col(Task.case_id) != bindparam("case_id"),
        col(Case.rep_id) == col(Task.owner_id),
        col(Task.due_at) <= bindparam("soon", type_=UtcDateTime),
    )
    .order_by(col(Task.due_at))
    .limit(1)
)
_FREE_CASE = (
    sa.select(Case, Customer)
    .outerjoin(Customer, customers.of_case())
    .where(
        col(Case.team_id) == bindparam("team_id"),
        col(Case.rep_id) == bindparam("user_id"),
        col(Case.outcome).is_(None),
        col(Case.waiting_until).is_(None),
        ~col(Case.made_up),
        col(Case.id) != bindparam("case_id"),
    )
    .order_by(col(Case.touched_at).desc())
    .limit(1)
)


def best_for(session: Session, case: Case, now: datetime) -> Freed | None:
    """The next best thing for an hour that an appointment has freed: what is due in a few days, else an open case."""
    who = {"team_id": case.team_id, "user_id": case.rep_id, "case_id": case.id}
    if found := session.execute(_FREE_TASK, {**who, "soon": now + _SOON}).first():
        task, of, customer = found
        return Freed(of.id or 0, customers.name_of(of, customer), task)
    if other := session.execute(_FREE_CASE, who).first():
        of, customer = other
        return Freed(of.id or 0, customers.name_of(of, customer))
    return None
