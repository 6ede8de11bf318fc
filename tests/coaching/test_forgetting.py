"""What is about a customer, and what is not."""

from dataclasses import replace

import pytest

from bot.coaching import figures, forgetting, missions, reconnecting, stories
from bot.coaching.calendar import zone
from bot.coaching.cases import Card
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.periods import week_of
from bot.storage.models import (
    Case,
    Customer,
    Erasure,
    Member,
    Mission,
    OutboxRow,
    SharedFile,
    Sight,
    Story,
    StoryDecision,
    Task,
)
from tests.coaching.desk import Desk
from tests.true_stories import MARY

MANAGER = "U9"


@pytest.fixture
def managed(desk: Desk) -> Desk:
    desk.does(lambda session: session.add(Member(team_id=desk.team, user_id=MANAGER, manages_since=desk.now)))
    return desk


def forgets(desk: Desk, card: Card) -> Erasure:
    return desk.works(forgetting.forget, desk.team, MANAGER, card.customer.id if card.customer else 0, desk.now)


def test_what_will_go_is_counted_first(managed: Desk) -> None:
    card = managed.presses(managed.opens("Ada Lovelace"), Move.NEXT, mission="Quiet Sundays")
    managed.closes(card, Outcome.SAVED)
    managed.opens("Grace Hopper")
    asked = managed.does(forgetting.ask, managed.team, MANAGER, card.customer.id if card.customer else 0)

    assert asked.theirs.counts == {
        "cases": 1,
        "missions": 1,
        "sales": 0,
        "tasks": 1,
        "remedies": 0,
        "approvals": 0,
        "posts": 0,
        "stories": 0,
    }
    assert forgets(managed, card).rows == {"customers": 1, **asked.theirs.counts}


def test_the_figures_stay_what_they_were(managed: Desk) -> None:
    card = managed.closes(managed.opens("Ada Lovelace"), Outcome.SAVED)
    managed.describes(card, reason="cost", product="Corner sofa")
    week = week_of(managed.now.date(), zone(None))
    before = managed.does(figures.figures, managed.team, week)
    forgets(managed, card)

    assert managed.does(figures.figures, managed.team, week) == before


def test_an_open_case_ends_and_counts_nowhere(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    forgets(managed, card)

    (case,) = managed.rows(Case)
    assert (case.outcome, case.closed_at) == (Outcome.FORGOTTEN, managed.now)
    counted = managed.does(figures.figures, managed.team, week_of(managed.now.date(), zone(None)))
    assert (counted.now.ended, counted.pending.open) == (0, 0)


def test_nothing_is_done_with_a_case_any_more(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    forgets(managed, card)

    with pytest.raises(Declined) as declined:
        managed.presses(card, Move.NEXT, why="Her brother laughed")
    assert declined.value.reason is Reason.FORGOTTEN
    assert managed.rows(Case)[0].words == {}


def test_what_a_rep_would_be_reminded_of_is_dropped(managed: Desk) -> None:
    card = managed.closes(managed.opens("Ada Lovelace"), Outcome.LEFT)
    managed.does(reconnecting.book, managed.team, managed.rep, "Ada Lovelace", managed.now, managed.now, exact=False)
    forgets(managed, card)

    (task,) = managed.rows(Task)
    assert (task.case_id, task.facts, task.dropped_at) == (card.case.id, {}, managed.now)


def test_others_keep_everything(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    other = managed.presses(managed.opens("Grace Hopper"), Move.NEXT, mission="To sail")
    forgets(managed, card)

    assert [each.name for each in managed.rows(Customer)] == ["Grace Hopper"]
    assert [each.words for each in managed.rows(Mission)] == ["To sail"]
    assert managed.shows(other).name == "Grace Hopper"
    assert missions.FIELD in managed.rows(Case)[1].words


def test_their_story_goes_with_all_that_was_decided_of_it(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    managed.does(stories.add, managed.team, "U3", replace(MARY, whose="ada  LOVELACE"), managed.now)
    managed.does(stories.add, managed.team, "U3", MARY, managed.now)
    forgets(managed, card)

    assert [each.whose for each in managed.rows(Story)] == [MARY.whose]
    assert [each.story_id for each in managed.rows(StoryDecision)] == [each.id for each in managed.rows(Story)]


def test_a_product_that_says_who_they_are_goes_too(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    managed.describes(card, product="Lovelace’s own sofa", customer_kind="A family")
    forgets(managed, card)

    assert (managed.rows(Case)[0].product, managed.rows(Case)[0].customer_kind) == (None, "A family")


def test_another_workspace_is_out_of_reach(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    managed.does(lambda session: session.add(Member(team_id="T2", user_id=MANAGER, manages_since=managed.now)))

    with pytest.raises(Declined) as declined:
        managed.works(forgetting.forget, "T2", MANAGER, card.customer.id if card.customer else 0, managed.now)
    assert declined.value.reason is Reason.FORGOTTEN
    assert [each.name for each in managed.rows(Customer)] == ["Ada Lovelace"]


def test_files_in_which_they_are_or_may_be_are_removed_and_no_others(managed: Desk) -> None:
    ada, grace = managed.opens("Ada Lovelace"), managed.opens("Grace Hopper")
    numbers = [each.customer.id if each.customer else 0 for each in (ada, grace)]
    whose = (managed.team, managed.rep)
    for name, customers in (("F1", numbers[:1]), ("F2", numbers[1:]), ("F3", None)):
        managed.does(forgetting.keep_files, whose, [name], customers, managed.now, managed.now)
    forgets(managed, ada)

    assert {*managed.outbox(forgetting.FILE)} == {"file:F1", "file:F3"}
    assert [each.file_id for each in managed.rows(SharedFile)] == ["F2"]


def test_a_file_that_was_made_meanwhile_is_removed_once_it_has_arrived(managed: Desk) -> None:
    ada = managed.opens("Ada Lovelace")
    number = ada.customer.id if ada.customer else 0
    began = managed.now
    managed.later(seconds=5)
    forgets(managed, ada)
    managed.later(seconds=5)
    for name, customers in (("F1", [number]), ("F2", None)):
        managed.does(forgetting.keep_files, (managed.team, managed.rep), [name], customers, began, managed.now)

    assert {*managed.outbox(forgetting.FILE)} == {"file:F1", "file:F2"}


def test_the_rows_that_sent_something_are_the_ones_that_empty_it(managed: Desk) -> None:
    card = managed.opens("Ada Lovelace")
    forgets(managed, card)

    about = {row.key: (row.kind, row.subject_id) for row in managed.rows(OutboxRow) if row.key.startswith("card:")}
    assert about == {f"card:{card.case.id}:{managed.rep}": (forgetting.MESSAGE, None)}


def test_two_are_forgotten_within_a_second_while_their_cards_stand_open(managed: Desk) -> None:
    cards = [managed.opens(name) for name in ("Ada Lovelace", "Grace Hopper")]
    for card in cards:
        whose = (managed.team, managed.rep, card.case.id, managed.now)
        managed.does(managed.coach.show, *whose, response_url=f"https://{card.name}", message_ts="1.0")
    for card in cards:
        forgets(managed, card)

    assert {each.response_url for each in managed.rows(Sight)} == {"https://Ada Lovelace", "https://Grace Hopper"}
