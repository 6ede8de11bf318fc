"""What Slack tells us of a member, kept so that nobody has to ask again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.storage.models import Member


@dataclass(frozen=True)
class Profile:
    """A member's timezone (IANA) and locale, as Slack has them."""

    timezone: str | None = None
    locale: str | None = None


_OF_ID = select(Member).where(col(Member.team_id) == bindparam("team_id"), col(Member.user_id) == bindparam("user_id"))


def find(session: Session, team_id: str, user_id: str) -> Member | None:
    """The member, if we have met them."""
    return session.exec(_OF_ID, params={"team_id": team_id, "user_id": user_id}).first()


def meet(session: Session, team_id: str, user_id: str) -> Member:
    """The member's row, made when there is none."""
    member = find(session, team_id, user_id)
    if member is None:
        member = Member(team_id=team_id, user_id=user_id)
        session.add(member)
    return member


def learn(session: Session, team_id: str, user_id: str, profile: Profile, now: datetime) -> None:
    """Keep what Slack says of a member."""
    member = meet(session, team_id, user_id)
    member.timezone = profile.timezone
    member.locale = profile.locale
    member.learned_at = now


def remember_dm(session: Session, team_id: str, user_id: str, channel: str) -> None:
    """Keep which channel is the member's DM with the app."""
    meet(session, team_id, user_id).dm_channel = channel
