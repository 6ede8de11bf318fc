"""A case that comes from a message: who has it already, and who was quicker."""

import pytest

from bot.coaching import shortcuts, sources
from bot.coaching.cases import Card
from bot.coaching.errors import Declined, Reason
from bot.coaching.openings import Picked
from bot.coaching.outcomes import Outcome
from bot.coaching.sources import Source
from tests.coaching.desk import Desk

MESSAGE = Source("C1", "1764000000.000100", "Please cancel my plan")


def handles(desk: Desk, name: str, *, last: int = 0) -> Card:
    """Open a case from the message; `last` is the latest that had come from it when they looked."""
    picked = Picked(name)
    return desk.works(shortcuts.open_case, desk.team, desk.rep, picked, MESSAGE, desk.now, last=last, claims=False)


def who_has_it(desk: Desk) -> list[str]:
    return [case.rep_id for case in desk.does(sources.cases_of, desk.team, MESSAGE.channel, MESSAGE.ts)]


def test_who_has_a_message_is_known_latest_first_and_still_once_it_has_ended(desk: Desk, colleague: Desk) -> None:
    first = handles(desk, "Ada")
    desk.closes(first, Outcome.SAVED)
    handles(colleague, "Ada", last=first.case.id or 0)

    assert who_has_it(desk) == ["U2", "U1"]


def test_of_two_who_looked_at_once_the_second_is_told(desk: Desk, colleague: Desk) -> None:
    handles(desk, "Ada")

    with pytest.raises(Declined) as declined:
        handles(colleague, "Ada")
    assert declined.value.reason is Reason.TAKEN


def test_who_was_quicker_is_told_though_an_earlier_case_was_a_mistake(desk: Desk, colleague: Desk) -> None:
    first = handles(desk, "Ada")
    looked = first.case.id or 0
    desk.leaves_out(first, duplicate_of=None)
    handles(desk.later(minutes=5), "Ada", last=looked)

    with pytest.raises(Declined) as declined:
        handles(colleague, "Ada", last=looked)
    assert declined.value.reason is Reason.TAKEN


@pytest.mark.parametrize("is_duplicate", [False, True])
def test_a_case_that_was_a_mistake_or_a_duplicate_takes_no_message(
    desk: Desk, colleague: Desk, *, is_duplicate: bool
) -> None:
    other = desk.opens("Ada")
    desk.leaves_out(handles(desk, "Ada"), duplicate_of=other if is_duplicate else None)

    assert who_has_it(desk) == []
    handles(colleague, "Ada")
    assert who_has_it(desk) == ["U2"]
