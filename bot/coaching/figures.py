"""The figures of a period, counted from the rows of one workspace, and the one thing to coach that they show.

A case counts in the period in which it was closed. One opened by mistake, or that is a duplicate, counts in none, and
an appointment only among the appointments. What ended is what was saved and what was lost.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.coaching import closings
from bot.coaching.closings import Closing, Closings
from bot.coaching.held import NO, UNKNOWN, YES
from bot.coaching.outcomes import Outcome
from bot.coaching.periods import Period, weeks
from bot.coaching.rates import ENOUGH, Rate
from bot.coaching.spelling import gives_away

# So many weeks are shown beside a period, its own included, and splits cover as many.
RUN_WEEKS = 8


@dataclass(frozen=True)
class Filters:
    """Which cases are counted: all, or those of one product, reason, playbook or rep, as these are kept with a case."""

    product: str | None = None
    reason: str | None = None
    playbook: str | None = None
    rep_id: str | None = None


ALL = Filters()


def mine(filters: Filters, rep_id: str) -> Filters:
    """The same, of one rep alone: for their own eyes."""
    return replace(filters, rep_id=rep_id)


@dataclass(frozen=True)
class Totals:
    """What a period comes to.

    Saves are those who stayed in whichever way, losses those who left. `without_discount` counts the saves in which no
    discount stands agreed. Money is in minor units by currency: `kept` is the value of the saves, `given` the worth of
    the remedies that stand agreed in them.
    """

    period: Period
    saves: int
    losses: int
    without_discount: int
    kept: Mapping[str, int]
    given: Mapping[str, int]

    @property
    def ended(self) -> int:
        """How many ended: saves and losses."""
        return self.saves + self.losses

    @property
    def saved(self) -> Rate:
        """The gross rate: the saves of all that ended."""
        return Rate(self.saves, self.ended)

    @property
    def net(self) -> Mapping[str, int]:
        """What was kept less what was given away for it, by currency."""
        return {each: self.kept.get(each, 0) - self.given.get(each, 0) for each in {**self.kept, **self.given}}


@dataclass(frozen=True)
class Held:
    """Whether saves hold, by the checks after 30, 60 and 90 days.

    `held` is yes of yes and no, and `unknown` how often nobody knew, among the checks answered in the period.
    `unanswered` are those that were brought or due before its end, and are open to this moment.
    """

    held: Rate
    unknown: int
    unanswered: int


@dataclass(frozen=True)
class Pending:
    """What was opened before the end of the period and is open to this moment: no appointments.

    `cool_offs` were agreed on before the end; in `waiting` the customer's answer is awaited. Both are among the `open`.
    """

    open: int
    cool_offs: int
    waiting: int


@dataclass(frozen=True)
class Moved:
    """How many of all that ended had a reason, None where nobody named one, in the period and in the one before."""

    key: str | None
    now: int
    before: int


@dataclass(frozen=True)
class Split:
    """The saves of what ended with one thing in common; `key` is None where nobody said."""

    key: str | None
    saved: Rate


@dataclass(frozen=True)
class Lost:
    """How many were lost from a step, of all that ended by its playbook."""

    playbook: str
    step: str
    lost: Rate


@dataclass(frozen=True)
class Told:
    """How often a story landed of the times it was told, in cases closed in the period."""

    story_id: int
    landed: Rate


@dataclass(frozen=True)
class Appointments:
    """How appointments ended in the period. Those that were `met` are among the new dates."""

    new_date: int
    not_now: int
    misfit: int
    no_show: int
    met: int


@dataclass(frozen=True)
class Figures:
    """All that is known of a period, `before` being the totals of the period before and `run` those of eight weeks.

    `reasons`, `causes`, `remedies`, `stories`, `misfits` and `appointments` are of the period alone; `products`,
    `heard_through` and `lost` are of the eight weeks up to its end, or of all of it where it is longer. Splits come
    with the most cases first, reasons with the most now, `lost` with the most lost, and stories with the most landed.
    A remedy counts in each ended case in which it stands agreed. `lost` leaves out where nobody knows the step.
    `stories` may be such as are not told any more. `misfits` are the latest words on why somebody was no fit, but for
    those that give the customer's name away.
    """

    now: Totals
    before: Totals
    run: Sequence[Totals]
    held: Held
    pending: Pending
    reasons: Sequence[Moved]
    causes: Sequence[Split]
    products: Sequence[Split]
    heard_through: Sequence[Split]
    lost: Sequence[Lost]
    remedies: Sequence[Split]
    stories: Sequence[Told]
    misfits: Sequence[str]
    appointments: Appointments

    @property
    def period(self) -> Period:
        """The period they are of."""
        return self.now.period


def figures(session: Session, team_id: str, period: Period, filters: Filters = ALL) -> Figures:
    """Count the figures of a period."""
    before, run = period.before(), weeks(period, RUN_WEEKS)
    earliest, start, end = min(before.start, run[0].start), period.start, period.end
    which = {each.name: value for each in fields(filters) if (value := getattr(filters, each.name)) is not None}
    found = closings.read(session, team_id, earliest, start, end, which)
    every = _Ended(found)
    ended = every.between(start, end)
    span = every.between(min(run[0].start, start), end)
    here = [each for each in found.closed if each.closed_at >= start]
    checks = found.checks
    return Figures(
        now=every.totals(period),
        before=every.totals(before),
        run=[every.totals(week) for week in run],
        held=Held(Rate(checks[YES], checks[YES] + checks[NO]), checks[UNKNOWN], found.unanswered),
        pending=Pending(*found.pending),
        reasons=_moved(ended, every.between(before.start, before.end)),
        causes=_split((each.cause, each) for each in ended),
        products=_split((each.product, each) for each in span),
        heard_through=_split((each.heard_through, each) for each in span),
        lost=_lost(span),
        remedies=_split((key, each) for each in ended for key in {one.key for one in found.agreed.get(each.id, ())}),
        stories=_told(here),
        misfits=[words for words, name in found.misfits if not gives_away(words, name)],
        appointments=_appointments(each for each in here if each.is_appointment),
    )


class _Ended:
    """What was saved and what was lost, in the order of time."""

    def __init__(self, found: Closings) -> None:
        self._agreed = found.agreed
        self._ended = [each for each in found.closed if each.saved or each.outcome == Outcome.LEFT]
        self._moments = [each.closed_at for each in self._ended]

    def between(self, start: datetime, end: datetime) -> Sequence[Closing]:
        return self._ended[bisect_left(self._moments, start) : bisect_left(self._moments, end)]

    def totals(self, period: Period) -> Totals:
        ended = self.between(period.start, period.end)
        saves = [each for each in ended if each.saved]
        agreed = [self._agreed.get(each.id, ()) for each in saves]
        return Totals(
            period,
            saves=len(saves),
            losses=len(ended) - len(saves),
            without_discount=sum(not any(one.is_discount for one in of_one) for of_one in agreed),
            kept=_by_currency((each.currency, each.value_minor) for each in saves),
            given=_by_currency((one.currency, one.worth_minor) for of_one in agreed for one in of_one),
        )


def _by_currency(amounts: Iterable[tuple[str | None, int | None]]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for currency, minor in amounts:
        # Where there is nothing there is no currency either; what was kept and given away again is a zero that counts.
        if currency is not None and minor:
            sums[currency] += minor
    return dict(sums)


def _moved(now: Iterable[Closing], before: Iterable[Closing]) -> Sequence[Moved]:
    here, earlier = (Counter(each.reason for each in cases) for cases in (now, before))
    moved = [Moved(key, here[key], earlier[key]) for key in here | earlier]
    return sorted(moved, key=lambda each: (-each.now, -each.before, *_none_last(each.key)))


def _split(ended: Iterable[tuple[str | None, Closing]]) -> Sequence[Split]:
    """What ended, by its keys."""
    wholes: Counter[str | None] = Counter()
    saves: Counter[str | None] = Counter()
    for key, each in ended:
        wholes[key] += 1
        saves[key] += each.saved
    splits = [Split(key, Rate(saves[key], whole)) for key, whole in wholes.items()]
    return sorted(splits, key=lambda each: (-each.saved.whole, *_none_last(each.key)))


def _none_last(key: str | None) -> tuple[bool, str]:
    return key is None, key or ""


def _lost(ended: Sequence[Closing]) -> Sequence[Lost]:
    wholes = Counter(each.playbook for each in ended)
    parts = Counter((each.playbook, each.lost_at) for each in ended if each.lost_at and not each.saved)
    lost = [Lost(book, step, Rate(part, wholes[book])) for (book, step), part in parts.items() if step]
    return sorted(lost, key=lambda each: (-each.lost.part, each.playbook, each.step))


def _told(closed: Iterable[Closing]) -> Sequence[Told]:
    told = [(each.story_id, each.landed) for each in closed if each.story_id and each.landed is not None]
    times, landed = Counter(story for story, _ in told), Counter(story for story, did in told if did)
    stories = [Told(story, Rate(landed[story], count)) for story, count in times.items()]
    return sorted(stories, key=lambda each: (-each.landed.part, each.landed.whole, each.story_id))


def _appointments(closed: Iterable[Closing]) -> Appointments:
    ended = Counter((each.outcome, each.met is True) for each in closed)
    ends = Counter(outcome for outcome, _ in ended.elements())
    return Appointments(
        new_date=ends[Outcome.RESCHEDULED],
        not_now=ends[Outcome.NOT_NOW],
        misfit=ends[Outcome.MISFIT],
        no_show=ends[Outcome.NO_SHOW],
        met=ended[Outcome.RESCHEDULED, True],
    )


class Matter(StrEnum):
    """What can be the one thing to coach."""

    DISCOUNTS = "discounts"
    REASONS = "reasons"
    HELD = "held"
    STEP = "step"


@dataclass(frozen=True)
class OneThing:
    """The one thing to coach: in how many of how many cases it shows, and from which step, where it is one."""

    matter: Matter
    rate: Rate
    playbook: str | None = None
    step: str | None = None


def one_thing(figures: Figures) -> OneThing | None:
    """The one thing to coach, what is out of the ordinary first; None where nothing is, or in a quiet week.

    The first that holds of these: most saves came with a discount; most that ended have no reason to their name; most
    held checks brought were left without an answer; and then the step at which most were lost, where they are five or
    more. Most is more than half, of five or more.
    """
    now, held = figures.now, figures.held
    if not now.ended:
        return None
    discounts = Rate(now.saves - now.without_discount, now.saves)
    unnamed = Rate(sum(each.now for each in figures.reasons if each.key is None), now.ended)
    unanswered = Rate(held.unanswered, held.unanswered + held.held.whole + held.unknown)
    for matter, rate in ((Matter.DISCOUNTS, discounts), (Matter.REASONS, unnamed), (Matter.HELD, unanswered)):
        if rate.is_most:
            return OneThing(matter, rate)
    worst = next(iter(figures.lost), None)
    if worst is None or worst.lost.part < ENOUGH:
        return None
    return OneThing(Matter.STEP, worst.lost, worst.playbook, worst.step)
