"""Stories in a file: what is read from it, what has to be mended, and that what was written is read exactly."""

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from itertools import product

import pytest

from bot.coaching import stories, story_files
from bot.coaching.ledger import FIELD_MOST, Consent, Facts
from bot.coaching.stories import What
from bot.coaching.story_files import AUTHOR, COLUMNS, FACTS, Line, Mistake, Trouble
from bot.storage.models import Story
from bot.surfaces.words import Voice
from tests.coaching.desk import Desk
from tests.true_stories import MARY

HEADER = ",".join((*FACTS, AUTHOR))
# Mary's story as a line, with a place for her worry.
LINE = "Mary Somerville,letter,,unnamed,In her letter,cost,,,{},We wrote the last date.,It is paid.,U1"


def read(text: str | bytes, author: str | None = None) -> Sequence[Line | Mistake]:
    written = text if isinstance(text, bytes) else text.encode()
    return [*story_files.read(story_files.lines_of(io.BytesIO(written)), author)]


def file_of(*lines: str, header: str = HEADER) -> str:
    return "".join(f"{line}\n" for line in (header, *lines))


def written(*given: Facts) -> bytes:
    """These stories as a file, each of an author of its own."""
    rows = [
        Story(team_id="T1", author_id=f"U{number}", status="verified", **dict(zip(names(), astuple(each), strict=True)))
        for number, each in enumerate(given)
    ]
    return b"".join(story_files.written(rows))


def names() -> Sequence[str]:
    return [field.name for field in fields(Facts)]


def mistakes(text: str | bytes, author: str | None = None) -> Sequence[tuple[int, str | None, str]]:
    found = read(text, author)
    assert all(isinstance(each, Mistake) for each in found), found
    return [(each.line, each.field, each.name) for each in found if isinstance(each, Mistake)]


def test_the_columns_are_the_facts_of_a_story() -> None:
    assert sorted(FACTS) == sorted(names())


def test_a_line_is_a_story_without_the_blanks_around_its_cells() -> None:
    (line,) = read(file_of(LINE.format("  She was worried. ").replace(",U1", ", U1 ")))

    facts = replace(MARY, before="She was worried.", turned="We wrote the last date.", now="It is paid.")
    assert line == Line(2, "U1", facts)


def test_a_story_whose_customer_took_back_their_word_is_not_brought_in() -> None:
    header = ",".join((*FACTS, "author", "status"))
    lines = f"{header}\nMary,letter,,unnamed,In it,cost,,,Afraid.,We called.,Glad.,U1,withdrawn\n".encode()

    assert [*story_files.read([*lines.splitlines(keepends=True)])] == [Mistake(2, "status", Trouble.WITHDRAWN)]


def test_the_columns_stand_in_any_order_and_what_became_of_a_story_is_left_aside() -> None:
    header = ",".join((*reversed(FACTS), "status", "told", "landed", "expires_at"))
    values = ",".join(reversed(LINE.format("She was worried.").split(",")[:-1]))

    (line,) = read(file_of(f"{values},verified,9,9,2030-01-01", header=header), author="U7")
    assert isinstance(line, Line)
    assert (line.author, line.facts.before, line.facts.source) == ("U7", "She was worried.", "letter")


def test_the_author_of_a_line_comes_before_the_one_of_the_file() -> None:
    text = file_of(LINE.format("Her worry."), LINE.format("Another worry.").removesuffix("U1"))

    assert [each.author for each in read(text, "U7") if isinstance(each, Line)] == ["U1", "U7"]
    assert [each for each in read(text) if isinstance(each, Mistake)] == [Mistake(3, "author", Trouble.NO_AUTHOR)]


@pytest.mark.parametrize("author", ["rosa", "u1", "U1 U2", "T1", "@U1"])
def test_an_author_is_a_member_of_slack(author: str) -> None:
    assert mistakes(file_of(LINE.format("Her worry.").replace("U1", author))) == [(2, "author", "file_author")]


def test_a_byte_order_mark_and_the_line_ends_of_any_system_are_read() -> None:
    text = file_of(LINE.format("Ümläute, e.g.").replace("Ümläute, e.g.", '"Ümläute, e.g."'))

    assert read(text.encode("utf-8-sig")) == read(text.replace("\n", "\r\n")) == read(text.removesuffix("\n"))
    assert isinstance(read(text)[0], Line)


@pytest.mark.parametrize(
    ("encoding", "line"), [("cp1252", 3), ("utf-16", 1), ("utf-32", 1)], ids=lambda value: str(value)
)
def test_another_encoding_is_told_with_its_line(encoding: str, line: int) -> None:
    text = file_of(LINE.format("Her worry."), LINE.format("Zu groß."))

    assert [each for each in read(text.encode(encoding)) if isinstance(each, Mistake)] == [
        Mistake(line, None, Trouble.ENCODING)
    ]


@pytest.mark.parametrize(
    ("text", "line", "trouble"),
    [
        ("", 1, Trouble.EMPTY),
        ("\n \n,,\n", 1, Trouble.EMPTY),
        (file_of(LINE.format("A\0B")), 2, Trouble.NUL),
        (HEADER.encode("utf-16-le"), 1, Trouble.NUL),
        (file_of(LINE.format('"a" b')), 2, Trouble.MARKS),
        (file_of(LINE.format('"a\n\nb'), LINE.format("c")), 2, Trouble.MARKS),
        (file_of(HEADER.replace("\n", "\r"), header="a\rb"), 1, Trouble.MARKS),
        (file_of(LINE.format("x" * story_files.RECORD_MOST)), 2, Trouble.LONG),
        (file_of(LINE.format('"x'), *["x" * 1000] * 80), 2, Trouble.LONG),
        (file_of(LINE.format("a").replace(",", ";"), header=HEADER.replace(",", ";")), 1, Trouble.UNKNOWN),
        (file_of(header=HEADER.replace(",worry", "")), 1, Trouble.MISSING),
        (file_of(header=f"{HEADER},whose"), 1, Trouble.REPEATED),
        (file_of(LINE.format("a, b")), 2, Trouble.CELLS),
        (file_of(LINE.format("a").removesuffix(",U1")), 2, Trouble.CELLS),
    ],
)
def test_what_no_story_can_be_read_from_is_told(text: str | bytes, line: int, trouble: Trouble) -> None:
    assert (line, None, trouble) in mistakes(text)


def test_the_columns_are_told_by_their_names_and_nothing_in_them_reaches_the_terminal() -> None:
    found = read(file_of(header=HEADER.replace("whose", "\x1b[31mwho").replace(",now", "")))

    assert [each.values for each in found if isinstance(each, Mistake)] == [
        {"columns": "'\\x1b[31mwho'"},
        {"columns": "'whose', 'now'"},
    ]


def test_nothing_is_read_of_a_file_that_has_no_end_but_as_much_as_a_story_takes() -> None:
    class Endless(io.BytesIO):
        taken = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size
            assert size > 0
            self.taken += size
            return b"x" * size

    endless = Endless()
    assert [each.name for each in story_files.read(story_files.lines_of(endless)) if isinstance(each, Mistake)] == [
        Trouble.LONG
    ]
    assert endless.taken == story_files.RECORD_MOST + 1


def test_the_lines_of_a_file_are_counted_within_its_cells_too() -> None:
    text = file_of(LINE.format('"Two\nlines."'), "", ",,,", LINE.format("Three").replace("letter", "gossip"))

    first, second = read(text)
    assert isinstance(first, Line)
    assert (first.number, first.facts.before) == (2, "Two\nlines.")
    assert second == Mistake(6, "source", Trouble.CHOICE, {"possible": "case, recording, letter, rep"})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (("Mary Somerville", ""), ("whose", "story_missing")),
        (("letter,", "gossip,"), ("source", "file_choice")),
        (("unnamed", "maybe"), ("consent", "file_choice")),
        (("cost", ""), ("worry", "story_worry")),
        (("In her letter", ""), ("agreed_how", "story_agreed_how")),
        (("It is paid.", "word " * 36), ("now", "story_line")),
        (("It is paid.", "x" * (FIELD_MOST + 1)), ("now", "story_long")),
        (("letter,,", f"letter,{'x' * (FIELD_MOST + 1)},"), ("proof", "story_long")),
        (("It is paid.", "Mary is glad."), ("now", "story_named")),
        (("It is paid.", "4111 1111 1111 1111"), ("now", "story_card_number")),
    ],
)
def test_what_is_wrong_with_a_story_is_told_by_line_and_field(
    changed: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert mistakes(file_of(LINE.format("Her worry.").replace(*changed))) == [(2, *expected)]


def test_a_field_at_its_longest_is_kept() -> None:
    (line,) = read(file_of(LINE.format("x" * FIELD_MOST)))

    assert isinstance(line, Line)


def test_the_same_story_twice_is_told_by_the_second_line_however_it_is_spelt() -> None:
    text = file_of(LINE.format("Her worry."), LINE.format("Another."), LINE.format("HER  Worry."))

    assert read(text)[2] == Mistake(4, None, Trouble.TWICE, {"line": 2})


def test_every_mistake_of_a_file_is_found_at_once() -> None:
    text = file_of(LINE.format(""), LINE.format("Good."), LINE.format("a, b"), LINE.format('"x" y'), "and no further")

    assert [(each.line, each.name) for each in read(text) if isinstance(each, Mistake)] == [
        (2, "story_missing"),
        (4, "file_cells"),
        (5, "file_marks"),
    ]


STARTS = ["".join(each) for each in product(["", "'", "''"], ["=", "+", "-", "@", "\t", "\r", "a", ""])]


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_is_a_formula_and_each_is_read_as_it_was(start: str) -> None:
    # What is kept never begins or ends with blanks.
    facts = replace(MARY, before=f"{start}1, as they\r\nsaid\rit; “so”".strip(), proof=f'{start}"x"'.strip())

    file = written(facts)
    cells = [cell for row in csv.reader(io.StringIO(file.decode(), newline="")) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    (line,) = read(file)
    assert isinstance(line, Line)
    assert line.facts == facts


def test_a_cell_that_would_be_a_formula_stands_behind_an_apostrophe() -> None:
    file = written(replace(MARY, whose="=HYPERLINK(A1)", proof="'@x", product="\tx"))

    (row,) = csv.DictReader(io.StringIO(file.decode(), newline=""))
    assert (row["whose"], row["proof"], row["product"]) == ("'=HYPERLINK(A1)", "''@x", "'\tx")
    assert row["before"] == MARY.before


def test_what_was_written_is_read_exactly() -> None:
    given = [
        MARY,
        replace(MARY, whose="Ῥόδη «Rosa» 🌱", product="Plan\u2028B", customer_kind="'-kind'", consent=Consent.NAMED),
        replace(MARY, before='a,b;c\t"d"\n=e', proof="https://example.com/?a=1&b=2", consent=Consent.NONE),
    ]

    found = read(written(*given))
    assert [(each.author, each.facts) for each in found if isinstance(each, Line)] == [
        (f"U{number}", each) for number, each in enumerate(given)
    ]
    assert next(csv.reader([written().decode()])) == [*COLUMNS]


def test_what_the_ledger_has_already_is_found_in_one_look(desk: Desk, elsewhere: Desk) -> None:
    elsewhere.does(stories.add, "T2", "U1", MARY, desk.now)
    new, old = replace(MARY, before="Something else."), replace(MARY, whose="MARY  SOMERVILLE")
    lines = [Line(2, "U1", new), Line(3, "U1", old)]
    assert desk.does(story_files.kept_already, "T1", lines) == []

    desk.does(stories.add_all, "T1", [("U1", MARY)], What.IMPORTED, None, desk.now)
    assert desk.does(story_files.kept_already, "T1", lines) == [Mistake(3, None, Trouble.KEPT)]


def test_every_trouble_has_its_text(voice: Voice) -> None:
    texts = voice.language.labels("error")

    assert {str(each) for each in Trouble} == {name for name in texts if name.startswith("file_")}
