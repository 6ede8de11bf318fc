"""The Homes that stand open, and the outbox rows that bring them up to date.

Slack says when somebody opens their Home, and it is drawn then; what changes while they look at it follows by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from bot.storage import outbox
from bot.storage.models import Case, Member

KIND = "home"
MANAGERS = "homes"
# Nobody looks at it for longer without opening it anew.
_OPEN_FOR = timedelta(hours=1)
# Several gestures in one breath are drawn once.
_SOON = timedelta(seconds=2)


def redraw(team_id: str, user_id: str, now: datetime) -> outbox.Due:
    """The outbox row that brings one member's Home up to date."""
    return outbox.Due(team_id, f"{KIND}:{user_id}", KIND, user_id, now)


def after_a_gesture(case: Case, member: Member, now: datetime, *, counts: bool) -> Sequence[outbox.Due]:
    """What changes once a case has moved on: its rep's Home; where it `counts`, managers' Homes too."""
    theirs = outbox.Due(case.team_id, f"{MANAGERS}:{case.rep_id}", MANAGERS, case.rep_id, now + _SOON)
    return [*own(member, now), *([theirs] if counts and not case.made_up else [])]


def own(member: Member, now: datetime) -> Sequence[outbox.Due]:
    """The Home of whoever has just done something, where it may stand open."""
    return [redraw(member.team_id, member.user_id, now + _SOON)] if is_open(member, now) else []


def is_open(member: Member, now: datetime) -> bool:
    """Whether a member may be looking at their Home."""
    return member.home_seen_at is not None and now - member.home_seen_at < _OPEN_FOR


def redraw_managers(session: Session, team_id: str, now: datetime) -> None:
    """Bring the Homes of the managers up to date who may be looking at theirs."""
    manages, seen = col(Member.manages_since).is_not(None), col(Member.home_seen_at) > now - _OPEN_FOR
    looking = session.exec(select(Member.user_id).where(col(Member.team_id) == team_id, manages, seen)).all()
    outbox.enqueue(session, *(redraw(team_id, user_id, now) for user_id in looking))


def seen(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """A member has opened their Home."""
    theirs = (col(Member.team_id) == team_id, col(Member.user_id) == user_id)
    if not session.connection().execute(update(Member).where(*theirs).values(home_seen_at=now)).rowcount:
        session.add(Member(team_id=team_id, user_id=user_id, home_seen_at=now))
