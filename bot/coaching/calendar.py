"""Days and hours as a member lives them."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(10)
AFTERNOON = time(15)
_SATURDAY = 5


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        ...


class SystemClock:
    """The time as the machine has it."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)


def zone(name: str | None) -> ZoneInfo:
    """The member's timezone; UTC while it is unknown or unheard of."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def at(day: date, hour: time, where: ZoneInfo) -> datetime:
    """A local time as one instant.

    An hour that exists twice (autumn) means its first occurrence; one that does not exist (spring) moves on by the gap.
    """
    return datetime.combine(day, hour, tzinfo=where).astimezone(UTC)


def workday(day: date) -> date:
    """That day, or the Monday after it when it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)


def monday(day: date) -> date:
    """That day, or the first Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)


def workday_before(day: date) -> date:
    """The last working day before that day."""
    before = day - timedelta(days=1)
    return before - timedelta(days=max(0, before.weekday() - _SATURDAY + 1))


def months_later(day: date, months: int) -> date:
    """The same day of a later month; the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_workday_morning(now: datetime, where: ZoneInfo) -> datetime:
    """Ten in the morning of the next working day."""
    return at(workday(now.astimezone(where).date() + timedelta(days=1)), MORNING, where)


def two_times(now: datetime, where: ZoneInfo) -> list[int]:
    """Two times to offer soon, a morning and an afternoon of two working days, in seconds since 1970."""
    first = workday(now.astimezone(where).date() + timedelta(days=2))
    second = workday(first + timedelta(days=1))
    return [int(at(day, hour, where).timestamp()) for day, hour in ((first, MORNING), (second, AFTERNOON))]


def morning_before(meeting: datetime, now: datetime, where: ZoneInfo) -> datetime:
    """Ten in the morning of the last working day before a meeting; now, where that day has come already."""
    day = workday_before(meeting.astimezone(where).date())
    return at(day, MORNING, where) if day > now.astimezone(where).date() else now
