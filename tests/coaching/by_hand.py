"""Workspaces full of chance, and their figures worked out by hand: every row looked at, one by one, by its local day.

Nothing here is shared with the counting that it is held against.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.coaching.figures import Figures, Filters, Totals
from bot.storage.models import Case, Customer, Remedy, Task

STAYED = ("saved", "changed_plan", "paused", "rescheduled")
_NAMES = ("Ada Lovelace", "Grace Hopper", "Alan Turing", "Hedy")
_WHYS = ("they wanted a boat", "too small for us", "Ada does it all by hand", "no budget, said Turing", "hedy moved")
_PRODUCTS = (None, "Crew", "Harbour", "Über")
_CURRENCIES = (None, "EUR", "USD", "JPY")
_REMEDIES = (("discount", "discount"), ("discount_more", "discount"), ("fix", "fix"), ("billing", "billing"))


@dataclass(frozen=True)
class Span:
    """A period as the calendar on the wall has it, with the first day of the one before."""

    where: ZoneInfo
    first: date
    last: date
    before: date


@dataclass(frozen=True)
class Rows:
    """Everything that a database holds of all its workspaces."""

    cases: Sequence[Case]
    remedies: Sequence[Remedy]
    tasks: Sequence[Task]
    customers: Sequence[Customer]


class Scatter:
    """Fills workspaces, most of it close to where one day ends and another begins."""

    def __init__(self, span: Span) -> None:
        self._random = Random(str(span))  # noqa: S311 - no secret: every run has the same cases
        self._span = span
        end = span.last + timedelta(days=1)
        weeks = [end - timedelta(days=7 * nth) for nth in range(1, 9)]
        # As many at the ends of the period itself as at all others.
        days = [*weeks, span.before, *[span.first, end] * 6]
        self._edges = [datetime(day.year, day.month, day.day, tzinfo=span.where).astimezone(UTC) for day in days]

    def fill(self, session: Session, team: str, cases: int) -> None:
        customers = [Customer(team_id=team, name=n, name_key=n.lower(), created_at=self._edges[0]) for n in _NAMES]
        session.add_all(customers)
        session.flush()
        made = [self._case(team, customers) for _ in range(cases)]
        session.add_all(made)
        session.flush()
        for case in made:
            session.add_all(self._remedies(case))
            session.add_all(self._tasks(case))

    def _moment(self) -> datetime:
        edge = self._random.choice(self._edges)
        steps = [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=30)]
        near = self._random.choice([*steps, timedelta(hours=1), timedelta(days=3)])
        return edge + near * self._random.choice((-1, 1))

    def _some(self, chance: float) -> bool:
        return self._random.random() < chance

    def _case(self, team: str, customers: Sequence[Customer]) -> Case:
        pick = self._random.choice
        kind = pick(("sale", "sale", "order", "appointment"))
        ends: Sequence[str | None] = (*STAYED, "left", "left", "left", "mistake", "duplicate")
        if kind == "appointment":
            ends = ("rescheduled", "rescheduled", "not_now", "misfit", "no_show", "mistake")
        outcome = pick((None, "cool_off")) if self._some(0.12) else pick(ends)
        moment = self._moment()
        worth = self._some(0.8)
        is_open = outcome in (None, "cool_off")
        customer = pick((None, *customers))
        return Case(
            team_id=team,
            customer_id=customer.id if customer else None,
            called=None if customer else pick((None, *_NAMES)),
            rep_id=pick(("U1", "U2", "U3")),
            kind=kind,
            playbook=pick(("sale", "order")),
            step="empathise",
            cause=pick((None, "fear", "legitimate")),
            words={"misfit": pick(_WHYS)} if self._some(0.3) else {"note": "nothing"},
            heard_through=pick((None, "phone", "email")),
            waiting_until=self._span.last if self._some(0.3) else None,
            product=pick(_PRODUCTS),
            value_minor=self._random.randrange(10**9) if worth else None,
            currency=pick(_CURRENCIES[1:]) if worth else None,
            reason=pick((None, "cost", "worry", "other")),
            outcome=outcome,
            met=pick((None, True, False)),
            fit=pick((None, None, True, False)),
            story_id=pick((None, 7, 8, 9)),
            landed=pick((None, True, False)) if not is_open else None,
            lost_at=pick((None, "mission", "agreement", "diagnose")),
            decided_at=self._moment() if outcome else None,
            opened_at=self._moment() if is_open else moment - timedelta(days=1),
            touched_at=moment,
            closed_at=None if is_open else moment,
        )

    def _remedies(self, case: Case) -> Iterable[Remedy]:
        # The same one may be agreed on twice, in two currencies, and one of them taken back.
        for key, follow in self._random.choices(_REMEDIES, k=self._random.choice((0, 0, 1, 2, 4))):
            currency = self._random.choice(_CURRENCIES)
            yield Remedy(
                team_id=case.team_id,
                case_id=case.id,
                key=key,
                follow=follow,
                worth_minor=self._random.randrange(10**6) if currency else None,
                currency=currency,
                agreed_by=case.rep_id,
                agreed_at=case.touched_at,
                taken_back_at=case.touched_at if self._some(0.3) else None,
            )

    def _tasks(self, case: Case) -> Iterable[Task]:
        for _ in range(self._random.choice((0, 1, 2))):
            is_done = self._some(0.6)
            said = self._random.choice(({}, {"held": "yes"}, {"held": "no"}, {"held": "unknown"}))
            yield Task(
                team_id=case.team_id,
                case_id=case.id,
                owner_id="U4",
                kind=self._random.choice(("held", "held", "held", "check_in")),
                facts=said if is_done else {},
                due_at=self._moment(),
                created_at=case.touched_at,
                reminded_at=self._random.choice((None, self._moment())),
                done_at=self._moment() if is_done else None,
                dropped_at=case.touched_at if self._some(0.1) else None,
            )


def by_hand(rows: Rows, team: str, span: Span, filters: Filters) -> dict[str, Any]:
    """Every figure, by its name, worked out from the rows."""

    def day(moment: datetime) -> date:
        return moment.astimezone(span.where).date()

    asked = {"product": filters.product, "reason": filters.reason}
    asked |= {"playbook": filters.playbook, "rep_id": filters.rep_id}
    wanted = {name: value for name, value in asked.items() if value is not None}
    counted = {
        case.id: case
        for case in rows.cases
        if case.team_id == team
        and case.outcome not in ("mistake", "duplicate")
        and all(getattr(case, name) == value for name, value in wanted.items())
    }
    remedies: dict[int | None, list[Remedy]] = defaultdict(list)
    for remedy in rows.remedies:
        if remedy.taken_back_at is None:
            remedies[remedy.case_id].append(remedy)
    names = {customer.id: customer.name for customer in rows.customers}

    def closed(first: date, last: date) -> list[Case]:
        return [case for case in counted.values() if case.closed_at and first <= day(case.closed_at) <= last]

    def ended(first: date, last: date) -> list[Case]:
        return [c for c in closed(first, last) if c.kind != "appointment" and c.outcome in (*STAYED, "left")]

    def totals(first: date, last: date) -> tuple[Any, ...]:
        saves = [case for case in ended(first, last) if case.outcome != "left"]
        losses = [case for case in ended(first, last) if case.outcome == "left"]
        bare = [case for case in saves if all(each.follow != "discount" for each in remedies[case.id])]
        kept: Counter[str] = Counter()
        given: Counter[str] = Counter()
        for case in saves:
            if case.currency:
                kept[case.currency] += case.value_minor or 0
            for remedy in remedies[case.id]:
                if remedy.currency:
                    given[remedy.currency] += remedy.worth_minor or 0
        net = {each: kept[each] - given[each] for each in {*kept, *given}}
        return len(saves), len(losses), len(bare), dict(kept), dict(given), net

    def split(cases: list[Case], what: Callable[[Case], Iterable[Any]]) -> dict[Any, tuple[int, int]]:
        keys = {key for case in cases for key in what(case)}
        having = {key: [case for case in cases if key in what(case)] for key in keys}
        return {key: (sum(c.outcome != "left" for c in found), len(found)) for key, found in having.items()}

    def why_no_fit(case: Case) -> str | None:
        words, name = case.words.get("misfit"), names.get(case.customer_id) or case.called or ""
        no_fit = case.outcome == "misfit" or case.fit is False
        named = {each.lower() for each in name.split()} & {each.lower() for each in (words or "").split()}
        return words if no_fit and not named else None

    week = timedelta(days=6)
    lasts = [span.last - timedelta(days=7 * nth) for nth in range(7, -1, -1)]
    here, here_closed = ended(span.first, span.last), closed(span.first, span.last)
    earlier = ended(span.before, span.first - timedelta(days=1))
    long = ended(min(lasts[0] - week, span.first), span.last)
    reasons = {case.reason for case in (*here, *earlier)}
    apart = [case for case in here_closed if case.kind == "appointment"]
    checks = [task for task in rows.tasks if task.kind == "held" and task.case_id in counted and not task.dropped_at]
    answers = [
        task.facts.get("held") for task in checks if task.done_at and span.first <= day(task.done_at) <= span.last
    ]
    pending = [
        case
        for case in counted.values()
        if case.closed_at is None and case.kind != "appointment" and day(case.opened_at) <= span.last
    ]
    misfits = [why_no_fit(case) for case in sorted(here_closed, key=lambda c: (c.closed_at, c.id), reverse=True)]
    return {
        "now": totals(span.first, span.last),
        "before": totals(span.before, span.first - timedelta(days=1)),
        "run": [totals(last - week, last) for last in lasts],
        "held": (answers.count("yes"), answers.count("yes") + answers.count("no")),
        "unknown": answers.count("unknown"),
        "unanswered": sum(
            task.done_at is None
            and (day(task.due_at) <= span.last or (task.reminded_at is not None and day(task.reminded_at) <= span.last))
            for task in checks
        ),
        "open": len(pending),
        "cool_offs": sum(
            case.outcome == "cool_off" and case.decided_at is not None and day(case.decided_at) <= span.last
            for case in pending
        ),
        "waiting": sum(case.outcome is None and case.waiting_until is not None for case in pending),
        "reasons": {
            reason: (sum(c.reason == reason for c in here), sum(c.reason == reason for c in earlier))
            for reason in reasons
        },
        "causes": split(here, lambda case: [case.cause]),
        "products": split(long, lambda case: [case.product]),
        "heard_through": split(long, lambda case: [case.heard_through]),
        "lost": {
            (case.playbook, case.lost_at): (
                sum(
                    each.outcome == "left" and (each.playbook, each.lost_at) == (case.playbook, case.lost_at)
                    for each in long
                ),
                sum(each.playbook == case.playbook for each in long),
            )
            for case in long
            if case.outcome == "left" and case.lost_at
        },
        "remedies": split(here, lambda case: [remedy.key for remedy in remedies[case.id]]),
        "stories": {
            story: (
                sum(case.story_id == story and case.landed is True for case in here_closed),
                sum(case.story_id == story and case.landed is not None for case in here_closed),
            )
            for story in {case.story_id for case in here_closed if case.story_id and case.landed is not None}
        },
        "misfits": [words for words in misfits if words],
        "appointments": tuple(
            sum(case.outcome == outcome for case in apart)
            for outcome in ("rescheduled", "not_now", "misfit", "no_show")
        ),
        "met": sum(case.outcome == "rescheduled" and case.met is True for case in apart),
    }


def laid_out(figures: Figures) -> dict[str, Any]:
    """Figures that were counted, as they come out of `by_hand`."""

    def totals(of: Totals) -> tuple[Any, ...]:
        return of.saves, of.losses, of.without_discount, of.kept, of.given, of.net

    apart = figures.appointments
    splits = ("causes", "products", "heard_through", "remedies")
    return {
        "now": totals(figures.now),
        "before": totals(figures.before),
        "run": [totals(week) for week in figures.run],
        "held": (figures.held.held.part, figures.held.held.whole),
        "unknown": figures.held.unknown,
        "unanswered": figures.held.unanswered,
        "open": figures.pending.open,
        "cool_offs": figures.pending.cool_offs,
        "waiting": figures.pending.waiting,
        "reasons": {each.key: (each.now, each.before) for each in figures.reasons},
        **{n: {each.key: (each.saved.part, each.saved.whole) for each in getattr(figures, n)} for n in splits},
        "lost": {(each.playbook, each.step): (each.lost.part, each.lost.whole) for each in figures.lost},
        "stories": {each.story_id: (each.landed.part, each.landed.whole) for each in figures.stories},
        "misfits": figures.misfits,
        "appointments": (apart.new_date, apart.not_now, apart.misfit, apart.no_show),
        "met": apart.met,
    }
