"""Their own words come back: those kept last, in another conversation than this one."""

from bot.coaching.cases import Card
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.storage.models import Mission
from tests.coaching.desk import NOW, Desk

TO_MISSION = (Move.NEXT, Move.WORRIED)


def hears(desk: Desk, name: str | None, words: str) -> Card:
    """A conversation in which somebody tells what they hoped for."""
    there = desk.presses(desk.opens(name), *TO_MISSION)
    return desk.closes(there, Outcome.SAVED, mission=words)


def kept_at_sale(desk: Desk, customer_id: int | None, words: str) -> None:
    """Words of a customer that were heard in no case."""
    sold = Mission(team_id=desk.team, customer_id=customer_id, words=words, heard_by=desk.rep, heard_at=desk.now)
    desk.does(lambda session: session.add(sold))


def test_with_no_words_kept_the_card_asks_for_them(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada"), *TO_MISSION)

    assert card.mission is None
    assert (card.case.step, card.step.key, card.step.field) == ("mission", "hopes", "mission")
    assert card.place == (3, 6)


def test_words_kept_in_an_earlier_conversation_come_back(desk: Desk) -> None:
    hears(desk, "Ada", "Quiet Sundays")
    card = desk.later(days=1).presses(desk.opens("Ada"), *TO_MISSION)

    assert card.mission is not None
    assert (card.mission.words, card.mission.heard_by, card.mission.heard_at) == ("Quiet Sundays", "U1", NOW)
    assert card.step.key == "mission"


def test_words_kept_at_the_sale_come_back(desk: Desk) -> None:
    card = desk.opens("Ada")
    kept_at_sale(desk, card.case.customer_id, "Quiet Sundays")

    there = desk.presses(card, *TO_MISSION)
    assert there.mission is not None
    assert there.mission.words == "Quiet Sundays"


def test_they_come_back_at_their_step_alone(desk: Desk) -> None:
    hears(desk, "Ada", "Quiet Sundays")
    card = desk.presses(desk.opens("Ada"), *TO_MISSION)

    assert desk.presses(card, Move.NEXT).mission is None


def test_the_words_heard_last_are_those_that_count(desk: Desk) -> None:
    hears(desk, "Ada", "Quiet Sundays")
    hears(desk.later(days=1), "Ada", "Room for the dog")

    card = desk.later(days=1).presses(desk.opens("Ada"), *TO_MISSION)
    assert card.mission is not None
    assert card.mission.words == "Room for the dog"


def test_words_changed_in_one_conversation_take_the_place_of_the_first(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada"), *TO_MISSION)
    card = desk.presses(card, Move.ANOTHER, mission="Quiet")
    card = desk.later(minutes=1).presses(card, Move.NEXT, mission="Quiet Sundays")

    (kept,) = desk.rows(Mission)
    assert (kept.words, kept.heard_at) == ("Quiet Sundays", desk.now)
    assert desk.presses(card, Move.BACK).mission is None, "words of this conversation are not read back in it"


def test_words_of_somebody_without_a_name_are_theirs_once_it_is_known(desk: Desk) -> None:
    card = hears(desk, None, "Quiet Sundays")
    desk.describes(card, name="Ada")

    later = desk.later(days=1).presses(desk.opens("ada"), *TO_MISSION)
    assert later.mission is not None
    assert later.mission.words == "Quiet Sundays"


def test_words_follow_the_case_when_it_turns_out_to_be_somebody_else(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.LEFT)
    card = desk.presses(desk.opens("Ada"), *TO_MISSION)
    card = desk.identifies(desk.presses(card, Move.NEXT, mission="Quiet Sundays"), None)
    mine = card.case.customer_id

    again = desk.later(days=1).presses(desk.identifies(desk.opens("Ada"), mine), *TO_MISSION)
    assert again.mission is not None
    other = desk.opens("Ada")
    assert other.namesakes is not None
    before = next(known.customer.id for known in other.namesakes if known.customer.id != mine)
    assert desk.presses(desk.identifies(other, before), *TO_MISSION).mission is None


def test_one_customers_words_are_read_to_nobody_else(desk: Desk) -> None:
    hears(desk, "Ada", "Quiet Sundays")
    hears(desk, None, "A shed")

    assert desk.presses(desk.opens("Ben"), *TO_MISSION).mission is None
    assert desk.presses(desk.opens(), *TO_MISSION).mission is None
