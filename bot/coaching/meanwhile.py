"""Two who have a case with the same customer at once: each is told of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import customers, members
from bot.coaching.cases import Card
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member

KIND = "meanwhile"


@dataclass(frozen=True)
class Meeting:
    """Somebody who has a case open, and who has opened another with the same customer."""

    member: Member
    other: str
    name: str | None


def told(card: Card, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows by which colleagues who have a case with this customer hear of a new one."""
    case = card.case
    others = {each.rep_id for each in card.meanwhile} - {case.rep_id}
    return [outbox.Due(case.team_id, f"{KIND}:{case.id}:{each}", KIND, each, now, case.id) for each in sorted(others)]


def find(session: Session, team_id: str, user_id: str, case_id: int) -> Meeting | None:
    """Who has opened that case, for this member; None once it has ended, or where theirs has."""
    found = session.exec(
        select(Case, Customer)
        .join(Customer, customers.of_case())
        .where(col(Case.team_id) == team_id, col(Case.id) == case_id, col(Case.outcome).is_(None))
    ).first()
    if found is None:
        return None
    case, customer = found
    mine = (col(Case.team_id) == team_id, col(Case.customer_id) == customer.id, col(Case.rep_id) == user_id)
    if session.exec(select(Case.id).where(*mine, col(Case.outcome).is_(None)).limit(1)).first() is None:
        return None
    return Meeting(members.get(session, team_id, user_id), case.rep_id, customers.name_of(case, customer))
