"""What was promised, brought back at the right hour."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.coaching import reminders
from bot.coaching.errors import Declined, Reason
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import DEFAULT_DAYS, IGNORED_TIMES, KEPT, KIND, PROMISED, Reminder, Snooze, TaskKind
from bot.storage.models import Member, Task
from tests.coaching.desk import NOW, Desk

# Clocks in New York go forward on the night to Sunday, March 8, 2026, and back on that to Sunday, November 1.
FRIDAY_BEFORE_SPRING = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
FRIDAY_BEFORE_AUTUMN = datetime(2026, 10, 30, 16, 0, tzinfo=UTC)


def promised(desk: Desk, outcome: Outcome = Outcome.LEFT, on: date | None = None) -> Task:
    (task,) = desk.closes(desk.opens("Ada"), outcome, on).tasks
    return task


@pytest.mark.parametrize(
    ("kind", "today", "day"),
    [
        (TaskKind.CARRY_OUT, date(2026, 11, 24), date(2026, 11, 25)),
        (TaskKind.SOFT_YES_CALL, date(2026, 11, 24), date(2026, 11, 26)),
        (TaskKind.COOL_OFF_CALL, date(2026, 11, 24), date(2026, 11, 27)),
        (TaskKind.CHECK_IN, date(2026, 11, 24), date(2026, 12, 1)),
        (TaskKind.HELLO, date(2026, 11, 24), date(2027, 2, 22)),
        # What would fall on a weekend waits for Monday.
        (TaskKind.CARRY_OUT, date(2026, 11, 27), date(2026, 11, 30)),
        (TaskKind.SOFT_YES_CALL, date(2026, 11, 27), date(2026, 11, 30)),
        (TaskKind.COOL_OFF_CALL, date(2026, 11, 25), date(2026, 11, 30)),
    ],
)
def test_where_nobody_chose_a_day_the_kind_has_its_own(kind: TaskKind, today: date, day: date) -> None:
    assert reminders.default_day(kind, today) == day
    of_appointments = {TaskKind.USEFUL, TaskKind.MET}
    with_a_time_of_their_own = of_appointments | {
        TaskKind.PROBLEM,
        TaskKind.RECONNECT,
        TaskKind.LEFT_OPEN,
        TaskKind.HELD,
        TaskKind.CALL_BACK,
    }
    assert set(DEFAULT_DAYS) | with_a_time_of_their_own == set(TaskKind)


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        # Late on Monday evening in New York it is Tuesday in UTC: tomorrow is still Tuesday.
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), datetime(2026, 11, 24, 15, 0, tzinfo=UTC)),
        (FRIDAY_BEFORE_SPRING, datetime(2026, 3, 9, 14, 0, tzinfo=UTC)),
        (FRIDAY_BEFORE_AUTUMN, datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
    ],
)
def test_a_task_is_due_at_ten_where_its_owner_lives(desk: Desk, now: datetime, due_at: datetime) -> None:
    desk.now = now

    assert promised(desk.lives_in("America/New_York")).due_at == due_at


def test_a_chosen_day_is_kept_even_on_a_weekend(desk: Desk) -> None:
    task = promised(desk.lives_in("Asia/Kolkata"), on=date(2026, 11, 28))

    assert task.due_at == datetime(2026, 11, 28, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until", "due_at"),
    [
        (NOW, Snooze.HOUR, NOW + timedelta(hours=1)),
        (NOW, Snooze.TOMORROW, datetime(2026, 11, 25, 15, 0, tzinfo=UTC)),
        (NOW, Snooze.NEXT_WEEK, datetime(2026, 12, 1, 15, 0, tzinfo=UTC)),
        (NOW, datetime(2026, 11, 29, 8, 15, tzinfo=UTC), datetime(2026, 11, 29, 8, 15, tzinfo=UTC)),
        # Tomorrow is the next working day, also across the nights that clocks change.
        (FRIDAY_BEFORE_SPRING, Snooze.TOMORROW, datetime(2026, 3, 9, 14, 0, tzinfo=UTC)),
        (FRIDAY_BEFORE_AUTUMN, Snooze.TOMORROW, datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
        (FRIDAY_BEFORE_AUTUMN, Snooze.NEXT_WEEK, datetime(2026, 11, 6, 15, 0, tzinfo=UTC)),
        # An hour is an hour, also in the night that has one hour twice.
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), Snooze.HOUR, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        # Monday evening in New York.
        (datetime(2026, 11, 24, 4, 30, tzinfo=UTC), Snooze.TOMORROW, datetime(2026, 11, 24, 15, 0, tzinfo=UTC)),
    ],
)
def test_a_reminder_can_be_put_off(desk: Desk, now: datetime, until: Snooze | datetime, due_at: datetime) -> None:
    task = promised(desk.lives_in("America/New_York"))
    desk.now = now
    put_off = desk.snoozes(task.id, until)

    assert put_off.task.due_at == due_at
    assert put_off.name == "Ada"
    assert put_off.task.remind_at == due_at
    assert desk.rings_at == min(due_at, task.due_at), "rung too soon, it brings nothing and is set anew"


def test_done_twice_is_done_once(desk: Desk) -> None:
    task = promised(desk)
    desk.done(task.id)
    again = desk.later(hours=1).done(task.id)

    assert again.task.done_at == NOW


@pytest.mark.parametrize("until", [Snooze.HOUR, Snooze.TOMORROW, NOW + timedelta(days=9)])
def test_what_is_done_is_not_put_off_any_more(desk: Desk, until: Snooze | datetime) -> None:
    task = promised(desk)
    desk.done(task.id)
    waiting = desk.outbox(KIND)

    assert desk.snoozes(task.id, until).task.due_at == task.due_at
    assert desk.outbox(KIND) == waiting


def test_what_was_dropped_is_neither_done_nor_put_off(desk: Desk) -> None:
    left = desk.closes(desk.opens("Ada"), Outcome.LEFT)
    task = left.tasks[0]
    desk.undoes(left)

    assert desk.done(task.id).task.done_at is None
    assert desk.snoozes(task.id, Snooze.HOUR).task.due_at == task.due_at
    assert not reminders.is_open(desk.done(task.id).task)


def test_dropping_leaves_what_was_done(desk: Desk) -> None:
    left = desk.describes(desk.closes(desk.opens("Ada"), Outcome.LEFT), reconnect_on=date(2027, 2, 1))
    carry_out, hello = left.tasks
    desk.done(carry_out.id)
    with desk.database.begin() as session:
        reminders.drop(session, left.case, desk.now)

    assert [(task.id, bool(task.dropped_at)) for task in desk.tasks()] == [(carry_out.id, False), (hello.id, True)]


@pytest.mark.parametrize("outcome", [Outcome.LEFT, Outcome.COOL_OFF, Outcome.SAVED])
def test_whatever_it_is_it_is_asked_for_again_every_working_day_until_it_is_done(desk: Desk, outcome: Outcome) -> None:
    task = promised(desk.lives_in("America/New_York"), outcome, date(2026, 12, 3))
    for month, day, next_day in ((12, 3, 4), (12, 4, 7)):
        desk.now = datetime(2026, month, day, 15, 0, tzinfo=UTC)
        assert [each.task.id for each in desk.rings()] == [task.id]
        assert desk.rings_at == desk.now.replace(day=next_day), "what is brought on a Friday comes again on Monday"

    desk.done(task.id)
    desk.now = datetime(2026, 12, 7, 15, 0, tzinfo=UTC)
    assert desk.rings() == []


@pytest.mark.parametrize("kind", TaskKind)
@pytest.mark.parametrize("kept", [False, True])
def test_asked_about_once_only_what_was_promised_to_a_customer_goes_on_coming(kind: TaskKind, kept: bool) -> None:
    def next_time(times: int) -> datetime | None:
        about = Task(team_id="T1", owner_id="U1", kind=kind, due_at=NOW, times=times, facts={KEPT: "1"} if kept else {})
        return reminders.next_time(Reminder(about, None, None, None, Member(team_id="T1", user_id="U1")), NOW)

    tomorrow, in_a_week = (datetime(2026, month, day, 10, 0, tzinfo=UTC) for month, day in ((11, 25), (12, 1)))
    assert [next_time(times) for times in range(1, IGNORED_TIMES)] == [tomorrow] * (IGNORED_TIMES - 1)
    later = in_a_week if kind in PROMISED else None
    assert [next_time(times) for times in (IGNORED_TIMES, IGNORED_TIMES + 1)] == [tomorrow if kept else later] * 2


def test_what_is_brought_early_comes_again_no_sooner_than_it_is_due(desk: Desk, colleague: Desk) -> None:
    task = promised(desk, Outcome.SAVED)
    desk.does(reminders.hand_over, desk.team, desk.rep, task.id, colleague.rep, desk.now)

    assert [each.task.id for each in colleague.rings()] == [task.id], "whoever is handed something hears of it at once"
    assert colleague.rings_at == task.due_at


def test_a_colleagues_task_is_left_alone(desk: Desk, colleague: Desk) -> None:
    task = promised(desk)

    for gesture in (colleague.done, lambda task_id: colleague.snoozes(task_id, Snooze.HOUR)):
        with pytest.raises(Declined) as declined:
            gesture(task.id)
        assert declined.value.reason is Reason.NOT_YOURS
    assert desk.rows(Task) == [task]


def test_a_task_that_is_not_there_is_gone(desk: Desk) -> None:
    with pytest.raises(Declined) as declined:
        desk.done(404)
    assert declined.value.reason is Reason.GONE
