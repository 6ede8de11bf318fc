"""What is due, asked at the moment of sending: still wanted, not yet, or not any more."""

from typing import Any

from sqlmodel import col, select

from bot.coaching import endings
from bot.coaching.due import due_now
from bot.coaching.endings import Ending
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Reminder, TaskKind
from bot.storage.models import Task
from tests.coaching.desk import Desk


def booked(desk: Desk, kind: TaskKind) -> Task:
    """The promise of that kind that was made first."""
    return desk.does(lambda session: session.exec(select(Task).where(col(Task.kind) == kind)).first())


def due(desk: Desk, task: Task) -> Reminder | None:
    return desk.does(due_now, desk.team, desk.rep, task.id or 0, desk.now)


def calls_off(desk: Desk, name: str, outcome: Outcome, **more: Any) -> None:
    card = desk.begins("appointment", name)
    desk.works(endings.close, desk.on(card), Ending(outcome, **more), desk.now)


def test_a_check_on_somebody_who_stayed_waits_while_they_cancel_and_ends_when_they_leave(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    check_in = booked(desk, TaskKind.CHECK_IN)
    assert due(desk, check_in)

    again = desk.later(days=1).opens("Ada")
    assert due(desk, check_in) is None
    desk.closes(again, Outcome.LEFT)
    assert due(desk, check_in) is None
    assert booked(desk, TaskKind.CHECK_IN).dropped_at


def test_a_meeting_called_off_is_no_reason_to_forget_somebody_who_stayed(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=1).begins("appointment", "Ada")

    assert due(desk, booked(desk, TaskKind.CHECK_IN))


def test_what_belongs_to_a_date_ends_when_that_date_is_called_off(desk: Desk) -> None:
    calls_off(desk, "Ada", Outcome.RESCHEDULED, at=desk.now.replace(day=30))
    useful, met = booked(desk, TaskKind.USEFUL), booked(desk, TaskKind.MET)
    assert due(desk, useful)

    calls_off(desk.later(days=1), "Ada", Outcome.NOT_NOW)
    assert (due(desk, useful), due(desk, met)) == (None, None)


def test_a_card_that_nobody_works_on_holds_nothing_up(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=1).opens("Ada")

    assert due(desk.later(days=6), booked(desk, TaskKind.CHECK_IN)) is None
    assert due(desk.later(days=9), booked(desk, TaskKind.CHECK_IN))


def test_somebody_who_left_and_was_saved_after_that_is_still_looked_after(desk: Desk) -> None:
    cooling = desk.closes(desk.opens("Ada"), Outcome.COOL_OFF)
    desk.later(days=1).closes(desk.opens("Ada"), Outcome.LEFT)
    desk.later(days=1).closes(cooling, Outcome.SAVED)

    assert due(desk, booked(desk, TaskKind.CHECK_IN))


def test_a_card_opened_by_mistake_ends_nothing(desk: Desk) -> None:
    calls_off(desk, "Ada", Outcome.RESCHEDULED, at=desk.now.replace(day=30))
    mistake = desk.later(days=1).begins("appointment", "Ada")
    assert due(desk, booked(desk, TaskKind.MET)) is None
    desk.leaves_out(mistake)

    assert due(desk, booked(desk, TaskKind.MET))


def test_another_customers_doings_change_nothing(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=1).closes(desk.opens("Grace"), Outcome.LEFT)

    assert due(desk, booked(desk, TaskKind.CHECK_IN))
