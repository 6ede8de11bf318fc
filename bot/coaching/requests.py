"""A request: a remedy above what its policy allows, whom it waits for, and the messages that tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from bot.coaching import customers, homes, members, policies
from bot.coaching.money import Money
from bot.coaching.policies import Limit, Policy, Terms
from bot.storage import outbox
from bot.storage.models import Approval, Case, Customer, Member, Remedy, Team

KIND = "approval"
NEXT = "approval_next"
SLOW = "approval_slow"
NEXT_AFTER = timedelta(minutes=3)
SLOW_AFTER = timedelta(minutes=6)


class Verdict(StrEnum):
    """What became of a request. The first three of them are a manager's; the rest nobody has to decide."""

    APPROVED = "approved"
    LESS = "less"
    DECLINED = "declined"
    WITHIN = "within"
    OFF = "off"
    HAD = "had"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


@dataclass(frozen=True)
class Request:
    """A request as one of those sees it who may decide: the case it is about, and what was agreed on there so far."""

    approval: Approval
    case: Case
    customer: Customer | None
    team: Team | None
    member: Member
    given: Sequence[Remedy] = ()

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)

    @property
    def policy(self) -> Policy:
        """What holds now for what is asked."""
        return policies.of(self.team, self.approval.follow)

    @property
    def above(self) -> Sequence[Limit]:
        """What of it lies above the limit now."""
        return self.policy.above(terms(self.approval))


def waits(approval: Approval | None) -> bool:
    """Whether there is something that nobody has decided yet."""
    return approval is not None and approval.decided_at is None


def terms(approval: Approval) -> Terms:
    """How much was asked for."""
    return Terms(approval.percent, approval.months, _money(approval.worth_minor, approval.currency))


def less(approval: Approval) -> Terms:
    """How much is fine, of what was asked for."""
    return Terms(approval.less_percent, approval.less_months, _money(approval.less_minor, approval.currency))


def _money(minor: int | None, currency: str | None) -> Money | None:
    return Money(minor, currency) if minor is not None and currency else None


def of_case() -> ColumnElement[bool]:
    """The join from a case to the request that stands on its card, of which there is one at most."""
    return (
        (col(Approval.team_id) == col(Case.team_id))
        & (col(Approval.case_id) == col(Case.id))
        & col(Approval.closed_at).is_(None)
    )


def approvers(session: Session, case: Case, policy: Policy, asked_by: str, now: datetime) -> Sequence[str]:
    """Who may decide, in the order in which they are asked: the one who was named, then managers; who is away is last.

    Nobody decides what they ask for themselves, or what is asked for in a case of theirs.
    """
    may = or_(col(Member.manages_since).is_not(None), col(Member.user_id) == policy.approver_id)
    others = col(Member.user_id).not_in((asked_by, case.rep_id))
    found = session.exec(select(Member).where(col(Member.team_id) == case.team_id, may, others)).all()

    def turn(member: Member) -> tuple[bool, bool, datetime, str]:
        is_away = member.away_until is not None and member.away_until > now
        is_named = member.user_id == policy.approver_id
        return is_away, not is_named, member.manages_since or now, member.user_id

    return [member.user_id for member in sorted(found, key=turn)]


def may_decide(member: Member, policy: Policy) -> bool:
    """Whether somebody manages the team, or was named for it."""
    return member.manages_since is not None or member.user_id == policy.approver_id


def timers(approval: Approval, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows that look again while it waits."""
    return [
        outbox.Due(approval.team_id, f"{kind}:{approval.id}", kind, approval.asked_by, now + after, approval.id)
        for kind, after in ((NEXT, NEXT_AFTER), (SLOW, SLOW_AFTER))
    ]


def messages(approval: Approval, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows that send or redraw the message of everybody who was asked."""
    at_home = [homes.redraw(approval.team_id, user_id, now) for user_id in approval.asked_of]
    return [*(message(approval, user_id, now) for user_id in approval.asked_of), *at_home]


def message(approval: Approval, user_id: str, now: datetime) -> outbox.Due:
    """The outbox row of one of those messages."""
    return outbox.Due(approval.team_id, f"{KIND}:{approval.id}:{user_id}", KIND, user_id, now, approval.id)


def settle(
    approval: Approval, verdict: Verdict, now: datetime, by: str | None = None, word: str | None = None
) -> Sequence[outbox.Due]:
    """Keep what became of it, and redraw the messages that tell of it."""
    approval.verdict, approval.decided_by, approval.decided_at, approval.word = verdict, by, now, word
    if verdict in (Verdict.TAKEN_BACK, Verdict.ENDED):
        approval.closed_at = now
    return messages(approval, now)


def put_away(approval: Approval | None, now: datetime, by: str) -> Sequence[outbox.Due]:
    """Take it off its card; what still waits is taken back."""
    if approval is None:
        return ()
    told = settle(approval, Verdict.TAKEN_BACK, now, by) if waits(approval) else ()
    approval.closed_at = now
    return told


def after_a_gesture(
    approval: Approval | None, case: Case, now: datetime, *, pressed: bool
) -> tuple[Approval | None, Sequence[outbox.Due]]:
    """What still stands on the card once its case has moved on.

    It ends with the case. What was decided has been seen once the rep presses again; a lesser offer stays to be taken.
    """
    if approval is None:
        return None, ()
    over = case.outcome is not None or case.letting_go
    if waits(approval):
        return (None, settle(approval, Verdict.ENDED, now)) if over else (approval, ())
    if over or (pressed and approval.verdict != Verdict.LESS):
        approval.closed_at = now
        return None, ()
    return approval, ()


_WITH_ITS_CASE = (
    select(Approval, Case, Customer, Team)
    .join(Case, (col(Case.team_id) == col(Approval.team_id)) & (col(Case.id) == col(Approval.case_id)))
    .outerjoin(Customer, customers.of_case())
    .outerjoin(Team, col(Team.team_id) == col(Approval.team_id))
)


def waiting_for(session: Session, member: Member, most: int) -> tuple[Sequence[Request], int]:
    """Up to `most` requests that this member was asked, and may decide still, the one that waits longest first.

    With them comes how many there are in all.
    """
    waiting = session.exec(
        _WITH_ITS_CASE.where(
            col(Approval.team_id) == member.team_id,
            col(Approval.decided_at).is_(None),
            col(Approval.closed_at).is_(None),
        ).order_by(col(Approval.asked_at), col(Approval.id))
    ).all()
    every = [
        (approval, case, customer, team)
        for approval, case, customer, team in waiting
        if member.user_id in approval.asked_of
        and member.user_id != case.rep_id
        and may_decide(member, policies.of(team, approval.follow))
    ]
    asked = every[:most]
    if not asked:
        return [], 0
    given = session.exec(
        select(Remedy)
        .where(
            col(Remedy.team_id) == member.team_id,
            col(Remedy.case_id).in_([case.id for _, case, *_ in asked]),
            col(Remedy.taken_back_at).is_(None),
        )
        .order_by(col(Remedy.id))
    ).all()
    return [
        Request(approval, case, customer, team, member, [each for each in given if each.case_id == case.id])
        for approval, case, customer, team in asked
    ], len(every)


def find(session: Session, team_id: str, user_id: str, approval_id: int) -> Request | None:
    """A request, as this member sees it."""
    found = session.exec(
        _WITH_ITS_CASE.where(col(Approval.team_id) == team_id, col(Approval.id) == approval_id)
    ).first()
    if found is None:
        return None
    approval, case, customer, team = found
    given = session.exec(
        select(Remedy)
        .where(col(Remedy.team_id) == team_id, col(Remedy.case_id) == case.id, col(Remedy.taken_back_at).is_(None))
        .order_by(col(Remedy.id))
    ).all()
    return Request(approval, case, customer, team, members.get(session, team_id, user_id), given)
