"""A week's figures: that they cost no more for the years before them, and what those of many workspaces cost.

All of it happens in one process, on databases of its own. A rate is what the median of single times comes to, but for
the workspaces, which are measured in CPU time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from time import process_time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from bot.coaching import reasons
from bot.coaching.cases import HEARD_THROUGH, MISFIT
from bot.coaching.figures import RUN_WEEKS, Figures
from bot.coaching.figures import figures as count_figures
from bot.coaching.held import HELD, YES
from bot.coaching.outcomes import Outcome
from bot.coaching.periods import week_of
from bot.coaching.playbooks import Cause, Follow
from bot.storage.database import Database
from bot.storage.models import Case, Remedy, Task
from tests.benchmarks.comparisons import Size
from tests.benchmarks.load import WrongAnswerError
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.table import Row
from tests.benchmarks.turns import in_turns
from tests.benchmarks.workspace import numbers
from tests.coaching.desk import NOW

TEAM = "T1"
_WEEK = week_of((NOW - timedelta(weeks=1)).date(), ZoneInfo("America/New_York"))
RECENT = 500
_IN_A_WORKSPACE = 50
# The older ones were closed in so many times eight weeks before.
_TIMES_AGO = 60
# What was promised: a hundred times the cases for no more than 1.2 times the price, and 2 ms of CPU a workspace.
_AS_FAST = 1 / 1.2
_LONGEST_SECONDS = 0.002


async def figures(size: Size, _: SlowSlack, folder: Path) -> Sequence[Row]:
    """The same week beside few older cases and beside many; then the weeks of many workspaces."""
    few = size.cases // 100
    with (
        database_of(folder / "few.db", RECENT, older(few)) as beside_few,
        database_of(folder / "many.db", RECENT, older(size.cases)) as beside_many,
        database_of(folder / "workspaces.db", _IN_A_WORKSPACE, _elsewhere(size.workspaces)) as workspaces,
    ):
        if _summary(beside_few, TEAM) != _summary(beside_many, TEAM):
            raise WrongAnswerError("older cases count in the week")
        of_many, of_few = in_turns(
            [[TEAM] * size.summaries] * (size.rounds + 1),
            lambda team: _summary(beside_many, team),
            lambda team: _summary(beside_few, team),
        )
        of_a_workspace = _cpu_seconds(workspaces, size.workspaces)
    return [
        Row(f"a week over {size.cases:,} cases", 1 / of_many, f"over {few:,}", 1 / of_few, "a second", _AS_FAST),
        Row(
            f"a week of {_IN_A_WORKSPACE} cases, by CPU",
            1 / of_a_workspace,
            f"{_LONGEST_SECONDS * 1000:g} ms each",
            1 / _LONGEST_SECONDS,
            "a second",
            to_reach=1,
        ),
    ]


def _summary(database: Database, team_id: str) -> Figures:
    with database.begin(writes=False) as session:
        return count_figures(session, team_id, _WEEK)


def _cpu_seconds(database: Database, workspaces: int) -> float:
    """What the figures of one workspace cost where those of all are counted one after the other."""
    _summary(database, TEAM)
    started = process_time()
    for nth in range(workspaces):
        if not _summary(database, f"W{nth}").now.ended:
            raise WrongAnswerError(f"nothing ended in workspace {nth}")
    return (process_time() - started) / workspaces


@contextmanager
def database_of(file: Path, recent: int, more: Callable[[Session, int], None]) -> Iterator[Database]:
    """A database with so many cases of the eight weeks up to the end of the week, and with `more` like them."""
    database = Database(f"sqlite:///{file}")
    try:
        database.migrate()
        with database.begin() as session:
            _close(session, recent)
            more(session, recent)
        yield database
    finally:
        database.dispose()


def _close(session: Session, recent: int) -> None:
    random = Random(7)  # noqa: S311 - no secret: everybody gets the same cases
    step = timedelta(weeks=RUN_WEEKS) / recent
    for nth in range(1, recent + 1):
        closed_at = _WEEK.end - step * nth
        outcome = random.choice((Outcome.SAVED, Outcome.CHANGED_PLAN, Outcome.LEFT, Outcome.LEFT))
        case = Case(
            id=nth,
            team_id=TEAM,
            called=f"Customer {nth}",
            rep_id=f"U{random.randrange(20)}",
            playbook="sale",
            step="agreement",
            cause=random.choice((None, *Cause)),
            heard_through=random.choice(HEARD_THROUGH),
            product=f"Product {random.randrange(5)}",
            value_minor=random.randrange(100_000),
            currency="EUR",
            reason=random.choice((None, *reasons.SHIPPED)),
            outcome=outcome,
            words={MISFIT: "They never sail"} if nth % 10 == 0 else {},
            fit=nth % 10 != 0,
            story_id=1 + nth % 30,
            landed=nth % 2 == 0,
            lost_at=random.choice(("mission", "story", "agreement")),
            opened_at=closed_at - timedelta(hours=1),
            touched_at=closed_at,
            decided_at=closed_at,
            closed_at=closed_at,
        )
        session.add(case)
        session.flush()
        follow = random.choice((Follow.FIX, Follow.DISCOUNT))
        remedy = Remedy(team_id=TEAM, case_id=nth, key=follow, follow=follow, agreed_by="U1", agreed_at=closed_at)
        remedy.worth_minor, remedy.currency = random.randrange(10_000), "EUR"
        check = Task(team_id=TEAM, case_id=nth, owner_id=case.rep_id, kind=HELD, due_at=closed_at, created_at=closed_at)
        check.done_at, check.facts = closed_at, {HELD: YES}
        session.add_all([remedy, check] if nth % 2 else [check])
    session.flush()


def older(cases: int) -> Callable[[Session, int], None]:
    """Older cases of the same workspace, up to so many in all."""

    def more(session: Session, recent: int) -> None:
        nth = numbers(cases - recent)
        ago = sa.literal("-") + sa.cast(7 * RUN_WEEKS * (1 + nth.c.nth % _TIMES_AGO), sa.String) + " days"
        _copy(session, recent, nth, sa.literal(TEAM), ago)

    return more


def _elsewhere(workspaces: int) -> Callable[[Session, int], None]:
    """The same cases in so many other workspaces."""

    def more(session: Session, recent: int) -> None:
        nth = numbers(workspaces * recent)
        team = sa.literal("W") + sa.cast(nth.c.nth // recent, sa.String)
        _copy(session, recent, nth, team, sa.literal("-0 days"))

    return more


def _copy(session: Session, recent: int, nth: sa.CTE, team: ColumnElement[str], ago: ColumnElement[str]) -> None:
    """Cases like the first ones over and over, with their remedies and checks, in a workspace and so long ago."""
    like, own = 1 + nth.c.nth % recent, 1 + recent + nth.c.nth
    moments = ("closed_at", "done_at", "due_at")
    for kind, of_case in ((Case, col(Case.id)), (Remedy, col(Remedy.case_id)), (Task, col(Task.case_id))):
        columns = sa.inspect(kind).local_table.columns
        changed = {"team_id": team, of_case.key: own}
        changed |= {
            name: sa.func.strftime("%Y-%m-%d %H:%M:%f000", columns[name], ago) for name in moments if name in columns
        }
        names = [each.name for each in columns if each.name != "id" or kind is Case]
        rows = sa.select(*(changed.get(name, columns[name]) for name in names)).join_from(nth, kind, of_case == like)
        session.execute(sa.insert(kind).from_select(names, rows))
