"""The mission vault: why somebody bought, in their own words."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from bot.storage.models import Case, Mission

FIELD = "mission"


def latest(session: Session, case: Case) -> Mission | None:
    """The words kept last for this customer: at the sale, or in another conversation than this one."""
    if case.customer_id is None:
        return None
    theirs = select(Case.id).where(
        col(Case.team_id) == case.team_id, col(Case.customer_id) == case.customer_id, col(Case.id) != case.id
    )
    return session.exec(
        select(Mission)
        .where(
            col(Mission.team_id) == case.team_id,
            (col(Mission.customer_id) == case.customer_id) | col(Mission.case_id).in_(theirs),
        )
        .order_by(col(Mission.heard_at).desc())
        .limit(1)
    ).first()


def keep(session: Session, case: Case, words: str, now: datetime) -> None:
    """Keep what they hoped for; words heard later in one conversation take the place of the earlier ones."""
    changed = session.connection().execute(
        update(Mission)
        .where(col(Mission.team_id) == case.team_id, col(Mission.case_id) == case.id)
        .values(words=words, heard_at=now)
    )
    if not changed.rowcount:
        session.add(Mission(team_id=case.team_id, case_id=case.id, words=words, heard_by=case.rep_id, heard_at=now))
