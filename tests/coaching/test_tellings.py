"""A story told in a case: the one that fits, the next one, and whether it landed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching import sights, stories, tellings
from bot.coaching.cases import Card, Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.storage.models import Case, Customer, Sight, Telling
from tests.coaching.desk import Desk
from tests.coaching.ledger import adds, judges, stands
from tests.true_stories import MARY


def at_the_story(desk: Desk, why: str = "The payments never end.") -> Card:
    """A case of somebody who worries, at the step for a story."""
    card = desk.presses(desk.opens("Ada Lovelace"), Move.NEXT)
    return desk.presses(card, Move.WORRIED, Move.NEXT, why=why)


def test_the_card_brings_the_story_that_fits_and_the_next_one_when_asked(desk: Desk, mina: Desk) -> None:
    first, second = adds(desk), adds(desk, now="She laughs about it.")
    for story in (first, second):
        judges(mina, story)
    card = at_the_story(desk)
    assert card.story
    assert (card.step.key, card.story.tale.id, card.story.alike) == ("story", second.id, ["words"])

    card = desk.works(tellings.another, desk.on(card), desk.now)
    assert card.story
    assert card.story.tale.id == first.id
    card = desk.works(tellings.another, desk.on(card), desk.now)
    assert card.story
    assert (card.story.tale.id, card.notice) == (second.id, Notice.NO_OTHER_STORY)


def test_where_none_fits_a_question_stands_in(desk: Desk, mina: Desk) -> None:
    judges(mina, adds(desk))
    card = at_the_story(desk, why="Colours.")
    assert (card.step.key, card.story) == ("likeness", None)

    card = desk.works(tellings.name_worry, desk.on(card), "cost", desk.now)
    assert card.story
    assert (card.step.key, card.case.reason, card.story.alike) == ("story", "cost", ["worry"])


@pytest.mark.parametrize("how", ["withdraw", "change", "doubt", "expire"])
def test_what_may_not_be_told_any_more_is_gone_from_the_card(desk: Desk, mina: Desk, how: str) -> None:
    story = adds(desk)
    judges(mina, story)
    card = at_the_story(desk)
    assert card.story
    match how:
        case "withdraw":
            desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)
        case "change":
            desk.does(stories.change, "T1", desk.rep, story.id, MARY, desk.now)
        case "doubt":
            mary = Customer(team_id="T1", name="Mary", name_key="mary somerville", created_at=desk.now)
            desk.does(stories.doubt, "T1", mary, desk.rep, desk.now)
        case _:
            desk.later(days=366)

    assert desk.shows(card).step.key == "likeness"
    with pytest.raises(Declined) as declined:
        desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)
    assert declined.value.reason is Reason.NOT_TOLD


def test_a_card_that_only_its_reader_sees_is_redrawn_too(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.presses(desk.presses(desk.opens("Ada"), Move.NEXT), Move.WORRIED, why="Payments.")
    pressed = replace(desk.on(card), response_url="https://example.com/answer")
    card = desk.does(desk.coach.press, pressed, Move.NEXT, desk.now)
    (sight,) = desk.rows(Sight)
    assert (sight.place, sight.stories, sight.response_url) == ("card:1", [story.id], "https://example.com/answer")

    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)
    assert list(desk.outbox(sights.KIND)) == ["sight:card:1"]
    assert sights.place_of("sight:card:1") == "card:1"
    assert desk.does(sights.find, "T1", "card:1", desk.now)
    assert desk.does(sights.find, "T1", "card:1", desk.now + timedelta(minutes=30)) is None


def test_whether_it_landed_is_asked_once_the_case_is_closed_and_its_author_is_thanked(
    desk: Desk, colleague: Desk, mina: Desk
) -> None:
    story = adds(colleague)
    judges(mina, story)
    card = at_the_story(desk)
    assert not tellings.is_asked(card.case)
    card = desk.closes(card, Outcome.SAVED)
    assert tellings.is_asked(card.case)

    card = desk.works(tellings.answer, desk.on(card), True, desk.now)
    assert (stands(desk, story).told, stands(desk, story).landed, card.notice) == (1, 1, Notice.KEPT)
    assert list(desk.outbox(tellings.THANKS)) == [f"story_thanks:{card.case.id}"]
    thanks = desk.does(tellings.thanks, "T1", card.case.id)
    assert thanks
    assert (thanks.author.user_id, thanks.told_by) == (colleague.rep, desk.rep)
    again = desk.works(tellings.answer, desk.on(card), True, desk.now)
    assert again.notice is Notice.STALE
    assert stands(desk, story).told == 1


def test_one_that_did_not_land_is_counted_and_thanks_nobody(desk: Desk, colleague: Desk, mina: Desk) -> None:
    story = adds(colleague)
    judges(mina, story)
    card = desk.closes(at_the_story(desk), Outcome.SAVED)
    card = desk.works(tellings.answer, desk.on(card), False, desk.now)

    assert (stands(desk, story).told, stands(desk, story).landed) == (1, 0)
    assert desk.outbox(tellings.THANKS) == {}
    assert desk.does(tellings.thanks, "T1", card.case.id) is None


def test_one_that_was_not_told_counts_nowhere(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.closes(at_the_story(desk), Outcome.LEFT)
    card = desk.works(tellings.answer, desk.on(card), None, desk.now)

    assert (stands(desk, story).told, desk.rows(Telling), card.case.story_id) == (0, [], None)


def test_undo_of_the_outcome_takes_the_answer_back(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.closes(at_the_story(desk), Outcome.SAVED)
    card = desk.works(tellings.answer, desk.on(card), True, desk.now)
    card = desk.undoes(card)

    assert (stands(desk, story).told, stands(desk, story).landed, desk.rows(Telling)) == (0, 0, [])
    assert tellings.is_asked(desk.closes(card, Outcome.SAVED).case)


def test_a_story_is_put_with_the_case_that_was_worked_on_last(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    assert desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now).case is None

    desk.opens("Grace Hopper")
    desk.later(minutes=1).opens("Ada Lovelace")
    put = desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)
    assert (put.name, put.tale.id) == ("Ada Lovelace", story.id)
    assert [case.story_id for case in desk.rows(Case)] == [None, story.id]
