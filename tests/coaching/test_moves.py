"""Where each press leads, along the shipped way through a sale (the method, parts A and D)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.app import playbook_files, template_roots
from bot.coaching import moves, prose
from bot.coaching.moves import Move
from bot.coaching.playbooks import Cause
from bot.storage.models import Case

SALE = prose.load(playbook_files(template_roots()))["sale"]
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

NEXT, BACK, ANOTHER, NO, JUST_CANCEL = Move.NEXT, Move.BACK, Move.ANOTHER, Move.NO, Move.JUST_CANCEL
WORRIED, CHANGED, COST, UNSURE = Move.WORRIED, Move.CHANGED, Move.COST, Move.UNSURE

# The presses that lead to every step of the conversation, before anybody said no.
WAYS_TO = {
    "empathise": (),
    "why": (NEXT,),
    "deeper": (NEXT, UNSURE),
    "cost": (NEXT, COST),
    "mission": (NEXT, WORRIED),
    "story": (NEXT, WORRIED, NEXT),
    "future": (NEXT, WORRIED, NEXT, NEXT),
    "agree": (NEXT, WORRIED, NEXT, NEXT, NEXT),
    "rethink": (NEXT, CHANGED),
    "settle": (NEXT, CHANGED, NEXT),
}


def after(*presses: Move) -> Case:
    """A new case after these presses, each of which was open."""
    case = Case(
        team_id="T1", rep_id="U1", playbook=SALE.name, step=SALE.start[0], words={}, opened_at=NOW, touched_at=NOW
    )
    assert all(moves.make(press, case, SALE) for press in presses)
    return case


@pytest.mark.parametrize(
    ("presses", "step"),
    [
        *((presses, step) for step, presses in WAYS_TO.items()),
        # The ends of the way lead nowhere else.
        ((BACK,), "empathise"),
        ((NEXT, WORRIED, NEXT, NEXT, NEXT, NEXT), "agree"),
        ((NEXT, CHANGED, NEXT, NEXT), "settle"),
        # Back, along the way that was taken.
        ((NEXT, BACK), "empathise"),
        ((NEXT, WORRIED, BACK), "why"),
        ((NEXT, WORRIED, NEXT, BACK), "mission"),
        ((NEXT, WORRIED, NEXT, NEXT, NEXT, BACK), "future"),
        ((NEXT, CHANGED, BACK), "why"),
        ((NEXT, CHANGED, NEXT, BACK), "rethink"),
        # Steps aside come back to the step they stand beside.
        ((NEXT, UNSURE, BACK), "why"),
        ((NEXT, COST, BACK), "why"),
        # Cost is asked about once more, and either answer leads on.
        ((NEXT, COST, WORRIED), "mission"),
        ((NEXT, COST, CHANGED), "rethink"),
        ((NEXT, COST, UNSURE), "deeper"),
        ((NEXT, UNSURE, COST), "cost"),
        # Not sure yet: the deeper question, as often as it takes.
        ((NEXT, UNSURE, UNSURE), "deeper"),
        ((NEXT, UNSURE, WORRIED), "mission"),
        # The cause may turn out to be another.
        ((NEXT, WORRIED, BACK, CHANGED), "rethink"),
        ((NEXT, CHANGED, BACK, WORRIED), "mission"),
        # A first no in the middle: the same worry goes on where they were, another cause begins its own way.
        ((NEXT, WORRIED, NEXT, NEXT, NO, WORRIED), "future"),
        ((NEXT, WORRIED, NEXT, NEXT, NO, CHANGED), "rethink"),
        ((NEXT, CHANGED, NEXT, NO, CHANGED), "settle"),
        ((NEXT, CHANGED, NEXT, NO, WORRIED), "mission"),
        ((NEXT, WORRIED, NEXT, NEXT, NO, COST, WORRIED), "future"),
        ((NEXT, WORRIED, NEXT, NEXT, NO, UNSURE, WORRIED), "future"),
        ((NO, WORRIED), "mission"),
        ((NEXT, NO, WORRIED), "mission"),
        # Once returned to, the place is forgotten: a later change of mind begins at the beginning.
        ((NEXT, WORRIED, NEXT, NEXT, NO, WORRIED, BACK, BACK, BACK, WORRIED), "mission"),
    ],
)
def test_presses_lead_to_a_step(presses: tuple[Move, ...], step: str) -> None:
    assert after(*presses).step == step


def test_a_step_that_both_ways_have_is_returned_to_on_the_way_it_was_left_alone() -> None:
    both = {Cause.FEAR: ("mission", "agree"), Cause.LEGITIMATE: ("rethink", "agree")}
    playbook = replace(SALE, branches=both)

    for answer, step in ((WORRIED, "agree"), (CHANGED, "rethink")):
        case = after(NEXT, WORRIED)
        for press in (NEXT, NO, answer):
            assert moves.make(press, case, playbook)
        assert case.step == step


@pytest.mark.parametrize(
    ("presses", "cause"),
    [
        ((NEXT,), None),
        ((NEXT, COST), None),
        ((NEXT, WORRIED), Cause.FEAR),
        ((NEXT, CHANGED), Cause.LEGITIMATE),
        ((NEXT, COST, CHANGED), Cause.LEGITIMATE),
        ((NEXT, WORRIED, BACK, CHANGED), Cause.LEGITIMATE),
    ],
)
def test_the_gate_decides_the_cause(presses: tuple[Move, ...], cause: Cause | None) -> None:
    assert moves.cause_of(after(*presses)) == cause


@pytest.mark.parametrize("step", WAYS_TO)
def test_the_first_no_asks_one_deeper_question(step: str) -> None:
    case = after(*WAYS_TO[step], NO)

    assert (case.step, case.noes, case.letting_go) == ("deeper", 1, False)


@pytest.mark.parametrize("second_at", WAYS_TO)
@pytest.mark.parametrize("first_at", WAYS_TO)
def test_the_second_no_lets_go_wherever_the_two_were_said(first_at: str, second_at: str) -> None:
    case = after(*WAYS_TO[first_at], NO)
    case.step = second_at
    assert moves.make(NO, case, SALE)

    assert (case.step, case.noes, case.letting_go) == (SALE.goodbye, 2, True)


@pytest.mark.parametrize("step", WAYS_TO)
def test_just_cancel_it_lets_go_at_once(step: str) -> None:
    case = after(*WAYS_TO[step], JUST_CANCEL)

    assert (case.step, case.letting_go) == (SALE.goodbye, True)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("presses", [(JUST_CANCEL,), (NO, NO), (NEXT, WORRIED, NO, NO)])
def test_once_letting_go_only_another_way_to_say_it_is_open(presses: tuple[Move, ...], move: Move) -> None:
    case = after(*presses)

    assert moves.make(move, case, SALE) is (move is ANOTHER)
    assert (case.step, case.letting_go, case.variant) == (SALE.goodbye, True, int(move is ANOTHER))


@pytest.mark.parametrize("move", Move)
def test_once_there_is_an_outcome_only_another_way_to_say_it_is_open(move: Move) -> None:
    case = after(NEXT, WORRIED)
    case.outcome = "saved"

    assert moves.make(move, case, SALE) is (move is ANOTHER)
    assert (case.step, case.noes) == ("mission", 0)


def test_another_way_to_say_it_stays_where_it_is() -> None:
    case = after(NEXT, ANOTHER, ANOTHER)

    assert (case.step, case.variant) == ("why", 2)
    assert after(NEXT, ANOTHER, ANOTHER, BACK).variant == 0


def test_the_deeper_question_asked_again_comes_in_other_words() -> None:
    assert after(NEXT, UNSURE).variant == 0
    assert after(NEXT, UNSURE, UNSURE).variant == 1
