"""What somebody had typed into a form when it was closed: kept for a day, and brought back once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete

from bot.storage.models import Draft

_KEPT_FOR = timedelta(days=1)

Values = Mapping[str, Mapping[str, Any]]


def keep(session: Session, team_id: str, user_id: str, form: str, about: str, values: Values, now: datetime) -> None:
    """Keep what stands in a form, by its fields; what was kept of that form before gives way."""
    forget(session, team_id, before=now - _KEPT_FOR)
    typed = {name: dict(value) for name, value in values.items()}
    session.merge(Draft(team_id=team_id, user_id=user_id, form=form, about=about, values=typed, kept_at=now))


def take(session: Session, team_id: str, user_id: str, form: str, about: str, now: datetime) -> Draft | None:
    """What was kept of a form, which is kept no longer: if it is closed again, it will be."""
    found = session.get(Draft, (team_id, user_id, form, about))
    if found is None:
        return None
    session.delete(found)
    return found if now - found.kept_at < _KEPT_FOR else None


def forget(session: Session, team_id: str, before: datetime | None = None) -> None:
    """Keep nothing that is older; without a moment, nothing at all, since some may be of somebody who is forgotten."""
    older = (col(Draft.kept_at) < before,) if before else ()
    session.execute(delete(Draft).where(col(Draft.team_id) == team_id, *older))
