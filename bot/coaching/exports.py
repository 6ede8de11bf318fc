"""Exports: the cases of a period as files for a manager, read a page at a time so that their number does not matter.

Everything in them is about the cases that were closed in the period. Without names there is nobody's name or id and
nothing that anybody typed: people have pseudonyms, which are the same all through one export and in no other.
"""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

import sqlalchemy as sa
from babel.numbers import get_currency_precision
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.coaching import calendar, customers, library, members, reasons, spreadsheets
from bot.coaching.cases import MISFIT, NOTE
from bot.coaching.errors import Declined, Reason
from bot.coaching.figures import Filters
from bot.coaching.held import HELD
from bot.coaching.periods import Period
from bot.coaching.record import AT, BY, WAS, WHY
from bot.coaching.spelling import fold
from bot.storage import outbox
from bot.storage.models import Approval, Case, Customer, Export, Member, Story, Task, Telling

# The outbox's names.
KIND = "export"
PAGE = "page"

PAGE_MOST = 1_000
# Spreadsheets read a file as UTF-8 where it begins with this.
_MARK = "\ufeff".encode()
_DIGEST_BYTES = 6


class What(StrEnum):
    """The files that there are. Another one has its columns in `_COLUMNS`, and its rows in `_read`."""

    CASES = "cases"
    STEPS = "steps"
    REMINDERS = "reminders"
    STORIES = "stories"
    APPROVALS = "approvals"


_COLUMNS: Mapping[What, Sequence[str]] = {
    What.CASES: (
        "case",
        "opened_at",
        "closed_at",
        "kind",
        "playbook",
        "outcome",
        "cause",
        "reason",
        "product",
        "customer_kind",
        "heard_through",
        "value",
        "currency",
        "remedy",
        "soft_yes",
        "in_touch",
        "fit",
        "met",
        "lost_at",
        "rep",
        "customer",
    ),
    What.STEPS: ("case", "at", "by", "what", "from", "to"),
    What.REMINDERS: ("case", "kind", "owner", "booked_at", "due_at", "times", "done_at", "dropped_at", "held"),
    What.STORIES: ("case", "story", "told_at", "told_by", "landed", "worry", "product", "status"),
    What.APPROVALS: (
        "case",
        "remedy",
        "asked_at",
        "asked_by",
        "percent",
        "months",
        "value",
        "currency",
        "verdict",
        "decided_at",
        "decided_by",
        "less_percent",
        "less_months",
        "less_value",
    ),
}
# What is added where names and words were asked for.
_NAMED: Mapping[What, Sequence[str]] = {
    What.CASES: ("why", "mission", "future", NOTE, MISFIT, "link"),
    What.STEPS: ("because",),
    What.REMINDERS: ("promise", "dropped_why"),
    What.STORIES: ("whose", "before", "turned", "now"),
    What.APPROVALS: ("words", "word"),
}
# What the file of steps tells of a trail.
_TOLD_OF = ("playbook", "step", "cause", "outcome", "reason")


@dataclass(frozen=True)
class Wish:
    """What a manager wishes for; `named` with names and with what people wrote."""

    period: Period
    what: Sequence[str] = ()
    filters: Filters = field(default_factory=Filters)
    named: bool = False

    def kept(self) -> dict[str, str | bool | list[str] | None]:
        """The wish as it is stored."""
        return {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "where": self.period.where.key,
            "what": [*self.what],
            "product": self.filters.product,
            "reason": self.filters.reason,
            "playbook": self.filters.playbook,
            "named": self.named,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """A wish out of its row."""
        first, last = (date.fromisoformat(kept[each]) for each in ("first", "last"))
        filters = Filters(kept["product"], kept["reason"], kept["playbook"])
        return cls(Period(first, last, calendar.zone(kept["where"])), kept["what"], filters, kept["named"])


@dataclass(frozen=True)
class Running:
    """An export on its way: who asked, for what, and the message that says how far it is, once it stands."""

    export: Export
    member: Member

    @property
    def wish(self) -> Wish:
        """What they wish for."""
        return Wish.read(self.export.wish)


def ask(session: Session, team_id: str, user_id: str, wish: Wish, now: datetime) -> Export:
    """Have files made and sent to a manager. Raises `Declined` for anybody else, and while their last is on its way."""
    members.require_manager(session, team_id, user_id)
    last = session.exec(
        select(Export)
        .where(col(Export.team_id) == team_id, col(Export.asked_by) == user_id)
        .order_by(col(Export.id).desc())
        .limit(1)
    ).first()
    row = outbox.find(session, team_id, _key(last)) if last else None
    if row and row.status == "pending":
        raise Declined(Reason.EXPORT_RUNS)
    export = Export(team_id=team_id, asked_by=user_id, asked_at=now, wish=wish.kept())
    session.add(export)
    session.flush()
    kind = KIND if wish.what else PAGE
    outbox.enqueue(session, outbox.Due(team_id, _key(export), kind, user_id, now, export.id))
    return export


def _key(export: Export) -> str:
    return f"{KIND}:{export.id}"


def find(session: Session, team_id: str, export_id: int) -> Running | None:
    """An export that was asked for, while whoever asked manages the team."""
    found = session.exec(select(Export).where(col(Export.team_id) == team_id, col(Export.id) == export_id)).first()
    member = members.get(session, team_id, found.asked_by) if found else None
    return Running(found, member) if found and member and member.manages_since else None


def stands_at(session: Session, team_id: str, export_id: int, channel: str | None, message_ts: str | None) -> None:
    """The message that says how far an export is stands there."""
    which = (col(Export.team_id) == team_id, col(Export.id) == export_id)
    export = session.exec(select(Export).where(*which)).one()
    export.channel, export.message_ts = channel, message_ts


def count(session: Session, team_id: str, wish: Wish) -> int:
    """How many cases there are in it."""
    return int(session.execute(sa.select(sa.func.count()).where(*_chosen(team_id, wish))).scalar_one())


def _chosen(team_id: str, wish: Wish) -> Sequence[ColumnElement[bool]]:
    filters = wish.filters
    narrowed = (("product", filters.product), ("reason", filters.reason), ("playbook", filters.playbook))
    return [
        col(Case.team_id) == team_id,
        ~col(Case.made_up),
        col(Case.closed_at) >= wish.period.start,
        col(Case.closed_at) < wish.period.end,
        *(getattr(Case, name) == value for name, value in narrowed if value is not None),
    ]


class After(NamedTuple):
    """The case after which the next page begins."""

    closed_at: datetime
    id: int


@dataclass
class Files:
    """The files of one export in a folder, written a page at a time."""

    folder: Path
    wish: Wish
    _open: dict[What, BinaryIO] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _listed: Mapping[str, Collection[str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        for what in What:
            if what in self.wish.what:
                self._open[what] = self._stack.enter_context(self.path(what).open("wb"))
                self._open[what].write(_MARK)
                columns = (*_COLUMNS[what], *(_NAMED[what] if self.wish.named else ()))
                self._open[what].write(spreadsheets.row(columns))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def path(self, what: What) -> Path:
        """Where a file is; its name says of which days."""
        period = self.wish.period
        return self.folder / f"{what}_{period.first}_{period.last}.csv"

    @property
    def paths(self) -> Sequence[Path]:
        """All of them."""
        return [self.path(what) for what in self._open]

    def write(
        self, session: Session, team_id: str, after: After | None, most: int = PAGE_MOST
    ) -> tuple[int, After | None]:
        """Write the next page: how many cases it has, and after which one the next begins, None where there is none."""
        cases = _page(session, team_id, self.wish, after, most)
        numbers = [case.id for case in cases]
        self._listed = {} if self.wish.named else _listed(session, team_id)
        for what, file in self._open.items():
            for cells in _READ[what](self, session, team_id, cases, numbers):
                file.write(spreadsheets.row([*map(_cell, cells)]))
        last = After(cases[-1].closed_at, cases[-1].id) if len(cases) == most else None
        return len(cases), last

    def chosen(self, column: str, value: Any) -> Any:
        """What stands in a column; without names no words of a rep's own, but what the team lets them choose from."""
        listed = self._listed.get(column)
        return value if listed is None or value is None or fold(value) in listed else None

    def whose(self, kind: str, number: int | str | None, name: str | None) -> str | None:
        """A person as they stand in it: by name where names were asked for, else by a pseudonym."""
        if number is None and name is None:
            return None
        if self.wish.named:
            return name
        # Nobody can look back from it: the salt is in no file and in no row.
        said = blake2b(f"{kind}:{number or name}".encode(), key=self._salt, digest_size=_DIGEST_BYTES)
        return f"{kind} {said.hexdigest()}"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


# A column that stands here is written as it stands in the case.
_AS_IT_STANDS = frozenset(Case.model_fields) & {*_COLUMNS[What.CASES]}
_OF_CASE = (*sorted(_AS_IT_STANDS), "id", "value_minor", "rep_id", "customer_id", "called", "link", "words", "trail")


def _page(session: Session, team_id: str, wish: Wish, after: After | None, most: int) -> Sequence[Any]:
    """The next cases in the order of time: plain rows, which cost less than the session's own objects."""
    closed, number = col(Case.closed_at), col(Case.id)
    later = [] if after is None else [(closed > after.closed_at) | ((closed == after.closed_at) & (number > after.id))]
    return (
        session.connection()
        .execute(
            sa.select(*(getattr(Case, name) for name in _OF_CASE), col(Customer.name).label("name"))
            .outerjoin_from(Case, Customer, customers.of_case())
            .where(*_chosen(team_id, wish), *([closed >= after.closed_at] if after else []), *later)
            .order_by(closed, number)
            .limit(most)
        )
        .all()
    )


def _listed(session: Session, team_id: str) -> Mapping[str, Collection[str]]:
    """What a team lets its reps choose from, folded, by the columns where they may have typed something else."""
    shelf = library.of(session, team_id)
    listed = {
        "product": [each.name for each in shelf.products],
        "customer_kind": shelf.team.customer_kinds,
        "reason": reasons.ever(shelf.team),
        "worry": reasons.ever(shelf.team),
    }
    return {column: {*map(fold, names)} for column, names in listed.items()}


_Rows = Iterator[Sequence[object]]


def _cases(files: Files, _session: Session, _team_id: str, cases: Sequence[Any], _numbers: Sequence[int]) -> _Rows:
    for case in cases:
        made = {
            "case": case.id,
            "value": _value(case.value_minor, case.currency),
            "rep": files.whose("rep", case.rep_id, case.rep_id),
            "customer": files.whose("customer", case.customer_id, case.name or case.called),
        }
        told = [
            made[name] if name in made else files.chosen(name, getattr(case, name)) for name in _COLUMNS[What.CASES]
        ]
        words = {**case.words, "link": case.link}
        yield [*told, *([words.get(name) for name in _NAMED[What.CASES]] if files.wish.named else [])]


def _value(minor: int | None, currency: str | None) -> str | None:
    if minor is None or currency is None:
        return None
    return str(Decimal(minor).scaleb(-get_currency_precision(currency)))


def _steps(files: Files, _session: Session, _team_id: str, cases: Sequence[Any], _numbers: Sequence[int]) -> _Rows:
    for case in cases:
        for entry in case.trail:
            by = files.whose("rep", entry[BY], entry[BY])
            because = [entry.get(WHY)] if files.wish.named else []
            for name in _TOLD_OF:
                if name in entry:
                    corrected = name == "outcome" and WAS in entry
                    what, was = ("corrected", entry[WAS]) if corrected else (name, None)
                    yield [case.id, entry[AT], by, what, was, files.chosen(name, entry[name]), *because]


def _reminders(files: Files, session: Session, team_id: str, _cases: Sequence[Any], numbers: Sequence[int]) -> _Rows:
    names = ("case_id", "kind", "owner_id", "created_at", "due_at", "times", "done_at", "dropped_at", "facts")
    found = session.connection().execute(
        sa.select(*(getattr(Task, name) for name in (*names, "dropped_why")))
        .where(col(Task.team_id) == team_id, col(Task.case_id).in_(numbers))
        .order_by(col(Task.case_id), col(Task.id))
    )
    for case_id, kind, owner_id, *moments, facts, dropped_why in found:
        words = [facts.get("promise"), dropped_why] if files.wish.named else []
        yield [case_id, kind, files.whose("rep", owner_id, owner_id), *moments, facts.get(HELD), *words]


def _stories(files: Files, session: Session, team_id: str, _cases: Sequence[Any], numbers: Sequence[int]) -> _Rows:
    lines: Sequence[Any] = [getattr(Story, name) for name in _NAMED[What.STORIES]] if files.wish.named else []
    told: Sequence[Any] = (Telling.case_id, Telling.story_id, Telling.told_at, Telling.rep_id, Telling.landed)
    found = session.connection().execute(
        sa.select(*map(col, told), *map(col, (Story.worry, Story.product, Story.status)), *lines)
        .join_from(
            Telling, Story, (col(Story.team_id) == col(Telling.team_id)) & (col(Story.id) == col(Telling.story_id))
        )
        .where(col(Telling.team_id) == team_id, col(Telling.case_id).in_(numbers))
        .order_by(col(Telling.case_id))
    )
    for case_id, story_id, told_at, rep_id, landed, worry, product, *rest in found:
        about = [files.chosen("worry", worry), files.chosen("product", product)]
        yield [case_id, story_id, told_at, files.whose("rep", rep_id, rep_id), landed, *about, *rest]


def _approvals(files: Files, session: Session, team_id: str, _cases: Sequence[Any], numbers: Sequence[int]) -> _Rows:
    found = session.connection().execute(
        sa.select(*(getattr(Approval, name) for name in Approval.model_fields))
        .where(col(Approval.team_id) == team_id, col(Approval.case_id).in_(numbers))
        .order_by(col(Approval.case_id), col(Approval.id))
    )
    for each in found:
        made = {
            "case": each.case_id,
            "remedy": each.key,
            "asked_by": files.whose("rep", each.asked_by, each.asked_by),
            "decided_by": files.whose("rep", each.decided_by, each.decided_by),
            "value": _value(each.worth_minor, each.currency),
            "less_value": _value(each.less_minor, each.currency),
        }
        columns = (*_COLUMNS[What.APPROVALS], *(_NAMED[What.APPROVALS] if files.wish.named else ()))
        yield [made[name] if name in made else getattr(each, name) for name in columns]


_READ: Mapping[What, Callable[[Files, Session, str, Sequence[Any], Sequence[int]], _Rows]] = {
    What.CASES: _cases,
    What.STEPS: _steps,
    What.REMINDERS: _reminders,
    What.STORIES: _stories,
    What.APPROVALS: _approvals,
}
