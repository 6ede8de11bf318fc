"""The ledger: who may say what of a story, and that only a verified one is ever told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.coaching import ledger, library, members, sights, stories, tellings
from bot.coaching.cases import Card, Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Consent, Source, Status
from bot.coaching.members import Profile
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.stories import Facts, What
from bot.storage.models import Case, Customer, OutboxRow, Sight, Story, StoryDecision, Telling
from tests.coaching.desk import Desk

FACTS = Facts(
    whose="Mary Somerville",
    source=Source.LETTER,
    consent=Consent.UNNAMED,
    agreed_how="In her letter",
    worry="cost",
    before="She was worried that the payments would never end.",
    turned="We wrote the last date on the first page.",
    now="It is paid, and she looks at the stars.",
)


@pytest.fixture
def mina(database: object, desk: Desk) -> Desk:
    """A manager."""
    manager = replace(desk, rep="U9")
    manager.does(members.learn, "T1", "U9", Profile(is_admin=True), desk.now)
    manager.does(members.accept, "T1", "U9", desk.now)
    return manager


def adds(desk: Desk, **given: object) -> Story:
    return desk.does(stories.add, desk.team, desk.rep, replace(FACTS, **given), desk.now)  # type: ignore[arg-type] # fields by name


def judges(desk: Desk, story: Story, verdict: What = What.VERIFIED, why: str | None = None) -> stories.Judged:
    return desk.does(stories.judge, desk.team, desk.rep, story.id, story.revision, verdict, why, desk.now)


def told(desk: Desk) -> Sequence[int]:
    """What may be told, by the one way there is."""
    return [tale.id for tale in desk.does(ledger.tellable, desk.team, desk.now)]


def stands(desk: Desk, story: Story) -> Story:
    (found,) = [each for each in desk.rows(Story) if each.id == story.id]
    return found


def at_the_story(desk: Desk, why: str = "The payments never end.") -> Card:
    """A case of somebody who worries, at the step for a story."""
    card = desk.presses(desk.opens("Ada Lovelace"), Move.NEXT)
    return desk.presses(card, Move.WORRIED, Move.NEXT, why=why)


def test_only_a_verified_story_is_told(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    assert told(desk) == []

    assert judges(mina, story).last is None
    assert told(desk) == [story.id]


@pytest.mark.parametrize("verdict", [What.ASKED, What.DECLINED])
def test_one_that_is_asked_about_or_declined_is_not_told_and_its_author_hears_why(
    desk: Desk, mina: Desk, verdict: What
) -> None:
    story = adds(desk)
    judges(mina, story, verdict, "Which letter?")

    assert told(desk) == []
    (row,) = [row for row in desk.rows(OutboxRow) if row.kind == stories.WORD]
    word = desk.does(stories.word, "T1", row.subject_id)
    assert word
    assert (row.user_id, word.decision.what, word.decision.why, word.decision.by) == (
        desk.rep,
        verdict,
        "Which letter?",
        mina.rep,
    )


def test_nobody_verifies_their_own_words(desk: Desk, mina: Desk) -> None:
    own = adds(mina)
    with pytest.raises(Declined) as declined:
        judges(mina, own)
    assert declined.value.reason is Reason.OWN_STORY

    changed = mina.does(stories.change, "T1", mina.rep, adds(desk).id, FACTS, mina.now)
    with pytest.raises(Declined) as declined:
        judges(mina, changed)
    assert declined.value.reason is Reason.OWN_STORY


def test_only_managers_verify_and_whoever_one_of_them_named(desk: Desk, colleague: Desk, mina: Desk) -> None:
    own = adds(mina)
    with pytest.raises(Declined) as declined:
        judges(colleague, own)
    assert declined.value.reason is Reason.NOT_A_VERIFIER

    team = mina.does(library.team_of, "T1")
    team.verifier_id = colleague.rep
    mina.does(Session.add, team)
    judges(colleague, own)
    assert told(desk) == [own.id]


def test_of_two_verifiers_one_wins_and_the_other_is_told_who_did(desk: Desk, mina: Desk) -> None:
    other = replace(mina, rep="U8")
    other.does(members.learn, "T1", "U8", Profile(is_admin=True), desk.now)
    other.does(members.accept, "T1", "U8", desk.now)
    story = adds(desk)
    judges(mina, replace_revision(story))

    late = judges(other, story, What.DECLINED, "No.")
    assert late.last
    assert (late.last.by, late.last.what) == (mina.rep, What.VERIFIED)
    assert told(desk) == [story.id]


def replace_revision(story: Story) -> Story:
    """The same story as somebody else sees it."""
    return Story.model_validate(story.model_dump())


def test_a_verdict_on_an_older_text_is_no_verdict(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    desk.does(stories.change, "T1", desk.rep, story.id, replace(FACTS, now="Otherwise."), desk.now)

    late = judges(mina, story)
    assert late.last
    assert late.last.what == What.EDITED
    assert told(desk) == []


def test_a_change_needs_verifying_again(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    desk.does(stories.change, "T1", desk.rep, story.id, FACTS, desk.now)

    assert told(desk) == []
    assert stands(desk, story).status == Status.WAITING


def test_a_story_is_changed_by_its_author_and_managers_alone(desk: Desk, colleague: Desk) -> None:
    story = adds(desk)

    with pytest.raises(Declined) as declined:
        colleague.does(stories.change, "T1", colleague.rep, story.id, FACTS, colleague.now)
    assert declined.value.reason is Reason.NOT_YOUR_STORY


def test_after_a_year_it_is_not_told_until_its_author_and_a_verifier_say_so(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    assert desk.outbox(stories.EXPIRY) == {f"story_expiry:{story.id}": datetime(2027, 11, 24, 10, 0, tzinfo=UTC)}

    a_year_on, mina_then = (
        replace(desk, now=desk.now + timedelta(days=365)),
        replace(mina, now=mina.now + timedelta(days=365)),
    )
    assert told(a_year_on) == []
    word = a_year_on.does(stories.expire, "T1", story.id, a_year_on.now)
    assert word
    assert (word.decision.what, word.decision.by) == (What.EXPIRED, None)
    a_year_on.does(stories.confirm, "T1", desk.rep, story.id, a_year_on.now)
    assert told(a_year_on) == []
    judges(mina_then, stands(desk, story))
    assert told(a_year_on) == [story.id]


def test_before_its_time_nothing_expires(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)

    assert desk.does(stories.expire, "T1", story.id, desk.now) is None
    assert told(desk) == [story.id]


def test_only_its_author_says_that_it_still_holds(desk: Desk, colleague: Desk) -> None:
    story = adds(desk)

    with pytest.raises(Declined) as declined:
        colleague.does(stories.confirm, "T1", colleague.rep, story.id, desk.now)
    assert declined.value.reason is Reason.NOT_YOUR_STORY


def test_withdrawn_is_out_of_sight_and_comes_back_only_with_their_word(desk: Desk, colleague: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    colleague.does(stories.withdraw, "T1", colleague.rep, story.id, "She rang.", desk.now)
    assert told(desk) == []

    with pytest.raises(Declined) as declined:
        desk.does(stories.change, "T1", desk.rep, story.id, replace(FACTS, consent=Consent.NONE), desk.now)
    assert declined.value.reason is Reason.CONSENT_AGAIN
    desk.does(stories.change, "T1", desk.rep, story.id, FACTS, desk.now)
    judges(mina, stands(desk, story))
    assert told(desk) == [story.id]


@pytest.mark.parametrize("linked", [True, False])
def test_of_somebody_who_is_no_longer_with_us_nothing_is_told_until_it_was_looked_at(
    desk: Desk, mina: Desk, *, linked: bool
) -> None:
    desk.presses(desk.opens("mary  SOMERVILLE"), Move.NEXT)
    desk.closes(desk.opens("Mary Somerville"), Outcome.SAVED)
    case = desk.rows(Case)[-1]
    desk.identifies(desk.shows(shown(desk, case)), None)
    kept = desk.does(stories.keep_case, "T1", desk.rep, case.id, FACTS, desk.now) if linked else adds(desk)
    judges(mina, kept)
    customer = desk.rows(Customer)[-1]
    desk.does(stories.doubt, "T1", customer, desk.rep, desk.now)

    assert told(desk) == []
    waiting = mina.does(stories.queue, "T1", mina.rep, 5)
    assert waiting
    assert [each.status for each in waiting.stories] == [Status.DOUBTED]
    judges(mina, stands(desk, kept))
    assert told(desk) == [kept.id]


def test_whoever_leaves_is_in_no_story_any_more(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    desk.closes(desk.opens("Mary Somerville"), Outcome.SAVED)
    card = desk.identifies(desk.opens("Mary Somerville"), None)
    desk.closes(card, Outcome.LEFT)

    assert (told(desk), stands(desk, story).status) == ([], Status.DOUBTED)


def shown(desk: Desk, case: Case) -> Card:
    return desk.does(desk.coach.show, desk.team, desk.rep, case.id, desk.now)


def test_every_decision_is_kept_with_who_when_and_the_words_of_then(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina.later(hours=1), story, What.ASKED, "Which letter?")
    desk.later(hours=2).does(stories.change, "T1", desk.rep, story.id, replace(FACTS, now="Paid."), desk.now)

    kept = desk.rows(StoryDecision)
    assert [(each.what, each.by, each.why, each.told["now"]) for each in kept] == [
        (What.ADDED, desk.rep, None, FACTS.now),
        (What.ASKED, mina.rep, "Which letter?", FACTS.now),
        (What.EDITED, desk.rep, None, "Paid."),
    ]
    assert [each.at for each in kept] == sorted({each.at for each in kept})


def test_a_verifier_hears_of_the_queue_once_a_day(desk: Desk, mina: Desk) -> None:
    adds(desk)
    adds(desk.later(hours=1))
    assert list(desk.outbox(stories.QUEUE)) == ["story_queue:U9:2026-11-25"]

    adds(desk.later(days=1))
    assert len(desk.outbox(stories.QUEUE)) == 2


def test_the_queue_is_without_ones_own_and_is_for_verifiers_alone(desk: Desk, colleague: Desk, mina: Desk) -> None:
    own, other = adds(mina), adds(desk)

    waiting = mina.does(stories.queue, "T1", mina.rep, 5)
    assert waiting
    assert ([each.id for each in waiting.stories], waiting.count) == ([other.id], 1)
    assert own.id != other.id
    assert colleague.does(stories.queue, "T1", colleague.rep, 5).count == 0


@pytest.mark.parametrize(
    ("given", "field", "fault"),
    [
        ({"whose": ""}, "whose", "story_missing"),
        ({"source": "gossip"}, "source", "story_source"),
        ({"consent": "maybe"}, "consent", "story_consent"),
        ({"agreed_how": None}, "agreed_how", "story_agreed_how"),
        ({"worry": "doubled"}, "worry", "story_worry"),
        ({"turned": ""}, "turned", "story_missing"),
        ({"now": "word " * 36}, "now", "story_line"),
        ({"before": "Mary was afraid."}, "before", "story_named"),
        ({"turned": "Paid with 4111 1111 1111 1111."}, "turned", "story_card_number"),
    ],
)
def test_what_is_wrong_with_a_story_is_told_by_its_field(given: dict[str, str], field: str, fault: str) -> None:
    found = stories.faults(replace(FACTS, **given))

    assert {name: each.name for name, each in found.items()} == {field: fault}


def test_a_name_stands_in_the_lines_only_where_they_agreed_to_it(desk: Desk, mina: Desk) -> None:
    assert stories.faults(replace(FACTS, before="Mary was afraid.", consent=Consent.NAMED)) == {}
    for consent in (Consent.NAMED, Consent.UNNAMED, Consent.NONE):
        judges(mina, adds(desk, consent=consent))

    assert [tale.name for tale in desk.does(ledger.tellable, "T1", desk.now)] == ["Mary Somerville", None, None]


def test_what_is_wrong_is_kept_by_nobody(desk: Desk) -> None:
    with pytest.raises(Declined) as declined:
        adds(desk, turned="4111 1111 1111 1111")
    assert declined.value.reason is Reason.CARD_NUMBER
    with pytest.raises(Declined) as declined:
        adds(desk, before="Mary was afraid.")
    assert declined.value.reason is Reason.NAMED
    assert desk.rows(Story) == []


def test_a_case_becomes_a_story_for_its_own_rep_alone(desk: Desk, colleague: Desk) -> None:
    card = desk.closes(desk.opens("Mary Somerville"), Outcome.SAVED)
    with pytest.raises(Declined) as declined:
        colleague.does(stories.keep_case, "T1", colleague.rep, card.case.id, FACTS, desk.now)
    assert declined.value.reason is Reason.NOT_YOURS

    story = desk.does(stories.keep_case, "T1", desk.rep, card.case.id, FACTS, desk.now)
    assert (story.case_id, desk.rows(Case)[0].gave_story) == (card.case.id, True)


def test_other_workspaces_have_their_own(desk: Desk, elsewhere: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)

    assert told(elsewhere) == []
    with pytest.raises(Declined) as declined:
        elsewhere.does(stories.withdraw, "T2", "U1", story.id, None, desk.now)
    assert declined.value.reason is Reason.GONE


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
            desk.does(stories.change, "T1", desk.rep, story.id, FACTS, desk.now)
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


def test_stories_are_found_once_they_may_be_told(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    assert desk.works(tellings.found, "T1", "payments", 5, desk.now) == []

    judges(mina, story)
    assert [tale.id for tale in desk.works(tellings.found, "T1", "payments", 5, desk.now)] == [story.id]
