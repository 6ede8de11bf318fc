"""Days and hours as people live them, the two odd nights of the year included."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.coaching import calendar

NEW_YORK = ZoneInfo("America/New_York")


def test_an_hour_that_does_not_exist_moves_on_by_the_gap() -> None:
    """On the night that clocks go forward, 02:30 is 03:30."""
    night = calendar.at(date(2026, 3, 8), time(2, 30), NEW_YORK)

    assert night == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert night.astimezone(NEW_YORK).time() == time(3, 30)


def test_an_hour_that_exists_twice_is_the_first() -> None:
    """On the night that clocks go back, 01:30 comes at daylight time and again an hour later."""
    night = calendar.at(date(2026, 11, 1), time(1, 30), NEW_YORK)

    assert night == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 7), datetime(2026, 3, 7, 15, 0, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 8, 14, 0, tzinfo=UTC)),
        (date(2026, 10, 31), datetime(2026, 10, 31, 14, 0, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 1, 15, 0, tzinfo=UTC)),
    ],
)
def test_ten_in_the_morning_is_ten_on_the_wall(day: date, expected: datetime) -> None:
    assert calendar.at(day, calendar.MORNING, NEW_YORK) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 27), date(2026, 11, 27)),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 11, 29), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 11, 30)),
        (date(2027, 1, 2), date(2027, 1, 4)),
    ],
)
def test_a_weekend_waits_for_monday(day: date, expected: date) -> None:
    assert calendar.workday(day) == expected


@pytest.mark.parametrize(
    ("now", "where", "expected"),
    [
        # Thursday evening in New York is Friday in UTC already.
        (datetime(2026, 11, 27, 2, 0, tzinfo=UTC), "America/New_York", datetime(2026, 11, 27, 15, 0, tzinfo=UTC)),
        (datetime(2026, 11, 27, 15, 0, tzinfo=UTC), "America/New_York", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "Asia/Kolkata", datetime(2026, 11, 25, 4, 30, tzinfo=UTC)),
        # Friday to Monday across the night that clocks go back.
        (datetime(2026, 10, 30, 14, 0, tzinfo=UTC), "America/New_York", datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
    ],
)
def test_tomorrow_is_the_next_working_morning(now: datetime, where: str, expected: datetime) -> None:
    assert calendar.next_workday_morning(now, ZoneInfo(where)) == expected


@pytest.mark.parametrize(
    "name", [None, "", "Mars/Olympus_Mons", "America", "../../etc/passwd", "America/New_York\0", "x" * 5_000]
)
def test_a_zone_nobody_has_heard_of_is_utc(name: str | None) -> None:
    assert calendar.zone(name) == ZoneInfo("UTC")


def test_a_known_zone_is_that_zone() -> None:
    assert calendar.zone("America/New_York") == NEW_YORK


def test_the_machine_has_the_time_in_utc() -> None:
    before, now, after = datetime.now(UTC), calendar.SystemClock().now(), datetime.now(UTC)
    assert before <= now <= after
    assert now.tzinfo is UTC
