"""Where a rep's conversations end most, once there are enough of them to say so."""

from dataclasses import replace

from bot.coaching import insight
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from tests.coaching.desk import Desk


def loses(desk: Desk, times: int, *moves: Move) -> None:
    """So many leave, from the step to which these moves lead."""
    for turn in range(times):
        desk.closes(desk.presses(desk.opens(f"Customer {len(moves)} {turn}"), *moves), Outcome.LEFT)


def found(desk: Desk) -> insight.Insight | None:
    return desk.does(insight.of, desk.team, desk.rep, desk.coach.books, desk.now)


def test_it_names_the_step_and_how_many_of_how_many(desk: Desk) -> None:
    loses(desk, 5, Move.NEXT)
    loses(desk, 2)

    told = found(desk)
    assert told
    assert (told.step.key, told.ended.part, told.ended.whole) == ("why", 5, 7)


def test_nothing_is_said_of_four_or_where_two_steps_are_level(desk: Desk) -> None:
    loses(desk, 4, Move.NEXT)
    assert found(desk) is None

    loses(desk, 5)
    loses(desk, 1, Move.NEXT)
    assert found(desk) is None


def test_it_is_ones_own_and_of_a_quarter_of_a_year(desk: Desk) -> None:
    loses(desk, 5, Move.NEXT)

    assert found(replace(desk, rep="U2")) is None
    assert found(replace(desk, team="T2")) is None
    assert found(desk.later(days=90))
    assert found(desk.later(days=2)) is None
