"""What somebody types for a time, and what is understood."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.coaching.when import Moment, Trouble, parse, split

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=NEW_YORK).astimezone(UTC)
"""A Wednesday, in New York."""


def local(when: Moment | Trouble, where: ZoneInfo = NEW_YORK) -> str:
    """A time as it stands on the wall, "about" before one without an hour; or the trouble."""
    if isinstance(when, Trouble):
        return str(when)
    return f"{'' if when.exact else 'about '}{when.at.astimezone(where):%a %Y-%m-%d %H:%M}"


def at_noon(text: str, locale: str | None = "en-US") -> str:
    """What a text means at noon in New York."""
    return local(parse(text, NOON, NEW_YORK, locale))


def name_and_time(text: str) -> tuple[str, str]:
    """The name and the time in a text typed at noon in New York."""
    said = split(text, NOON, NEW_YORK, "en-US")
    return said.name, local(said.when)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 3 days", "about Sat 2026-11-28 10:00"),
        ("in two weeks", "about Wed 2026-12-09 10:00"),
        ("tomorrow", "about Thu 2026-11-26 10:00"),
        ("the day after tomorrow", "about Fri 2026-11-27 10:00"),
        ("2027-01-15", "about Fri 2027-01-15 10:00"),
        ("15 January", "about Fri 2027-01-15 10:00"),
        ("on the 3rd of March", "about Wed 2027-03-03 10:00"),
        ("until Friday", "about Fri 2026-11-27 10:00"),
        ("next month", "about Fri 2026-12-25 10:00"),
        ("at the end of the month", "about Mon 2026-11-30 10:00"),
        ("end of next month", "about Thu 2026-12-31 10:00"),
        ("end of the week", "about Fri 2026-11-27 10:00"),
        ("by the end of next week", "about Fri 2026-12-04 10:00"),
    ],
)
def test_a_day_without_an_hour_is_its_morning(text: str, expected: str) -> None:
    assert at_noon(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow 10am", "Thu 2026-11-26 10:00"),
        ("10am tomorrow", "Thu 2026-11-26 10:00"),
        ("tomorrow at 10", "Thu 2026-11-26 10:00"),
        ("tomorrow 10.30", "Thu 2026-11-26 10:30"),
        ("tomorrow at noon", "Thu 2026-11-26 12:00"),
        ("Friday at 15:00", "Fri 2026-11-27 15:00"),
        ("2027-01-15 16:45", "Fri 2027-01-15 16:45"),
        ("next Tuesday at 3pm", "Tue 2026-12-01 15:00"),
        ("end of the month at 4pm", "Mon 2026-11-30 16:00"),
        ("in 2 hours", "Wed 2026-11-25 14:00"),
        ("in an hour", "Wed 2026-11-25 13:00"),
        ("in 1.5 hours", "Wed 2026-11-25 13:30"),
        ("in 2 days and 3 hours", "Fri 2026-11-27 15:00"),
    ],
)
def test_an_hour_that_was_said_is_kept_exactly(text: str, expected: str) -> None:
    assert at_noon(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday at 3", "Fri 2026-11-27 15:00"),
        ("tomorrow at 3:30", "Thu 2026-11-26 15:30"),
        ("tomorrow at 8", "Thu 2026-11-26 08:00"),
        ("tomorrow at 3 am", "Thu 2026-11-26 03:00"),
        ("tomorrow at 3 o'clock", "Thu 2026-11-26 15:00"),
        ("tomorrow at 8 in the evening", "Thu 2026-11-26 20:00"),
    ],
)
def test_at_three_is_in_the_afternoon_unless_they_say_otherwise(text: str, expected: str) -> None:
    assert at_noon(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow morning", "about Thu 2026-11-26 10:00"),
        ("Friday afternoon", "about Fri 2026-11-27 15:00"),
        ("tonight", "about Wed 2026-11-25 20:00"),
    ],
)
def test_a_part_of_the_day_is_no_exact_hour(text: str, expected: str) -> None:
    assert at_noon(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wednesday", "about Wed 2026-12-02 10:00"),
        ("10am", "Thu 2026-11-26 10:00"),
        ("14:00", "Wed 2026-11-25 14:00"),
        ("3 March", "about Wed 2027-03-03 10:00"),
        ("30 November", "about Mon 2026-11-30 10:00"),
    ],
)
def test_what_could_be_past_or_future_is_to_come(text: str, expected: str) -> None:
    assert at_noon(text) == expected


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        (23, "Tuesday", "about Tue 2026-11-24 10:00"),
        (23, "next Tuesday", "about Tue 2026-12-01 10:00"),
        (25, "next Friday", "about Fri 2026-12-04 10:00"),
        (25, "Friday next week", "about Fri 2026-12-04 10:00"),
        (25, "next week on Friday", "about Fri 2026-12-04 10:00"),
        (25, "next Friday at 3", "Fri 2026-12-04 15:00"),
        (25, "next Tuesday", "about Tue 2026-12-01 10:00"),
        (29, "next Monday", "about Mon 2026-11-30 10:00"),
    ],
)
def test_next_tuesday_is_in_the_week_that_begins_on_monday(today: int, text: str, expected: str) -> None:
    noon = datetime(2026, 11, today, 12, 0, tzinfo=NEW_YORK).astimezone(UTC)

    assert local(parse(text, noon, NEW_YORK, "en-US")) == expected


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en-US", "12/01", "about Tue 2026-12-01 10:00"),
        ("en-GB", "12/01", "about Tue 2027-01-12 10:00"),
        (None, "12/01", "about Tue 2026-12-01 10:00"),
        ("xx-YY", "tomorrow", "about Thu 2026-11-26 10:00"),
        ("de-DE", "12.01.2027", "about Tue 2027-01-12 10:00"),
        ("de-DE", "1.12.", "about Tue 2026-12-01 10:00"),
        ("de-DE", "in 3 Tagen", "about Sat 2026-11-28 10:00"),
        ("de-DE", "übermorgen", "about Fri 2026-11-27 10:00"),
        ("de-DE", "am Freitag", "about Fri 2026-11-27 10:00"),
        ("de-DE", "Freitag um 15 Uhr", "Fri 2026-11-27 15:00"),
        ("de-DE", "morgen 10.30 Uhr", "Thu 2026-11-26 10:30"),
        ("de-DE", "morgen um 7", "Thu 2026-11-26 07:00"),
        ("de-DE", "tomorrow 10 am", "Thu 2026-11-26 10:00"),
        ("de-DE", "2027-01-05", "about Tue 2027-01-05 10:00"),
        ("fr-FR", "demain à 10h30", "Thu 2026-11-26 10:30"),
        ("fr-FR", "12/01", "about Tue 2027-01-12 10:00"),
        ("fr-FR", "jusqu'à lundi", "about Mon 2026-11-30 10:00"),
        ("fr-FR", "2027-01-05", "about Tue 2027-01-05 10:00"),
        ("es-ES", "el viernes a las 15", "Fri 2026-11-27 15:00"),
        ("pt-BR", "sexta-feira às 15h", "Fri 2026-11-27 15:00"),
        ("ja-JP", "明日 10:00", "Thu 2026-11-26 10:00"),
        ("ja-JP", "12/01", "about Tue 2026-12-01 10:00"),
        ("ja-JP", "2027/01/05", "about Tue 2027-01-05 10:00"),
        ("zh-CN", "明天", "about Thu 2026-11-26 10:00"),
        ("ko-KR", "내일", "about Thu 2026-11-26 10:00"),
    ],
)
def test_a_time_is_read_as_the_member_writes_it(locale: str | None, text: str, expected: str) -> None:
    assert at_noon(text, locale) == expected


def test_a_language_that_is_not_theirs_is_not_guessed() -> None:
    assert at_noon("morgen", "en-US") == "not_understood"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        # At one and the same moment it is three different days.
        ("America/New_York", "about Thu 2026-11-26 10:00"),
        ("Asia/Kolkata", "about Thu 2026-11-26 10:00"),
        ("Pacific/Pago_Pago", "about Wed 2026-11-25 10:00"),
        ("Pacific/Apia", "about Thu 2026-11-26 10:00"),
        ("Pacific/Kiritimati", "about Fri 2026-11-27 10:00"),
    ],
)
def test_tomorrow_is_the_day_after_theirs(where: str, expected: str) -> None:
    early = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)

    assert local(parse("tomorrow", early, ZoneInfo(where), "en-US"), ZoneInfo(where)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-14 02:30", "Sun 2027-03-14 03:30"),
        ("2027-03-14", "about Sun 2027-03-14 10:00"),
    ],
)
def test_on_the_night_that_clocks_go_forward_an_hour_moves_on_and_a_morning_does_not(text: str, expected: str) -> None:
    assert at_noon(text) == expected


def test_an_hour_that_exists_twice_is_the_first() -> None:
    assert parse("2027-11-07 01:30", NOON, NEW_YORK, "en-US") == Moment(
        datetime(2027, 11, 7, 5, 30, tzinfo=UTC), exact=True
    )


def test_three_hours_are_three_hours_on_the_night_that_clocks_change() -> None:
    before = datetime(2027, 3, 14, 0, 30, tzinfo=NEW_YORK).astimezone(UTC)

    assert local(parse("in 3 hours", before, NEW_YORK, "en-US")) == "Sun 2027-03-14 04:30"


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "last Monday",
        "today 9am",
        "today",
        "3 days ago",
        "-3 days",
        "in -3 days",
        "in 0 days",
        "now",
        "2020-01-01",
        "0001-01-01",
        "25 December 2025",
    ],
)
def test_what_has_gone_by_is_said_to_be_past(text: str) -> None:
    assert at_noon(text) == "past"


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12-31 23:59", "in 3 years", "in 25 months", "1 May 2031"])
@pytest.mark.parametrize("where", ["Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_what_is_years_away_is_too_far(text: str, where: str) -> None:
    assert parse(text, NOON, ZoneInfo(where), "en-US") is Trouble.TOO_FAR


def test_the_first_of_all_days_has_gone_by_in_every_zone() -> None:
    assert parse("0001-01-01", NOON, ZoneInfo("Pacific/Auckland"), "en-US") is Trouble.PAST


def test_two_years_are_not_too_far() -> None:
    assert at_noon("in 2 years") == "about Sat 2028-11-25 10:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "later",
        "blah",
        "March",
        "15th",
        "54",
        "2027",
        "1700000000",
        "tomorrow 54",
        "tomorrow 12/05",
        "Friday 10",
        "Ada tomorrow",
        "0000-00-00",
        "32 January",
        "31 February",
        "25:99",
        "at 25",
        "NaN",
        "9" * 90,
        "in 999999999999 days",
        "tomorrow 10am EST",
        "2027-01-15T10:00Z",
        "😀",
        "\0",
        "\u200f",
        "\ud800",
        "²",
        "x" * 4_000,
        "tomorrow" + "!" * 4_000,
        "1 " * 2_000,
    ],
)
def test_what_says_no_time_is_not_understood(text: str) -> None:
    assert at_noon(text) == "not_understood"


@pytest.mark.parametrize(
    ("text", "name", "time"),
    [
        ("Ada in 3 days", "Ada", "about Sat 2026-11-28 10:00"),
        ("Ada tomorrow 10am", "Ada", "Thu 2026-11-26 10:00"),
        ("Ada Tomorrow 10am", "Ada", "Thu 2026-11-26 10:00"),
        ("Ada Lovelace next Tuesday", "Ada Lovelace", "about Tue 2026-12-01 10:00"),
        ("Ada 2027-01-15", "Ada", "about Fri 2027-01-15 10:00"),
        ("Ada until Friday", "Ada", "about Fri 2026-11-27 10:00"),
        ("Ada On Friday", "Ada", "about Fri 2026-11-27 10:00"),
        ("Ada Friday 27 November", "Ada", "about Fri 2026-11-27 10:00"),
        ("O'Brien, Ada & Sons, tomorrow", "O'Brien, Ada & Sons", "about Thu 2026-11-26 10:00"),
        ("Ada - tomorrow", "Ada", "about Thu 2026-11-26 10:00"),
        ("Studio 54 tomorrow", "Studio 54", "about Thu 2026-11-26 10:00"),
        ("Studio 54 10am", "Studio 54", "Thu 2026-11-26 10:00"),
        ("Studio One tomorrow", "Studio One", "about Thu 2026-11-26 10:00"),
        ("Apollo 11 in 3 days", "Apollo 11", "about Sat 2026-11-28 10:00"),
        ("April Smith in 3 days", "April Smith", "about Sat 2026-11-28 10:00"),
        ("June Summers next Tuesday", "June Summers", "about Tue 2026-12-01 10:00"),
        ("Sunday Adeyemi Friday", "Sunday Adeyemi", "about Fri 2026-11-27 10:00"),
        ("Dr. March 2027-01-15", "Dr. March", "about Fri 2027-01-15 10:00"),
        ("Ms. Day in 2 days", "Ms. Day", "about Fri 2026-11-27 10:00"),
        ("May tomorrow", "May", "about Thu 2026-11-26 10:00"),
        ("Mo Friday", "Mo", "about Fri 2026-11-27 10:00"),
        ("Ada S tomorrow", "Ada S", "about Thu 2026-11-26 10:00"),
        ("李雷 tomorrow", "李雷", "about Thu 2026-11-26 10:00"),
        ("😀 Ada\0 tomorrow", "😀 Ada\0", "about Thu 2026-11-26 10:00"),
    ],
)
def test_a_name_comes_first_and_the_rest_is_the_time(text: str, name: str, time: str) -> None:
    assert name_and_time(text) == (name, time)


@pytest.mark.parametrize(
    ("locale", "time"),
    [
        ("de-DE", "nächsten Dienstag"),
        ("de-DE", "Freitag 10 Uhr"),
        ("fr-FR", "jusqu'à lundi"),
        ("es-ES", "el viernes a las 15"),
        ("ja-JP", "明日 10:00"),
    ],
)
def test_a_name_comes_first_in_every_language(locale: str, time: str) -> None:
    said = split(f"Ada {time}", NOON, NEW_YORK, locale)

    assert said.name == "Ada"
    assert local(said.when) == at_noon(time, locale) != "not_understood"


@pytest.mark.parametrize("text", ["Friday", "until Friday", "Tomorrow 10am", "Thursday 10am", "In 3 days"])
def test_a_time_alone_has_no_name(text: str) -> None:
    name, time = name_and_time(text)

    assert name == ""
    assert time == at_noon(text)


@pytest.mark.parametrize(
    "text", ["Ada", "April", "Studio 54", "Ada soon", "Ada 25:99", "Ada 32 January", "Doris Day", "Ada tomorrow 54", ""]
)
def test_a_name_alone_has_no_time(text: str) -> None:
    assert name_and_time(text) == (text, "not_understood")


@pytest.mark.parametrize(
    ("text", "trouble"),
    [("Ada yesterday", "past"), ("Ada last Monday", "past"), ("Ada -3 days", "past"), ("Ada 9999-12-31", "too_far")],
)
def test_a_time_that_cannot_be_still_has_its_name(text: str, trouble: str) -> None:
    assert name_and_time(text) == ("Ada", trouble)


def test_a_very_long_name_still_has_its_time() -> None:
    name = "Ada " * 1_000 + "x" * 4_000

    assert name_and_time(f"{name} tomorrow") == (name, "about Thu 2026-11-26 10:00")


def test_many_threads_read_as_one() -> None:
    """Each counts from a moment of its own, in a language of its own."""
    asked = [
        (text, locale) for text, locale in (("in 3 days", "en-US"), ("demain à 10h", "fr-FR"), ("morgen", "de-DE"))
    ] * 50
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda each: at_noon(*each), asked))

    assert together == [at_noon(*each) for each in asked]
    assert "not_understood" not in together
