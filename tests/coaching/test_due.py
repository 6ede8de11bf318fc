"""What is due, asked at the moment of sending: still wanted, in working hours, and not too much of it a day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.coaching import endings, held, reconnecting, reminders
from bot.coaching.due import AT_ONCE_MOST, Round, left_open, round_of
from bot.coaching.endings import Ending
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import IGNORED_TIMES, Snooze, TaskKind
from bot.storage.models import Member, Task, Team
from tests.coaching.desk import Desk

# The day after, on which a cancellation of that Tuesday is to be carried out: Wednesday, ten in New York.
WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
THURSDAY_AT_NINE = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
MONDAY_AT_NINE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def booked(desk: Desk, kind: TaskKind) -> Task:
    """The promise of that kind that was made first."""
    return desk.does(lambda session: session.exec(select(Task).where(col(Task.kind) == kind)).first())


def calls_off(desk: Desk, name: str, outcome: Outcome, **more: Any) -> None:
    card = desk.begins("appointment", name)
    desk.works(endings.close, desk.on(card), Ending(outcome, **more), desk.now)


def due(desk: Desk) -> Round:
    return desk.does(round_of, desk.team, desk.rep, desk.now)


def names(brought: Round) -> list[str | None]:
    return [each.name for each in brought.reminders]


def set_for(desk: Desk, kind: TaskKind) -> datetime | None:
    """When the promise of that kind comes next."""
    return booked(desk, kind).remind_at


def is_told(desk: Desk, *settings: Member | Team) -> None:
    desk.does(lambda session: [session.merge(each) for each in settings])


def wishes(desk: Desk, *customers: str, at: datetime) -> None:
    """Be reminded of each of them, a minute apart, in the order of their names here."""
    for number, name in enumerate(customers):
        when = at + timedelta(minutes=number)
        desk.does(reconnecting.book, desk.team, desk.rep, name, when, desk.now, exact=False)


def leaves(desk: Desk, *customers: str) -> None:
    """They leave one after the other, which is to be carried out on Wednesday."""
    for name in customers:
        desk.closes(desk.opens(name), Outcome.LEFT)


def test_a_check_on_somebody_who_stayed_waits_while_they_cancel_and_ends_when_they_leave(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    check_in = booked(desk, TaskKind.CHECK_IN)
    assert desk.is_reminded_of(check_in)

    again = desk.later(days=1).opens("Ada")
    assert not desk.is_reminded_of(check_in)
    assert set_for(desk, TaskKind.CHECK_IN) == check_in.due_at + timedelta(days=1), "it is asked again in the morning"
    desk.closes(again, Outcome.LEFT)
    assert not desk.is_reminded_of(check_in)
    assert booked(desk, TaskKind.CHECK_IN).dropped_at


def test_whether_a_save_held_is_not_asked_of_somebody_who_left(desk: Desk) -> None:
    saved = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=34).does(held.bring, desk.team, desk.rep, saved.case.id, desk.now)
    check = booked(desk, TaskKind.HELD)
    assert desk.is_reminded_of(check)

    desk.later(days=1).closes(desk.opens("Ada"), Outcome.LEFT)
    assert not desk.is_reminded_of(check)


def test_a_meeting_called_off_is_no_reason_to_forget_somebody_who_stayed(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=1).begins("appointment", "Ada")

    assert desk.is_reminded_of(booked(desk, TaskKind.CHECK_IN))


def test_what_belongs_to_a_date_ends_when_that_date_is_called_off(desk: Desk) -> None:
    calls_off(desk, "Ada", Outcome.RESCHEDULED, at=desk.now.replace(day=30))
    useful, met = booked(desk, TaskKind.USEFUL), booked(desk, TaskKind.MET)
    assert desk.is_reminded_of(useful)

    calls_off(desk.later(days=1), "Ada", Outcome.NOT_NOW)
    assert [desk.is_reminded_of(task) for task in (useful, met)] == [False, False]


def test_a_card_that_nobody_works_on_holds_nothing_up(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=1).opens("Ada")

    assert not desk.later(days=6).is_reminded_of(booked(desk, TaskKind.CHECK_IN))
    assert desk.later(days=9).is_reminded_of(booked(desk, TaskKind.CHECK_IN))


def test_somebody_who_left_and_was_saved_after_that_is_still_looked_after(desk: Desk) -> None:
    cooling = desk.closes(desk.opens("Ada"), Outcome.COOL_OFF)
    desk.later(days=1).closes(desk.opens("Ada"), Outcome.LEFT)
    desk.later(days=1).closes(cooling, Outcome.SAVED)

    assert desk.is_reminded_of(booked(desk, TaskKind.CHECK_IN))


def test_a_card_opened_by_mistake_ends_nothing(desk: Desk) -> None:
    calls_off(desk, "Ada", Outcome.RESCHEDULED, at=desk.now.replace(day=30))
    mistake = desk.later(days=1).begins("appointment", "Ada")
    assert not desk.is_reminded_of(booked(desk, TaskKind.MET))
    desk.leaves_out(mistake)

    assert desk.is_reminded_of(booked(desk, TaskKind.MET))


def test_another_customers_doings_change_nothing(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.later(days=1).closes(desk.opens("Grace"), Outcome.LEFT)

    assert desk.is_reminded_of(booked(desk, TaskKind.CHECK_IN))


def test_a_case_left_open_is_not_asked_about_once_it_has_ended(desk: Desk) -> None:
    card = desk.opens("Ada")
    desk.later(days=1).does(left_open, desk.team, desk.rep, card.case.id, desk.now)
    task = booked(desk, TaskKind.LEFT_OPEN)
    assert desk.is_reminded_of(task)

    desk.closes(card, Outcome.LEFT)
    assert not desk.is_reminded_of(task)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        # In the evening, at night, early in the morning, and on a weekend: nine, the next time that there is one.
        (WEDNESDAY.replace(hour=22), THURSDAY_AT_NINE),
        (datetime(2026, 11, 26, 3, 0, tzinfo=UTC), THURSDAY_AT_NINE),
        (THURSDAY_AT_NINE - timedelta(minutes=1), THURSDAY_AT_NINE),
        (SATURDAY, MONDAY_AT_NINE),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), MONDAY_AT_NINE),
        (datetime(2026, 11, 27, 22, 0, tzinfo=UTC), MONDAY_AT_NINE),
    ],
)
def test_outside_of_working_hours_it_waits_for_the_next_of_them(desk: Desk, now: datetime, opens_at: datetime) -> None:
    leaves(desk.lives_in("America/New_York"), "Ada")
    desk.now = now

    assert desk.rings() == []
    assert desk.rings_at == set_for(desk, TaskKind.CARRY_OUT) == opens_at
    desk.now = opens_at
    assert [each.name for each in desk.rings()] == ["Ada"]


@pytest.mark.parametrize("hour", [14, 21])
def test_within_them_it_comes(desk: Desk, hour: int) -> None:
    """From nine until five in New York."""
    leaves(desk.lives_in("America/New_York"), "Ada")
    desk.now = datetime(2026, 11, 27, hour, 0 if hour == 14 else 59, tzinfo=UTC)

    assert names(due(desk)) == ["Ada"]


@pytest.mark.parametrize("whose", ["the member's own", "the team's"])
def test_they_are_the_members_own_else_the_teams(desk: Desk, whose: str) -> None:
    set_to: dict[str, Any] = {"work_days": [5, 6], "work_from": "18:00", "work_to": "22:00"}
    mine = Member(team_id="T1", user_id="U1", **(set_to if whose == "the member's own" else {}))
    teams = Team(team_id="T1", **(set_to if whose == "the team's" else {"work_days": [2]}))
    is_told(desk, mine, teams)
    leaves(desk, "Ada")
    desk.now = WEDNESDAY

    assert due(desk).reminders == []
    assert set_for(desk, TaskKind.CARRY_OUT) == SATURDAY.replace(hour=18)


def test_an_hour_that_somebody_chose_is_kept_on_a_sunday_evening_too(desk: Desk) -> None:
    leaves(desk.lives_in("America/New_York"), "Ada")
    sunday_evening = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
    desk.snoozes(booked(desk, TaskKind.CARRY_OUT).id, sunday_evening)
    desk.now = sunday_evening

    assert names(due(desk)) == ["Ada"]


def test_a_session_comes_at_the_hour_that_was_agreed_on(desk: Desk) -> None:
    card = desk.lives_in("America/New_York").opens("Ada")
    promise = reminders.Promise(TaskKind.SESSION, at=SATURDAY.replace(hour=23))
    desk.does(reminders.book, card.case, card.member, desk.now, promise)
    desk.now = SATURDAY.replace(hour=23)

    assert names(due(desk)) == ["Ada"]


def test_a_day_brings_so_much_and_the_rest_comes_the_next_but_promises_to_customers_do_not_wait(desk: Desk) -> None:
    is_told(desk, Member(team_id="T1", user_id="U1", timezone="America/New_York", daily_most=2))
    leaves(desk, "Promised", "Promised too")
    wishes(desk, "First", "Second", "Third", at=WEDNESDAY)
    desk.now = WEDNESDAY + timedelta(minutes=10)

    brought = [each.name for each in desk.rings()]
    assert brought == ["Promised", "Promised too", "First", "Second"]
    desk.later(hours=1)
    wishes(desk, "Fourth", at=desk.now)
    leaves(desk, "Promised last")
    desk.does(hasten, booked_for(desk, "Promised last").id, desk.now)
    assert [each.name for each in desk.rings()] == ["Promised last"]
    assert [each.task.remind_at for each in coming(desk) if each.name in ("Third", "Fourth")] == [
        WEDNESDAY + timedelta(days=1)
    ] * 2


def test_what_is_put_off_keeps_its_place_in_the_day_and_comes_at_the_hour_that_was_chosen(desk: Desk) -> None:
    is_told(desk, Member(team_id="T1", user_id="U1", timezone="America/New_York", daily_most=1))
    wishes(desk, "First", "Second", at=WEDNESDAY)
    desk.now = WEDNESDAY + timedelta(minutes=10)
    (first,) = desk.rings()

    desk.snoozes(first.task.id, Snooze.HOUR)
    wishes(desk, "Third", at=desk.now)
    assert desk.rings() == []
    assert [each.name for each in desk.later(hours=1).rings()] == ["First"]
    desk.now = WEDNESDAY + timedelta(days=1)
    assert [each.name for each in desk.rings()] == ["Second"], "the next day begins anew"


def booked_for(desk: Desk, name: str) -> Task:
    return next(each.task for each in coming(desk) if each.name == name)


def coming(desk: Desk) -> Sequence[reminders.Reminder]:
    return desk.does(reconnecting.coming, desk.team, desk.rep).reminders


def test_the_teams_own_number_a_day_is_kept_where_the_member_has_none(desk: Desk) -> None:
    is_told(desk, Team(team_id="T1", daily_most=1))
    wishes(desk, "First", "Second", at=WEDNESDAY)
    desk.now = WEDNESDAY + timedelta(minutes=10)

    assert names(due(desk)) == ["First"]


def test_whoever_is_away_hears_of_it_when_they_are_back(desk: Desk) -> None:
    leaves(desk.lives_in("America/New_York"), "Ada")
    desk.does(reconnecting.leave, desk.team, desk.rep, datetime(2026, 11, 29, 12, 0, tzinfo=UTC), desk.now)
    desk.now = WEDNESDAY

    assert desk.rings() == []
    assert desk.rings_at == MONDAY_AT_NINE
    desk.now = MONDAY_AT_NINE
    assert [each.name for each in desk.rings()] == ["Ada"]


def test_the_oldest_come_first_and_what_is_too_much_for_one_message_comes_in_the_next(desk: Desk) -> None:
    customers = [str(number) for number in range(AT_ONCE_MOST + 2)]
    leaves(desk.lives_in("America/New_York"), *customers)
    for number, name in enumerate(reversed(customers)):
        desk.does(hasten, booked_for(desk, name).id, WEDNESDAY + timedelta(minutes=number))
    desk.now = WEDNESDAY + timedelta(hours=1)
    oldest_first = customers[::-1]

    assert due(desk).more
    assert [each.name for each in desk.rings()] == oldest_first[:AT_ONCE_MOST]
    assert desk.rings_at is not None
    assert desk.rings_at <= desk.now, "the rest is not left for tomorrow"
    assert not due(desk).more
    assert [each.name for each in desk.rings()] == oldest_first[AT_ONCE_MOST:]


def hasten(session: Session, task_id: int, due_at: datetime) -> None:
    reminders.move(session, session.get_one(Task, task_id), due_at)


def test_a_message_that_has_to_be_sent_again_has_the_key_that_it_had(desk: Desk) -> None:
    leaves(desk.lives_in("America/New_York"), "Ada", "Ben")
    desk.now = WEDNESDAY
    key = due(desk).key
    assert due(desk).key == key

    desk.rings()
    desk.now = WEDNESDAY + timedelta(days=1)
    again = due(desk).key
    assert names(due(desk)) == ["Ada", "Ben"]
    assert again != key, "brought once more, it is another message"


@pytest.mark.parametrize(
    ("kind", "comes_again"),
    [
        # What was promised to a customer comes once a week, and anything else stays in the list.
        (TaskKind.CARRY_OUT, datetime(2026, 12, 4, 15, 0, tzinfo=UTC)),
        (TaskKind.RECONNECT, None),
    ],
)
def test_what_nobody_answers_comes_every_working_day_until_its_owner_was_asked_what_to_do(
    desk: Desk, kind: TaskKind, comes_again: datetime | None
) -> None:
    desk.lives_in("America/New_York")
    if kind is TaskKind.CARRY_OUT:
        leaves(desk, "Ada")
    else:
        wishes(desk, "Ada", at=WEDNESDAY)
    for times, day in enumerate((25, 26, 27), start=1):
        desk.now = WEDNESDAY.replace(day=day)
        assert [each.task.times for each in desk.rings()] == [times]
    assert times == IGNORED_TIMES

    assert desk.rings_at == set_for(desk, kind) == comes_again
    assert reminders.is_open(booked(desk, kind))


def test_one_that_is_kept_goes_on_coming_and_is_not_asked_about_again(desk: Desk) -> None:
    wishes(desk.lives_in("America/New_York"), "Ada", at=WEDNESDAY)
    for day in (25, 26, 27):
        desk.now = WEDNESDAY.replace(day=day)
        desk.rings()
    desk.does(reminders.keep, desk.team, desk.rep, booked(desk, TaskKind.RECONNECT).id, desk.now)
    for month, day in ((11, 30), (12, 1), (12, 2), (12, 3)):
        desk.now = WEDNESDAY.replace(month=month, day=day)
        assert [each.name for each in desk.rings()] == ["Ada"]
        assert reminders.KEPT in booked(desk, TaskKind.RECONNECT).facts
