"""Who the customer is, and what has been between us before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select

from bot.coaching.outcomes import UNCOUNTED
from bot.coaching.spelling import fold
from bot.storage.models import Case, Customer, Member, Task, Team

_ROWS = 60


@dataclass(frozen=True)
class Past:
    """An earlier cancellation, with what was promised then."""

    case: Case
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """A customer we have met, and their earlier cancellations, latest first."""

    customer: Customer
    past: list[Past] = field(default_factory=list)

    def before(self, case: Case) -> Sequence[Past]:
        """What happened in other cases than this one."""
        return [past for past in self.past if past.case.id != case.id]


_COUNTED = (
    (col(Case.team_id) == col(Customer.team_id))
    & (col(Case.customer_id) == col(Customer.id))
    & sa.and_(*(col(Case.outcome).is_distinct_from(outcome) for outcome in UNCOUNTED))
)
_PROMISED = (
    (col(Task.team_id) == col(Case.team_id)) & (col(Task.case_id) == col(Case.id)) & col(Task.dropped_at).is_(None)
)

# Statements of the hot path are made once: building one costs more than running it.
_WITH_HISTORY = (
    select(Customer, Case, Task)
    .outerjoin(Case, _COUNTED)
    .outerjoin(Task, _PROMISED)
    .where(col(Customer.team_id) == bindparam("team_id"))
    .order_by(col(Case.opened_at).desc().nulls_last(), col(Task.due_at))
    .limit(_ROWS)
)
_OF_NAME = _WITH_HISTORY.where(col(Customer.name_key) == bindparam("name_key"))
_OF_ID = _WITH_HISTORY.where(col(Customer.id) == bindparam("id"))


# One row at least, whoever is known: the member stands beside everybody of the name.
_ARRIVAL = (
    sa.select(Member, Team, Customer, Case, Task)
    .select_from(sa.select(sa.literal(1)).subquery("arrival"))
    .outerjoin(Member, (col(Member.team_id) == bindparam("team_id")) & (col(Member.user_id) == bindparam("user_id")))
    .outerjoin(Team, col(Team.team_id) == bindparam("team_id"))
    .outerjoin(
        Customer, (col(Customer.team_id) == bindparam("team_id")) & (col(Customer.name_key) == bindparam("name_key"))
    )
    .outerjoin(Case, _COUNTED)
    .outerjoin(Task, _PROMISED)
    .order_by(col(Case.opened_at).desc().nulls_last(), col(Task.due_at))
    .limit(_ROWS)
)


def arrival(
    session: Session, team_id: str, user_id: str, name: str | None
) -> tuple[Member | None, Team | None, Sequence[Known]]:
    """A member who opens a case, if we have met them, their team's settings, and everybody of the customer's name.

    One statement for all of it.
    """
    who = {"team_id": team_id, "user_id": user_id, "name_key": fold(name) if name else None}
    rows = session.execute(_ARRIVAL, who).all()
    known = [(customer, case, task) for *_, customer, case, task in rows if customer is not None]
    return rows[0][0], rows[0][1], _known(known)


def by_name(session: Session, team_id: str, name: str) -> Sequence[Known]:
    """Everybody of that name, those met most recently first."""
    return _known(session.exec(_OF_NAME, params={"team_id": team_id, "name_key": fold(name)}).all())


def by_id(session: Session, team_id: str, customer_id: int) -> Known | None:
    """One customer with their history; None where the workspace has no such customer."""
    return next(iter(_known(session.exec(_OF_ID, params={"team_id": team_id, "id": customer_id}).all())), None)


def _known(rows: Sequence[tuple[Customer, Case, Task]]) -> Sequence[Known]:
    found: dict[int, Known] = {}
    pasts: dict[int, Past] = {}
    for customer, case, task in rows:
        known = found.setdefault(id_of(customer), Known(customer))
        # The outer joins leave gaps where a customer has no case, or a case no task.
        if case is None or case.id is None:
            continue
        if case.id not in pasts:
            pasts[case.id] = Past(case)
            known.past.append(pasts[case.id])
        if task is not None:
            pasts[case.id].tasks.append(task)
    return list(found.values())


def create(session: Session, team_id: str, name: str, now: datetime) -> Customer:
    """Add a customer."""
    customer = Customer(team_id=team_id, name=name, name_key=fold(name), created_at=now)
    session.add(customer)
    session.flush()
    return customer


def rename(customer: Customer, name: str) -> None:
    """Correct a customer's name; from now on they are found by it."""
    customer.name, customer.name_key = name, fold(name)


def of_case() -> ColumnElement[bool]:
    """The join from a case to its customer."""
    return (col(Customer.team_id) == col(Case.team_id)) & (col(Customer.id) == col(Case.customer_id))


def name_of(case: Case | None, customer: Customer | None) -> str | None:
    """The customer's name as typed; None while there is none."""
    return customer.name if customer else case.called if case else None


def id_of(customer: Customer) -> int:
    """The id of a stored customer."""
    if customer.id is None:
        raise ValueError("the customer is not stored yet")
    return customer.id
