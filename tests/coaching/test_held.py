"""The held check, at the desk: what is kept of somebody who left after all, and who may say so."""

import pytest

from bot.coaching import held, reminders
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Status
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.coaching.stories import What
from bot.storage.models import Story, StoryDecision, Task
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

    assert (told(desk), desk.rows(Task)[0].done_at) == ([story.id], None)


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
