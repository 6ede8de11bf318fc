"""What somebody had typed into a form when it was closed: kept for a day, unless the form is sent before.

Each draft is its member's alone. An alarm of the team rings when the oldest of them is a day old.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from bot.storage import outbox
from bot.storage.models import Draft

# The outbox's name for the alarm.
KIND = "draft"
_KEPT_FOR = timedelta(days=1)

Values = Mapping[str, Mapping[str, Any]]


def keep(session: Session, team_id: str, user_id: str, form: str, about: str, values: Values, now: datetime) -> None:
    """Keep what was changed in a form, by its fields, along with what was kept of its other fields before."""
    before = find(session, team_id, user_id, form, about, now)
    typed = {name: dict(value) for name, value in {**(before.values if before else {}), **values}.items()}
    session.merge(Draft(team_id=team_id, user_id=user_id, form=form, about=about, values=typed, kept_at=now))
    outbox.enqueue(session, _alarm(team_id, user_id, now))


def find(session: Session, team_id: str, user_id: str, form: str, about: str, now: datetime) -> Draft | None:
    """What is kept of a form."""
    found = session.get(Draft, (team_id, user_id, form, about))
    return found if found and now - found.kept_at < _KEPT_FOR else None


def let_go(session: Session, team_id: str, user_id: str, form: str, about: str) -> None:
    """Keep nothing of a form that was sent."""
    whose = (col(Draft.team_id) == team_id, col(Draft.user_id) == user_id)
    session.execute(delete(Draft).where(*whose, col(Draft.form) == form, col(Draft.about) == about))


def expire(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """Keep nothing that is a day old, and set the alarm for what will be next."""
    here = col(Draft.team_id) == team_id
    session.execute(delete(Draft).where(here, col(Draft.kept_at) <= now - _KEPT_FOR))
    oldest = session.exec(select(func.min(col(Draft.kept_at))).where(here)).one()
    if oldest:
        outbox.enqueue(session, _alarm(team_id, user_id, oldest))


def forget(session: Session, team_id: str) -> None:
    """Keep nothing at all: any of it may be about somebody who is forgotten."""
    session.execute(delete(Draft).where(col(Draft.team_id) == team_id))


def _alarm(team_id: str, user_id: str, kept_at: datetime) -> outbox.Due:
    return outbox.Due(team_id, f"{outbox.ALARM}drafts", KIND, user_id, kept_at + _KEPT_FOR)
