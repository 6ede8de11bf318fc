"""What a member has open: the list, and the Home."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.coaching import customers, members
from bot.storage.models import Case, Customer, Member, Task


@dataclass(frozen=True)
class Agenda:
    """A member's open tasks, soonest first, and open cases, latest first, each with whom it is about.

    The counts say how many there are in all.
    """

    member: Member
    tasks: Sequence[tuple[Task, str | None]]
    cases: Sequence[tuple[Case, str | None]]
    task_count: int
    case_count: int


def agenda(session: Session, team_id: str, user_id: str, most: int) -> Agenda:
    """Up to `most` tasks and as many cases of this member's."""
    member = members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    tasks = session.exec(
        select(Task, Case, Customer, func.count().over())
        .join(Case, (col(Case.team_id) == team_id) & (col(Case.id) == col(Task.case_id)))
        .outerjoin(Customer, customers.of_case())
        .where(
            col(Task.team_id) == team_id,
            col(Task.owner_id) == user_id,
            col(Task.done_at).is_(None),
            col(Task.dropped_at).is_(None),
        )
        .order_by(col(Task.due_at), col(Task.id))
        .limit(most)
    ).all()
    cases = session.exec(
        select(Case, Customer, func.count().over())
        .outerjoin(Customer, customers.of_case())
        .where(col(Case.team_id) == team_id, col(Case.rep_id) == user_id, col(Case.closed_at).is_(None))
        .order_by(col(Case.touched_at).desc(), col(Case.id).desc())
        .limit(most)
    ).all()
    return Agenda(
        member,
        [(task, customers.name_of(case, customer)) for task, case, customer, _ in tasks],
        [(case, customers.name_of(case, customer)) for case, customer, _ in cases],
        tasks[0][3] if tasks else 0,
        cases[0][2] if cases else 0,
    )
