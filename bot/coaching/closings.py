"""What figures are counted from: the cases that a workspace closed, and what belongs to them.

Five statements, which say the same on every database. Each finds its rows by an index: cases by (team_id, closed_at),
or by (team_id, rep_id, closed_at) where they are one rep's; their remedies by (team_id, case_id); held checks by
(team_id, done_at) among those that were not dropped.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, literal_column
from sqlmodel import Session, col

from bot.coaching.cases import MISFIT
from bot.coaching.customers import of_case
from bot.coaching.held import HELD
from bot.coaching.outcomes import STAYED, UNCOUNTED, Outcome
from bot.coaching.playbooks import Follow, Kind
from bot.coaching.rates import Rate
from bot.storage.models import Case, Customer, Remedy, Task, UtcDateTime

# More words on why somebody was no fit are more than anybody reads.
_MISFITS_MOST = 50
_UNANSWERED = "unanswered"

_Select: TypeAlias = sa.Select[*tuple[Any, ...]]


class Closing(NamedTuple):
    """A case that was closed, as far as figures go; all columns of the case."""

    closed_at: datetime
    id: int
    kind: str
    playbook: str
    outcome: str
    cause: str | None
    reason: str | None
    product: str | None
    heard_through: str | None
    lost_at: str | None
    met: bool | None
    value_minor: int | None
    currency: str | None
    story_id: int | None
    landed: bool | None

    @property
    def is_appointment(self) -> bool:
        """Whether it was about an appointment, which is in no save rate."""
        return self.kind == Kind.APPOINTMENT

    @property
    def saved(self) -> bool:
        """Whether somebody stayed, in whichever way, where they had wished to leave."""
        return self.outcome in STAYED and not self.is_appointment


class Agreed(NamedTuple):
    """A remedy that stands agreed in a case."""

    case_id: int
    key: str
    follow: str
    worth_minor: int | None
    currency: str | None

    @property
    def is_discount(self) -> bool:
        """Whether it lowers the price."""
        return self.follow == Follow.DISCOUNT


class Glance(NamedTuple):
    """How this week goes: of a member's own conversations that ended, and of the team's, how many stayed.

    `has_begun` says whether the member has ever opened a case of their own, and `is_last` that it is the week before.
    """

    own: Rate
    team: Rate
    has_begun: bool
    is_last: bool = False


@dataclass(frozen=True)
class Closings:
    """What was found: `closed` in the order of time, and `agreed` by case, but for appointments.

    `misfits` are (words, the customer's name), latest first; `checks` the held checks answered, by the answer;
    `pending` is (open, cool-offs, awaiting an answer).
    """

    closed: Sequence[Closing]
    agreed: Mapping[int, Sequence[Agreed]]
    misfits: Sequence[tuple[str, str | None]]
    checks: Counter[str]
    unanswered: int
    pending: tuple[int, int, int]


def read(
    session: Session, team_id: str, earliest: datetime, start: datetime, end: datetime, which: Mapping[str, str]
) -> Closings:
    """What a workspace closed from `earliest` up to `end`, and the rest between `start` and `end`, all in UTC.

    `which` are columns of the case with what has to stand in them.
    """
    asked = _statements(tuple(which))
    given = {"team": team_id, "earliest": earliest, "start": start, "end": end, **which}
    # Past the session, which has much to do for each row that is none of its objects.
    connection = session.connection()

    def rows(statement: sa.Executable) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        return connection.execute(statement, given).all()

    agreed: defaultdict[int, list[Agreed]] = defaultdict(list)
    for each in map(Agreed._make, rows(asked.agreed)):
        agreed[each.case_id].append(each)
    checks = Counter({said: times for said, times in rows(asked.checks) if said})
    unanswered = checks.pop(_UNANSWERED, 0)
    ((opened, cool_offs, waiting),) = rows(asked.pending)
    return Closings(
        closed=[Closing._make(row) for row in rows(asked.closed)],
        agreed=agreed,
        misfits=[(words, name or called) for words, called, name in rows(asked.misfits)],
        checks=checks,
        unanswered=unanswered,
        pending=(opened, cool_offs, waiting),
    )


class _Statements(NamedTuple):
    closed: _Select
    agreed: _Select
    misfits: _Select
    checks: sa.CompoundSelect[*tuple[Any, ...]]
    pending: _Select


@lru_cache
def _statements(which: Sequence[str]) -> _Statements:
    """Statements are made once for all that ask alike: building one costs more than running it."""
    asked = (col(Case.team_id) == bindparam("team"), *(getattr(Case, name) == bindparam(name) for name in which))
    since, start, end = (bindparam(name, type_=UtcDateTime) for name in ("earliest", "start", "end"))
    closed, done = col(Case.closed_at), col(Task.done_at)
    check, brought = _CHECK.where(*asked), (col(Task.due_at) < end) | (col(Task.reminded_at) < end)
    return _Statements(
        closed=_CLOSED.where(*asked, closed >= since, closed < end),
        agreed=_AGREED.where(*asked, closed >= since, closed < end),
        misfits=_MISFITS.where(*asked, closed >= start, closed < end),
        checks=sa.union_all(
            check.add_columns(_SAID, sa.func.count()).where(done >= start, done < end).group_by(_SAID.name),
            check.add_columns(_word(_UNANSWERED), sa.func.count()).where(done.is_(None), brought),
        ),
        pending=_PENDING.where(*asked, col(Case.opened_at) < end),
    )


def glance(session: Session, team_id: str, user_id: str, start: datetime, end: datetime) -> Glance:
    """The same as the figures count, in one statement and no more than a Home has room for."""
    mine, saved = col(Case.rep_id) == user_id, _is(Case.outcome, *STAYED)
    begun = sa.exists().where(col(Case.team_id) == team_id, mine, ~col(Case.made_up))
    own_saved, own_ended, all_saved, all_ended, has_begun = session.execute(
        sa.select(
            *(sa.func.count(sa.case((each, 1))) for each in (mine & saved, mine, saved, sa.true())),
            sa.select(begun).scalar_subquery(),
        ).where(
            col(Case.team_id) == team_id,
            col(Case.closed_at) >= start,
            col(Case.closed_at) < end,
            _COUNTS,
            _CANCELLATION,
            _is(Case.outcome, *STAYED, Outcome.LEFT),
        )
    ).one()
    return Glance(Rate(own_saved, own_ended), Rate(all_saved, all_ended), bool(has_begun))


def _word(word: str) -> ColumnElement[str]:
    """A word of our own, written out: to bind it each time anew costs more than the rest of a condition."""
    return literal_column(f"'{word}'", sa.String)


def _is(column: str | None, *words: str) -> ColumnElement[bool]:
    return sa.or_(*(col(column) == _word(word) for word in words))


def _times(what: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows it holds of."""
    return sa.func.count(sa.case((what, 1)))


_COUNTS = (col(Case.outcome).is_(None) | ~_is(Case.outcome, *UNCOUNTED)) & ~col(Case.made_up)
_CANCELLATION = ~_is(Case.kind, Kind.APPOINTMENT)
_CLOSED = sa.select(*(getattr(Case, name) for name in Closing._fields)).where(_COUNTS).order_by(col(Case.closed_at))
_AGREED = (
    sa.select(*(getattr(Remedy, name) for name in Agreed._fields))
    .join_from(Case, Remedy, (col(Remedy.team_id) == col(Case.team_id)) & (col(Remedy.case_id) == col(Case.id)))
    .where(_COUNTS, _is(Case.outcome, *STAYED, Outcome.LEFT), _CANCELLATION, col(Remedy.taken_back_at).is_(None))
)
_WHY_NO_FIT = col(Case.words)[MISFIT].as_string()
_MISFITS = (
    sa.select(_WHY_NO_FIT, col(Case.called), col(Customer.name))
    .outerjoin_from(Case, Customer, of_case())
    .where(_COUNTS, _is(Case.outcome, Outcome.MISFIT) | col(Case.fit).is_(False), _WHY_NO_FIT.is_not(None))
    .order_by(col(Case.closed_at).desc(), col(Case.id).desc())
    .limit(_MISFITS_MOST)
)
# A check that is done without an answer says nothing.
_SAID = sa.func.coalesce(col(Task.facts)[HELD].as_string(), "").label("said")
_CHECK = (
    sa.select()
    .join_from(Task, Case, (col(Case.team_id) == col(Task.team_id)) & (col(Case.id) == col(Task.case_id)))
    .where(
        _COUNTS,
        col(Task.team_id) == bindparam("team"),
        # In the words of its index, which holds nothing else.
        _is(Task.kind, HELD),
        col(Task.dropped_at).is_(None),
    )
)
_PENDING = sa.select(
    sa.func.count(),
    _times(_is(Case.outcome, Outcome.COOL_OFF) & (col(Case.decided_at) < bindparam("end", type_=UtcDateTime))),
    _times(col(Case.outcome).is_(None) & col(Case.waiting_until).is_not(None)),
).where(_CANCELLATION, ~col(Case.made_up), col(Case.closed_at).is_(None))
