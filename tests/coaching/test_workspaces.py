"""Two workspaces in one database: neither sees, finds or touches anything of the other's.

The ids in one are known in the other here, as if somebody had guessed them; even the member's own id is the same.
"""

from collections.abc import Callable
from datetime import date

import pytest

from bot.coaching import customers, details, home, members, missions, reminders
from bot.coaching.cases import Card
from bot.coaching.errors import Declined, Reason
from bot.coaching.members import Profile
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Snooze
from bot.storage.models import Case, Customer, Member, Mission, OutboxRow, Task
from tests.coaching.desk import NOW, Desk
from tests.coaching.test_missions import kept_at_sale

EVERYTHING = (Case, Customer, Member, Mission, OutboxRow, Task)


@pytest.fixture
def theirs(desk: Desk) -> Card:
    """A case with everything in it: a past, words that were kept, a cue, a promise."""
    desk.hushes(desk.closes(desk.opens("Ada"), Outcome.LEFT))
    there = desk.presses(desk.opens("Ada"), Move.NEXT, Move.WORRIED)
    return desk.closes(desk.presses(there, Move.NEXT, mission="Quiet Sundays"), Outcome.COOL_OFF)


GESTURES: dict[str, Callable[[Desk, Card], object]] = {
    "show": Desk.shows,
    "resume": Desk.resumes,
    "repair": Desk.repairs,
    "press": lambda desk, card: desk.presses(card, Move.NEXT, why="Mine now"),
    "look closer": lambda desk, card: desk.looks_closer(card, why="Mine now"),
    "hush": Desk.hushes,
    "identify": lambda desk, card: desk.identifies(card, None),
    "close": lambda desk, card: desk.closes(card, Outcome.SAVED),
    "leave out": Desk.leaves_out,
    "soften": Desk.softens,
    "undo": Desk.undoes,
    "describe": lambda desk, card: desk.describes(card, note="Mine now", reconnect_on=date(2027, 1, 5)),
    "done": lambda desk, card: desk.done(card.tasks[0].id),
    "snooze": lambda desk, card: desk.snoozes(card.tasks[0].id, Snooze.HOUR),
}


@pytest.mark.parametrize("gesture", GESTURES)
def test_no_gesture_reaches_into_another_workspace(desk: Desk, elsewhere: Desk, theirs: Card, gesture: str) -> None:
    before = [desk.rows(kind) for kind in EVERYTHING]

    with pytest.raises(Declined) as declined:
        GESTURES[gesture](elsewhere, theirs)

    assert declined.value.reason is Reason.GONE
    assert [desk.rows(kind) for kind in EVERYTHING] == before


def test_no_name_is_known_from_another_workspace(elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.opens("Ada")

    assert card.case.customer_id != theirs.case.customer_id
    assert (card.history, card.member.cues_only) == ([], False)
    assert elsewhere.does(customers.by_name, "T2", "Ada")[0].customer.team_id == "T2"
    assert elsewhere.does(customers.by_id, "T2", theirs.case.customer_id) is None


def test_no_customer_of_another_workspace_can_be_picked(elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.opens("Ada")

    with pytest.raises(Declined):
        elsewhere.identifies(card, theirs.case.customer_id)


def test_no_case_duplicates_one_of_another_workspace(elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.opens("Ada")

    assert elsewhere.does(details.others, card.case, 9) == []
    with pytest.raises(Declined):
        elsewhere.leaves_out(card, duplicate_of=theirs)


def test_no_words_are_read_out_in_another_workspace(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.presses(elsewhere.opens("Ada"), Move.NEXT, Move.WORRIED)
    assert card.mission is None

    kept_at_sale(desk, theirs.case.customer_id, "Quiet Sundays")
    stranger = theirs.case.model_copy(update={"team_id": "T2", "id": 404})
    assert elsewhere.does(missions.latest, stranger) is None, "even for a customer of the same id"


def test_a_list_has_nothing_of_another_workspace(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    empty = elsewhere.does(home.agenda, "T2", "U1", 10)
    full = desk.does(home.agenda, "T1", "U1", 10)

    assert (empty.tasks, empty.cases, empty.task_count, empty.case_count) == ([], [], 0, 0)
    assert (full.task_count, full.case_count) == (2, 1)


def test_dropping_what_was_promised_drops_it_here_alone(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    """Even for a case of the same id."""
    stranger = theirs.case.model_copy(update={"team_id": "T2"})
    with desk.database.begin() as session:
        reminders.drop(session, stranger, NOW)

    assert all(reminders.is_open(task) for task in desk.rows(Task))


def test_a_member_of_the_same_id_is_another_member(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    elsewhere.does(members.learn, "T2", "U1", Profile("Asia/Tokyo", "ja-JP"), NOW)
    elsewhere.does(members.remember_dm, "T2", "U1", "D2")

    here, there = desk.rows(Member)
    assert (here.team_id, here.timezone, here.dm_channel, here.cues_only) == ("T1", None, None, True)
    assert (there.team_id, there.timezone, there.dm_channel, there.cues_only) == ("T2", "Asia/Tokyo", "D2", False)
