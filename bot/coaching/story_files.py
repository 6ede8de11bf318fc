"""True stories in a file of comma-separated values (CSV, RFC 4180, in UTF-8): one line a story, read and written.

What a spreadsheet would take for a formula is written behind a guard, as in `spreadsheets`, and read without it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import BinaryIO, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import library, reasons, spreadsheets
from bot.coaching.ledger import CHOICES, Facts, Status, faults
from bot.coaching.spelling import fold_all
from bot.storage.models import Story

FACTS = (
    "whose",
    "source",
    "proof",
    "consent",
    "agreed_how",
    "worry",
    "product",
    "customer_kind",
    "before",
    "turned",
    "now",
)
AUTHOR = "author"
STATUS = "status"
# What became of a story is written too, and no more is read of it than that a customer took back their word: nobody is
# believed about the rest but the ledger itself.
LEFT_ASIDE = (STATUS, "told", "landed", "expires_at")
COLUMNS = (*FACTS, AUTHOR, *LEFT_ASIDE)

# The most bytes that one story takes, with every field at its longest. Where there are more, a quotation mark is open.
RECORD_MOST = 65_536
_SHOWN_MOST = 40
_MEMBER = re.compile(r"[UW][A-Z0-9]+")
_AT_ONCE = 1000

# What makes two stories one: whose it is and its lines, however they are spelt.
_Key = tuple[str, str, str, str]


class Trouble(StrEnum):
    """What can be wrong with a file, beside what the ledger finds in a story. A text of that name tells it."""

    EMPTY = "file_empty"
    ENCODING = "file_encoding"
    NUL = "file_nul"
    MARKS = "file_marks"
    LONG = "file_long"
    UNKNOWN = "file_unknown"
    MISSING = "file_missing"
    REPEATED = "file_repeated"
    CELLS = "file_cells"
    CHOICE = "file_choice"
    NO_AUTHOR = "file_no_author"
    AUTHOR = "file_author"
    TWICE = "file_twice"
    KEPT = "file_kept"
    WITHDRAWN = "file_withdrawn"


class Line(NamedTuple):
    """A story, and the line of the file on which it begins, counted from 1."""

    number: int
    author: str
    facts: Facts


class Mistake(NamedTuple):
    """What to mend on a line, in a field where it lies in one. The text of that name tells it, with `values`."""

    line: int
    field: str | None
    name: str
    values: Mapping[str, object] = {}


class _UnreadableError(Exception):
    """Nothing can be said of what follows."""

    def __init__(self, line: int, name: Trouble) -> None:
        super().__init__(name)
        self.mistake = Mistake(line, None, name)


def is_member_id(text: str) -> bool:
    """Whether a text is written like the id that Slack gives to a member."""
    return bool(_MEMBER.fullmatch(text))


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, none of them read much further than a story can be long."""
    return iter(partial(file.readline, RECORD_MOST + 1), b"")


def read(lines: Iterable[bytes], author: str | None = None) -> Iterator[Line | Mistake]:
    """Every story of a file and every mistake in it, in their order; `author` wrote those that name none.

    Where a line cannot be told from the next any more, that is the last mistake.
    """
    records = _records(lines)
    try:
        number, columns = next(records, (1, []))
        wrong = [*_wrong_columns(number, columns, author)]
        yield from wrong
        if wrong:
            return
        seen: dict[_Key, int] = {}
        for number, cells in records:
            yield from _story(number, columns, cells, author, seen)
    except _UnreadableError as unreadable:
        yield unreadable.mistake


def kept_already(session: Session, team_id: str, lines: Iterable[Line]) -> Sequence[Mistake]:
    """The stories among these that are in the workspace's ledger, wherever they stand there."""
    new = {_key(line.facts): line.number for line in lines}
    columns = select(Story.whose, Story.before, Story.turned, Story.now)
    old = session.exec(columns.where(col(Story.team_id) == team_id).execution_options(yield_per=_AT_ONCE))
    again = {new[key] for row in old if (key := _folded(*row)) in new}
    return [Mistake(number, None, Trouble.KEPT) for number in sorted(again)]


def without_worry(session: Session, team_id: str, lines: Iterable[Line]) -> Sequence[Mistake]:
    """The stories among these whose worry is none of the reasons that the workspace's reps choose from."""
    known = reasons.worries(library.team_of(session, team_id), *reasons.SHIPPED)
    possible = {"possible": ", ".join(known)}
    wrong = [line.number for line in lines if line.facts.worry not in known]
    return [Mistake(number, "worry", Trouble.CHOICE, possible) for number in wrong]


def count(session: Session, team_id: str) -> int:
    """How many stories a workspace has, wherever they stand."""
    return session.exec(select(sa.func.count()).select_from(Story).where(col(Story.team_id) == team_id)).one()


def all_of(session: Session, team_id: str) -> Iterator[Story]:
    """Every story of a workspace, wherever it stands, oldest first."""
    mine = select(Story).where(col(Story.team_id) == team_id).order_by(col(Story.id))
    return iter(session.exec(mine.execution_options(yield_per=_AT_ONCE)))


def written(stories: Iterable[Story]) -> Iterator[bytes]:
    """The lines of a file with these stories, which `read` reads."""
    yield spreadsheets.row(COLUMNS)
    for story in stories:
        yield spreadsheets.row([_cell(story, column) for column in COLUMNS])


def _cell(story: Story, column: str) -> str:
    value = getattr(story, "author_id" if column == AUTHOR else column)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


class _Text:
    """The lines of a file as text. A record begins on the line `first`."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._number = self._size = 0
        self.first = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._number += 1
        self._size += len(line)
        if self._size > RECORD_MOST:
            raise _UnreadableError(self.first, Trouble.LONG)
        try:
            text = line.decode("utf-8-sig" if self._number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise _UnreadableError(self._number, Trouble.ENCODING) from None
        if "\0" in text:
            raise _UnreadableError(self._number, Trouble.NUL)
        return text

    def begin(self) -> None:
        """What is read from here on is another record."""
        self.first, self._size = self._number + 1, 0


def _records(lines: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record that has any, without blanks around them, with the line on which it begins."""
    text = _Text(lines)
    try:
        for record in csv.reader(text, strict=True):
            cells = [cell.strip() for cell in record]
            if any(cells):
                yield text.first, cells
            text.begin()
    except csv.Error:
        raise _UnreadableError(text.first, Trouble.MARKS) from None


def _wrong_columns(number: int, columns: Sequence[str], author: str | None) -> Iterator[Mistake]:
    if not columns:
        yield Mistake(number, None, Trouble.EMPTY, {"columns": ", ".join((*FACTS, AUTHOR))})
        return
    needed = FACTS if author else (*FACTS, AUTHOR)
    found = {
        Trouble.UNKNOWN: [name for name in columns if name not in COLUMNS],
        Trouble.MISSING: [name for name in needed if name not in columns],
        Trouble.REPEATED: [name for name in COLUMNS if columns.count(name) > 1],
    }
    for trouble, names in found.items():
        if names:
            # A name out of a file may hold anything, and goes to a terminal.
            yield Mistake(number, None, trouble, {"columns": ", ".join(repr(name[:_SHOWN_MOST]) for name in names)})


def _story(
    number: int, columns: Sequence[str], cells: Sequence[str], author: str | None, seen: dict[_Key, int]
) -> Iterator[Line | Mistake]:
    """The story of one line, or what is wrong with it; `seen` are those before it, and it is put with them."""
    if len(cells) != len(columns):
        yield Mistake(number, None, Trouble.CELLS, {"cells": len(cells), "columns": len(columns)})
        return
    given = {name: spreadsheets.unguarded(cell).strip() for name, cell in zip(columns, cells, strict=True)}
    facts, author = Facts.of(given), given.get(AUTHOR) or author
    wrong = [*_wrong_author(number, author), *_wrong_facts(number, facts)]
    if given.get(STATUS) == Status.WITHDRAWN:
        wrong.append(Mistake(number, STATUS, Trouble.WITHDRAWN))
    first = seen.setdefault(_key(facts), number)
    if first != number:
        wrong.append(Mistake(number, None, Trouble.TWICE, {"line": first}))
    yield from wrong
    if author and not wrong:
        yield Line(number, author, facts)


def _wrong_author(number: int, author: str | None) -> Iterator[Mistake]:
    if not author:
        yield Mistake(number, AUTHOR, Trouble.NO_AUTHOR)
    elif not is_member_id(author):
        yield Mistake(number, AUTHOR, Trouble.AUTHOR)


def _wrong_facts(number: int, facts: Facts) -> Iterator[Mistake]:
    found = faults(facts)
    for name in FACTS:
        if name in found and found[name].name == f"story_{name}" and name in CHOICES:
            yield Mistake(number, name, Trouble.CHOICE, {"possible": ", ".join(CHOICES[name])})
        elif name in found:
            yield Mistake(number, name, found[name].name, {"words": found[name].words})


def _key(facts: Facts) -> _Key:
    return _folded(facts.whose, facts.before, facts.turned, facts.now)


def _folded(whose: str, before: str, turned: str, now: str) -> _Key:
    return fold_all(whose), fold_all(before), fold_all(turned), fold_all(now)
