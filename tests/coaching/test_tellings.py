"""A story told in a case: the one that fits, the next one, and whether it landed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching import endings, sights, stories, tellings
from bot.coaching.cases import Card, Notice, Pressed
from bot.coaching.copies import CARD
from bot.coaching.endings import Ending
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.storage import outbox
from bot.storage.models import Case, Customer, Sight, Telling
from bot.storage.outbox import Sent
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
            desk.does(stories.doubt, "T1", mary, None, desk.rep, desk.now)
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
    card = desk.does(desk.coach.press, in_place(desk, card), Move.NEXT, desk.now)
    (sight,) = desk.rows(Sight)
    assert (sight.place, sight.stories, sight.response_url) == ("card:1:7.5", [story.id], URL)

    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)
    assert list(desk.outbox(sights.KIND)) == ["sight:card:1:7.5"]
    assert sights.place_of("sight:card:1:7.5") == "card:1:7.5"
    assert sights.message_of(sight) == "7.5"
    assert desk.does(sights.find, "T1", "card:1:7.5", desk.now)
    assert desk.does(sights.find, "T1", "card:1:7.5", desk.now + timedelta(minutes=30)) is None


URL = "https://example.com/answer"


def in_place(desk: Desk, card: Card, ts: str = "7.5") -> Pressed:
    """A press on a message that only its reader sees, which Slack lets the app draw anew."""
    return replace(desk.on(card), response_url=URL, message_ts=ts)


def test_of_two_copies_of_a_card_each_is_redrawn(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.presses(desk.presses(desk.opens("Ada"), Move.NEXT), Move.WORRIED, why="Payments.")
    card = desk.does(desk.coach.press, in_place(desk, card), Move.NEXT, desk.now)
    # What is pressed on the other copy is a step behind, and it is drawn anew all the same.
    behind = replace(in_place(desk, card, "8.5"), revision=0)
    desk.does(desk.coach.press, behind, Move.NEXT, desk.now)

    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)
    assert sorted(desk.outbox(sights.KIND)) == ["sight:card:1:7.5", "sight:card:1:8.5"]


def test_a_story_on_a_closed_card_is_taken_off_it_too(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = at_the_story(desk)
    card = desk.works(endings.close, in_place(desk, card), Ending(Outcome.SAVED), desk.now)
    assert card.told
    assert card.told.before == MARY.before

    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)
    assert list(desk.outbox(sights.KIND)) == ["sight:card:1:7.5"]
    assert desk.shows(card).told is None


def test_a_copy_that_is_being_posted_is_sent_again(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    at_the_story(desk)
    desk.later(minutes=3)
    held = [row for row in desk.does(outbox.claim, "a worker", desk.now) if row.kind == CARD]
    assert [row.message_ts for row in held] == [None]

    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)
    (row,) = held
    assert not desk.does(outbox.settle, row, desk.now, Sent("D1", "9.5")), "it is out of that worker's hands"
    assert desk.outbox(CARD) == {row.key: desk.now}


def test_nobody_is_told_their_own_story(desk: Desk, mina: Desk) -> None:
    story = adds(desk, whose="Ada Lovelace")
    judges(mina, story)
    card = at_the_story(desk)
    assert card.story is None

    with pytest.raises(Declined) as declined:
        desk.works(tellings.choose, desk.on(card), story.id, desk.now)
    assert declined.value.reason is Reason.THEIR_OWN
    with pytest.raises(Declined) as declined:
        desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)
    assert declined.value.reason is Reason.THEIR_OWN


def test_who_turns_out_to_be_its_own_customer_is_told_another(desk: Desk, mina: Desk) -> None:
    story = adds(desk, whose="Grace Hopper")
    judges(mina, story)
    card = at_the_story(desk)
    assert card.story

    card = desk.describes(card, name="Grace Hopper")
    assert (card.name, card.story, card.case.story_id) == ("Grace Hopper", None, None)


def test_another_reason_in_the_details_brings_another_story(desk: Desk, mina: Desk) -> None:
    cost, unused = adds(desk), adds(desk, worry="unused", before="Dust.")
    for each in (cost, unused):
        judges(mina, each)
    card = at_the_story(desk)
    assert card.case.story_id == cost.id

    assert desk.describes(card, reason="unused").case.story_id == unused.id


def test_a_story_that_was_told_stays_whatever_the_reason(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.closes(at_the_story(desk), Outcome.SAVED)

    assert desk.describes(card, reason="unused").case.story_id == story.id


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


def test_a_story_that_is_told_leaves_the_older_card_a_step_behind(desk: Desk, mina: Desk) -> None:
    first, second = adds(desk), adds(desk, worry="unused", before="Dust.")
    for each in (first, second):
        judges(mina, each)
    card = desk.presses(desk.presses(desk.opens("Ada"), Move.NEXT), Move.WORRIED, why="Payments.")
    card = desk.does(desk.coach.press, in_place(desk, card), Move.NEXT, desk.now)
    older = desk.on(card)
    desk.works(tellings.tell, "T1", desk.rep, second.id, desk.now)

    again = desk.works(tellings.another, older, desk.now)
    assert (again.notice, again.case.story_id, again.case.passed_over) == (Notice.STALE, second.id, [])
    assert list(desk.outbox(sights.KIND)) == ["sight:card:1:7.5"]


def test_a_card_without_a_story_shows_the_one_that_is_told_at_the_next_press(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = at_the_story(desk, why="Colours.")
    older = desk.on(card)
    desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)

    again = desk.does(desk.coach.press, older, Move.NEXT, desk.now)
    assert again.story
    assert (again.notice, again.step.key, again.story.tale.id) == (Notice.STALE, "story", story.id)


def test_elsewhere_in_a_case_a_story_that_is_told_holds_up_no_press(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.opens("Ada")
    desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)

    assert desk.presses(card, Move.NEXT).notice is None


def test_what_was_put_with_the_wrong_case_is_taken_away_again(desk: Desk, colleague: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.opens("Ada Lovelace")
    desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)
    colleague.works(tellings.take_away, "T1", colleague.rep, card.case.id, story.id, desk.now)
    assert desk.rows(Case)[0].story_id == story.id

    apart = desk.works(tellings.take_away, "T1", desk.rep, card.case.id, story.id, desk.now)
    assert (apart.case, apart.tale.id, desk.rows(Case)[0].story_id) == (None, story.id, None)


@pytest.mark.parametrize("how", ["cool off", "letting go", "yesterday"])
def test_a_case_that_nobody_is_working_on_is_given_none(desk: Desk, mina: Desk, how: str) -> None:
    story = adds(desk)
    judges(mina, story)
    card = desk.opens("Ada Lovelace")
    match how:
        case "cool off":
            desk.closes(card, Outcome.COOL_OFF)
        case "letting go":
            desk.presses(card, Move.JUST_CANCEL)
            assert desk.rows(Case)[0].letting_go
        case _:
            desk.later(days=1)

    assert desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now).case is None
    assert desk.rows(Case)[0].story_id is None


def test_a_story_is_put_with_the_case_that_was_worked_on_last(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    assert desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now).case is None

    desk.opens("Grace Hopper")
    desk.later(minutes=1).opens("Ada Lovelace")
    put = desk.works(tellings.tell, "T1", desk.rep, story.id, desk.now)
    assert (put.name, put.tale.id) == ("Ada Lovelace", story.id)
    assert [case.story_id for case in desk.rows(Case)] == [None, story.id]
