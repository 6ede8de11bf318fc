"""The mission vault: why somebody bought, in their own words."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from bot.storage.models import Case, Mission

FIELD = "mission"
# Among the words of a case, what somebody who does not exist had hoped for.
MADE_UP = "made_up"
_BOUGHT_AGO = timedelta(days=40)


_THEIR_OTHER_CASES = select(Case.id).where(
    col(Case.team_id) == bindparam("team_id"),
    col(Case.customer_id) == bindparam("customer_id"),
    col(Case.id) != bindparam("case_id"),
)
_LATEST = (
    select(Mission)
    .where(
        col(Mission.team_id) == bindparam("team_id"),
        (col(Mission.customer_id) == bindparam("customer_id")) | col(Mission.case_id).in_(_THEIR_OTHER_CASES),
    )
    .order_by(col(Mission.heard_at).desc())
    .limit(1)
)
_CHANGE = update(Mission).where(
    col(Mission.team_id) == bindparam("of_team"), col(Mission.case_id) == bindparam("of_case")
)


def latest(session: Session, case: Case) -> Mission | None:
    """The words kept last for this customer: at the sale, or in another conversation than this one."""
    if case.customer_id is None:
        return None
    who = {"team_id": case.team_id, "customer_id": case.customer_id, "case_id": case.id}
    return session.exec(_LATEST, params=who).first()


def keep(session: Session, case: Case, words: str, now: datetime) -> None:
    """Keep what they hoped for; words heard later in one conversation take the place of the earlier ones."""
    heard = {"of_team": case.team_id, "of_case": case.id, "words": words, "heard_at": now}
    if not session.connection().execute(_CHANGE.values(words=words, heard_at=now), heard).rowcount:
        session.add(Mission(team_id=case.team_id, case_id=case.id, words=words, heard_by=case.rep_id, heard_at=now))


def made_up(case: Case) -> Mission:
    """What somebody who does not exist had hoped for. It is kept nowhere but with the case."""
    heard_at = case.opened_at - _BOUGHT_AGO
    return Mission(team_id=case.team_id, words=case.words.get(MADE_UP, ""), heard_by=case.rep_id, heard_at=heard_at)
