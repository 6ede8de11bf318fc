"""Who the customer is: one name in many spellings, several people of one name, and what was between us before."""

from datetime import timedelta

import pytest

from bot.coaching import customers, spelling
from bot.coaching.cases import Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.storage.models import Customer
from tests.coaching.desk import NOW, Desk


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "ada lovelace"),
        ("Ada Lovelace", "  Ada \t Lovelace "),
        ("Ada Lovelace", "Ada\u00a0Lovelace"),
        ("Ada Lovelace", "Ａｄａ Ｌｏｖｅｌａｃｅ"),
        ("STRASSE", "straße"),
        ("Zoe\u0301", "Zo\u00e9"),
        ("O'Brien", "O'BRIEN"),
        ("ﬁrst", "FIRST"),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str) -> None:
    assert spelling.fold(one) == spelling.fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "Ida"), ("Zoe", "Zoé"), ("Ada Lovelace", "AdaLovelace"), ("Ada", "")]
)
def test_two_names(one: str, other: str) -> None:
    assert spelling.fold(one) != spelling.fold(other)


def test_a_very_long_name_has_a_short_key() -> None:
    assert len(spelling.fold("ﷺ" * 3_000)) <= 200


def test_somebody_of_one_name_is_met_again_however_it_is_spelled(desk: Desk) -> None:
    first = desk.opens("Ada Lovelace")
    again = desk.opens("ADA  lovelace")

    assert again.case.customer_id == first.case.customer_id
    assert again.name == "Ada Lovelace"


def test_the_first_card_tells_what_was_before_the_latest_first(desk: Desk) -> None:
    earliest = desk.opens("Ada")
    left = desk.closes(earliest, Outcome.LEFT)
    desk.done(left.tasks[0].id)
    desk.later(days=1)
    saved = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.describes(saved, reason="cost", remedy="fix")
    desk.later(days=1)

    card = desk.opens("ada")

    assert card.history is not None
    assert [past.case.outcome for past in card.history] == [Outcome.SAVED, Outcome.LEFT]
    assert (card.history[0].case.reason, card.history[0].case.remedy) == ("cost", "fix")
    assert [task.kind for task in card.history[0].tasks] == [TaskKind.CHECK_IN]
    assert card.history[1].tasks[0].done_at == NOW
    assert desk.shows(card).history == card.history


def test_history_is_a_matter_of_the_first_card(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.LEFT)
    second = desk.presses(desk.opens("Ada"), Move.NEXT)

    assert second.history is None
    assert desk.presses(second, Move.BACK).history


def test_mistakes_duplicates_and_what_was_taken_back_are_no_history(desk: Desk) -> None:
    kept = desk.closes(desk.opens("Ada"), Outcome.SAVED)
    desk.softens(kept)
    desk.leaves_out(desk.opens("Ada"))
    desk.leaves_out(desk.opens("Ada"), duplicate_of=kept)

    (past,) = desk.opens("Ada").history or ()

    assert past.case.id == kept.case.id
    assert [task.kind for task in past.tasks] == [TaskKind.SOFT_YES_CALL], "the dropped check-in is none of it"


def test_nobody_has_a_past_with_a_stranger(desk: Desk) -> None:
    desk.closes(desk.opens("Ada"), Outcome.LEFT)

    assert desk.opens("Ben").history == []
    assert desk.opens().history is None


def namesakes(desk: Desk) -> tuple[int, int]:
    """Two customers of one name: the second was not the first."""
    first = desk.closes(desk.opens("Ada"), Outcome.LEFT)
    desk.later(days=1)
    second = desk.closes(desk.identifies(desk.opens("Ada"), None), Outcome.SAVED)
    desk.later(days=1)
    assert first.case.customer_id != second.case.customer_id
    return first.case.customer_id or 0, second.case.customer_id or 0


def test_of_two_with_one_name_the_rep_picks(desk: Desk) -> None:
    first, second = namesakes(desk)
    card = desk.opens("ada")

    assert card.namesakes is not None
    assert [known.customer.id for known in card.namesakes] == [second, first], "the one met last comes first"
    assert (card.name, card.case.customer_id, card.history) == ("ada", None, None)

    picked = desk.identifies(card, first)
    assert (picked.name, picked.case.customer_id, picked.namesakes) == ("Ada", first, ())
    assert [past.case.outcome for past in picked.history or ()] == [Outcome.LEFT]


def test_it_may_be_somebody_new(desk: Desk) -> None:
    known = namesakes(desk)
    card = desk.identifies(desk.opens("Ada"), None)

    assert card.case.customer_id not in (None, *known)
    assert (card.name, card.history) == ("Ada", [])
    assert len(desk.rows(Customer)) == 3


def test_the_conversation_waits_for_no_picking(desk: Desk) -> None:
    known = namesakes(desk)
    card = desk.presses(desk.opens("Ada"), Move.NEXT, Move.WORRIED)
    assert (card.case.step, card.name) == ("mission", "Ada")

    card = desk.closes(card, Outcome.SAVED)
    assert (card.name, card.case.customer_id) == ("Ada", None), "nobody said which, so nobody is made up"
    assert card.namesakes

    assert desk.identifies(card, known[0]).case.customer_id == known[0]


def test_the_one_we_know_may_turn_out_to_be_somebody_else(desk: Desk) -> None:
    first = desk.opens("Ada")
    card = desk.opens("Ada")
    assert card.case.customer_id == first.case.customer_id

    other = desk.identifies(card, None)
    assert other.case.customer_id != first.case.customer_id
    assert desk.shows(first).case.customer_id == first.case.customer_id


def test_a_name_may_come_later(desk: Desk) -> None:
    known = desk.closes(desk.opens("Ada"), Outcome.LEFT)
    desk.later(days=1)
    card = desk.opens()
    assert (card.name, card.case.customer_id) == (None, None)

    named = desk.describes(card, name="ada")

    assert (named.name, named.case.customer_id) == ("Ada", known.case.customer_id)
    assert [past.case.id for past in named.history or ()] == [known.case.id]
    assert len(desk.rows(Customer)) == 1


def test_a_name_that_comes_later_may_be_that_of_several(desk: Desk) -> None:
    known = namesakes(desk)
    card = desk.describes(desk.opens(), name="Ada")

    assert card.namesakes is not None
    assert {one.customer.id for one in card.namesakes} == set(known)
    assert desk.identifies(card, known[0]).case.customer_id == known[0]


def test_a_name_that_comes_later_may_be_new(desk: Desk) -> None:
    card = desk.describes(desk.opens(), name="Ben")

    assert card.name == "Ben"
    assert desk.opens("ben").case.customer_id == card.case.customer_id


def test_a_corrected_name_is_found_from_then_on(desk: Desk) -> None:
    card = desk.describes(desk.opens("Adda"), name="Ada")

    assert card.name == "Ada"
    assert desk.opens("ADA").case.customer_id == card.case.customer_id
    assert desk.opens("Adda").case.customer_id != card.case.customer_id


def test_an_emptied_name_stays_what_it_was(desk: Desk) -> None:
    assert desk.describes(desk.opens("Ada"), name=None).name == "Ada"


def test_a_customer_nobody_has_heard_of_is_gone(desk: Desk) -> None:
    namesakes(desk)
    card = desk.opens("Ada")

    with pytest.raises(Declined) as declined:
        desk.identifies(card, 404)
    assert declined.value.reason is Reason.GONE
    assert desk.shows(card).case.customer_id is None


def test_picking_on_an_older_copy_changes_nothing(desk: Desk) -> None:
    first, _ = namesakes(desk)
    card = desk.opens("Ada")
    older = desk.on(card)
    desk.presses(card, Move.ANOTHER)

    stale = desk.does(desk.coach.identify, older, first, desk.now)

    assert (stale.notice, stale.case.customer_id) == (Notice.STALE, None)


def test_whom_nobody_saw_for_long_comes_last(desk: Desk) -> None:
    first, second = namesakes(desk)
    desk.identifies(desk.opens("Ada"), first)

    found = desk.does(customers.by_name, "T1", " ADA ")

    assert [one.customer.id for one in found] == [first, second]
    assert [past.case.opened_at for past in found[0].past] == [NOW + timedelta(days=2), NOW]
