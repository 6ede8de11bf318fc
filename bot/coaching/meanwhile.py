"""Two who have a case with the same customer at once: each is told of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import customers, members
from bot.coaching.cases import Card
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member

KIND, ANEW = "meanwhile", "meanwhile_anew"


@dataclass(frozen=True)
class Meeting:
    """Somebody who has a case open, and who has opened another with the same customer."""

    member: Member
    other: str
    name: str | None


def told(card: Card, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows by which colleagues who have a case with this customer hear of a new one."""
    return _dues(card.case, {each.rep_id for each in card.meanwhile}, now)


def anew(case: Case, now: datetime) -> outbox.Due:
    """The outbox row by which they are told of a case that somebody else has now, or that is open again."""
    return outbox.Due(case.team_id, f"{ANEW}:{case.id}", ANEW, case.rep_id, now, case.id)


def tell(session: Session, team_id: str, case_id: int, now: datetime) -> None:
    """Let whoever has a case with the same customer hear of this one, while it is open."""
    which = (col(Case.team_id) == team_id, col(Case.id) == case_id, col(Case.outcome).is_(None))
    if case := session.exec(select(Case).where(*which)).first():
        outbox.enqueue(session, *_dues(case, reps(session, case), now))


def reps(session: Session, case: Case) -> set[str]:
    """Who has a case open with the same customer, this one's rep included."""
    if case.customer_id is None:
        return set()
    theirs = (col(Case.team_id) == case.team_id, col(Case.customer_id) == case.customer_id)
    return set(session.exec(select(Case.rep_id).where(*theirs, col(Case.outcome).is_(None))).all())


def _dues(case: Case, reps: set[str], now: datetime) -> Sequence[outbox.Due]:
    key = f"{KIND}:{case.id}:{case.rep_id}"
    others = sorted(reps - {case.rep_id})
    return [outbox.Due(case.team_id, f"{key}:{each}", KIND, each, now, case.id) for each in others]


def find(session: Session, team_id: str, user_id: str, case_id: int) -> Meeting | None:
    """Who has that case, for this member; None once it has ended or become theirs, or where their own has ended."""
    which = (col(Case.team_id) == team_id, col(Case.id) == case_id, col(Case.rep_id) != user_id)
    found = session.exec(
        select(Case, Customer).join(Customer, customers.of_case()).where(*which, col(Case.outcome).is_(None))
    ).first()
    if found is None:
        return None
    case, customer = found
    mine = (col(Case.team_id) == team_id, col(Case.customer_id) == customer.id, col(Case.rep_id) == user_id)
    if session.exec(select(Case.id).where(*mine, col(Case.outcome).is_(None)).limit(1)).first() is None:
        return None
    return Meeting(members.get(session, team_id, user_id), case.rep_id, customers.name_of(case, customer))
