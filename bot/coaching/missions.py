"""The mission vault: why somebody bought, in their own words."""

from datetime import datetime

from sqlalchemy import Update
from sqlmodel import Session, col, select, update

from bot.storage.models import Case, Mission

FIELD = "mission"


def latest(session: Session, case: Case) -> Mission | None:
    """The words kept last for this customer, before this conversation."""
    elsewhere = col(Mission.case_id).is_(None) | (col(Mission.case_id) != case.id)
    return session.exec(
        select(Mission)
        .where(col(Mission.team_id) == case.team_id, col(Mission.customer_id) == case.customer_id, elsewhere)
        .order_by(col(Mission.heard_at).desc())
        .limit(1)
    ).first()


def keep(session: Session, case: Case, words: str, now: datetime) -> None:
    """Keep what they hoped for; words heard later in one conversation take the place of the earlier ones."""
    changed = session.connection().execute(_of(case).values(words=words, heard_at=now))
    if not changed.rowcount:
        session.add(
            Mission(
                team_id=case.team_id,
                customer_id=case.customer_id,
                case_id=case.id,
                words=words,
                heard_by=case.rep_id,
                heard_at=now,
            )
        )


def follow(session: Session, case: Case) -> None:
    """Words heard in a case belong to its customer, also when that turns out to be somebody else."""
    session.execute(_of(case).values(customer_id=case.customer_id))


def _of(case: Case) -> Update:
    return update(Mission).where(col(Mission.team_id) == case.team_id, col(Mission.case_id) == case.id)
