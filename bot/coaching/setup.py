"""What there is to set up in a workspace, and the first thing that is said to whoever is new to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.coaching import homes, hours, members
from bot.coaching.ledger import Status
from bot.storage import outbox
from bot.storage.models import Case, Member, Product, Story, Subscription, Team

WELCOME = "welcome"
# A menu of one is none, and a story that everybody has heard is soon told no more.
MANAGERS_ENOUGH, STORIES_ENOUGH = 2, 2
# Whoever types their first command may have a customer on the line.
_WELCOMED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Checklist:
    """What a workspace has set up: somebody else to ask, products, limits, a channel for its week, stories to tell."""

    managers: bool
    products: bool
    limits: bool
    channel: bool
    stories: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return all(vars(self).values())


@dataclass(frozen=True)
class Welcome:
    """Somebody new: whether they could be the first to manage the team, and whether they had a real case meanwhile."""

    member: Member
    installs: bool
    has_begun: bool = False


def checklist(session: Session, team_id: str) -> Checklist:
    """What is set up in this workspace."""

    def count(
        of: type[Member | Product | Subscription | Story], *which: sa.ColumnElement[bool]
    ) -> sa.ScalarSelect[int]:
        counted = sa.select(sa.func.count()).select_from(of).where(col(of.team_id) == team_id, *which)
        return counted.scalar_subquery()

    managers, products, channels, stories, policies = session.execute(
        sa.select(
            count(Member, col(Member.manages_since).is_not(None)),
            count(Product),
            count(Subscription, col(Subscription.switched_on_at).is_not(None)),
            count(Story, col(Story.status) == Status.VERIFIED),
            sa.select(col(Team.policies)).where(col(Team.team_id) == team_id).scalar_subquery(),
        )
    ).one()
    return Checklist(
        managers=managers >= MANAGERS_ENOUGH,
        products=products > 0,
        limits=bool(policies),
        channel=channels > 0,
        stories=stories >= STORIES_ENOUGH,
    )


def greet(session: Session, member: Member, met_at: datetime, now: datetime) -> None:
    """Somebody was met for the first time: one message, once they work and no call is likely to be going on.

    It is never due before `now`: what has waited for them longer comes first.
    """
    if member.welcomed_at or members.TIPS in member.unwanted:
        return
    works = hours.of(member, session.get(Team, member.team_id))
    due_at = works.next_open(max(met_at + _WELCOMED_AFTER, now))
    key = f"{WELCOME}:{member.user_id}"
    outbox.enqueue(session, outbox.Due(member.team_id, key, WELCOME, member.user_id, due_at))


def welcome(session: Session, team_id: str, user_id: str) -> Welcome | None:
    """What is said to somebody new; None where it was said already, or is not wanted."""
    member = members.get(session, team_id, user_id)
    if member.welcomed_at or members.TIPS in member.unwanted:
        return None
    managed = sa.exists().where(col(Member.team_id) == team_id, col(Member.manages_since).is_not(None))
    theirs = (col(Case.team_id) == team_id, col(Case.rep_id) == user_id)
    begun = sa.exists().where(*theirs, ~col(Case.made_up))
    is_managed, has_begun = session.execute(sa.select(managed, begun)).one()
    return Welcome(member, member.is_admin and not is_managed, has_begun)


def welcomed(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """It was said, and will not be said again."""
    members.meet(session, team_id, user_id).welcomed_at = now


def no_tips(session: Session, team_id: str, user_id: str, now: datetime) -> Member:
    """Not again: neither a tip, nor the list of what is left to set up."""
    member = members.meet(session, team_id, user_id)
    member.unwanted = sorted({*member.unwanted, members.TIPS})
    outbox.enqueue(session, *homes.own(member, now))
    return member
