"""Working hours: when a member is reached, and when they are left in peace."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.coaching import calendar
from bot.storage.models import Member, Team

WEEKDAYS = (0, 1, 2, 3, 4)
OPENS, CLOSES = time(9), time(17)
DAILY_MOST = 8
_WEEK = 7


@dataclass(frozen=True)
class Hours:
    """The days (0 is Monday) and hours at which a member works, where they are."""

    where: ZoneInfo
    days: Collection[int] = WEEKDAYS
    opens: time = OPENS
    closes: time = CLOSES

    def cover(self, moment: datetime) -> bool:
        """Whether a moment lies within them."""
        local = moment.astimezone(self.where)
        return local.weekday() in self.days and self.opens <= local.time() < self.closes

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself, or the first one after it at which this member works."""
        if self.cover(moment):
            return moment
        local = moment.astimezone(self.where)
        today = local.date() + timedelta(days=1) if local.time() >= self.closes else local.date()
        return calendar.at(self.workday(today), self.opens, self.where)

    def morning_after(self, moment: datetime) -> datetime:
        """The morning of the next day on which they work: ten, where they work then."""
        return self.morning_of(self.workday(moment.astimezone(self.where).date() + timedelta(days=1)))

    def morning_of(self, day: date) -> datetime:
        """Ten in the morning of that day, where they work then; else when they begin."""
        hour = calendar.MORNING if self.opens <= calendar.MORNING < self.closes else self.opens
        return calendar.at(day, hour, self.where)

    def workday(self, day: date) -> date:
        """That day, or the first one after it on which they work."""
        return next(
            later for later in (day + timedelta(days=n) for n in range(_WEEK + 1)) if later.weekday() in self.days
        )

    def today(self, moment: datetime) -> date:
        """The date of a moment, where they are."""
        return moment.astimezone(self.where).date()


@dataclass(frozen=True)
class Work:
    """When somebody works, as it is set: days (0 is Monday), hours ("09:00"), and the most reminders of a day."""

    days: Sequence[int]
    opens: str
    closes: str
    most: int


def keep(team: Team, work: Work) -> None:
    """Set when the whole team works."""
    team.work_days, team.work_from, team.work_to = sorted(work.days), work.opens, work.closes
    team.daily_most = work.most


def keep_own(member: Member, team: Team | None, work: Work) -> None:
    """Set when a member works. What is as the team has it is not theirs, and goes on following the team."""
    theirs, hours = as_set(team), (work.opens, work.closes)
    member.work_days = None if sorted(work.days) == sorted(theirs.days) else sorted(work.days)
    member.work_from, member.work_to = (None, None) if hours == (theirs.opens, theirs.closes) else hours
    member.daily_most = None if work.most == theirs.most else work.most


def as_set(*whose: Member | Team | None) -> Work:
    """What the first of them has set that has, each thing for itself; else nine to five on weekdays."""
    asked = [each for each in whose if each]
    days = next((each.work_days for each in asked if each.work_days), None)
    hours = next(((each.work_from, each.work_to) for each in asked if each.work_from and each.work_to), None)
    opens, closes = hours or (OPENS.isoformat("minutes"), CLOSES.isoformat("minutes"))
    return Work(days or WEEKDAYS, opens, closes, daily_most(*asked))


def of(member: Member, team: Team | None) -> Hours:
    """What the member has set, else the team, else nine to five on weekdays."""
    work = as_set(member, team)
    opens, closes = time.fromisoformat(work.opens), time.fromisoformat(work.closes)
    return Hours(calendar.zone(member.timezone), frozenset(work.days), opens, closes)


def daily_most(*whose: Member | Team | None) -> int:
    """How many reminders a day may bring, beside what was promised to customers, as the first has set that has."""
    return next((each.daily_most for each in whose if each and each.daily_most), DAILY_MOST)
