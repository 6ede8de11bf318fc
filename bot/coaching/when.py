"""When somebody means: "in 3 days", "tomorrow 10am", "next Tuesday", "2027-01-15", in their own language and zone.

`dateparser` knows the words of each language. What is here keeps it honest: all that was typed has to count, and what
was meant has to be ahead.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateparser import PartsOfDay
from dateparser.data.languages_info import language_order
from dateparser.date import DateDataParser

from bot.coaching import calendar

_FAR = timedelta(days=2 * 366)
_WEEK = timedelta(weeks=1)
_LONGEST_TIME = 100
_MOST_WORDS = 10

# Stands in the time that is counted from, and in no time that anybody types: whatever still has it was counted.
_MARK = timedelta(microseconds=1)

_PARTS_OF_DAY = PartsOfDay(morning=calendar.MORNING, afternoon=calendar.AFTERNOON)
# Written year first in full, but month first without a year.
_YEAR_FIRST = {"ja", "ko", "zh"}

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_NEXT_DAY = re.compile(rf"\bnext\s+{_DAY}\b", re.IGNORECASE)
_DAY_NEXT_WEEK = re.compile(rf"\b(?:({_DAY})\s+next\s+week|next\s+week\s+(?:on\s+)?({_DAY}))\b", re.IGNORECASE)
_END = re.compile(
    r"\b(?:(?:at|by|on)\s+)?(?:the\s+)?end\s+of\s+(?:(?:the|this)\s+|(next)\s+)?(week|month)\b", re.IGNORECASE
)
_O_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.]([0-5]\d))?\s*(?:uhr|o.?clock)\b", re.IGNORECASE)
_HOUR = re.compile(
    r"\b(at|um|à|a las?|às|alle)\s+(\d{1,2})(?:[:.]([0-5]\d))?h?(?=[\s,.!?]|$)(?!\s*(?:[ap]\.?m|in the)\b)",
    re.IGNORECASE,
)
_DOTTED_HOUR = re.compile(r"(?<![\d.])(\d{1,2})\.([0-5]\d)(?=\s*(?:[ap]m)?\W*$)", re.IGNORECASE)
_LATEST_AFTERNOON_HOUR = 7
_FRIDAY = 4
_DAY_AND_MONTH = re.compile(r"(?<![\d.])(\d{1,2})\.(0?[1-9]|1[0-2])\.?(?![\d.])")
# Words before a time that the parser does not know. Only there: "am" is another thing in "10 am".
_LEAD = re.compile(
    r"(?:until|till|from|starting|bis|ab|am|nächsten|kommenden|jusqu['’]à|jusqu['’]au|el|hasta|fino a|até)\s+",
    re.IGNORECASE,
)
# Words that belong to the time even where it would be the same without them.
_LEADS = {
    *("about", "at", "by", "for", "from", "in", "next", "on", "starting", "the", "this", "till", "until"),
    *("am", "bis", "dans", "el", "em", "en", "hasta", "la", "le", "um"),
}
# Of "2027-01-15" the first: such a one is read as a whole or not at all.
_NUMBER = re.compile(r"(?<!\d)(?<!\d[-/:.,])\d+")
_AROUND_NAMES = " \t\r\n,;:-–—"


class Trouble(StrEnum):
    """Why a time cannot be used: it has gone by, it is more than about two years ahead, or it says nothing to us."""

    PAST = "past"
    TOO_FAR = "too_far"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Moment:
    """A time to come, in UTC; `exact` where its hour was said, and not merely its day."""

    at: datetime
    exact: bool


@dataclass(frozen=True)
class Said:
    """The name that was typed, empty where there is none, and the time that stood behind it."""

    name: str
    when: Moment | Trouble


@dataclass(frozen=True)
class _Read:
    """What the parser made of a text: local time, and whether its hour was said or all of it counted from now."""

    local: datetime
    timed: bool
    counted: bool


def parse(text: str, now: datetime, where: ZoneInfo, locale: str | None) -> Moment | Trouble:
    """The time that `text` means at the moment `now` (UTC), to somebody in the zone `where`.

    It is read in the language of `locale` (as Slack names it: "de-DE"), in English, or as an ISO date. Where it could
    be past or future it is future: on a Friday, "Friday" is a week away, and "3 March" gone by is next year's. In
    English, "next Tuesday" is the Tuesday of the coming week (from Monday on), and "at 3" is in the afternoon, up to 7.
    A day without an hour means its morning. A zone of its own ("10am EST") is not understood. Never raises.
    """
    text = " ".join(text.split())
    if not 0 < len(text) <= _LONGEST_TIME:
        return Trouble.NOT_UNDERSTOOD
    base = now.astimezone(where).replace(tzinfo=None, microsecond=0) + _MARK
    language, region = _language(locale)
    plain, parser = _plainer(text, base.date(), language), _parser(language, region, base)
    read = _read(plain, parser)
    if read is None or not _all_numbers_count(plain, read, parser):
        return Trouble.NOT_UNDERSTOOD
    return _moment(_as_said(read, plain, base), base, now, where)


def split(text: str, now: datetime, where: ZoneInfo, locale: str | None) -> Said:
    """Tell a customer's name from the time behind it; `now`, `where` and `locale` are those of `parse`.

    The time is the longest ending that is understood in full. A word at its front that changes nothing, and that is
    written as names are, belongs to the name: "Studio 54 tomorrow", "Ada S tomorrow". A text that is all time has no
    name, and one without a time is all name.
    """

    def understood(some: list[str]) -> Moment | Trouble:
        return parse(" ".join(some), now, where, locale)

    words = text.split()
    for first in range(max(0, len(words) - _MOST_WORDS), len(words)):
        when = understood(words[first:])
        if when is Trouble.NOT_UNDERSTOOD:
            continue
        while (
            _may_be_a_name(words[first])
            and understood(words[first + 1 :]) == when
            and not _same_day(understood([words[first]]), when, where)
        ):
            first += 1
        return Said(_name(words[:first]), when)
    return Said(_name(words), Trouble.NOT_UNDERSTOOD)


def _may_be_a_name(word: str) -> bool:
    return not word.islower() and word.lower() not in _LEADS


def _same_day(one: Moment | Trouble, other: Moment | Trouble, where: ZoneInfo) -> bool:
    if isinstance(one, Moment) and isinstance(other, Moment):
        return one.at.astimezone(where).date() == other.at.astimezone(where).date()
    return one == other


def _name(words: list[str]) -> str:
    return " ".join(words).strip(_AROUND_NAMES)


def _language(locale: str | None) -> tuple[str, str | None]:
    """The language and the country of a locale; English where it is unknown."""
    language, _, region = (locale or "").partition("-")
    return language if language in language_order else "en", region if re.fullmatch("[A-Z]{2}", region) else None


def _parser(language: str, region: str | None, base: datetime) -> DateDataParser:
    return DateDataParser(
        languages=[language, *({"en"} - {language})],
        region=region,
        use_given_order=True,
        settings={
            "PARSERS": ["relative-time", "absolute-time"],
            "PARTS_OF_DAY": _PARTS_OF_DAY,
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": base,
            "RETURN_TIME_AS_PERIOD": True,
            "TIMEZONE": "UTC",
            **({"DATE_ORDER": "MDY"} if language in _YEAR_FIRST else {}),
        },
    )


def _read(text: str, parser: DateDataParser) -> _Read | None:
    data = parser.get_date_data(text)
    local: datetime | None = data.date_obj
    if local is None or local.tzinfo:
        return None
    counted = local.microsecond > 0
    # A number may pass for a month or a year, and a month for any day of it.
    if not counted and not {"month", "day"} <= set(data.parts):
        return None
    return _Read(local, timed="time" in data.parts and data.period != "part_of_day", counted=counted)


def _all_numbers_count(text: str, read: _Read, parser: DateDataParser) -> bool:
    """Whether each number is a part of the time: with another in its place, the time would be another one."""
    return all(
        _read(f"{text[: number.start()]}{_another(number[0])}{text[number.end() :]}", parser) != read
        for number in _NUMBER.finditer(text)
    )


def _another(number: str) -> str:
    return str(int(number) + 1).zfill(len(number))


def _plainer(text: str, today: date, language: str) -> str:
    """What the parser does not know, in words that it knows."""
    text = _LEAD.sub("", text, count=1) if _LEAD.match(text) else text
    text = _DAY_NEXT_WEEK.sub(lambda said: f"next {said[1] or said[2]}", text)
    text = _END.sub(lambda said: _end(said[2], today, later=bool(said[1])).isoformat(), text)
    text = _O_CLOCK.sub(lambda said: f"{said[1]}:{said[2] or '00'}", text)
    text = _HOUR.sub(lambda said: _hour(said[1], int(said[2]), said[3] or "00"), text)
    text = text if language == "en" else _DAY_AND_MONTH.sub(r"\1/\2", text)
    return _DOTTED_HOUR.sub(r"\1:\2", text)


def _end(of: str, today: date, *, later: bool) -> date:
    """The last day of this month or the next, or the Friday of a week."""
    if of.lower() == "week":
        to_friday = _FRIDAY - today.weekday()
        return today + timedelta(days=to_friday + 7 if later else to_friday % 7)
    return calendar.months_later(today.replace(day=1), 2 if later else 1) - timedelta(days=1)


def _hour(word: str, hour: int, minutes: str) -> str:
    afternoon = word.lower() == "at" and 0 < hour <= _LATEST_AFTERNOON_HOUR
    return f"{hour + 12 if afternoon else hour}:{minutes}"


def _as_said(read: _Read, text: str, base: datetime) -> _Read:
    """The Tuesday of next week, where the parser takes "next Tuesday" for the first to come."""
    monday = base.date() - timedelta(days=base.weekday())
    soon = read.local.date() < monday + _WEEK
    return _Read(read.local + _WEEK, read.timed, read.counted) if soon and _NEXT_DAY.search(text) else read


def _moment(read: _Read, base: datetime, now: datetime, where: ZoneInfo) -> Moment | Trouble:
    ahead = read.local - base
    # Before anything else is reckoned: the ends of time have no other zone.
    if ahead > _FAR:
        return Trouble.TOO_FAR
    if ahead < -_FAR:
        return Trouble.PAST
    if read.counted and read.timed:
        at = now + ahead
    else:
        hour = calendar.MORNING if read.counted or _no_hour(read) else read.local.time()
        at = calendar.at(read.local.date(), hour, where)
    return Moment(at.astimezone(UTC), read.timed) if at > now else Trouble.PAST


def _no_hour(read: _Read) -> bool:
    return not read.timed and read.local.time() == time()
