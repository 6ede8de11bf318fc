"""The clock that can be moved on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.playground.clock import MovableClock

NEW_YORK = ZoneInfo("America/New_York")


def test_from_a_fixed_start_it_moves_only_when_told_and_only_forward() -> None:
    clock = MovableClock(datetime(2026, 11, 24, 15, tzinfo=UTC))
    assert clock.now() == clock.now() == datetime(2026, 11, 24, 15, tzinfo=UTC)
    clock.advance(timedelta(hours=1))
    clock.move_to(datetime(2026, 11, 25, 9, tzinfo=UTC))
    for back in (timedelta(seconds=-1), timedelta(days=-7)):
        with pytest.raises(ValueError, match="only moves on"):
            clock.advance(back)
    with pytest.raises(ValueError, match="only moves on"):
        clock.move_to(datetime(2026, 11, 25, 8, tzinfo=UTC))
    assert clock.now() == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_without_a_start_it_runs_with_the_real_time_and_what_was_added() -> None:
    clock = MovableClock()
    before = datetime.now(UTC)
    clock.advance(timedelta(days=1))
    assert before <= clock.now() - timedelta(days=1) <= datetime.now(UTC)


def test_every_move_is_told() -> None:
    clock = MovableClock()
    moves: list[datetime] = []
    clock.on_move(lambda: moves.append(clock.now()))
    clock.advance(timedelta(hours=1))
    clock.move_to(clock.now() + timedelta(days=1))
    assert len(moves) == 2


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-24 10:00", "2026-11-30 09:00"),
        ("2026-11-29 23:59", "2026-11-30 09:00"),
        ("2026-11-30 08:59", "2026-11-30 09:00"),
        ("2026-11-30 09:00", "2026-12-07 09:00"),
        ("2026-11-30 17:00", "2026-12-07 09:00"),
        # The clocks go back on Sunday the 1st of November: still nine on the wall.
        ("2026-10-31 12:00", "2026-11-02 09:00"),
    ],
)
def test_the_next_monday_at_nine_where_somebody_is(now: str, monday: str) -> None:
    clock = MovableClock(datetime.fromisoformat(now).replace(tzinfo=NEW_YORK))
    assert clock.next_monday_nine(NEW_YORK) == datetime.fromisoformat(monday).replace(tzinfo=NEW_YORK)


def test_monday_begins_earlier_in_the_east() -> None:
    # Sunday evening in New York is Monday morning in Auckland.
    clock = MovableClock(datetime(2026, 11, 29, 23, tzinfo=UTC))
    auckland = ZoneInfo("Pacific/Auckland")
    assert clock.next_monday_nine(auckland) == datetime(2026, 12, 7, 9, tzinfo=auckland)
    assert clock.next_monday_nine(NEW_YORK) == datetime(2026, 11, 30, 9, tzinfo=NEW_YORK)
