"""What happened in a case, and the correction of how it ended."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.coaching import corrections, figures, held, record, remedies
from bot.coaching.cases import Card
from bot.coaching.endings import Ending
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.periods import week_of
from bot.coaching.record import Event, What
from bot.coaching.remedies import Agreement
from bot.coaching.reminders import TaskKind
from bot.storage.models import Member
from tests.coaching.desk import Desk

MANAGER = "U9"


def has_a_manager(desk: Desk) -> Desk:
    desk.does(lambda session: session.add(Member(team_id=desk.team, user_id=MANAGER, manages_since=desk.now)))
    return desk


def events(desk: Desk, card: Card, seen_by: str | None = None) -> Sequence[Event]:
    return desk.does(record.history, desk.team, seen_by or desk.rep, card.case.id).events


def facts(desk: Desk, card: Card) -> list[dict[str, object]]:
    """What the trail tells, but for the opening."""
    return [dict(each.facts) for each in events(desk, card) if each.what in (What.WORKED, What.CORRECTED)][1:]


def corrects(desk: Desk, card: Card, outcome: Outcome, why: str = "She called.", by: str | None = None) -> Card:
    who = (desk.team, by or desk.rep, card.case.id, card.case.revision, Ending(outcome), why)
    return desk.works(corrections.correct, *who, desk.now)


def test_a_history_begins_with_who_opened_it_and_tells_each_step_with_its_hour(desk: Desk) -> None:
    card = desk.opens("Ada Lovelace")
    desk.later(minutes=1)
    desk.presses(card, Move.NEXT)

    opened, begun, went = events(desk, card)
    assert (opened.what, opened.by) == (What.OPENED, desk.rep)
    assert begun.facts == {"playbook": "sale", "step": "empathise"}
    assert (went.facts, went.by, went.at - opened.at) == ({"step": "why"}, desk.rep, timedelta(minutes=1))


def test_what_was_written_is_told_of_but_not_what_a_rep_wrote_for_themselves(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada Lovelace"), Move.NEXT, thought="The gym")
    card = desk.presses(card, Move.WORRIED, why="Her brother laughed")
    desk.describes(card, reason="cost", note="Ask about the colour")

    told = facts(desk, card)
    assert {"step": "mission", "cause": "fear", "why": True} in told
    assert told[-1] == {"reason": "cost", "note": True}
    assert not any("thought" in each for each in told)


def test_a_press_that_changes_nothing_leaves_no_entry(desk: Desk) -> None:
    card = desk.opens("Ada Lovelace")
    desk.hushes(card)

    assert facts(desk, card) == []


def test_remedies_promises_and_outcomes_are_told_of_and_what_was_taken_back_too(desk: Desk) -> None:
    card = desk.presses(desk.begins("order", "Ada Lovelace"), Move.NEXT, Move.CHANGED)
    step = next(each for each in card.playbook.remedies() if each.follow == "fix")
    desk.later(minutes=1)
    card = desk.works(remedies.agree, desk.on(card), Agreement(step.key, words="A new leg"), desk.now)
    desk.later(minutes=1)
    card = desk.works(remedies.take_back, desk.on(card), card.remedies[0].id if card.remedies else 0, desk.now)
    desk.later(minutes=1)
    card = desk.undoes(desk.closes(card, Outcome.SAVED))

    whats = [each.what for each in events(desk, card)]
    assert {What.AGREED, What.TAKEN_BACK, What.PROMISED, What.DROPPED} <= {*whats}
    outcomes = [each["outcome"] for each in facts(desk, card) if "outcome" in each]
    assert outcomes == [Outcome.SAVED, None]


def test_only_the_rep_and_managers_see_it(desk: Desk) -> None:
    card = has_a_manager(desk).opens("Ada Lovelace")

    assert events(desk, card, MANAGER)
    with pytest.raises(Declined) as declined:
        events(desk, card, "U5")
    assert declined.value.reason is Reason.NOT_YOURS


def test_another_workspace_sees_none_of_it(desk: Desk) -> None:
    card = desk.opens("Ada Lovelace")

    with pytest.raises(Declined) as declined:
        desk.does(record.history, "T2", desk.rep, card.case.id)
    assert declined.value.reason is Reason.GONE


def test_a_correction_keeps_both_outcomes_with_who_and_why(desk: Desk) -> None:
    card = desk.closes(has_a_manager(desk).opens("Ada Lovelace"), Outcome.LEFT)
    desk.later(days=3)
    card = corrects(desk, card, Outcome.SAVED, "She stayed after all.", by=MANAGER)

    corrected = next(each for each in events(desk, card) if each.what is What.CORRECTED)
    assert corrected.by == MANAGER
    assert corrected.facts == {"outcome": "saved", "was": "left", "corrected_why": "She stayed after all."}
    assert card.case.outcome == Outcome.SAVED


def test_it_counts_as_what_it_was_in_the_week_in_which_it_was_closed(desk: Desk) -> None:
    closed_on = desk.now.date()
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.LEFT)
    desk.later(days=10)
    corrects(desk, card, Outcome.SAVED)

    where = ZoneInfo("UTC")
    then = desk.does(figures.figures, desk.team, week_of(closed_on, where)).now
    now = desk.does(figures.figures, desk.team, week_of(desk.now.date(), where)).now
    assert (then.saves, then.losses, now.ended) == (1, 0, 0)


def promised(desk: Desk) -> list[str]:
    return [task.kind for task in desk.tasks() if task.done_at is None and task.dropped_at is None]


def test_what_follows_from_the_new_outcome_is_booked_and_the_old_dropped(desk: Desk) -> None:
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.SAVED)
    assert promised(desk) == [TaskKind.CHECK_IN]
    card = corrects(desk, card, Outcome.LEFT)
    assert promised(desk) == [TaskKind.CARRY_OUT]
    corrects(desk, card, Outcome.SAVED)
    assert promised(desk) == [TaskKind.CHECK_IN]


def test_whoever_stays_either_way_is_asked_nothing_anew(desk: Desk) -> None:
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.SAVED)
    checks = desk.outbox(held.KIND)
    before = [(task.id, task.due_at) for task in desk.tasks()]
    desk.later(days=2)
    corrects(desk, card, Outcome.PAUSED)

    assert [(task.id, task.due_at) for task in desk.tasks()] == before
    assert desk.outbox(held.KIND) == checks


def test_a_check_in_that_was_made_is_not_made_again(desk: Desk) -> None:
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.SAVED)
    desk.later(days=8)
    desk.done(desk.tasks()[0].id)
    card = corrects(desk, card, Outcome.LEFT)
    corrects(desk, card, Outcome.SAVED)

    assert promised(desk) == []


def test_whether_it_holds_is_asked_from_the_day_on_which_it_was_closed(desk: Desk) -> None:
    kept = desk.closes(desk.opens("Ada Lovelace"), Outcome.SAVED)
    lost = desk.closes(desk.opens("Grace Hopper"), Outcome.LEFT)
    desk.later(days=5)
    corrects(desk, lost, Outcome.SAVED)

    due = desk.outbox(held.KIND)
    assert due[f"held:{lost.case.id}"] == due[f"held:{kept.case.id}"]


def test_a_correction_is_taken_back_like_any_outcome(desk: Desk) -> None:
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.LEFT)
    closed_at = card.case.closed_at
    desk.later(days=1)
    card = corrects(desk, card, Outcome.SAVED)
    desk.later(minutes=1)
    card = desk.undoes(card)

    assert (card.case.outcome, card.case.closed_at) == (Outcome.LEFT, closed_at)
    assert promised(desk) == [TaskKind.CARRY_OUT]


@pytest.mark.parametrize("outcome", [Outcome.LEFT, Outcome.COOL_OFF, Outcome.NOT_NOW, Outcome.FORGOTTEN])
def test_it_is_corrected_to_another_way_in_which_such_a_case_can_end(desk: Desk, outcome: Outcome) -> None:
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.LEFT)

    with pytest.raises(Declined) as declined:
        corrects(desk, card, outcome)
    assert declined.value.reason is Reason.NOTHING_TO_CORRECT


def test_an_open_case_has_nothing_to_correct(desk: Desk) -> None:
    for card in (desk.opens("Ada Lovelace"), desk.closes(desk.opens("Grace Hopper"), Outcome.COOL_OFF)):
        with pytest.raises(Declined) as declined:
            corrects(desk, card, Outcome.LEFT)
        assert declined.value.reason is Reason.NOTHING_TO_CORRECT


def test_a_colleague_corrects_nothing_and_a_card_number_is_no_reason(desk: Desk) -> None:
    card = desk.closes(desk.opens("Ada Lovelace"), Outcome.LEFT)
    for by, why, reason in (
        ("U5", "So it was.", Reason.NOT_YOURS),
        (desk.rep, "4111 1111 1111 1111", Reason.CARD_NUMBER),
    ):
        with pytest.raises(Declined) as declined:
            corrects(desk, card, Outcome.SAVED, why, by=by)
        assert declined.value.reason is reason
    assert facts(desk, card)[-1] == {"outcome": Outcome.LEFT}


def test_a_manager_finds_the_cases_of_a_customer_by_a_part_of_the_name(desk: Desk) -> None:
    has_a_manager(desk)
    desk.closes(desk.opens("Ada Lovelace"), Outcome.LEFT)
    desk.opens("Ada Lovelace")
    desk.opens("Grace Hopper")
    _, found = desk.does(record.search, desk.team, MANAGER, "LOVE")

    ((customer, cases),) = [(each.customer, each.cases) for each in found]
    assert customer is not None
    assert (customer.name, len(cases)) == ("Ada Lovelace", 2)
    with pytest.raises(Declined) as declined:
        desk.does(record.search, desk.team, desk.rep, "LOVE")
    assert declined.value.reason is Reason.NOT_A_MANAGER
