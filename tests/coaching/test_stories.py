"""The ledger: who may say what of a story, and that only a verified one is ever told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.coaching import ledger, library, members, roles, stories, teams, verifiers
from bot.coaching.cases import Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Consent, Status
from bot.coaching.members import Profile
from bot.coaching.outcomes import Outcome
from bot.coaching.stories import What
from bot.coaching.teams import TeamFacts
from bot.storage.models import Customer, OutboxRow, Story, StoryDecision
from tests.coaching.desk import Desk
from tests.coaching.ledger import adds, judges, stands, told
from tests.true_stories import MARY


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

    changed = mina.does(stories.change, "T1", mina.rep, adds(desk).id, MARY, mina.now)
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
    colleague.does(members.meet, "T1", colleague.rep)
    judges(colleague, own)
    assert told(desk) == [own.id]


def test_of_two_verifiers_one_wins_and_the_other_is_told_who_did(desk: Desk, mina: Desk) -> None:
    other = replace(mina, rep="U8")
    other.does(members.learn, "T1", "U8", Profile(is_admin=True), desk.now)
    other.does(roles.accept, "T1", "U8", desk.now)
    story = adds(desk)
    judges(mina, story)

    late = judges(other, story, What.DECLINED, "No.")
    assert late.last
    assert (late.last.by, late.last.what) == (mina.rep, What.VERIFIED)
    assert told(desk) == [story.id]


def test_a_verdict_on_an_older_text_is_no_verdict(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    desk.does(stories.change, "T1", desk.rep, story.id, replace(MARY, now="Otherwise."), desk.now)

    late = judges(mina, story)
    assert late.last
    assert late.last.what == What.EDITED
    assert told(desk) == []


def test_a_change_needs_verifying_again(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    desk.does(stories.change, "T1", desk.rep, story.id, MARY, desk.now)

    assert told(desk) == []
    assert stands(desk, story).status == Status.WAITING


def test_a_story_is_changed_by_its_author_and_managers_alone(desk: Desk, colleague: Desk) -> None:
    story = adds(desk)

    with pytest.raises(Declined) as declined:
        colleague.does(stories.change, "T1", colleague.rep, story.id, MARY, colleague.now)
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

    for unasked in (replace(MARY, consent=Consent.NONE), MARY):
        with pytest.raises(Declined) as declined:
            desk.does(stories.change, "T1", desk.rep, story.id, unasked, desk.now)
        assert declined.value.reason is Reason.CONSENT_AGAIN
    desk.does(stories.change, "T1", desk.rep, story.id, replace(MARY, agreed_how="She rang again."), desk.now)
    assert mina.does(verifiers.queue, "T1", mina.rep, 5).since == {story.id: {Status.WITHDRAWN}}
    judges(mina, stands(desk, story))
    assert told(desk) == [story.id]


@pytest.mark.parametrize("verdict", [None, What.ASKED, What.DECLINED])
def test_a_change_does_not_wipe_a_doubt(desk: Desk, mina: Desk, verdict: What | None) -> None:
    story = adds(desk)
    desk.closes(desk.identifies(desk.opens("Mary Somerville"), None), Outcome.LEFT)
    if verdict:
        judges(mina, stands(desk, story), verdict, "Why?")
    desk.does(stories.change, "T1", desk.rep, story.id, replace(MARY, now="Glad."), desk.now)
    assert mina.does(verifiers.queue, "T1", mina.rep, 5).since == {story.id: {Status.DOUBTED}}

    judges(mina, stands(desk, story))
    desk.does(stories.change, "T1", desk.rep, story.id, MARY, desk.now)
    assert mina.does(verifiers.queue, "T1", mina.rep, 5).since == {story.id: set()}


def test_of_whom_a_case_has_no_name_the_story_is_found_by_the_case(desk: Desk, mina: Desk) -> None:
    card = desk.closes(desk.opens(None), Outcome.SAVED)
    card = desk.works(stories.keep_case, desk.on(card), MARY, desk.now)
    (story,) = desk.rows(Story)
    judges(mina, story)
    judges(mina, adds(desk, now="Glad."))
    card = desk.closes(desk.undoes(card), Outcome.LEFT)

    assert card.case.customer_id is None
    assert stands(desk, story).status == Status.DOUBTED
    assert len(told(desk)) == 1


def test_a_story_of_somebody_else_after_all_is_not_its_old_customers(desk: Desk, mina: Desk) -> None:
    card = desk.closes(desk.opens("Mary Somerville"), Outcome.SAVED)
    desk.works(stories.keep_case, desk.on(card), MARY, desk.now)
    (story,) = desk.rows(Story)
    assert story.customer_id == card.case.customer_id
    desk.does(stories.change, "T1", desk.rep, story.id, replace(MARY, whose="mary  SOMERVILLE"), desk.now)
    assert stands(desk, story).customer_id == card.case.customer_id

    desk.does(stories.change, "T1", desk.rep, story.id, replace(MARY, whose="Ada Lovelace"), desk.now)
    assert stands(desk, story).customer_id is None


def test_somebody_else_verifies_it_where_there_is_anybody(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    assert desk.does(verifiers.somebody_for, story)

    changed = mina.does(stories.change, "T1", mina.rep, story.id, MARY, mina.now)
    assert not mina.does(verifiers.somebody_for, changed)
    assert not mina.does(verifiers.somebody_for, adds(mina))


def test_what_was_decided_is_for_its_author_and_for_whoever_verifies(desk: Desk, colleague: Desk, mina: Desk) -> None:
    story = adds(desk)
    with pytest.raises(Declined) as declined:
        colleague.does(stories.decisions, "T1", colleague.rep, story.id, 5)
    assert declined.value.reason is Reason.NOT_A_VERIFIER

    colleague.does(members.meet, "T1", colleague.rep)
    mina.does(teams.change, "T1", mina.rep, TeamFacts(verifier_id=colleague.rep), mina.now)
    for reader in (desk, colleague, mina):
        assert [each.what for each in reader.does(stories.decisions, "T1", reader.rep, story.id, 5)[1]] == [What.ADDED]


@pytest.mark.parametrize("linked", [True, False])
def test_of_somebody_who_is_no_longer_with_us_nothing_is_told_until_it_was_looked_at(
    desk: Desk, mina: Desk, *, linked: bool
) -> None:
    card = desk.identifies(desk.opens("mary  SOMERVILLE"), None)
    card = desk.closes(card, Outcome.SAVED)
    if linked:
        desk.works(stories.keep_case, desk.on(card), MARY, desk.now)
    else:
        adds(desk)
    (kept,) = desk.rows(Story)
    judges(mina, kept)
    customer = desk.rows(Customer)[-1]
    desk.does(stories.doubt, "T1", customer, None, desk.rep, desk.now)

    assert told(desk) == []
    waiting = mina.does(verifiers.queue, "T1", mina.rep, 5)
    assert waiting
    assert [each.status for each in waiting.stories] == [Status.DOUBTED]
    judges(mina, stands(desk, kept))
    assert told(desk) == [kept.id]


def test_one_that_still_waits_says_that_its_customer_has_left(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    card = desk.identifies(desk.opens("Mary Somerville"), None)
    desk.closes(card, Outcome.LEFT)

    assert stands(desk, story).status == Status.DOUBTED
    assert [each.id for each in mina.does(verifiers.queue, "T1", mina.rep, 5).stories] == [story.id]


def test_whoever_leaves_is_in_no_story_any_more(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    desk.closes(desk.opens("Mary Somerville"), Outcome.SAVED)
    card = desk.identifies(desk.opens("Mary Somerville"), None)
    desk.closes(card, Outcome.LEFT)

    assert (told(desk), stands(desk, story).status) == ([], Status.DOUBTED)


def test_every_decision_is_kept_with_who_when_and_the_words_of_then(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina.later(hours=1), story, What.ASKED, "Which letter?")
    desk.later(hours=2).does(stories.change, "T1", desk.rep, story.id, replace(MARY, now="Paid."), desk.now)

    kept = desk.rows(StoryDecision)
    assert [(each.what, each.by, each.why, each.told["now"]) for each in kept] == [
        (What.ADDED, desk.rep, None, MARY.now),
        (What.ASKED, mina.rep, "Which letter?", MARY.now),
        (What.EDITED, desk.rep, None, "Paid."),
    ]
    assert [each.at for each in kept] == sorted({each.at for each in kept})


def test_a_verifier_hears_of_the_queue_once_a_day(desk: Desk, mina: Desk) -> None:
    adds(desk)
    adds(desk.later(hours=1))
    assert list(desk.outbox(verifiers.KIND)) == ["story_queue:U9:2026-11-25"]

    adds(desk.later(days=1))
    assert len(desk.outbox(verifiers.KIND)) == 2


def test_the_queue_is_without_ones_own_and_is_for_verifiers_alone(desk: Desk, colleague: Desk, mina: Desk) -> None:
    own, other = adds(mina), adds(desk)

    waiting = mina.does(verifiers.queue, "T1", mina.rep, 5)
    assert waiting
    assert ([each.id for each in waiting.stories], waiting.count) == ([other.id], 1)
    assert own.id != other.id
    assert colleague.does(verifiers.queue, "T1", colleague.rep, 5).count == 0


@pytest.mark.parametrize(
    ("given", "field", "fault"),
    [
        ({"whose": ""}, "whose", "story_missing"),
        ({"source": "gossip"}, "source", "story_source"),
        ({"consent": "maybe"}, "consent", "story_consent"),
        ({"agreed_how": None}, "agreed_how", "story_agreed_how"),
        ({"worry": ""}, "worry", "story_worry"),
        ({"turned": ""}, "turned", "story_missing"),
        ({"now": "word " * 36}, "now", "story_line"),
        ({"before": "Mary was afraid."}, "before", "story_named"),
        ({"product": "The Somerville plan"}, "product", "story_named"),
        ({"customer_kind": "Like Mary"}, "customer_kind", "story_named"),
        ({"turned": "Paid with 4111 1111 1111 1111."}, "turned", "story_card_number"),
    ],
)
def test_what_is_wrong_with_a_story_is_told_by_its_field(given: dict[str, str], field: str, fault: str) -> None:
    found = ledger.faults(replace(MARY, **given))

    assert {name: each.name for name, each in found.items()} == {field: fault}


def test_a_name_stands_in_the_lines_only_where_they_agreed_to_it(desk: Desk, mina: Desk) -> None:
    assert ledger.faults(replace(MARY, before="Mary was afraid.", consent=Consent.NAMED)) == {}
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
        colleague.works(stories.keep_case, colleague.on(card), MARY, desk.now)
    assert declined.value.reason is Reason.NOT_YOURS

    kept = desk.works(stories.keep_case, desk.on(card), MARY, desk.now)
    assert (kept.notice, kept.case.gave_story, desk.rows(Story)[0].case_id) == (Notice.STORY_ALONE, True, card.case.id)
    again = desk.works(stories.keep_case, desk.on(kept), MARY, desk.now)
    assert (again.notice, len(desk.rows(Story))) == (Notice.STALE, 1)


def test_only_somebody_who_is_staying_becomes_a_story(desk: Desk) -> None:
    card = desk.closes(desk.opens("Mary Somerville"), Outcome.LEFT)
    assert desk.works(stories.keep_case, desk.on(card), MARY, desk.now).notice is Notice.STALE
    assert desk.rows(Story) == []


def test_other_workspaces_have_their_own(desk: Desk, elsewhere: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)

    assert told(elsewhere) == []
    with pytest.raises(Declined) as declined:
        elsewhere.does(stories.withdraw, "T2", "U1", story.id, None, desk.now)
    assert declined.value.reason is Reason.GONE
