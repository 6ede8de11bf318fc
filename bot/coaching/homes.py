"""The Homes that stand open, and the outbox rows that bring them up to date.

Slack says when somebody opens their Home, and it is drawn then; what changes while they look at it follows by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from bot.storage import outbox
from bot.storage.models import Case, Member

KIND = "home"
MANAGERS = "homes"
# Nobody looks at it for longer without opening it anew, or turning a page.
_OPEN_FOR = timedelta(hours=4)
# Several gestures in one breath are drawn once.
_SOON = timedelta(seconds=2)


@dataclass(frozen=True)
class Page:
    """How far somebody has paged on their Home: how much of each of its lists lies before what they see."""

    tasks: int = 0
    cases: int = 0
    waiting: int = 0


TOP = Page()


def redraw(team_id: str, user_id: str, now: datetime) -> outbox.Due:
    """The outbox row that brings one member's Home up to date."""
    return outbox.Due(team_id, f"{KIND}:{user_id}", KIND, user_id, now)


def after_a_gesture(case: Case, member: Member, now: datetime, *, counts: bool) -> Sequence[outbox.Due]:
    """What changes once a case has moved on: its rep's Home; where it `counts`, managers' Homes too."""
    theirs = [managers(case.team_id, case.rep_id, now)] if counts and not case.made_up else []
    return [*own(member, now), *theirs]


def managers(team_id: str, by: str, now: datetime) -> outbox.Due:
    """What changes for every manager with something that `by` has done: their Homes."""
    return outbox.Due(team_id, f"{MANAGERS}:{by}", MANAGERS, by, now + _SOON)


def own(member: Member, now: datetime) -> Sequence[outbox.Due]:
    """The Home of whoever has just done something, where it may stand open."""
    return [redraw(member.team_id, member.user_id, now + _SOON)] if is_open(member, now) else []


def is_open(member: Member, now: datetime) -> bool:
    """Whether a member may be looking at their Home."""
    return member.home_seen_at is not None and now - member.home_seen_at < _OPEN_FOR


def redraw_managers(session: Session, team_id: str, now: datetime) -> None:
    """Bring the Homes of the managers up to date who may be looking at theirs."""
    _redraw(session, team_id, col(Member.manages_since).is_not(None), now, now)


def follow(session: Session, team_id: str, user_ids: Collection[str], now: datetime) -> None:
    """Bring the Homes of these members up to date who may be looking at theirs."""
    _redraw(session, team_id, col(Member.user_id).in_(user_ids), now, now + _SOON)


def _redraw(session: Session, team_id: str, whose: ColumnElement[bool], now: datetime, due_at: datetime) -> None:
    looks = col(Member.home_seen_at) > now - _OPEN_FOR
    looking = session.exec(select(Member.user_id).where(col(Member.team_id) == team_id, whose, looks)).all()
    outbox.enqueue(session, *(redraw(team_id, user_id, due_at) for user_id in looking))


def seen(session: Session, team_id: str, user_id: str, now: datetime, page: Page = TOP) -> None:
    """A member looks at their Home, where they have paged to."""
    theirs = (col(Member.team_id) == team_id, col(Member.user_id) == user_id)
    paged = {"home_tasks": page.tasks, "home_cases": page.cases, "home_waiting": page.waiting}
    looks = update(Member).where(*theirs).values(home_seen_at=now, **paged)
    if not session.connection().execute(looks).rowcount:
        session.add(Member(team_id=team_id, user_id=user_id, home_seen_at=now))


def page_of(member: Member) -> Page:
    """Where a member has paged to."""
    return Page(member.home_tasks, member.home_cases, member.home_waiting)
