"""What Slack tells us of a member, kept so that nobody has to ask again, and what they set themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.coaching import hours
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.errors import Declined, Reason
from bot.coaching.hours import Work
from bot.storage import outbox
from bot.storage.models import Member, Story, Team

LOOK_UP = "member"
# What a member may be told, or not: tips, cases left open, held checks, and thanks for a story.
TIPS, LEFT_OPEN, HELD, THANKS = TOLD = ("tips", "left_open", "held", "story_thanks")
# People move, and become admins.
_KNOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Profile:
    """A member's timezone (IANA) and locale, and whether they run the workspace, as Slack has them."""

    timezone: str | None = None
    locale: str | None = None
    is_admin: bool = False


@dataclass(frozen=True)
class Settings:
    """What a member sets: the playbook they always begin with, where customers book a time, where and when they work.

    With `cues_only` their cards have no lines. `unwanted` names what they do not want to be told, each one of `TOLD`.
    """

    default_playbook: str | None = None
    booking_link: str | None = None
    work: Work | None = None
    timezone: str | None = None
    cues_only: bool = False
    unwanted: Sequence[str] = ()


_OF_ID = select(Member).where(col(Member.team_id) == bindparam("team_id"), col(Member.user_id) == bindparam("user_id"))


def find(session: Session, team_id: str, user_id: str) -> Member | None:
    """The member, if we have met them."""
    return session.exec(_OF_ID, params={"team_id": team_id, "user_id": user_id}).first()


def get(session: Session, team_id: str, user_id: str) -> Member:
    """The member; where we have not met them, one of whom nothing is known, and who is not kept."""
    return find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)


def workspaces(session: Session) -> Sequence[str]:
    """Every workspace that has members here, or stories."""
    known = sa.union(sa.select(col(Member.team_id)), sa.select(col(Story.team_id)))
    return sorted(session.execute(known).scalars())


def meet(session: Session, team_id: str, user_id: str) -> Member:
    """The member's row, made when there is none."""
    member = find(session, team_id, user_id)
    if member is None:
        member = Member(team_id=team_id, user_id=user_id)
        session.add(member)
    return member


def is_known(member: Member, now: datetime) -> bool:
    """Whether what Slack says of a member is fresh enough."""
    return member.learned_at is not None and now - member.learned_at < _KNOWN_FOR


def look_up(team_id: str, user_id: str, now: datetime) -> outbox.Due:
    """The outbox row that asks Slack about a member."""
    return outbox.Due(team_id, f"{LOOK_UP}:{user_id}", LOOK_UP, user_id, now)


def look_up_if_new(member: Member | None, team_id: str, user_id: str, now: datetime) -> Sequence[outbox.Due]:
    """The same where Slack has told us nothing of them yet; `member` is what we have of them, None for nothing."""
    return [] if member and member.learned_at else [look_up(team_id, user_id, now)]


def learn(session: Session, team_id: str, user_id: str, profile: Profile, now: datetime) -> Member:
    """Keep what Slack says of a member; the timezone that they have set themselves stays.

    Of an account that was deactivated Slack says neither timezone nor language: what we knew stays.
    """
    member = meet(session, team_id, user_id)
    member.timezone = member.own_timezone or profile.timezone or member.timezone
    member.locale = profile.locale or member.locale
    member.is_admin = profile.is_admin
    member.learned_at = now
    return member


def remember_dm(session: Session, team_id: str, user_id: str, channel: str) -> None:
    """Keep which channel is the member's DM with the app."""
    meet(session, team_id, user_id).dm_channel = channel


def require_manager(session: Session, team_id: str, user_id: str) -> Member:
    """The member, who is a manager. Raises `Declined` for anybody else."""
    member = find(session, team_id, user_id)
    if member is None or member.manages_since is None:
        raise Declined(Reason.NOT_A_MANAGER)
    return member


def managers(session: Session, team_id: str) -> Sequence[str]:
    """Everybody who manages the team, by their ids, longest first."""
    managing = select(Member.user_id).where(col(Member.team_id) == team_id, col(Member.manages_since).is_not(None))
    return session.exec(managing.order_by(col(Member.manages_since), col(Member.user_id))).all()


def change_settings(session: Session, team_id: str, user_id: str, settings: Settings) -> Member:
    """Keep what a member likes. Raises `Declined` for a card number."""
    refuse_card_numbers(settings.booking_link)
    member = meet(session, team_id, user_id)
    member.default_playbook = settings.default_playbook
    member.booking_link = settings.booking_link
    member.cues_only = settings.cues_only
    member.unwanted = sorted({*settings.unwanted} & {*TOLD})
    if settings.work:
        hours.keep_own(member, session.get(Team, team_id), settings.work)
    member.own_timezone = settings.timezone
    member.timezone = settings.timezone or member.timezone
    return member
