"""Who verifies stories, and what waits for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import homes, hours, members
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Status
from bot.storage import outbox
from bot.storage.models import Member, Story, StoryDecision, Team

KIND = "story_queue"
# What waits for a verifier: a story that is new or changed, one whose time is up, one whose customer has left since.
QUEUED = (Status.WAITING, Status.EXPIRED, Status.DOUBTED)
# So many are shown at once.
QUEUE_MOST = 3
ASKED_AGAIN_AFTER = timedelta(days=7)

_IS_NAMED = sa.exists().where(col(Team.team_id) == col(Member.team_id), col(Team.verifier_id) == col(Member.user_id))
_VERIFIES = col(Member.manages_since).is_not(None) | _IS_NAMED


@dataclass(frozen=True)
class Queue:
    """What waits for this member to verify, longest first, and how much there is in all.

    `since` says what has happened to each story since it was verified last: the customer has left, or has taken back
    their word. A change does not undo that.
    """

    member: Member
    stories: Sequence[Story]
    count: int
    since: Mapping[int | None, Collection[str]] = field(default_factory=dict)


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
    member = member or members.get(session, team_id, user_id)
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
    stories = [story for story, _ in waiting]
    return Queue(member, stories, waiting[0][1] if waiting else 0, _since(session, team_id, stories))


def _since(session: Session, team_id: str, stories: Sequence[Story]) -> Mapping[int | None, Collection[str]]:
    # A decision is called as the status that it leads to.
    told = (Status.DOUBTED, Status.WITHDRAWN)
    found: dict[int | None, set[str]] = {story.id: set() for story in stories}
    if not found:
        return {}
    made = session.exec(
        select(StoryDecision.story_id, StoryDecision.what)
        .where(
            col(StoryDecision.team_id) == team_id,
            col(StoryDecision.story_id).in_(found),
            col(StoryDecision.what).in_((*told, Status.VERIFIED)),
        )
        .order_by(col(StoryDecision.id))
    ).all()
    for story_id, what in made:
        found[story_id] = set() if what == Status.VERIFIED else {*found[story_id], what}
    return found


def all_of(session: Session, team_id: str) -> Sequence[str]:
    """Everybody who verifies stories, by their ids."""
    return session.exec(select(Member.user_id).where(col(Member.team_id) == team_id, _VERIFIES)).all()


def somebody_for(session: Session, story: Story) -> bool:
    """Whether there is anybody who may verify a story: neither its author nor whoever changed it."""
    others = col(Member.user_id).not_in((story.author_id, story.edited_by))
    found = select(Member.user_id).where(col(Member.team_id) == story.team_id, _VERIFIES, others).limit(1)
    return session.exec(found).first() is not None


def ask_again(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """A queue that still waits is brought back in a week, and no sooner."""
    left = queue(session, team_id, user_id, 1)
    if left.count:
        outbox.enqueue(session, _look_through(left.member, session.get(Team, team_id), now + ASKED_AGAIN_AFTER))


def put_off(session: Session, team_id: str, user_id: str, now: datetime) -> bool:
    """Let what waits come once this member is back; False for whoever is not away."""
    member = members.get(session, team_id, user_id)
    if member.away_until is None or member.away_until <= now:
        return False
    works = hours.of(member, session.get(Team, team_id))
    outbox.enqueue(session, _on(member, works.morning_of(works.workday(works.today(member.away_until)))))
    return True


def notices(session: Session, team_id: str, now: datetime) -> Sequence[outbox.Due]:
    """Let every verifier look through what waits, in their next morning: one message a day at most."""
    verifiers = session.exec(select(Member).where(col(Member.team_id) == team_id, _VERIFIES)).all()
    team = session.get(Team, team_id)
    return [due for each in verifiers for due in (_look_through(each, team, now), *homes.own(each, now))]


def follow(session: Session, team_id: str, now: datetime) -> None:
    """Something else waits than before: bring the Homes of the verifiers up to date who may be looking at theirs."""
    homes.follow(session, team_id, all_of(session, team_id), now)


def _look_through(verifier: Member, team: Team | None, now: datetime) -> outbox.Due:
    """What waits comes on the next morning on which they work, and not while they are away."""
    works = hours.of(verifier, team)
    back = max(works.today(now) + timedelta(days=1), works.today(verifier.away_until or now))
    return _on(verifier, works.morning_of(works.workday(back)))


def _on(verifier: Member, morning: datetime) -> outbox.Due:
    key = f"{KIND}:{verifier.user_id}:{morning.date()}"
    return outbox.Due(verifier.team_id, key, KIND, verifier.user_id, morning)
