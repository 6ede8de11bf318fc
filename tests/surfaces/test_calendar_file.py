"""One's own reminders as a calendar file: what a calendar reads out of it, and what it never finds there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from bot.coaching.calendar import zone
from bot.coaching.reminders import Reminder, TaskKind
from bot.surfaces.calendar_file import calendar_file
from bot.surfaces.words import NAME_MOST, Words
from tests.surfaces.scenes import ADA, NOW, Scene

DUE = NOW + timedelta(days=7)
LINE_MOST = 75
ENTRY = {"UID", "SUMMARY", "DTSTART", "DURATION", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "CLASS", "TRANSP"}

NAMES = {
    "a comma, a semicolon, a backslash": "Lovelace, Ada; b. 1815 \\n",
    "letters of two and three bytes": "Žofie Ångström 李小龍",
    "letters of four bytes, in pairs": "👩‍👩‍👧‍👦" * 8,
    "marks of Slack": "<!channel> & <@U123>",
    "something of a calendar": "END:VEVENT",
}


def written(scene: Scene, *reminders: Reminder, now: datetime = NOW) -> bytes:
    return calendar_file(scene.voice, reminders, now)


def events(content: bytes) -> Sequence[Event]:
    """The entries that a calendar reads out of a file."""
    return Calendar.from_ical(content).events


def summary(scene: Scene, name: str | None) -> str:
    """What a calendar shows of a check-in with a customer of this name."""
    (event,) = events(written(scene, replace(scene, name=name).reminder(TaskKind.CHECK_IN)))
    return str(event["SUMMARY"])


def test_a_reminder_is_a_quarter_of_an_hour_from_when_it_is_due(scene: Scene) -> None:
    (event,) = events(written(scene, scene.reminder(TaskKind.CHECK_IN)))

    assert str(event["SUMMARY"]) == "Check that they are still glad: Ada Lovelace"
    assert (event.start, event.duration) == (DUE, timedelta(minutes=15))
    assert event.DTSTAMP == event.LAST_MODIFIED == NOW


def test_hours_are_written_in_utc_wherever_somebody_is(scene: Scene, words: Words) -> None:
    tokyo = replace(scene, voice=words.voice("ja-JP", zone("Asia/Tokyo")))

    assert b"\r\nDTSTART:20261201T150000Z\r\n" in written(tokyo, scene.reminder(TaskKind.CHECK_IN))


def test_the_file_says_who_wrote_it_and_invites_nobody(scene: Scene) -> None:
    calendar = Calendar.from_ical(written(scene, scene.reminder(TaskKind.CHECK_IN)))

    assert (calendar["VERSION"], calendar["PRODID"]) == ("2.0", "-//Comeback//Reminders//EN")
    assert "METHOD" not in calendar


def test_it_stays_private_rings_no_bell_and_makes_nobody_look_busy(scene: Scene) -> None:
    (event,) = events(written(scene, scene.reminder(TaskKind.CHECK_IN)))

    assert (event["CLASS"], event["TRANSP"]) == ("PRIVATE", "TRANSPARENT")
    assert event.subcomponents == []


def test_nothing_that_was_noted_or_said_is_in_it(scene: Scene) -> None:
    said = {"note": "Call the brother", "mission": "Quiet Sundays"}
    reminder = scene.reminder(TaskKind.FIX, said, facts={"promise": "A new leg", "answer": "Felt pads"})
    content = written(scene, reminder).decode()

    assert ADA in content
    assert [each for each in ("brother", "Sundays", "leg", "pads") if each in content] == []
    assert set(events(content.encode())[0]) == ENTRY


def test_a_later_file_takes_the_place_of_an_earlier_one(scene: Scene) -> None:
    later = NOW + timedelta(hours=1)
    (before,) = events(written(scene, scene.reminder(TaskKind.CHECK_IN)))
    (after,) = events(written(scene, scene.reminder(TaskKind.CHECK_IN, days=8), now=later))

    assert after["UID"] == before["UID"]
    assert after.start == before.start + timedelta(days=1)
    assert after.sequence > before.sequence
    assert after.DTSTAMP == after.LAST_MODIFIED == later


def test_no_two_tasks_are_taken_for_one_not_even_in_two_workspaces(scene: Scene) -> None:
    tasks = [{"id": 40}, {"id": 41}, {"id": 40, "team_id": "T2"}]
    content = written(scene, *(scene.reminder(TaskKind.CHECK_IN, **given) for given in tasks))

    assert len({event["UID"] for event in events(content)}) == len(tasks)


def test_what_is_done_or_dropped_is_left_out(scene: Scene) -> None:
    done = scene.reminder(TaskKind.CHECK_IN, id=41, done_at=NOW)
    dropped = scene.reminder(TaskKind.CHECK_IN, id=42, dropped_at=NOW)
    (event,) = events(written(scene, done, dropped, scene.reminder(TaskKind.HELLO)))

    assert str(event["SUMMARY"]) == "A light hello: Ada Lovelace"


def test_without_reminders_it_is_a_calendar_with_nothing_in_it(scene: Scene) -> None:
    calendar = Calendar.from_ical(written(scene))

    assert calendar["PRODID"] == "-//Comeback//Reminders//EN"
    assert list(calendar.walk()) == [calendar]


@pytest.mark.parametrize("called", NAMES)
def test_a_name_comes_back_as_it_was_typed_from_lines_of_the_right_length(called: str, scene: Scene) -> None:
    name = NAMES[called]
    content = written(scene, replace(scene, name=name).reminder(TaskKind.CHECK_IN))

    assert str(events(content)[0]["SUMMARY"]) == f"Check that they are still glad: {name}"
    assert_lines_are_right(content)


def assert_lines_are_right(content: bytes) -> None:
    """Lines end as RFC 5545 has it, are of 75 octets at most, and no letter is torn in two."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= LINE_MOST
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert b"".join(line.decode().encode() for line in lines) == b"".join(lines)


def test_a_name_of_ten_thousand_letters_is_cut_as_in_any_sentence(scene: Scene) -> None:
    name = "Ö" * 10_000
    content = written(scene, replace(scene, name=name).reminder(TaskKind.CHECK_IN))

    assert str(events(content)[0]["SUMMARY"]).endswith(f": {'Ö' * (NAME_MOST - 1)}…")
    assert_lines_are_right(content)


def test_a_name_on_several_lines_is_said_on_one_and_nothing_unprintable_gets_in(scene: Scene) -> None:
    assert summary(scene, "Ada\r\nLovelace\nATTENDEE:x").endswith(": Ada Lovelace ATTENDEE:x")
    assert summary(scene, "Ada\x00Love\x07lace\t!").endswith(": Ada Love lace !")
    content = written(scene, replace(scene, name="Ada\r\nATTENDEE:x\x00").reminder(TaskKind.CHECK_IN))
    assert b"\x00" not in content
    assert "ATTENDEE" not in events(content)[0]


def test_a_customer_without_a_name_is_called_what_they_are_called_elsewhere(scene: Scene) -> None:
    assert summary(scene, None) == f"Check that they are still glad: {scene.voice.label('case.unnamed')}"


def test_the_last_quarter_of_an_hour_of_all_is_no_trouble(scene: Scene) -> None:
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    content = written(scene, scene.reminder(TaskKind.CHECK_IN, due_at=last))

    assert events(content)[0].start == last
