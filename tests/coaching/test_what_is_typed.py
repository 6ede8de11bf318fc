"""Whatever stands typed in a card is kept at every press; a card number is not, and nothing beside it."""

import pytest

from bot.coaching.cases import Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.storage.models import Case, Customer, Mission, OutboxRow
from tests.coaching.desk import Desk

CARD_NUMBER = "4111 1111 1111 1111"


def test_what_is_typed_is_kept_at_every_press(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada"), Move.NEXT, thought="The gym, in March")
    card = desk.presses(card, Move.ANOTHER, why="Her brother laughed")
    card = desk.presses(card, Move.WORRIED, why="Her brother laughed at her")

    assert card.case.words == {"thought": "The gym, in March", "why": "Her brother laughed at her"}


def test_it_is_kept_when_a_form_opens_and_when_the_outcome_is_pressed(desk: Desk) -> None:
    card = desk.looks_closer(desk.opens("Ada"), thought="The gym")
    assert (card.case.words, card.case.revision, card.notice) == ({"thought": "The gym"}, 0, None)

    card = desk.closes(card, Outcome.SAVED, thought="The gym, in March")
    assert card.case.words == {"thought": "The gym, in March"}


def test_a_field_that_was_emptied_is_empty(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada"), Move.NEXT, why="Her brother")
    card = desk.presses(card, Move.ANOTHER, why="")

    assert card.case.words == {}


def test_an_older_copy_adds_to_what_is_there_and_overwrites_nothing(desk: Desk) -> None:
    first = desk.opens("Ada")
    older = desk.on(first, why="From the older copy", thought="The gym")
    desk.presses(first, Move.NEXT, why="From the newer copy")

    card = desk.does(desk.coach.press, older, Move.NEXT, desk.now)

    assert card.notice == Notice.STALE
    assert card.case.words == {"why": "From the newer copy\nFrom the older copy", "thought": "The gym"}


def test_what_an_older_copy_still_shows_of_the_same_words_is_not_added_again(desk: Desk) -> None:
    first = desk.opens("Ada")
    older = desk.on(first, why="Her brother")
    desk.presses(first, Move.NEXT, why="Her brother laughed")

    card = desk.does(desk.coach.press, older, Move.NEXT, desk.now)

    assert card.case.words == {"why": "Her brother laughed"}


def test_a_card_number_in_a_field_is_taken_out_and_the_words_around_it_stay(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada"), Move.NEXT, thought="The gym")
    refused = desk.presses(card, Move.WORRIED, why=f"His card is {CARD_NUMBER}", mission="Quiet Sundays")

    assert (refused.notice, refused.case.step) == (Notice.CARD_NUMBER, "why")
    kept = desk.shows(card).case
    words = {"thought": "The gym", "why": "His card is …", "mission": "Quiet Sundays"}
    assert (kept.words, kept.cause) == (words, None)
    assert desk.rows(Mission) == []


def test_the_field_it_stood_in_is_drawn_anew(desk: Desk) -> None:
    """Slack keeps what stands typed in a field for as long as the field has the same id."""
    card = desk.opens("Ada")
    older = desk.on(card)
    refused = desk.presses(card, Move.NEXT, thought=CARD_NUMBER)

    assert refused.case.revision == older.revision + 1
    assert desk.presses(refused, Move.NEXT, thought="The gym").case.step == "why"


@pytest.mark.parametrize("outcome", [Outcome.SAVED, Outcome.LEFT, Outcome.COOL_OFF])
def test_no_outcome_is_recorded_beside_a_card_number(desk: Desk, outcome: Outcome) -> None:
    refused = desk.closes(desk.opens("Ada"), outcome, thought=CARD_NUMBER)

    assert (refused.notice, refused.case.outcome, list(refused.tasks)) == (Notice.CARD_NUMBER, None, [])


def test_a_card_number_as_a_name_opens_nothing(desk: Desk) -> None:
    with pytest.raises(Declined) as declined:
        desk.opens(CARD_NUMBER)

    assert declined.value.reason is Reason.CARD_NUMBER
    assert [desk.rows(kind) for kind in (Case, Customer, OutboxRow)] == [[], [], []]


@pytest.mark.parametrize("field", ["name", "product", "note"])
def test_a_card_number_in_the_form_keeps_nothing_of_the_form(desk: Desk, field: str) -> None:
    card = desk.opens("Ada")

    with pytest.raises(Declined) as declined:
        desk.describes(card, reason="cost", **{field: f"Card {CARD_NUMBER}"})

    assert declined.value.reason is Reason.CARD_NUMBER
    kept = desk.shows(card)
    assert (kept.name, kept.case.reason, kept.case.product, kept.case.words) == ("Ada", None, None, {})


@pytest.mark.parametrize("text", ["O'Brien & <co>", "🎈" * 500, "עדה", "<!channel> <@U1>", "&lt;b&gt;", "a\nb\n\nc"])
def test_what_is_typed_is_kept_to_the_letter(desk: Desk, text: str) -> None:
    card = desk.presses(desk.opens(text), Move.NEXT, why=text)

    kept = desk.shows(card)
    assert (kept.name, kept.case.words) == (text, {"why": text})


def test_a_name_of_three_thousand_characters_is_kept_whole(desk: Desk) -> None:
    name = "Ada " * 750

    assert desk.shows(desk.opens(name)).name == name
