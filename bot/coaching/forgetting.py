"""Forgetting a customer: all that names them goes, and anonymous counts are what is left.

Rows go in one transaction. What stands in Slack is emptied by outbox rows that the same transaction leaves: the row by
which a message was sent becomes the one by which it is emptied, so that a message on its way meanwhile is met too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, or_, select, update

from bot.coaching import (
    drafts,
    due,
    held,
    homes,
    meanwhile,
    members,
    posts,
    record,
    reminders,
    requests,
    sights,
    stories,
    tellings,
    verifiers,
)
from bot.coaching.coach import Coach
from bot.coaching.copies import CARD, LEFT_BEHIND
from bot.coaching.errors import Declined, Reason
from bot.coaching.outcomes import Outcome
from bot.coaching.requests import Verdict
from bot.coaching.spelling import fold, gives_away
from bot.storage import outbox
from bot.storage.models import (
    Approval,
    Case,
    Customer,
    Erasure,
    Member,
    Mission,
    OutboxRow,
    Post,
    Remedy,
    Sale,
    SharedFile,
    Sight,
    Story,
    Task,
    Telling,
    UtcDateTime,
)

# The outbox's names: a message to be emptied, a file to be removed, and a Home to be brought up to date.
MESSAGE = "forgotten"
FILE = "file"

_SCREEN = f"{MESSAGE}:screen:"
# What is about a case by its number.
_OF_CASES = (CARD, LEFT_BEHIND, reminders.LEFT_OPEN, held.KIND, meanwhile.KIND, meanwhile.ANEW, tellings.THANKS)
# What a held check says is no more than a count.
_COUNTED = (held.HELD, held.AFTER)


@dataclass(frozen=True)
class Theirs:
    """Whatever is about a customer."""

    customer: Customer
    cases: Sequence[Case]
    missions: Sequence[Mission]
    sales: Sequence[Sale]
    tasks: Sequence[Task]
    remedies: Sequence[Remedy]
    approvals: Sequence[Approval]
    posts: Sequence[Post]
    stories: Sequence[Story]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each."""
        return {
            "cases": len(self.cases),
            "missions": len(self.missions),
            "sales": len(self.sales),
            "tasks": len(self.tasks),
            "remedies": len(self.remedies),
            "approvals": len(self.approvals),
            "posts": len(self.posts),
            "stories": len(self.stories),
        }

    @property
    def open(self) -> Sequence[Case]:
        """The cases that have not ended."""
        return [each for each in self.cases if each.closed_at is None]

    @property
    def people(self) -> Collection[str]:
        """Who has had to do with them."""
        held_by = {user for each in self.tasks for user in (each.owner_id, each.handed_by) if user}
        asked = {user for each in self.approvals for user in each.asked_of}
        return held_by | asked | {each.rep_id for each in self.cases} | {each.author_id for each in self.stories}


@dataclass(frozen=True)
class Asked:
    """What will go once a manager confirms it. `unclear` cases have the name, and may be a namesake's: they stay."""

    member: Member
    theirs: Theirs
    unclear: int


def ask(session: Session, team_id: str, user_id: str, customer_id: int) -> Asked:
    """What would go with a customer. Raises `Declined` for all but managers, and where there is no such customer."""
    member = members.require_manager(session, team_id, user_id)
    customer = _find(session, team_id, customer_id)
    named = [case for case in record.unattributed(session, team_id) if fold(case.called or "") == customer.name_key]
    alone = not _has_namesakes(session, customer)
    return Asked(member, _theirs(session, customer), 0 if alone else len(named))


def forget(coach: Coach, session: Session, team_id: str, user_id: str, customer_id: int, now: datetime) -> Erasure:
    """Let all that names a customer go, for good, and keep that it was done. Raises `Declined` as `ask` does."""
    members.require_manager(session, team_id, user_id)
    customer = _find(session, team_id, customer_id)
    theirs = _theirs(session, customer)
    _empty_messages(session, theirs, now)
    for story in theirs.stories:
        stories.forget(session, story, now)
    _forget_cases(theirs, now)
    _forget_promises(session, theirs, now)
    _forget_the_rest(session, theirs)
    session.flush()
    session.delete(customer)
    done = Erasure(team_id=team_id, by=user_id, at=now, rows={"customers": 1, **theirs.counts})
    session.add(done)
    session.flush()
    coach.shelves.drop(team_id)
    drafts.forget(session, team_id)
    return done


def _find(session: Session, team_id: str, customer_id: int) -> Customer:
    which = (col(Customer.team_id) == team_id, col(Customer.id) == customer_id)
    found = session.exec(select(Customer).where(*which).with_for_update()).first()
    if found is None:
        raise Declined(Reason.FORGOTTEN)
    return found


def _has_namesakes(session: Session, customer: Customer) -> bool:
    of_name = (col(Customer.team_id) == customer.team_id, col(Customer.name_key) == customer.name_key)
    return session.exec(select(Customer.id).where(*of_name, col(Customer.id) != customer.id)).first() is not None


def _theirs(session: Session, customer: Customer) -> Theirs:
    """What is about them. Cases with their name that are nobody's are theirs where nobody else has that name."""

    def rows(kind: type[SQLModel], *which: ColumnElement[bool]) -> Sequence[Any]:
        table: Any = kind
        return session.exec(select(kind).where(col(table.team_id) == customer.team_id, or_(*which))).all()

    cases: list[Case] = [*rows(Case, col(Case.customer_id) == customer.id)]
    if not _has_namesakes(session, customer):
        nobodys = record.unattributed(session, customer.team_id)
        cases += [case for case in nobodys if fold(case.called or "") == customer.name_key]
    sales: Sequence[Sale] = rows(Sale, col(Sale.customer_id) == customer.id)
    in_cases, of_sales = [case.id for case in cases], [sale.id for sale in sales]
    unlinked = col(Story.customer_id).is_(None) & (col(Story.whose_key) == customer.name_key)
    return Theirs(
        customer,
        cases,
        rows(Mission, col(Mission.customer_id) == customer.id, col(Mission.case_id).in_(in_cases)),
        sales,
        rows(
            Task,
            col(Task.customer_id) == customer.id,
            col(Task.case_id).in_(in_cases),
            col(Task.sale_id).in_(of_sales),
        ),
        rows(Remedy, col(Remedy.case_id).in_(in_cases)),
        rows(Approval, col(Approval.case_id).in_(in_cases)),
        rows(Post, col(Post.case_id).in_(in_cases)),
        rows(Story, col(Story.customer_id) == customer.id, unlinked, col(Story.case_id).in_(in_cases)),
    )


def _forget_cases(theirs: Theirs, now: datetime) -> None:
    name = theirs.customer.name
    for case in theirs.cases:
        if case.closed_at is None:
            case.outcome, case.closed_at, case.decided_at = Outcome.FORGOTTEN, now, now
        case.customer_id = case.called = case.link = case.waiting_until = case.response_url = None
        case.source_channel = case.source_ts = case.source_link = None
        case.words, case.slots, case.before, case.trail, case.passed_over = {}, [], [], [], []
        case.product = None if gives_away(case.product or "", name) else case.product
        case.customer_kind = None if gives_away(case.customer_kind or "", name) else case.customer_kind
        case.revision += 1
        case.forgotten_at = now
    for remedy in theirs.remedies:
        remedy.words = None
    for approval in theirs.approvals:
        approval.words = approval.word = None
        if requests.waits(approval):
            approval.verdict, approval.decided_at = Verdict.ENDED, now
        approval.closed_at = approval.closed_at or now
    for post in theirs.posts:
        post.words, post.named = "", False


def _forget_promises(session: Session, theirs: Theirs, now: datetime) -> None:
    """What was promised in a case is dropped and says nothing more; what belonged to them alone goes."""
    for task in theirs.tasks:
        if task.case_id is None:
            session.delete(task)
            continue
        task.dropped_at = now if reminders.is_open(task) else task.dropped_at
        task.facts = {name: fact for name, fact in task.facts.items() if name in _COUNTED}
        task.dropped_why = task.message_ts = task.handed_ts = task.customer_id = None
        task.stood_in = []


def _forget_the_rest(session: Session, theirs: Theirs) -> None:
    # Tasks refer to sales, and missions to cases.
    session.flush()
    for row in (*theirs.missions, *theirs.sales):
        session.delete(row)


def _empty_messages(session: Session, theirs: Theirs, now: datetime) -> None:
    """Whatever says in Slack whom it is about will say so no more."""
    team_id, name = theirs.customer.team_id, theirs.customer.name
    cases = [case.id or 0 for case in theirs.cases]
    told = [story.id or 0 for story in theirs.stories]
    told_in = session.exec(select(Telling.case_id).where(_in(Telling, team_id, Telling.story_id, told))).all()
    _turn(session, team_id, _OF_CASES, cases, now)
    _turn(session, team_id, (requests.KIND,), [approval.id or 0 for approval in theirs.approvals], now)
    _turn(session, team_id, (posts.KIND,), [post.id or 0 for post in theirs.posts], now)
    _turn(session, team_id, (tellings.THANKS,), told_in, now)
    _turn(session, team_id, (stories.EXPIRY,), told, now)
    _turn(session, team_id, (stories.WORD,), stories.decided(session, team_id, told), now)
    places = {(place["user"], place["ts"]) for task in theirs.tasks for place in task.stood_in}
    for task in theirs.tasks:
        places |= {(task.owner_id, task.message_ts)} if task.message_ts else set()
        places |= {(task.handed_by, task.handed_ts)} if task.handed_by and task.handed_ts else set()
    # Managers see the cases of others, too.
    everybody = {
        *theirs.people,
        *members.managers(session, team_id),
        *(verifiers.all_of(session, team_id) if told else ()),
    }
    outbox.enqueue(
        session,
        *(due.redraw(team_id, user, ts, now) for user, ts in sorted(places)),
        *(_screen(session, sight, now) for sight in _screens(session, theirs, now)),
        *_searches(session, team_id, name, now),
        *_files(session, theirs, now),
        *(homes.redraw(team_id, user, now) for user in sorted(everybody)),
    )


def _in(kind: Any, team_id: str, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    return (col(kind.team_id) == team_id) & col(column).in_(ids)


def _turn(session: Session, team_id: str, kinds: Sequence[str], subjects: Sequence[int], now: datetime) -> None:
    """Let the rows that sent something be the ones that empty it.

    One that a worker holds is due once its lease is over: what is being sent right now stands by then.
    """
    held_until = col(OutboxRow.claimed_until)
    session.execute(
        update(OutboxRow)
        .where(_in(OutboxRow, team_id, OutboxRow.subject_id, subjects), col(OutboxRow.kind).in_(kinds))
        .values(
            kind=MESSAGE,
            status="pending",
            due_at=sa.case((held_until > now, held_until), else_=sa.literal(now, UtcDateTime)),
            subject_id=None,
            claimed_by=None,
            claimed_until=None,
            attempts=0,
            parked_at=None,
            last_error=None,
        )
        .execution_options(synchronize_session=False)
    )


def _screens(session: Session, theirs: Theirs, now: datetime) -> Sequence[Sight]:
    """Where their cards stand before a rep's eyes alone."""
    team_id = theirs.customer.team_id
    cases = [case.id or 0 for case in theirs.cases]
    kept = session.exec(select(Sight).where(_in(Sight, team_id, Sight.case_id, cases))).all()
    drawn = [
        Sight(
            team_id=team_id,
            place="",
            user_id=case.rep_id,
            case_id=case.id,
            response_url=case.response_url,
            seen_at=case.touched_at,
        )
        for case in theirs.cases
        if case.response_url and case.response_url not in {each.response_url for each in kept}
    ]
    for each in kept:
        session.delete(each)
    session.flush()
    reached = [each for each in (*kept, *drawn) if each.response_url and sights.is_reached(each.seen_at, now)]
    return [
        Sight(
            team_id=team_id,
            place=f"{_SCREEN}{each.case_id}:{turn}",
            user_id=each.user_id,
            response_url=each.response_url,
            seen_at=each.seen_at,
        )
        for turn, each in enumerate(reached)
    ]


def _screen(session: Session, sight: Sight, now: datetime) -> outbox.Due:
    session.add(sight)
    return outbox.Due(sight.team_id, sight.place, MESSAGE, sight.user_id, now)


def screen_of(key: str) -> str | None:
    """The place of the screen that an outbox row empties; None where it empties a message."""
    return key if key.startswith(_SCREEN) else None


def _searches(session: Session, team_id: str, name: str, now: datetime) -> Sequence[outbox.Due]:
    """Searches among the stories in which somebody has typed the name."""
    open_ones = session.exec(select(Sight).where(col(Sight.team_id) == team_id, col(Sight.case_id).is_(None))).all()
    typed = [each for each in open_ones if each.asked and gives_away(str(each.asked.get("text") or ""), name)]
    for each in typed:
        each.asked = {**(each.asked or {}), "text": ""}
    return [sights.redraw(each, now) for each in typed]


def _files(session: Session, theirs: Theirs, now: datetime) -> Sequence[outbox.Due]:
    """Files of ours in which they are, or may be."""
    since = (col(SharedFile.team_id) == theirs.customer.team_id, col(SharedFile.sent_at) >= theirs.customer.created_at)
    sent = session.exec(select(SharedFile).where(*since)).all()
    about = [each for each in sent if each.customers is None or theirs.customer.id in each.customers]
    for each in about:
        session.delete(each)
    return [_removal(each.team_id, each.user_id, each.file_id, now) for each in about]


def _removal(team_id: str, user_id: str, file_id: str, now: datetime) -> outbox.Due:
    return outbox.Due(team_id, f"{FILE}:{file_id}", FILE, user_id, now)


def file_of(key: str) -> str:
    """The file that an outbox row removes."""
    return key.removeprefix(f"{FILE}:")


def keep_files(
    session: Session,
    whose: tuple[str, str],
    file_ids: Sequence[str],
    customers: Sequence[int] | None,
    since: datetime,
    now: datetime,
) -> None:
    """Remember files sent to a member (team and user) that name these customers, None for anybody.

    One that was made, from `since` on, while somebody in it was forgotten is removed again.
    """
    team_id, user_id = whose
    if customers is None:
        gone = was_forgotten(session, team_id, since)
    else:
        there = session.exec(select(Customer.id).where(_in(Customer, team_id, Customer.id, [*customers]))).all()
        gone = len({*there}) < len({*customers})
    for file_id in file_ids:
        if gone:
            outbox.enqueue(session, _removal(team_id, user_id, file_id, now))
        else:
            kept = None if customers is None else [*customers]
            session.add(SharedFile(team_id=team_id, file_id=file_id, user_id=user_id, customers=kept, sent_at=now))


def was_forgotten(session: Session, team_id: str, since: datetime) -> bool:
    """Whether anybody was forgotten from a moment on."""
    which = (col(Erasure.team_id) == team_id, col(Erasure.at) >= since)
    return session.exec(select(Erasure.id).where(*which).limit(1)).first() is not None
