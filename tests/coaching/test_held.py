"""The held check, at the desk: when it is asked, what is kept of it, and who may say so."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.coaching import held, reminders
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Status
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Reminder, TaskKind
from bot.coaching.stories import What
from bot.storage import outbox
from bot.storage.models import Customer, Story, StoryDecision, Task
from tests.coaching.desk import Desk
from tests.coaching.ledger import adds, judges, stands, told


def a_check(desk: Desk, name: str | None = "Ada Lovelace") -> Task:
    (task,) = desk.closes(desk.opens(name), Outcome.SAVED).tasks
    assert task.kind == TaskKind.CHECK_IN
    return task


def gone(desk: Desk, task: Task) -> Task:
    return desk.does(held.answer_gone, desk.team, desk.rep, task.id, desk.now).task


def test_it_is_kept_with_the_task_which_is_done(desk: Desk) -> None:
    task = a_check(desk)
    task = gone(desk.later(days=7), task)

    assert (task.done_at, task.facts, held.has_gone(task)) == (desk.now, {"held": "no"}, True)


def test_a_check_that_is_done_claims_nothing(desk: Desk) -> None:
    task = desk.done(a_check(desk).id).task

    assert (task.facts, held.has_gone(task)) == ({}, False)


def test_every_story_of_theirs_that_is_told_is_out_of_sight(desk: Desk, colleague: Desk, mina: Desk) -> None:
    theirs, anothers = adds(colleague, whose="Ada  LOVELACE"), adds(desk)
    for story in (theirs, anothers):
        judges(mina, story)
    gone(desk, a_check(desk))

    assert told(desk) == [anothers.id]
    assert stands(desk, theirs).status == Status.DOUBTED
    assert [(each.story_id, each.by) for each in desk.rows(StoryDecision) if each.what == What.DOUBTED] == [
        (theirs.id, desk.rep)
    ]


def test_who_wrote_it_themselves_is_told_nothing_they_know(desk: Desk, mina: Desk) -> None:
    judges(mina, adds(desk, whose="Ada Lovelace"))
    gone(desk, a_check(desk))

    assert desk.outbox("story_word") == {}


def test_nobody_else_can_say_it(desk: Desk, colleague: Desk, elsewhere: Desk, mina: Desk) -> None:
    story = adds(desk, whose="Ada Lovelace")
    judges(mina, story)
    task = a_check(desk)
    for other, reason in ((colleague, Reason.NOT_YOURS), (mina, Reason.NOT_YOURS), (elsewhere, Reason.GONE)):
        with pytest.raises(Declined) as declined:
            gone(other, task)
        assert declined.value.reason is reason

    assert (told(desk), desk.tasks()[0].done_at) == ([story.id], None)


def test_said_twice_nothing_changes(desk: Desk, mina: Desk) -> None:
    task = gone(desk, a_check(desk))
    story = adds(desk, whose="Ada Lovelace")
    judges(mina, story)

    assert gone(desk.later(hours=1), task).done_at == task.done_at
    assert told(desk) == [story.id]


def test_of_a_task_that_is_done_or_dropped_nothing_changes(desk: Desk, mina: Desk) -> None:
    done, dropped = a_check(desk), a_check(desk)
    judges(mina, adds(desk, whose="Ada Lovelace"))
    desk.done(done.id)
    desk.does(lambda session: reminders.drop_kind([session.get_one(Task, dropped.id)], TaskKind.CHECK_IN, desk.now))

    assert [gone(desk, task).facts for task in (done, dropped)] == [{}, {}]
    assert len(told(desk)) == 1


def test_of_a_case_without_a_name_it_is_kept_all_the_same(desk: Desk, mina: Desk) -> None:
    judges(mina, adds(desk))
    task = gone(desk, a_check(desk, None))

    assert held.has_gone(task)
    assert [story.status for story in desk.rows(Story)] == [Status.VERIFIED]


# The Mondays that are thirty, sixty and ninety days after that Tuesday.
MONDAYS = [datetime(2026, 12, 28, 10, 0, tzinfo=UTC), datetime(2027, 1, 25, 10, 0, tzinfo=UTC)]
LAST_MONDAY = datetime(2027, 2, 22, 10, 0, tzinfo=UTC)


def asked(desk: Desk, case_id: int | None = 1) -> list[Task]:
    """What whoever sits here is asked once the outbox says that it is time."""
    desk.does(held.bring, desk.team, desk.rep, case_id, desk.now)
    return [task for task in desk.rows(Task) if task.kind == TaskKind.HELD and reminders.is_open(task)]


@pytest.mark.parametrize("answer", [held.answer_held, held.answer_unknown])
def test_it_is_asked_after_one_month_two_and_three_and_each_answer_is_kept(
    desk: Desk, answer: Callable[..., Reminder]
) -> None:
    a_check(desk)
    for days, monday in zip((30, 60, 90), (*MONDAYS, LAST_MONDAY), strict=True):
        assert desk.outbox(held.KIND) == {"held:1": monday}
        desk.now = monday
        (task,) = asked(desk)
        assert (task.facts, task.owner_id, task.remind_at) == ({"days": str(days)}, desk.rep, monday)
        desk.does(outbox.cancel, desk.team, "held:1")
        desk.does(answer, desk.team, desk.rep, task.id, desk.now)

    assert desk.outbox(held.KIND) == {}
    said = held.YES if answer is held.answer_held else held.UNKNOWN
    assert [task.facts["held"] for task in desk.rows(Task) if task.kind == TaskKind.HELD] == [said] * 3


def test_once_they_are_gone_it_is_never_asked_again(desk: Desk) -> None:
    a_check(desk)
    desk.now = MONDAYS[0]
    (task,) = asked(desk)
    desk.does(outbox.cancel, desk.team, "held:1")
    gone(desk, task)

    assert desk.outbox(held.KIND) == {}


def test_said_at_the_check_in_it_is_the_answer_and_is_not_asked(desk: Desk) -> None:
    gone(desk.later(days=7), a_check(desk))

    assert desk.outbox(held.KIND) == {}
    (kept,) = [task for task in desk.rows(Task) if task.kind == TaskKind.HELD]
    assert (kept.facts, kept.done_at) == ({"held": "no"}, desk.now)


def test_it_is_not_asked_of_a_save_that_was_taken_back(desk: Desk) -> None:
    desk.undoes(desk.closes(desk.opens("Ada"), Outcome.SAVED))
    desk.now = MONDAYS[0]

    assert asked(desk) == []


def test_it_is_not_asked_of_whoever_asked_not_to_be_contacted(desk: Desk) -> None:
    a_check(desk)
    desk.does(lambda session: setattr(session.get_one(Customer, 1), "left_alone_since", desk.now))
    desk.now = MONDAYS[0]

    assert asked(desk) == []


def test_it_is_asked_of_whoever_has_the_case(desk: Desk, colleague: Desk, elsewhere: Desk) -> None:
    a_check(desk)
    for other in (colleague, elsewhere):
        other.now = MONDAYS[0]
        assert asked(other) == []
