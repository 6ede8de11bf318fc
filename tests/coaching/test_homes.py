"""Homes that stand open: they follow what changes for four hours, which is as long as anybody looks at one."""

from collections.abc import Callable

import pytest

from bot.coaching import homes
from tests.coaching.desk import Desk

FOLLOWS: dict[str, Callable[[Desk], object]] = {
    "their own": lambda desk: desk.does(homes.follow, desk.team, [desk.rep], desk.now),
    "every manager's": lambda desk: desk.does(homes.redraw_managers, desk.team, desk.now),
}


@pytest.mark.parametrize("whose", FOLLOWS)
def test_a_home_follows_until_it_was_opened_four_hours_ago(mina: Desk, whose: str) -> None:
    mina.does(homes.seen, mina.team, mina.rep, mina.now)
    mina.later(hours=3, minutes=59)
    FOLLOWS[whose](mina)
    assert [*mina.outbox(homes.KIND)] == [f"home:{mina.rep}"]


@pytest.mark.parametrize("whose", FOLLOWS)
def test_from_then_on_it_is_drawn_when_it_is_opened_anew(mina: Desk, whose: str) -> None:
    mina.does(homes.seen, mina.team, mina.rep, mina.now)
    mina.later(hours=4)
    FOLLOWS[whose](mina)
    assert mina.outbox(homes.KIND) == {}

    mina.does(homes.seen, mina.team, mina.rep, mina.now)
    FOLLOWS[whose](mina)
    assert [*mina.outbox(homes.KIND)] == [f"home:{mina.rep}"]


@pytest.mark.parametrize("whose", FOLLOWS)
def test_a_home_that_nobody_has_opened_is_not_drawn(mina: Desk, whose: str) -> None:
    FOLLOWS[whose](mina)

    assert mina.outbox(homes.KIND) == {}
