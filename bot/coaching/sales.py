"""Sales: a yes that is solidified minutes after it was said, so that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.coaching import calendar, customers, homes, library, members, missions, reminders, resent
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.customers import Known
from bot.coaching.library import Library, Problem
from bot.coaching.money import Money
from bot.coaching.reminders import Promise, Reminder, TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Mission, Sale, Task

PLAYBOOK = "solidify"

# What is gone over with the customer, by its name in the words.
CHECKS = ("payment", "order", "next")


class Sureness(StrEnum):
    """How sure a customer sounded; anything but sure is an early warning."""

    SURE = "sure"
    FLAT = "flat"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Yes:
    """What a rep keeps of a yes; `decided` is what made the customer decide, in the customer's own words."""

    name: str
    sureness: Sureness
    checked: Sequence[str] = ()
    decided: str | None = None
    before: str | None = None
    product: str | None = None
    value: Money | None = None


@dataclass(frozen=True)
class Solidified:
    """A sale that was kept, with what was booked after it. `namesakes` says how many customers have that name."""

    sale: Sale
    customer: Customer
    member: Member
    mission: Mission | None
    tasks: Sequence[Task]
    namesakes: int = 1

    @property
    def call(self) -> Task | None:
        """The call inside the days of remorse; None where none is called for."""
        return next((task for task in self.tasks if task.kind == TaskKind.UNSURE_CALL), None)


_LATEST = (
    select(Sale)
    .where(col(Sale.team_id) == bindparam("team_id"), col(Sale.customer_id) == bindparam("customer_id"))
    .order_by(col(Sale.sold_at).desc())
    .limit(1)
)


def of_case(session: Session, case: Case) -> Sale | None:
    """How the customer of a case bought, as far as anybody kept it."""
    return latest(session, case.team_id, case.customer_id) if case.customer_id else None


def latest(session: Session, team_id: str, customer_id: int) -> Sale | None:
    """What this customer bought last, as far as anybody kept it."""
    return session.exec(_LATEST, params={"team_id": team_id, "customer_id": customer_id}).first()


def prepare(session: Session, team_id: str, user_id: str, name: str | None, now: datetime) -> tuple[Member, Library]:
    """What the form needs: who fills it in, and what the team has set and sells.

    A member not met yet is looked up meanwhile, so that days are booked in their zone. Raises `Declined` for a name
    that holds a card number.
    """
    refuse_card_numbers(name)
    member = _member(session, team_id, user_id, now)
    return member, library.of(session, team_id)


def solidify(session: Session, team_id: str, user_id: str, said: Yes, now: datetime) -> Solidified:
    """Keep a sale with the customer's own words, and book what makes it hold.

    Whoever asked not to be contacted stays left alone: the sale is kept, and nothing is booked. What was sent twice is
    kept once. Raises `Declined` for a card number.
    """
    refuse_card_numbers(said.name, said.decided, said.before, said.product)
    member = _member(session, team_id, user_id, now)
    known = customers.by_name(session, team_id, said.name)
    customer = _met_last(session, known) or customers.create(session, team_id, said.name, now)
    sale = _sale(customer, user_id, said, now)
    mission = _mission(sale, said.decided)
    if kept := _sent_before(session, sale):
        return Solidified(kept, customer, member, mission, _booked(session, kept), max(len(known), 1))
    session.add_all([sale, *([mission] if mission else [])])
    session.flush()
    problems = library.problems_of(library.product_named(session, team_id, said.product))
    promises = [] if customer.left_alone_since else _promises(said, problems, member, now)
    tasks = sorted(reminders.book(session, sale, member, now, *promises), key=lambda task: task.due_at)
    outbox.enqueue(session, *map(reminders.alarm, tasks), *homes.own(member, now))
    return Solidified(sale, customer, member, mission, tasks, max(len(known), 1))


def _member(session: Session, team_id: str, user_id: str, now: datetime) -> Member:
    met = members.find(session, team_id, user_id)
    outbox.enqueue(session, *members.look_up_if_new(met, team_id, user_id, now))
    return met or Member(team_id=team_id, user_id=user_id)


def _met_last(session: Session, known: Sequence[Known]) -> Customer | None:
    """Of several with one name, the one whom anybody dealt with last."""

    if len(known) <= 1:
        return known[0].customer if known else None
    ids = [customers.id_of(each.customer) for each in known]
    theirs = (col(Sale.team_id) == known[0].customer.team_id, col(Sale.customer_id).in_(ids))
    sold = dict(session.exec(select(Sale.customer_id, Sale.sold_at).where(*theirs).order_by(col(Sale.sold_at))).all())

    def met_at(each: Known) -> datetime:
        opened = (past.case.opened_at for past in each.past)
        created = each.customer.created_at
        return max(created, sold.get(customers.id_of(each.customer), created), *opened)

    return max(known, key=met_at).customer


def _sale(customer: Customer, user_id: str, said: Yes, now: datetime) -> Sale:
    return Sale(
        team_id=customer.team_id,
        customer_id=customers.id_of(customer),
        rep_id=user_id,
        product=said.product,
        value_minor=said.value.minor if said.value else None,
        currency=said.value.currency if said.value else None,
        checked=list(said.checked),
        before=said.before,
        sureness=said.sureness,
        sold_at=now,
    )


def _sent_before(session: Session, sale: Sale) -> Sale | None:
    """The sale that the same form has just made: Slack asks for another try when the first was slow to be answered."""
    last = latest(session, sale.team_id, sale.customer_id)
    if last is None or last.sold_at < resent.since(sale.sold_at):
        return None
    same = ("rep_id", "product", "value_minor", "currency", "checked", "before", "sureness")
    return last if all(getattr(last, name) == getattr(sale, name) for name in same) else None


def move_call(session: Session, team_id: str, user_id: str, task_id: int, day: datetime, now: datetime) -> Reminder:
    """Another day for the call to somebody who did not sound sure."""
    call = reminders.snooze(session, team_id, user_id, task_id, day, now)
    outbox.enqueue(session, *homes.own(call.member, now))
    return call


def _booked(session: Session, sale: Sale) -> Sequence[Task]:
    theirs = (col(Task.team_id) == sale.team_id, col(Task.sale_id) == sale.id)
    return session.exec(select(Task).where(*theirs).order_by(col(Task.due_at))).all()


def _mission(sale: Sale, words: str | None) -> Mission | None:
    if words is None:
        return None
    return Mission(
        team_id=sale.team_id, customer_id=sale.customer_id, words=words, heard_by=sale.rep_id, heard_at=sale.sold_at
    )


def _promises(said: Yes, problems: Sequence[Problem], member: Member, now: datetime) -> Sequence[Promise]:
    """A check-in in any case, a call where the yes sounded weak, and a light touch before each likely problem."""
    today = now.astimezone(calendar.zone(member.timezone)).date()
    words = {missions.FIELD: said.decided} if said.decided else {}
    return [
        Promise(TaskKind.AFTER_SALE, facts=words),
        *([] if said.sureness is Sureness.SURE else [Promise(TaskKind.UNSURE_CALL, facts=words)]),
        *(
            Promise(
                TaskKind.PROBLEM,
                on=calendar.workday(today + timedelta(days=each.days)),
                facts={"problem": each.problem, "answer": each.answer},
            )
            for each in problems
        ),
    ]
