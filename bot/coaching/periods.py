"""Periods of days, as they are lived in one place: a week, a month, a quarter, or the days between any two."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.coaching import calendar

_A_DAY = timedelta(days=1)
_A_WEEK = timedelta(weeks=1)
_MONTHS_MOST = 24
_QUARTER_MONTHS = 3
# Nobody has kept cases for longer, and the ends of time have no days beside them.
_YEARS = range(1970, 3000)


class Trouble(StrEnum):
    """Why two days make no period: the wrong way round, more than two years, or no days of ours."""

    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, as they are lived in the zone `where`."""

    first: date
    last: date
    where: ZoneInfo

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return calendar.at(self.first, time(), self.where)

    @property
    def end(self) -> datetime:
        """The instant at which it is over, in UTC: the first of the day after."""
        return calendar.at(self._after, time(), self.where)

    @property
    def is_week(self) -> bool:
        """Whether it is seven days."""
        return self._after - self.first == _A_WEEK

    def before(self) -> Self:
        """The period of the same length before it: whole months follow on whole months, of however many days."""
        months = self._months
        first = calendar.months_later(self.first, -months) if months else self.first - (self._after - self.first)
        return replace(self, first=first, last=self.first - _A_DAY)

    @property
    def _after(self) -> date:
        return self.last + _A_DAY

    @property
    def _months(self) -> int:
        """How many whole months of the calendar it is; 0 where it begins or ends amid one."""
        first, after = self.first, self._after
        whole = first.day == after.day == 1
        return (after.year - first.year) * 12 + after.month - first.month if whole else 0


def week_of(day: date, where: ZoneInfo) -> Period:
    """The week that a day is in, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + _A_WEEK - _A_DAY, where)


def month_of(day: date, where: ZoneInfo) -> Period:
    """The calendar month that a day is in."""
    return _months(day.replace(day=1), 1, where)


def quarter_of(day: date, where: ZoneInfo) -> Period:
    """The quarter of the calendar year that a day is in."""
    return _months(day.replace(month=day.month - (day.month - 1) % _QUARTER_MONTHS, day=1), _QUARTER_MONTHS, where)


def _months(first: date, months: int, where: ZoneInfo) -> Period:
    return Period(first, calendar.months_later(first, months) - _A_DAY, where)


def between(first: date, last: date, where: ZoneInfo) -> Period | Trouble:
    """The days between two, both included; or why they make no period."""
    if last < first:
        return Trouble.BACKWARDS
    if first.year not in _YEARS or last.year not in _YEARS:
        return Trouble.TOO_FAR
    return Period(first, last, where) if last < calendar.months_later(first, _MONTHS_MOST) else Trouble.TOO_LONG


def weeks(period: Period, count: int) -> Sequence[Period]:
    """The run of seven days each that ends on a period's last day, earliest first: of a week, its weeks."""
    lasts = [period.last - _A_WEEK * nth for nth in reversed(range(count))]
    return [Period(last - _A_WEEK + _A_DAY, last, period.where) for last in lasts]
