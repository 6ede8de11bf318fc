"""Cases that wait too long: open, with nothing planned, and not worked on for days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.coaching import customers
from bot.coaching.reminders import ASKED_APART
from bot.storage.models import Case, Customer, Task

# For so long a case may rest; as long after the day on which something was planned in it.
TOO_LONG = timedelta(days=3)
SHOWN_MOST = 5


@dataclass(frozen=True)
class Waiting:
    """A page of the cases that wait too long, the longest first with their customers' names, and how many in all."""

    cases: Sequence[tuple[Case, str | None]] = ()
    count: int = 0


def too_long(session: Session, team_id: str, user_id: str, now: datetime, before: int = 0, *, manages: bool) -> Waiting:
    """A rep's own, from behind `before` of them on; for whoever `manages`, all of the team."""
    since = now - TOO_LONG
    planned = sa.exists().where(
        col(Task.team_id) == col(Case.team_id),
        col(Task.case_id) == col(Case.id),
        col(Task.done_at).is_(None),
        col(Task.dropped_at).is_(None),
        col(Task.due_at) >= since,
        # That the bot asks about a case plans nothing in it.
        col(Task.kind).not_in(ASKED_APART),
    )
    whose = [] if manages else [col(Case.rep_id) == user_id]
    rests = (~col(Case.made_up), col(Case.closed_at).is_(None), col(Case.touched_at) < since, ~planned)
    found = session.execute(
        sa.select(Case, Customer, sa.func.count().over())
        .outerjoin(Customer, customers.of_case())
        .where(col(Case.team_id) == team_id, *whose, *rests)
        .order_by(col(Case.touched_at), col(Case.id))
        .offset(before)
        .limit(SHOWN_MOST)
    ).all()
    cases = [(case, customers.name_of(case, customer)) for case, customer, _ in found]
    return Waiting(cases, found[0][2] if found else 0)
