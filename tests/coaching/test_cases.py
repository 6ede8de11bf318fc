"""A case from its opening to its outcome, and back again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.coaching import details, members
from bot.coaching.cases import Notice
from bot.coaching.copies import CARD, STILL_FOR, copy_key
from bot.coaching.errors import Declined, Reason
from bot.coaching.money import Money
from bot.coaching.moves import Move
from bot.coaching.openings import Picked, open_case
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Customer, OutboxRow, Task
from bot.storage.outbox import Sent
from tests.coaching.desk import NOW, Desk


def test_a_case_begins_at_the_first_step_and_its_copy_waits_two_minutes(desk: Desk) -> None:
    card = desk.opens("Ada")

    assert (card.name, card.case.step, card.place, card.first) == ("Ada", "empathise", (1, 6), True)
    assert desk.outbox(CARD) == {copy_key(card.case.id, "U1"): NOW + STILL_FOR}


def test_a_case_from_the_home_comes_to_the_dm_at_once(desk: Desk) -> None:
    card = desk.opens("Ada", in_dm=True)

    assert desk.outbox(CARD) == {copy_key(card.case.id, "U1"): NOW}


def test_slack_is_asked_about_a_member_nobody_knows_and_only_then(desk: Desk) -> None:
    desk.opens("Ada")
    desk.opens("Ben")
    assert desk.outbox(members.LOOK_UP) == {"member:U1": NOW}

    known = Desk(desk.database, desk.coach, rep="U3").lives_in("Europe/Paris")
    assert known.opens("Ada").member.timezone == "Europe/Paris"
    assert list(desk.outbox(members.LOOK_UP)) == ["member:U1"]


def test_the_copy_follows_two_minutes_after_the_last_press(desk: Desk) -> None:
    card = desk.opens("Ada")
    desk.later(minutes=1).presses(card, Move.NEXT)

    assert desk.outbox(CARD) == {copy_key(card.case.id, "U1"): NOW + timedelta(minutes=1) + STILL_FOR}


def test_the_copy_is_due_at_once_when_there_is_an_outcome(desk: Desk) -> None:
    card = desk.opens("Ada")
    desk.later(minutes=1).closes(card, Outcome.SAVED)

    assert desk.outbox(CARD) == {copy_key(card.case.id, "U1"): desk.now}


def test_a_press_on_the_copy_itself_needs_no_other_copy(desk: Desk) -> None:
    card = desk.opens("Ada")

    def send_what_is_due(ts: str) -> None:
        with desk.database.begin() as session:
            for row in outbox.claim(session, "worker", desk.now):
                outbox.settle(session, row, desk.now, Sent("D1", ts))

    desk.later(minutes=5)
    send_what_is_due("7.0")
    card = desk.does(desk.coach.press, desk.on(card, message_ts="7.0"), Move.NEXT, desk.now)
    assert desk.outbox(CARD) == {}

    desk.does(desk.coach.press, desk.on(card, message_ts="9.0"), Move.NEXT, desk.now)
    assert list(desk.outbox(CARD)) == [copy_key(card.case.id, "U1")]


def test_a_case_is_resumed_as_a_new_message_and_repaired_in_the_old_one(desk: Desk) -> None:
    card = desk.opens("Ada")
    desk.later(minutes=5)
    with desk.database.begin() as session:
        for row in outbox.claim(session, "worker", desk.now):
            outbox.settle(session, row, desk.now, Sent("D1", "7.0"))

    desk.repairs(card)
    assert desk.outbox(CARD) == {copy_key(card.case.id, "U1"): desk.now}
    assert desk.rows(OutboxRow)[0].message_ts == "7.0"
    desk.resumes(card)
    assert desk.outbox(CARD) == {copy_key(card.case.id, "U1"): desk.now}
    assert desk.rows(OutboxRow)[0].message_ts is None


def test_a_press_on_an_older_copy_moves_nothing_and_says_so(desk: Desk) -> None:
    first = desk.opens("Ada")
    older = desk.on(first)
    desk.presses(first, Move.NEXT)

    card = desk.does(desk.coach.press, older, Move.NEXT, desk.now)

    assert (card.notice, card.case.step, card.case.revision) == (Notice.STALE, "why", 1)


def test_two_presses_on_one_copy_count_once(desk: Desk) -> None:
    once = desk.on(desk.opens("Ada"))
    desk.does(desk.coach.press, once, Move.NO, desk.now)
    card = desk.does(desk.coach.press, once, Move.NO, desk.now)

    assert (card.case.noes, card.case.letting_go, card.notice) == (1, False, Notice.STALE)


@pytest.mark.parametrize("move", [move for move in Move if move is not Move.ANOTHER])
def test_after_letting_go_no_button_of_any_copy_pushes(desk: Desk, move: Move) -> None:
    gone = desk.presses(desk.opens("Ada"), Move.JUST_CANCEL)
    card = desk.presses(gone, move)

    assert (card.notice, card.case.step, card.place) == (Notice.STALE, "goodbye", None)


@pytest.mark.parametrize(
    ("outcome", "kind", "days", "closed"),
    [
        (Outcome.SAVED, TaskKind.CHECK_IN, 7, True),
        (Outcome.CHANGED_PLAN, TaskKind.CHECK_IN, 7, True),
        (Outcome.PAUSED, TaskKind.CHECK_IN, 7, True),
        (Outcome.RESCHEDULED, TaskKind.CHECK_IN, 7, True),
        (Outcome.COOL_OFF, TaskKind.COOL_OFF_CALL, 3, False),
        (Outcome.LEFT, TaskKind.CARRY_OUT, 1, True),
    ],
)
def test_an_outcome_books_what_follows_from_it(
    desk: Desk, outcome: Outcome, kind: TaskKind, days: int, closed: bool
) -> None:
    card = desk.closes(desk.opens("Ada"), outcome)

    assert (card.case.outcome, card.case.closed_at) == (outcome, NOW if closed else None)
    (task,) = card.tasks
    ten_in_utc = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert (task.kind, task.owner_id, task.due_at) == (kind, "U1", ten_in_utc + timedelta(days=days))
    assert desk.rings_at == task.remind_at == task.due_at


def test_the_day_they_agreed_on_is_the_day(desk: Desk) -> None:
    card = desk.lives_in("America/New_York").closes(desk.opens("Ada"), Outcome.COOL_OFF, on=date(2026, 12, 3))

    assert card.tasks[0].due_at == datetime(2026, 12, 3, 15, 0, tzinfo=UTC)


def test_a_cool_off_ends_either_way_and_its_call_is_dropped(desk: Desk) -> None:
    cooling = desk.closes(desk.opens("Ada"), Outcome.COOL_OFF)
    card = desk.later(days=1).closes(cooling, Outcome.SAVED)

    assert (card.case.outcome, card.case.closed_at) == (Outcome.SAVED, desk.now)
    assert [task.kind for task in card.tasks] == [TaskKind.CHECK_IN]
    call, check_in = desk.tasks()
    assert (call.dropped_at, check_in.dropped_at) == (desk.now, None)


def test_a_closed_case_is_not_closed_again(desk: Desk) -> None:
    saved = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    card = desk.closes(saved, Outcome.LEFT)

    assert (card.case.outcome, card.notice) == (Outcome.SAVED, Notice.STALE)
    assert len(desk.tasks()) == 1


def test_undo_takes_the_outcome_back_and_what_was_booked_with_it(desk: Desk) -> None:
    there = desk.presses(desk.opens("Ada"), Move.NEXT, Move.WORRIED)
    saved = desk.softens(desk.closes(there, Outcome.SAVED))
    card = desk.undoes(saved)

    assert (card.case.outcome, card.case.closed_at, card.case.soft_yes) == (None, None, False)
    assert (card.case.step, card.notice, list(card.tasks)) == ("mission", Notice.REOPENED, [])
    assert all(task.dropped_at for task in desk.rows(Task))
    assert desk.undoes(card).notice == Notice.STALE


def test_undo_after_letting_go_does_not_bring_the_pushing_back(desk: Desk) -> None:
    left = desk.closes(desk.presses(desk.opens("Ada"), Move.JUST_CANCEL), Outcome.LEFT)
    card = desk.undoes(left)

    assert (card.case.letting_go, card.case.step) == (True, "goodbye")


def test_a_soft_yes_books_a_call_in_the_place_of_the_check_in(desk: Desk) -> None:
    saved = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    card = desk.softens(saved)

    assert card.case.soft_yes
    assert [task.kind for task in card.tasks] == [TaskKind.SOFT_YES_CALL]
    assert [bool(task.dropped_at) for task in desk.tasks()] == [True, False]
    assert desk.softens(card).notice == Notice.STALE
    assert desk.softens(desk.closes(desk.opens("Ben"), Outcome.LEFT)).notice == Notice.STALE
    assert len(desk.tasks()) == 3


def test_a_case_opened_by_mistake_promises_nothing_and_is_no_past(desk: Desk) -> None:
    card = desk.leaves_out(desk.opens("Ada"))

    assert (card.case.outcome, card.case.closed_at, list(card.tasks)) == (Outcome.MISTAKE, NOW, [])
    assert desk.opens("Ada").history == []


def test_a_duplicate_names_the_case_it_repeats(desk: Desk) -> None:
    first, second = desk.opens("Ada"), desk.opens("Ada")
    card = desk.leaves_out(second, duplicate_of=first)

    assert (card.case.outcome, card.case.duplicate_of) == (Outcome.DUPLICATE, first.case.id)
    assert desk.rows(Task) == []
    assert desk.undoes(card).case.duplicate_of is None


def test_a_case_duplicates_only_ones_own(desk: Desk, colleague: Desk) -> None:
    theirs, mine = colleague.opens("Ada"), desk.opens("Ada")

    with pytest.raises(Declined) as declined:
        desk.leaves_out(mine, duplicate_of=theirs)
    assert declined.value.reason is Reason.NOT_YOURS
    assert desk.shows(mine).case.outcome is None


def test_ones_other_cases_are_offered_latest_first_without_those_that_are_none(desk: Desk, colleague: Desk) -> None:
    colleague.opens("Theirs")
    desk.leaves_out(desk.opens("Mistake"))
    desk.later(hours=1).opens("Ada")
    desk.later(hours=1).closes(desk.opens("Ben"), Outcome.SAVED)
    desk.later(hours=1).opens()
    this = desk.opens("This")

    assert [name for _, name in desk.does(details.others, this.case, 9)] == [None, "Ben", "Ada"]
    assert len(desk.does(details.others, this.case, 2)) == 2


def test_the_form_keeps_what_it_holds_and_empties_what_was_emptied(desk: Desk) -> None:
    card = desk.opens("Ada")
    kept = desk.describes(
        card, reason="cost", product="Sofa", heard_through="phone", value=Money(80_00, "CHF"), note="Call Ben"
    )
    assert kept.notice == Notice.KEPT
    case = kept.case
    assert (case.reason, case.product, case.heard_through) == ("cost", "Sofa", "phone")
    assert (case.value_minor, case.currency, case.words) == (80_00, "CHF", {"note": "Call Ben"})

    case = desk.describes(card, reason=None, value=None, note=None).case
    assert (case.reason, case.product, case.heard_through) == (None, "Sofa", "phone")
    assert (case.value_minor, case.currency, case.words) == (None, None, {})


def test_how_they_stayed_can_be_told_and_leaving_cannot_be_turned_into_it(desk: Desk) -> None:
    stayed = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    assert desk.describes(stayed, outcome=Outcome.PAUSED, remedy="fix").case.outcome == Outcome.PAUSED
    assert desk.describes(stayed, outcome=Outcome.LEFT).case.outcome == Outcome.PAUSED

    left = desk.closes(desk.opens("Ben"), Outcome.LEFT)
    assert desk.describes(left, outcome=Outcome.SAVED).case.outcome == Outcome.LEFT


def test_a_day_to_reconnect_moves_what_was_promised(desk: Desk) -> None:
    stayed = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    card = desk.describes(stayed, reconnect_on=date(2026, 12, 15))

    (task,) = card.tasks
    assert (task.kind, task.due_at) == (TaskKind.CHECK_IN, datetime(2026, 12, 15, 10, 0, tzinfo=UTC))
    desk.now = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert (desk.rings(), desk.rings_at) == ([], task.due_at)


def test_a_day_to_reconnect_with_somebody_who_left_is_a_light_hello_beside_the_task(desk: Desk) -> None:
    left = desk.closes(desk.opens("Ada"), Outcome.LEFT)
    card = desk.describes(left, reconnect_on=date(2027, 2, 1))
    again = desk.describes(card, reconnect_on=date(2027, 3, 1))

    assert [task.kind for task in card.tasks] == [TaskKind.CARRY_OUT, TaskKind.HELLO]
    assert [task.kind for task in again.tasks] == [TaskKind.CARRY_OUT, TaskKind.HELLO]
    assert again.tasks[1].due_at == datetime(2027, 3, 1, 10, 0, tzinfo=UTC)


def test_a_form_sent_as_it_came_moves_no_reminder(desk: Desk) -> None:
    """Put off to a later hour of the same day, it stays there."""
    stayed = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    afternoon = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    desk.snoozes(stayed.tasks[0].id, afternoon)
    card = desk.describes(stayed, reconnect_on=date(2026, 12, 1), note="Called")

    assert [task.due_at for task in card.tasks] == [afternoon]


@pytest.mark.parametrize("outcome", [Outcome.MISTAKE, None])
def test_a_case_without_an_outcome_has_no_day_to_reconnect(desk: Desk, outcome: Outcome | None) -> None:
    card = desk.opens("Ada")
    card = desk.closes(card, outcome) if outcome else card
    desk.describes(card, reconnect_on=date(2026, 12, 15))

    assert desk.rows(Task) == []


def test_cues_only_is_the_members_and_not_the_cases(desk: Desk) -> None:
    card = desk.hushes(desk.opens("Ada"))

    assert card.member.cues_only
    assert desk.opens("Ben").member.cues_only
    assert not desk.hushes(card).member.cues_only


def test_an_undo_of_a_case_from_before_decisions_were_kept_opens_it(desk: Desk) -> None:
    card = desk.closes(desk.opens("Ada"), Outcome.SAVED)

    def forget(session: Session) -> None:
        session.get_one(Case, card.case.id).before = []

    desk.does(forget)
    assert desk.undoes(card).case.outcome is None


def test_a_colleagues_case_is_left_alone(desk: Desk, colleague: Desk) -> None:
    card = desk.opens("Ada")

    with pytest.raises(Declined) as declined:
        colleague.presses(card, Move.NEXT)
    assert declined.value.reason is Reason.NOT_YOURS
    assert desk.shows(card).case.step == "empathise"


def test_a_case_that_is_not_there_is_gone(desk: Desk) -> None:
    card = desk.opens("Ada")
    card.case.id = 404

    with pytest.raises(Declined) as declined:
        desk.shows(card)
    assert declined.value.reason is Reason.GONE


def test_a_gesture_that_fails_half_way_leaves_nothing(desk: Desk) -> None:
    def open_and_fail() -> None:
        with desk.database.begin() as session:
            open_case(desk.coach, session, "T1", "U1", Picked("Ada"), NOW)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        open_and_fail()

    assert [desk.rows(kind) for kind in (Case, Customer, OutboxRow)] == [[], [], []]
