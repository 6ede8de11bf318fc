"""What a member has open: the list, and the Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from bot.coaching import customers, insight, library, members, reminders, verifiers, waiting
from bot.coaching.cases import Freed
from bot.coaching.errors import Declined, Reason
from bot.coaching.insight import Insight
from bot.coaching.library import Library
from bot.coaching.playbooks import Playbook
from bot.coaching.reminders import Reminder
from bot.coaching.verifiers import Queue
from bot.coaching.waiting import Waiting
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, OutboxRow, Sale, Task, UtcDateTime

PARKED_MOST = 5


@dataclass(frozen=True)
class Agenda:
    """A member's open tasks, soonest first, and open cases, latest first with their customers' names.

    The counts say how many there are in all. On the Home, `waiting` are the cases that wait too long, `queue` the
    stories to look at, and `insight` says where the member's conversations end most. `library` is what a manager may
    change there, and `parked` what Slack refused to deliver.
    """

    member: Member
    tasks: Sequence[Reminder]
    cases: Sequence[tuple[Case, str | None]]
    task_count: int
    case_count: int
    library: Library | None = None
    parked: Sequence[OutboxRow] = ()
    waiting: Waiting = field(default_factory=Waiting)
    queue: Queue | None = None
    insight: Insight | None = None


def agenda(session: Session, team_id: str, user_id: str, most: int) -> Agenda:
    """Up to `most` tasks and as many cases of this member's."""
    member = members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    tasks = session.execute(
        reminders.with_customer(sa.select(Task, Case, Sale, Customer, func.count().over()).select_from(Task))
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
        [Reminder(task, case, sale, customer, member) for task, case, sale, customer, _ in tasks],
        [(case, customers.name_of(case, customer)) for case, customer, _ in cases],
        tasks[0][4] if tasks else 0,
        cases[0][2] if cases else 0,
    )


def at_home(
    session: Session, team_id: str, user_id: str, most: int, books: Mapping[str, Playbook], now: datetime
) -> Agenda:
    """The same for this member's Home, with what waits too long, and where a manager finds the library too."""
    found = agenda(session, team_id, user_id, most)
    manages = found.member.manages_since is not None
    shown = replace(
        found,
        waiting=waiting.too_long(session, team_id, user_id, now, manages=manages),
        queue=verifiers.queue(session, team_id, user_id, verifiers.QUEUE_MOST, found.member),
        insight=insight.of(session, team_id, user_id, books, now),
    )
    if not manages:
        return shown
    return replace(shown, library=library.of(session, team_id), parked=outbox.parked(session, team_id, PARKED_MOST))


def unpark(session: Session, team_id: str, user_id: str, row_id: int, now: datetime, *, send: bool) -> None:
    """Try again what could not be delivered, or leave it. Raises `Declined` for anybody but a manager."""
    members.require_manager(session, team_id, user_id)
    if not outbox.unpark(session, team_id, row_id, now, send=send):
        raise Declined(Reason.GONE)


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
        col(Case.id) != bindparam("case_id"),
    )
    .order_by(col(Case.touched_at).desc())
    .limit(1)
)


def freed_for(session: Session, case: Case, now: datetime) -> Freed | None:
    """The next best thing for an hour that an appointment has freed: what is due in a few days, else an open case."""
    who = {"team_id": case.team_id, "user_id": case.rep_id, "case_id": case.id}
    if found := session.execute(_FREE_TASK, {**who, "soon": now + _SOON}).first():
        task, of, customer = found
        return Freed(of.id or 0, customers.name_of(of, customer), task)
    if other := session.execute(_FREE_CASE, who).first():
        of, customer = other
        return Freed(of.id or 0, customers.name_of(of, customer))
    return None
