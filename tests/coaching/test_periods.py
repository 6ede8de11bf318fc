"""Periods as they are lived: weeks, months and quarters, the nights on which clocks change, and years that turn."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.coaching.periods import Period, Trouble, between, month_of, quarter_of, week_of, weeks

UTC_ZONE = ZoneInfo("UTC")
NEW_YORK = ZoneInfo("America/New_York")

# A day beside each: clocks go forward, back, forward at midnight itself, back to a midnight that comes twice, or skip
# a whole day; and quarters of an hour.
DAYS = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Pacific/Auckland", date(2026, 4, 5)),
    ("Pacific/Auckland", date(2026, 9, 27)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2027, 1, 1)),
    ("Pacific/Kiritimati", date(2027, 1, 1)),
]


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_a_period_holds_every_instant_of_its_days_and_no_other(name: str, day: date) -> None:
    where, ten_minutes = ZoneInfo(name), timedelta(minutes=10)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    instants = [start + nth * ten_minutes for nth in range(6 * 24 * 6)]

    for period in (Period(day, day, where), Period(day - timedelta(days=1), day, where)):
        held = [each for each in instants if period.start <= each < period.end]
        lived = [each for each in instants if period.first <= each.astimezone(where).date() <= period.last]
        assert held == lived


def test_days_are_an_hour_shorter_or_longer_when_clocks_change() -> None:
    hours = [
        (week.end - week.start) / timedelta(hours=1)
        for week in (week_of(date(2026, 3, 8), NEW_YORK), week_of(date(2026, 11, 1), NEW_YORK))
    ]

    assert hours == [7 * 24 - 1, 7 * 24 + 1]


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)])
def test_a_week_goes_from_monday_to_sunday_whatever_year_it_is(day: date) -> None:
    week = week_of(day, NEW_YORK)

    assert week == Period(date(2026, 12, 28), date(2027, 1, 3), NEW_YORK)
    assert week.before() == Period(date(2026, 12, 21), date(2026, 12, 27), NEW_YORK)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (month_of(date(2027, 3, 31), UTC_ZONE), date(2027, 2, 1), date(2027, 2, 28)),
        (month_of(date(2028, 3, 1), UTC_ZONE), date(2028, 2, 1), date(2028, 2, 29)),
        (month_of(date(2027, 1, 15), UTC_ZONE), date(2026, 12, 1), date(2026, 12, 31)),
        (quarter_of(date(2027, 2, 3), UTC_ZONE), date(2026, 10, 1), date(2026, 12, 31)),
        (quarter_of(date(2026, 12, 31), UTC_ZONE), date(2026, 7, 1), date(2026, 9, 30)),
        (Period(date(2027, 3, 2), date(2027, 3, 11), UTC_ZONE), date(2027, 2, 20), date(2027, 3, 1)),
        (Period(date(2027, 3, 1), date(2027, 3, 30), UTC_ZONE), date(2027, 1, 30), date(2027, 2, 28)),
        (Period(date(2026, 1, 1), date(2026, 12, 31), UTC_ZONE), date(2025, 1, 1), date(2025, 12, 31)),
        (Period(date(2027, 3, 1), date(2027, 3, 1), UTC_ZONE), date(2027, 2, 28), date(2027, 2, 28)),
    ],
)
def test_the_period_before_is_as_long_and_months_follow_on_months(period: Period, first: date, last: date) -> None:
    assert period.before() == Period(first, last, UTC_ZONE)


def test_months_and_quarters_are_those_of_the_calendar() -> None:
    assert month_of(date(2028, 2, 10), NEW_YORK) == Period(date(2028, 2, 1), date(2028, 2, 29), NEW_YORK)
    assert [quarter_of(date(2026, month, 30), NEW_YORK).first.month for month in (1, 3, 4, 6, 7, 9, 10, 12)] == [
        *(1, 1, 4, 4, 7, 7, 10, 10)
    ]
    assert quarter_of(date(2026, 11, 30), NEW_YORK).last == date(2026, 12, 31)


@pytest.mark.parametrize("period", [week_of(date(2026, 11, 4), NEW_YORK), month_of(date(2026, 11, 4), NEW_YORK)])
def test_a_run_of_weeks_ends_with_the_period_and_has_no_gaps(period: Period) -> None:
    run = weeks(period, 8)

    assert len(run) == 8
    assert (run[-1].last, run[-1].end) == (period.last, period.end)
    assert {(week.last - week.first).days for week in run} == {6}
    assert all(one.end == next_one.start for one, next_one in pairwise(run))


def test_the_last_of_the_weeks_up_to_a_week_is_that_week() -> None:
    week = week_of(date(2027, 1, 1), NEW_YORK)

    assert weeks(week, 8)[-2:] == [week.before(), week]


@pytest.mark.parametrize(
    ("first", "last", "trouble"),
    [
        (date(2026, 5, 2), date(2026, 5, 1), Trouble.BACKWARDS),
        (date(2024, 5, 2), date(2026, 5, 2), Trouble.TOO_LONG),
        (date.min, date.min, Trouble.TOO_FAR),
        (date(2026, 5, 2), date.max, Trouble.TOO_FAR),
    ],
)
def test_two_days_that_make_no_period_say_why(first: date, last: date, trouble: Trouble) -> None:
    assert between(first, last, NEW_YORK) is trouble


@pytest.mark.parametrize("first", [date(2026, 5, 1), date(2024, 5, 2)])
def test_any_other_two_days_make_one_of_up_to_two_years(first: date) -> None:
    assert between(first, date(2026, 5, 1), NEW_YORK) == Period(first, date(2026, 5, 1), NEW_YORK)
