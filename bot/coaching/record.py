"""The record of a case: what happened in it, who did it, and when.

Whatever a row of its own keeps already (a remedy, a promise, a post, a story told) is read from that row. The rest is
kept in the case's `trail`: one entry for each gesture that changed something, with what it changed, written by the
update that the gesture makes of the case anyway. So the record costs no statement, and a million of them are exported
with the cases themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import customers, members
from bot.coaching.cases import HANDED, MISFIT, NOTE, Card, Fact
from bot.coaching.errors import Declined, Reason
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import ASKED_APART
from bot.coaching.spelling import fold
from bot.storage.models import Approval, Case, Customer, Member, Post, Remedy, Task, Telling

_KEPT = (
    "playbook",
    "step",
    "cause",
    "letting_go",
    "waiting_until",
    "outcome",
    "soft_yes",
    "in_touch",
    "fit",
    "reason",
    "remedy",
    "product",
    "customer_kind",
    "heard_through",
    "value_minor",
    "currency",
    "bought_on",
    "appointment_at",
    "gave_story",
    "rep_id",
)
# Of these the trail says that they were written, and what they say stands with the case. What a rep wrote for
# themselves alone is not among them.
WRITTEN = ("why", "mission", "future", NOTE, MISFIT, HANDED, "link", "name")
AT, BY = "at", "by"
WAS, WHY = "was", "corrected_why"

_FOUND_MOST = 10
_CASES_MOST = 20


class What(StrEnum):
    """What can have happened in a case."""

    OPENED = "opened"
    WORKED = "worked"
    CORRECTED = "corrected"
    AGREED = "agreed"
    TAKEN_BACK = "taken_back"
    ASKED_FOR_MORE = "asked_for_more"
    DECIDED = "decided"
    PROMISED = "promised"
    REMINDED = "reminded"
    HANDED = "task_handed"
    DONE = "done"
    DROPPED = "dropped"
    SAID = "said"
    TOLD = "told"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True)
class Event:
    """Something that happened in a case; `by` is None where nobody did it, or nobody kept who. `of` is its row."""

    at: datetime
    by: str | None
    what: What
    facts: Mapping[str, Fact] = field(default_factory=dict)
    of: Remedy | Approval | Task | Post | Telling | None = None


@dataclass(frozen=True)
class History:
    """All that happened in a case, oldest first, for `member`."""

    case: Case
    customer: Customer | None
    member: Member
    events: Sequence[Event]

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)


@dataclass(frozen=True)
class Found:
    """A customer whom somebody looked for, with their latest cases; of a name that is nobody's yet, its cases alone."""

    customer: Customer | None
    cases: Sequence[Case]


def stood(case: Case, name: str | None) -> Mapping[str, Fact]:
    """How a case stands, as far as its trail tells of changes."""
    words = {**case.words, "link": case.link, "name": name}
    columns = {each: _plain(getattr(case, each)) for each in _KEPT}
    return {**columns, **{each: words.get(each) or None for each in WRITTEN}}


def begin(case: Case) -> None:
    """The first entry of a case's trail: who opened it, and at which step of which playbook."""
    _note(case, case.rep_id, case.opened_at, {"playbook": case.playbook, "step": case.step})


def keep(card: Card, by: str, now: datetime) -> None:
    """Add what has changed in a case since its card was found."""
    note(card.case, by, now, **_changes(card))


def correct(card: Card, was: str | None, by: str, why: str, now: datetime) -> Card:
    """Add a correction: the outcome of before and the one of now stand side by side. Returns the card as it stands."""
    note(card.case, by, now, **{**_changes(card), WAS: was, WHY: why})
    return replace(card, stood=stood(card.case, card.name))


def _changes(card: Card) -> Mapping[str, Fact]:
    stands = stood(card.case, card.name)
    changed = {each: told for each, told in stands.items() if card.stood.get(each) != told}
    return {each: bool(told) if each in WRITTEN else told for each, told in changed.items()}


def note(case: Case, by: str, now: datetime, **facts: Fact) -> None:
    """Add an entry to a case's trail; nothing where there is nothing to say."""
    if facts:
        _note(case, by, now, facts)


def _note(case: Case, by: str, at: datetime, facts: Mapping[str, Fact]) -> None:
    case.trail = [*case.trail, {AT: at.isoformat(), BY: by, **facts}]


def _plain(value: object) -> Fact:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) else None


def trail(case: Case) -> Iterator[Event]:
    """The entries of a case's trail."""
    for entry in case.trail:
        facts = {name: fact for name, fact in entry.items() if name not in (AT, BY)}
        what = What.CORRECTED if WAS in facts else What.WORKED
        yield Event(datetime.fromisoformat(str(entry[AT])), str(entry[BY]), what, facts)


def may_see(session: Session, team_id: str, user_id: str, case_id: int) -> tuple[Case, Customer | None, Member]:
    """A case with its customer, for this member, whose it is or who is a manager. Raises `Declined` for others."""
    who = (col(Member.team_id) == col(Case.team_id)) & (col(Member.user_id) == user_id)
    found = session.execute(
        sa.select(Case, Customer, Member)
        .outerjoin(Customer, customers.of_case())
        .outerjoin(Member, who)
        .where(col(Case.team_id) == team_id, col(Case.id) == case_id)
    ).first()
    if found is None:
        raise Declined(Reason.GONE)
    case, customer, member = found
    member = member or Member(team_id=team_id, user_id=user_id)
    if case.rep_id != user_id and member.manages_since is None:
        raise Declined(Reason.NOT_YOURS)
    return case, customer, member


def history(session: Session, team_id: str, user_id: str, case_id: int) -> History:
    """What happened in a case. Raises `Declined` for anybody but its rep and managers."""
    case, customer, member = may_see(session, team_id, user_id, case_id)
    # What else is to stand in the history comes from a function here.
    told = [
        *_of_case(case),
        *_of_remedies(session, case),
        *_of_approvals(session, case),
        *_of_tasks(session, case),
        *_of_posts(session, case),
        *_of_tellings(session, case),
    ]
    return History(case, customer, member, sorted(told, key=lambda each: each.at))


def _of_case(case: Case) -> Iterator[Event]:
    worked = [*trail(case)]
    opened_by = worked[0].by if worked else None if case.handed_by else case.rep_id
    yield Event(case.opened_at, opened_by, What.OPENED)
    yield from worked
    if not worked and case.decided_at:
        # It ended before there was a trail.
        yield Event(case.decided_at, case.rep_id, What.WORKED, {"outcome": case.outcome})
    if case.forgotten_at:
        yield Event(case.forgotten_at, None, What.FORGOTTEN)


def _of_remedies(session: Session, case: Case) -> Iterator[Event]:
    which = (col(Remedy.team_id) == case.team_id, col(Remedy.case_id) == case.id)
    for remedy in session.exec(select(Remedy).where(*which).order_by(col(Remedy.id))):
        yield Event(remedy.agreed_at, remedy.agreed_by, What.AGREED, of=remedy)
        if remedy.taken_back_at:
            yield Event(remedy.taken_back_at, None, What.TAKEN_BACK, of=remedy)


def _of_approvals(session: Session, case: Case) -> Iterator[Event]:
    which = (col(Approval.team_id) == case.team_id, col(Approval.case_id) == case.id)
    for approval in session.exec(select(Approval).where(*which).order_by(col(Approval.id))):
        yield Event(approval.asked_at, approval.asked_by, What.ASKED_FOR_MORE, of=approval)
        if approval.decided_at:
            yield Event(approval.decided_at, approval.decided_by, What.DECIDED, of=approval)


def _of_tasks(session: Session, case: Case) -> Iterator[Event]:
    which = (col(Task.team_id) == case.team_id, col(Task.case_id) == case.id)
    for task in session.exec(select(Task).where(*which).order_by(col(Task.id))):
        if task.kind not in ASKED_APART:
            yield Event(task.created_at, None, What.PROMISED, of=task)
        if task.reminded_at:
            yield Event(task.reminded_at, None, What.REMINDED, of=task)
        if task.handed_at:
            yield Event(task.handed_at, task.handed_by, What.HANDED, of=task)
        if task.done_at:
            yield Event(task.done_at, task.owner_id, What.DONE, of=task)
        if task.dropped_at:
            # Only what its owner dropped has a word on why, be it an empty one.
            by = task.owner_id if task.dropped_why is not None else None
            yield Event(task.dropped_at, by, What.DROPPED, of=task)


def _of_posts(session: Session, case: Case) -> Iterator[Event]:
    which = (col(Post.team_id) == case.team_id, col(Post.case_id) == case.id)
    for post in session.exec(select(Post).where(*which).order_by(col(Post.id))):
        yield Event(post.created_at, post.author_id, What.SAID, of=post)


def _of_tellings(session: Session, case: Case) -> Iterator[Event]:
    which = (col(Telling.team_id) == case.team_id, col(Telling.case_id) == case.id)
    for telling in session.exec(select(Telling).where(*which)):
        yield Event(telling.told_at, telling.rep_id, What.TOLD, of=telling)


def search(session: Session, team_id: str, user_id: str, name: str) -> tuple[Member, Sequence[Found]]:
    """The customers in whose names these words are, with their latest cases. Raises `Declined` for all but managers."""
    member = members.require_manager(session, team_id, user_id)
    key = fold(name)
    of_name = session.exec(
        select(Customer)
        .where(col(Customer.team_id) == team_id, col(Customer.name_key).contains(key, autoescape=True))
        .order_by(col(Customer.name_key) != key, col(Customer.name_key), col(Customer.id))
        .limit(_FOUND_MOST)
    ).all()
    latest = _latest(session, team_id, [each.id for each in of_name])
    found = [Found(each, [case for case in latest if case.customer_id == each.id]) for each in of_name]
    nobodys = [each for each in unattributed(session, team_id) if key in fold(each.called or "")][:_CASES_MOST]
    return member, [*found, *([Found(None, nobodys)] if nobodys else [])]


def unattributed(session: Session, team_id: str) -> Sequence[Case]:
    """The cases that have a name of which nobody has said whose it is, latest first."""
    nobodys = (col(Case.customer_id).is_(None), col(Case.called).is_not(None), ~col(Case.made_up))
    return session.exec(
        select(Case).where(col(Case.team_id) == team_id, *nobodys).order_by(col(Case.opened_at).desc())
    ).all()


def _latest(session: Session, team_id: str, customers: Sequence[int | None]) -> Sequence[Case]:
    """The latest cases of each of these customers, latest first."""
    order = (col(Case.opened_at).desc(), col(Case.id).desc())
    turn = sa.func.row_number().over(partition_by=col(Case.customer_id), order_by=order)
    theirs = (col(Case.team_id) == team_id, col(Case.customer_id).in_(customers))
    turns = sa.select(col(Case.id), turn.label("turn")).where(*theirs).subquery()
    among = (col(Case.team_id) == team_id, turns.c.turn <= _CASES_MOST)
    return session.exec(select(Case).join(turns, col(Case.id) == turns.c.id).where(*among).order_by(*order)).all()


def last_correction(case: Case) -> Event | None:
    """The correction by which a case stands as it does; None where its outcome was recorded as it stands."""
    decided = [each for each in trail(case) if "outcome" in each.facts]
    return decided[-1] if decided and decided[-1].what is What.CORRECTED else None


def is_ended(case: Case) -> bool:
    """Whether an outcome was recorded that can be corrected."""
    return case.closed_at is not None and case.forgotten_at is None and case.outcome not in (None, Outcome.DUPLICATE)
