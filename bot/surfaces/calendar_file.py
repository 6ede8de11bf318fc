"""One's own reminders as a calendar file (RFC 5545), to be brought into any calendar."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from bot.coaching.reminders import Reminder, is_open
from bot.surfaces.cases import named
from bot.surfaces.words import Voice, person, unescape

FILE_NAME = "comeback-reminders.ics"

_PRODUCT = "-//Comeback//Reminders//EN"
_LASTS = timedelta(minutes=15)


def calendar_file(voice: Voice, reminders: Sequence[Reminder], now: datetime) -> bytes:
    """The open ones of these reminders, each as a quarter of an hour; nothing else that a customer said is in there.

    Bringing in a later file moves what an earlier one brought. Without reminders it is a calendar with nothing in it.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for each in reminders:
        if is_open(each.task):
            calendar.add_component(_event(voice, each, now))
    content: bytes = calendar.to_ical()
    return content


def _event(voice: Voice, reminder: Reminder, now: datetime) -> Event:
    """One reminder. It rings no bell: the bot itself comes at that hour."""
    task = reminder.task
    event = Event()
    event.add("uid", f"task-{task.id}.{task.team_id}@comeback")
    event.add("summary", _summary(voice, reminder))
    event.add("dtstart", task.due_at)
    # A length, not an end: there is none for the last quarter of an hour of the last year.
    event.add("duration", _LASTS)
    event.add("dtstamp", now)
    event.add("last-modified", now)
    # Calendars keep the entry of the higher number; a task does not count its changes, and time only goes on.
    event.add("sequence", max(int((now - task.created_at).total_seconds()), 0))
    # Colleagues may look into a calendar: whose name this is stays with its owner, who is not made to look busy.
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _summary(voice: Voice, reminder: Reminder) -> str:
    name, what = person(named(voice, reminder.name)), voice.label(f"task.{reminder.task.kind}")
    # A calendar shows text as it stands: nothing in it is escaped for Slack.
    text = unescape(voice.text("reminders/event", what=what, name=name))
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
