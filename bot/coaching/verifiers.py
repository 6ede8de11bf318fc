"""Who verifies stories, and what waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import calendar, members
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Status
from bot.storage import outbox
from bot.storage.models import Member, Story, Team

KIND = "story_queue"
# What waits for a verifier: a story that is new or changed, one whose time is up, one whose customer has left since.
QUEUED = (Status.WAITING, Status.EXPIRED, Status.DOUBTED)
ASKED_AGAIN_AFTER = timedelta(days=7)

_IS_NAMED = sa.exists().where(col(Team.team_id) == col(Member.team_id), col(Team.verifier_id) == col(Member.user_id))
_VERIFIES = col(Member.manages_since).is_not(None) | _IS_NAMED


@dataclass(frozen=True)
class Queue:
    """What waits for this member to verify, longest first, and how much there is in all."""

    member: Member
    stories: Sequence[Story]
    count: int


def require(session: Session, team_id: str, user_id: str) -> Member:
    """The member, who is a manager or was named by one. Raises `Declined` for anybody else."""
    found = session.exec(
        select(Member).where(col(Member.team_id) == team_id, col(Member.user_id) == user_id, _VERIFIES)
    ).first()
    if found is None:
        raise Declined(Reason.NOT_A_VERIFIER)
    return found


def queue(session: Session, team_id: str, user_id: str, most: int, member: Member | None = None) -> Queue:
    """What waits for this member's verdict; nothing for anybody who is no verifier. `member` is them, where at hand."""
    member = member or members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    verifies = sa.exists().where(col(Member.team_id) == team_id, col(Member.user_id) == user_id, _VERIFIES)
    waiting = session.exec(
        select(Story, sa.func.count().over())
        .where(
            col(Story.team_id) == team_id,
            col(Story.status).in_(QUEUED),
            col(Story.author_id) != user_id,
            col(Story.edited_by) != user_id,
            verifies,
        )
        .order_by(col(Story.changed_at), col(Story.id))
        .limit(most)
    ).all()
    return Queue(member, [story for story, _ in waiting], waiting[0][1] if waiting else 0)


def ask_again(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """A queue that still waits is brought back in a week, and no sooner."""
    left = queue(session, team_id, user_id, 1)
    if left.count:
        outbox.enqueue(session, _look_through(left.member, now + ASKED_AGAIN_AFTER))


def notices(session: Session, team_id: str, now: datetime) -> Sequence[outbox.Due]:
    """Let every verifier look through what waits, in their next morning: one message a day at most."""
    verifiers = session.exec(select(Member).where(col(Member.team_id) == team_id, _VERIFIES)).all()
    return [_look_through(each, now) for each in verifiers]


def _look_through(verifier: Member, now: datetime) -> outbox.Due:
    morning = calendar.next_workday_morning(now, calendar.zone(verifier.timezone))
    key = f"{KIND}:{verifier.user_id}:{morning.date()}"
    return outbox.Due(verifier.team_id, key, KIND, verifier.user_id, morning)
