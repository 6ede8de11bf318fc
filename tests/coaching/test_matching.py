"""Which story fits whom, and which is found: the same on every database, since no database is asked."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.coaching.matching import Likeness, Match, Shelf, Tale, Vocabulary, chance

A_YEAR_ON = datetime(2027, 11, 24, tzinfo=UTC)
VOCABULARY = Vocabulary(frozenset({"the", "and", "she", "was", "is", "it"}), {"cost": "Cost", "unused": "Not using it"})

PAYMENTS = Tale(
    id=1,
    revision=1,
    author_id="U1",
    customer_id=None,
    whose_key="mary somerville",
    name=None,
    worry="cost",
    product="Ledger",
    customer_kind="Bakery",
    before="She was worried that the payments would never end.",
    turned="We wrote the last date on the first page.",
    now="It is paid, and she sleeps.",
    told=0,
    landed=0,
    expires_at=A_YEAR_ON,
)


def shelf(*tales: Tale) -> Shelf:
    return Shelf(tales, VOCABULARY)


def best(of: Shelf, like: Likeness, *but: int) -> int | None:
    match = of.best(like, but)
    return match.tale.id if match else None


def best_of(of: Shelf, like: Likeness) -> Match:
    match = of.best(like)
    assert match
    return match


def test_the_same_worry_comes_before_everything_else() -> None:
    other = replace(PAYMENTS, id=2, worry="unused")
    like = Likeness("unused", "Ledger", "Bakery", "worried about the payments")

    assert best(shelf(PAYMENTS, replace(other, product=None, customer_kind=None, before="Dust.")), like) == 2


def test_then_the_product_then_the_kind_of_customer_then_the_words() -> None:
    words = replace(PAYMENTS, id=2, product=None, customer_kind=None)
    kind = replace(words, id=3, customer_kind="BAKERY", before="Dust.")
    product = replace(words, id=4, product="ledger", before="Dust.")
    like = Likeness("cost", "Ledger", "Bakery", "her payments")

    assert best(shelf(words, kind, product), like) == 4
    assert best(shelf(words, kind), like) == 3
    assert best(shelf(words, replace(words, id=5, before="Dust.")), like) == 2


def test_the_more_words_in_common_the_better_in_whichever_form() -> None:
    one = replace(PAYMENTS, id=2, before="A payment.")
    three = replace(PAYMENTS, id=3, before="A worry: payments, and an end.")

    assert best(shelf(one, three), Likeness("cost", words="They worry that paying, the payment, has no end")) == 3


def test_of_two_alike_the_one_that_lands_is_told_and_a_new_one_gets_its_chance() -> None:
    lands = replace(PAYMENTS, id=2, told=20, landed=16)
    misses = replace(PAYMENTS, id=3, told=20, landed=2)
    new = replace(PAYMENTS, id=4)
    tried = replace(PAYMENTS, id=5, told=5, landed=0)

    order = [tale.id for tale in shelf(misses, tried, lands, new).tales]
    assert order == [4, 2, 5, 3]
    assert chance(0, 0) == 1.0
    assert chance(20, 16) < chance(200, 199) < chance(0, 0)


def test_a_known_worry_that_no_story_shares_has_no_story() -> None:
    assert best(shelf(PAYMENTS), Likeness("unused", "Ledger", "Bakery", "payments")) is None


@pytest.mark.parametrize("worry", [None, "other"])
def test_while_the_worry_is_unknown_something_else_has_to_be_in_common(worry: str | None) -> None:
    assert best(shelf(PAYMENTS), Likeness(worry)) is None
    assert best(shelf(PAYMENTS), Likeness(worry, words="and the")) is None
    assert best(shelf(PAYMENTS), Likeness(worry, words="The payments!")) == 1
    assert best(shelf(PAYMENTS), Likeness(worry, product=" LEDGER ")) == 1


def test_a_match_says_what_it_has_in_common() -> None:
    match = shelf(PAYMENTS).best(Likeness("cost", "Ledger", words="payments"))

    assert match
    assert match.alike == ["worry", "product", "words"]
    assert not match.others
    assert shelf(PAYMENTS).match(1, Likeness("unused")) == replace(match, alike=[])
    assert shelf(PAYMENTS).match(9, Likeness("cost")) is None


def test_another_story_is_the_next_best_until_there_is_none() -> None:
    stories = shelf(PAYMENTS, replace(PAYMENTS, id=2, product=None))
    like = Likeness("cost", "Ledger")

    assert [best(stories, like), best(stories, like, 1), best(stories, like, 1, 2)] == [1, 2, None]


def test_a_match_says_whether_another_one_fits() -> None:
    like = Likeness("cost", "Ledger")
    two, one = (shelf(PAYMENTS, replace(PAYMENTS, id=2, worry=worry)) for worry in ("cost", "unused"))
    looked_up = one.match(2, like)

    assert (best_of(two, like).others, best_of(one, like).others) == (True, False)
    assert looked_up
    assert looked_up.others


MARY_OF_7 = replace(PAYMENTS, customer_id=7)


@pytest.mark.parametrize(
    ("tale", "who"),
    [
        (MARY_OF_7, {"customer_id": 7, "name": "Mary Fairfax"}),
        (MARY_OF_7, {"name": "mary  SOMERVILLE"}),
        (PAYMENTS, {"customer_id": 7, "name": "Mary Somerville"}),
        (PAYMENTS, {"name": "Mary Somerville"}),
    ],
)
def test_nobody_is_told_their_own_story(tale: Tale, who: dict[str, Any]) -> None:
    like, stories = Likeness("cost", words="payments", **who), shelf(tale, replace(PAYMENTS, id=2, whose_key="ada"))

    assert best(stories, like) == 2
    assert not best_of(stories, like).others
    assert stories.match(1, like) is None
    assert [tale.id for tale in stories.search("payments", 5, to=like)] == [2]


def test_two_customers_of_one_name_are_two() -> None:
    assert best(shelf(MARY_OF_7), Likeness("cost", customer_id=8, name="Mary Somerville")) == 1


def test_no_story_at_all_fits_nobody() -> None:
    assert best(shelf(), Likeness("cost", "Ledger", "Bakery", "payments")) is None
    assert list(shelf().search("payments", 5)) == []


@pytest.mark.parametrize("text", ["payment", "PAYMENTS", "paym", "worries", "ledger", "bakery", "cost"])
def test_a_story_is_found_by_its_words_its_product_its_customer_and_its_worry(text: str) -> None:
    assert [tale.id for tale in shelf(PAYMENTS).search(text, 5)] == [1]


def test_accents_and_capitals_make_no_difference() -> None:
    stories = shelf(replace(PAYMENTS, product="Café Société"))

    assert [tale.id for tale in stories.search("CAFE societe", 5)] == [1]


def test_most_words_found_come_first() -> None:
    one, two = replace(PAYMENTS, id=2, before="Dust."), replace(PAYMENTS, id=3, before="Dust and payments.")

    assert [tale.id for tale in shelf(one, two).search("dust payments", 5)] == [3, 2]
    assert [tale.id for tale in shelf(one, two).search("dust payments", 1)] == [3]


def test_a_word_that_is_told_comes_before_one_for_its_worry() -> None:
    told, by_worry = replace(PAYMENTS, before="It costs."), replace(PAYMENTS, id=2)

    assert [tale.id for tale in shelf(told, by_worry).search("cost", 5)] == [1, 2]


def test_a_search_may_keep_to_a_worry_and_a_product() -> None:
    stories = shelf(PAYMENTS, replace(PAYMENTS, id=2, worry="unused"), replace(PAYMENTS, id=3, product="Other"))

    assert [tale.id for tale in stories.search("", 5, worry="unused")] == [2]
    assert [tale.id for tale in stories.search("payments", 5, product="other")] == [3]
    assert list(stories.search("", 5, worry="broken")) == []


@pytest.mark.parametrize("text", ['"', "*", "%", "NEAR(", "')", "_", "the and", "", "   ", "\0", "'; DROP TABLE story"])
def test_nothing_that_is_typed_breaks_a_search(text: str) -> None:
    assert len(shelf(PAYMENTS).search(text, 5)) <= 1


@pytest.mark.parametrize("text", ["", " \n", "the and", '"*%(', "…"])
def test_without_a_word_that_says_something_the_best_are_found(text: str) -> None:
    stories = shelf(PAYMENTS, replace(PAYMENTS, id=2, told=9))

    assert not stories.means_something(text)
    assert [tale.id for tale in stories.search(text, 5)] == [1, 2]


def test_four_thousand_characters_are_searched_by_their_first_words() -> None:
    endless = "payments " + " ".join(f"word{number}" for number in range(600))

    assert len(endless) > 4000
    assert [tale.id for tale in shelf(PAYMENTS).search(endless, 5)] == [1]


def test_a_shelf_reads_again_only_what_has_changed() -> None:
    before = shelf(PAYMENTS)
    changed = replace(PAYMENTS, revision=2, before="Dust.")

    after = Shelf([changed], VOCABULARY, before)
    assert [tale.id for tale in after.search("dust", 5)] == [1]
    assert list(after.search("worried", 5)) == []
