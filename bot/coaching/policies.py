"""Policies: what reps may offer of each kind of remedy, as managers have set it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from bot.coaching import calendar, homes, library, members
from bot.coaching.money import Money
from bot.coaching.outcomes import UNCOUNTED, Outcome
from bot.coaching.playbooks import Follow
from bot.storage import outbox
from bot.storage.models import Case, Remedy, Team


class Limit(StrEnum):
    """What can be limited of a remedy."""

    PERCENT = "percent"
    MONTHS = "months"
    WORTH = "worth"


# What can be limited of each kind. A view that is passed on, and time to think, cost nothing: they are always there.
LIMITS: Mapping[Follow, Sequence[Limit]] = {
    Follow.DISCOUNT: (Limit.PERCENT, Limit.MONTHS, Limit.WORTH),
    Follow.BILLING: (Limit.MONTHS, Limit.WORTH),
    Follow.FIX: (Limit.WORTH,),
    Follow.SESSION: (),
    Follow.NOTE: (),
}


@dataclass(frozen=True)
class Terms:
    """How much a remedy is: so many percent less, for so many months, worth so much in all; None where nobody says."""

    percent: int | None = None
    months: int | None = None
    worth: Money | None = None

    def only(self, which: Collection[str]) -> "Terms":
        """The same with nothing but some of it."""
        return Terms(**{name: value for name, value in vars(self).items() if name in which})


@dataclass(frozen=True)
class Policy:
    """What reps may offer of one kind of remedy.

    Up to `most` is theirs to offer; what lies above is approved by `approver_id`, else by any manager. A customer has
    it so many `times` within `within_months`; None for as often as it helps.
    """

    offered: bool = True
    most: Terms = Terms()
    times: int | None = None
    within_months: int | None = None
    approver_id: str | None = None

    @property
    def limited(self) -> Sequence[Limit]:
        """What a rep has to say of the remedy, since there is a limit to it."""
        return [limit for limit in Limit if getattr(self.most, limit) is not None]

    def lacks(self, terms: Terms) -> bool:
        """Whether something is not said that there is a limit to."""
        return any(getattr(terms, limit) is None for limit in self.limited)

    def above(self, terms: Terms) -> Sequence[Limit]:
        """What of it lies above the limit. Money in another currency cannot be compared, and so lies above it."""
        return [limit for limit in self.limited if exceeds(getattr(terms, limit), getattr(self.most, limit))]


@dataclass(frozen=True)
class Had:
    """What a customer has had already of a kind of remedy, so that the next is possible from a day on."""

    remedy: Remedy
    next_on: date


def terms_of(of: Remedy) -> Terms:
    """How much was agreed on."""
    worth = Money(of.worth_minor, of.currency) if of.worth_minor is not None and of.currency else None
    return Terms(of.percent, of.months, worth)


def of(team: Team | None, follow: str | None) -> Policy:
    """The policy for what follows from a remedy; without limits where none was set."""
    kept = team.policies.get(follow or "") if team else None
    return _read(kept) if kept else Policy()


def of_team(team: Team) -> Sequence[tuple[Follow, Policy]]:
    """What was set so far, kind by kind."""
    return [(follow, of(team, follow)) for follow in LIMITS if follow in team.policies]


def change(session: Session, team_id: str, user_id: str, follow: Follow, policy: Policy, now: datetime) -> Team:
    """Set what reps may offer of a kind of remedy. Raises `Declined` for anybody but a manager."""
    members.require_manager(session, team_id, user_id)
    team = library.team_of(session, team_id)
    changed = {**_record(policy), "changed_by": user_id, "changed_at": now.isoformat()}
    team.policies = {**team.policies, follow.value: changed}
    session.add(team)
    outbox.enqueue(session, homes.managers(team_id, user_id, now))
    if policy.approver_id:
        approver = members.meet(session, team_id, policy.approver_id)
        if not members.is_known(approver, now):
            outbox.enqueue(session, members.look_up(team_id, approver.user_id, now))
    return team


_LATEST = (
    select(Remedy)
    .join(Case, (col(Case.team_id) == col(Remedy.team_id)) & (col(Case.id) == col(Remedy.case_id)))
    .where(
        col(Case.team_id) == bindparam("team_id"),
        or_(col(Case.id) == bindparam("case_id"), col(Case.customer_id) == bindparam("customer_id")),
        # What was agreed on with somebody who left all the same was never given.
        or_(col(Case.outcome).is_(None), col(Case.outcome).not_in((Outcome.LEFT, *UNCOUNTED))),
        col(Remedy.follow) == bindparam("follow"),
        col(Remedy.taken_back_at).is_(None),
    )
    .order_by(col(Remedy.agreed_at).desc(), col(Remedy.id).desc())
    .limit(bindparam("times"))
)


def had(session: Session, team: Team | None, case: Case, follow: str, now: datetime, where: ZoneInfo) -> Had | None:
    """What the case's customer has had of that kind, where it is as much as the policy allows for now."""
    policy = of(team, follow)
    if policy.times is None or policy.within_months is None:
        return None
    which = {"team_id": case.team_id, "case_id": case.id, "customer_id": case.customer_id, "follow": follow}
    latest = session.exec(_LATEST, params={**which, "times": policy.times}).all()
    if len(latest) < policy.times:
        return None
    # The period begins with the first of those that fill it.
    next_on = calendar.months_later(latest[-1].agreed_at.astimezone(where).date(), policy.within_months)
    return Had(latest[0], next_on) if now.astimezone(where).date() < next_on else None


def exceeds(asked: int | Money | None, most: int | Money | None) -> bool:
    """Whether that is more; money in another currency cannot be compared, and counts as more."""
    if isinstance(asked, Money) and isinstance(most, Money):
        return asked.currency != most.currency or asked.minor > most.minor
    if isinstance(asked, int) and isinstance(most, int):
        return asked > most
    return asked is not None and most is None


def _record(policy: Policy) -> dict[str, str | int | bool | None]:
    worth = policy.most.worth
    return {
        "offered": policy.offered,
        "percent": policy.most.percent,
        "months": policy.most.months,
        "worth_minor": worth.minor if worth else None,
        "currency": worth.currency if worth else None,
        "times": policy.times,
        "within_months": policy.within_months,
        "approver_id": policy.approver_id,
    }


def _read(kept: Mapping[str, str | int | bool | None]) -> Policy:
    def number(name: str) -> int | None:
        found = kept.get(name)
        return found if isinstance(found, int) else None

    minor, currency, approver_id = number("worth_minor"), kept.get("currency"), kept.get("approver_id")
    worth = Money(minor, str(currency)) if minor is not None and currency else None
    return Policy(
        offered=kept.get("offered") is not False,
        most=Terms(number("percent"), number("months"), worth),
        times=number("times"),
        within_months=number("within_months"),
        approver_id=str(approver_id) if approver_id else None,
    )
