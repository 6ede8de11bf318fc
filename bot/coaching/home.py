"""What a member has open: the list, and the Home."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.coaching import (
    calendar,
    closings,
    customers,
    homes,
    insight,
    library,
    members,
    reminders,
    requests,
    setup,
    summaries,
    verifiers,
    waiting,
)
from bot.coaching.closings import Glance
from bot.coaching.errors import Declined, Reason
from bot.coaching.homes import TOP, Page
from bot.coaching.insight import Insight
from bot.coaching.library import Library
from bot.coaching.periods import week_of
from bot.coaching.playbooks import Books, Playbook
from bot.coaching.reminders import Reminder
from bot.coaching.requests import Request
from bot.coaching.setup import Checklist
from bot.coaching.verifiers import Queue
from bot.coaching.waiting import Waiting
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, OutboxRow, Sale, Task

PARKED_MOST = 5
REQUESTS_MOST = 3


@dataclass(frozen=True)
class Agenda:
    """A member's open tasks, soonest first, and open cases, latest first with their customers' names.

    The counts say how many there are in all, and `page` from which on these are. On the Home, `week` says how it goes,
    `requests` are those that wait for this member's word, `waiting` the cases that wait too long, `queue` the stories
    to look at, and `insight` says where the member's conversations end most. `library` is what a manager may change
    there, `summary_channels` get the weekly summary, `checklist` is what is left to set up, and `parked` what Slack
    refused to deliver.
    """

    member: Member
    tasks: Sequence[Reminder]
    cases: Sequence[tuple[Case, str | None]]
    task_count: int
    case_count: int
    library: Library | None = None
    parked: Sequence[OutboxRow] = ()
    waiting: Waiting = field(default_factory=Waiting)
    queue: Queue | None = None
    insight: Insight | None = None
    page: Page = TOP
    week: Glance | None = None
    requests: Sequence[tuple[Request, str | None]] = ()
    request_count: int = 0
    checklist: Checklist | None = None
    summary_channels: Sequence[str] = ()
    more_parked: bool = False


def agenda(session: Session, team_id: str, user_id: str, most: int, page: Page | None = TOP) -> Agenda:
    """Up to `most` tasks and as many cases of this member's, from a `page` on; without one, from where they are."""
    member = members.get(session, team_id, user_id)
    page = page or homes.page_of(member)
    tasks = session.execute(
        reminders.with_customer(sa.select(Task, Case, Sale, Customer, func.count().over()).select_from(Task))
        .where(
            col(Task.team_id) == team_id,
            col(Task.owner_id) == user_id,
            col(Task.done_at).is_(None),
            col(Task.dropped_at).is_(None),
        )
        .order_by(col(Task.due_at), col(Task.id))
        .offset(page.tasks)
        .limit(most)
    ).all()
    cases = session.exec(
        select(Case, Customer, func.count().over())
        .outerjoin(Customer, customers.of_case())
        .where(col(Case.team_id) == team_id, col(Case.rep_id) == user_id, col(Case.closed_at).is_(None))
        .order_by(col(Case.touched_at).desc(), col(Case.id).desc())
        .offset(page.cases)
        .limit(most)
    ).all()
    return Agenda(
        member,
        [Reminder(task, case, sale, customer, member) for task, case, sale, customer, _ in tasks],
        [(case, customers.name_of(case, customer)) for case, customer, _ in cases],
        tasks[0][4] if tasks else 0,
        cases[0][2] if cases else 0,
        page=page,
    )


def at_home(
    session: Session,
    team_id: str,
    user_id: str,
    most: int,
    spoken: Callable[[str | None], Books],
    now: datetime,
    page: Page | None = None,
) -> Agenda:
    """The same for this member's Home, with what waits too long, and where a manager finds the library too.

    Without a `page` it stays where they have paged to; whoever has paged past the end is shown the beginning.
    `spoken` has the playbooks in the language of a locale.
    """
    found = agenda(session, team_id, user_id, most, page)
    manages = found.member.manages_since is not None
    waits = waiting.too_long(session, team_id, user_id, now, found.page.waiting, manages=manages)
    pages = ((found.page.tasks, found.tasks), (found.page.cases, found.cases), (found.page.waiting, waits.cases))
    if any(before and not seen for before, seen in pages):
        return at_home(session, team_id, user_id, most, spoken, now, TOP)
    member = found.member
    books = spoken(member.locale).all
    asked, request_count = requests.waiting_for(session, member, REQUESTS_MOST)
    shown = replace(
        found,
        week=_week(session, member, now),
        requests=_with_titles(asked, books),
        request_count=request_count,
        waiting=waits,
        queue=verifiers.queue(session, team_id, user_id, verifiers.QUEUE_MOST, found.member),
        insight=insight.of(session, team_id, user_id, books, now),
    )
    if not manages:
        return shown
    parked = outbox.parked(session, team_id, PARKED_MOST + 1)
    return replace(
        shown,
        library=library.of(session, team_id),
        summary_channels=summaries.channels(session, team_id),
        parked=parked[:PARKED_MOST],
        more_parked=len(parked) > PARKED_MOST,
        checklist=None if members.TIPS in member.unwanted else setup.checklist(session, team_id),
    )


def _week(session: Session, member: Member, now: datetime) -> Glance:
    """How this week goes; where nothing has ended in it yet, how the last one went."""
    where = calendar.zone(member.timezone)
    today = now.astimezone(where).date()

    def glance(day: date) -> Glance:
        week = week_of(day, where)
        return closings.glance(session, member.team_id, member.user_id, week.start, week.end)

    this = glance(today)
    if (this.team if member.manages_since else this.own).whole:
        return this
    return glance(today - timedelta(days=7))._replace(is_last=True)


def _with_titles(asked: Sequence[Request], books: Mapping[str, Playbook]) -> Sequence[tuple[Request, str | None]]:
    """Requests, each with what its playbook calls the remedy, where it has it still."""
    steps = [(each, books[each.case.playbook].steps if each.case.playbook in books else {}) for each in asked]
    return [(each, of[each.approval.key].title if each.approval.key in of else None) for each, of in steps]


def unpark(session: Session, team_id: str, user_id: str, row_id: int, now: datetime, *, send: bool) -> None:
    """Try again what could not be delivered, or leave it. Raises `Declined` for anybody but a manager."""
    members.require_manager(session, team_id, user_id)
    if not outbox.unpark(session, team_id, row_id, now, send=send):
        raise Declined(Reason.GONE)
    outbox.enqueue(session, homes.managers(team_id, user_id, now))
