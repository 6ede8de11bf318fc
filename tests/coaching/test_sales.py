"""A yes is kept with the customer's own words, and what makes it hold is booked."""

from datetime import datetime
from typing import Any

import pytest

from bot.coaching import customers, library, members, reminders, roles, sales
from bot.coaching.errors import Declined, Reason
from bot.coaching.library import Problem, ProductFacts
from bot.coaching.members import Profile
from bot.coaching.money import Money
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.coaching.sales import Solidified, Sureness, Yes
from bot.storage.models import Customer, Member, Mission, Sale
from tests.coaching.desk import NOW, Desk

CARD_NUMBER = "4111 1111 1111 1111"
SOFA = ProductFacts(
    "Corner sofa", [Problem(14, "Too firm", "It softens in a month"), Problem(4, "Loose threads", "We mend them")]
)


def solidifies(desk: Desk, name: str = "Ada", sureness: Sureness = Sureness.SURE, **said: Any) -> Solidified:
    return desk.does(sales.solidify, desk.team, desk.rep, Yes(name, sureness, **said), desk.now)


def sells(desk: Desk, facts: ProductFacts) -> None:
    desk.does(members.learn, desk.team, desk.rep, Profile("America/New_York", is_admin=True), desk.now)
    desk.does(roles.accept, desk.team, desk.rep, desk.now)
    desk.does(library.add_product, desk.team, desk.rep, facts, desk.now)


def booked(kept: Solidified) -> list[tuple[str, datetime]]:
    return [(task.kind, task.due_at) for task in kept.tasks]


def ten_in_new_york(day: int, month: int = 12) -> datetime:
    return NOW.replace(month=month, day=day)


def test_everything_that_was_said_is_kept(desk: Desk) -> None:
    solidifies(
        desk,
        sureness=Sureness.FLAT,
        checked=["payment", "next"],
        decided="Quiet Sundays",
        before="Noise, and a broken spring",
        product="Corner sofa",
        value=Money(120_000, "USD"),
    )

    [sale], [mission], [customer] = desk.rows(Sale), desk.rows(Mission), desk.rows(Customer)
    assert (sale.customer_id, sale.rep_id, sale.sold_at) == (customer.id, "U1", NOW)
    assert (sale.checked, sale.before, sale.product) == (
        ["payment", "next"],
        "Noise, and a broken spring",
        "Corner sofa",
    )
    assert (sale.value_minor, sale.currency, sale.sureness) == (120_000, "USD", "flat")
    assert (mission.customer_id, mission.case_id, mission.words) == (customer.id, None, "Quiet Sundays")
    assert (mission.heard_by, mission.heard_at) == ("U1", NOW)


def test_with_no_words_there_is_no_mission(desk: Desk) -> None:
    assert solidifies(desk).mission is None
    assert desk.rows(Mission) == []


def test_a_sure_yes_books_a_check_in_and_no_call(desk: Desk) -> None:
    kept = solidifies(desk.lives_in("America/New_York"))

    assert booked(kept) == [(TaskKind.AFTER_SALE, ten_in_new_york(1))]
    assert kept.call is None


@pytest.mark.parametrize("sureness", [Sureness.FLAT, Sureness.UNSURE])
def test_a_weak_yes_books_a_call_inside_the_days_of_remorse_as_well(desk: Desk, sureness: Sureness) -> None:
    kept = solidifies(desk.lives_in("America/New_York"), sureness=sureness)

    assert booked(kept) == [
        (TaskKind.UNSURE_CALL, ten_in_new_york(26, month=11)),
        (TaskKind.AFTER_SALE, ten_in_new_york(1)),
    ]
    assert kept.call is kept.tasks[0]


def test_each_likely_problem_of_the_product_becomes_a_light_touch_on_a_working_day(desk: Desk) -> None:
    sells(desk, SOFA)
    kept = solidifies(desk, product=" corner  SOFA")

    # Four days on is a Saturday, so the touch waits for the Monday.
    assert booked(kept) == [
        (TaskKind.PROBLEM, ten_in_new_york(30, month=11)),
        (TaskKind.AFTER_SALE, ten_in_new_york(1)),
        (TaskKind.PROBLEM, ten_in_new_york(8)),
    ]
    assert kept.tasks[0].facts == {"problem": "Loose threads", "answer": "We mend them"}


def test_of_a_product_that_the_library_does_not_know_nothing_is_raised(desk: Desk) -> None:
    sells(desk, SOFA)

    assert [kind for kind, _ in booked(solidifies(desk, product="Armchair"))] == [TaskKind.AFTER_SALE]


def test_what_is_booked_comes_back_when_it_is_due(desk: Desk) -> None:
    kept = solidifies(desk.lives_in("America/New_York"), sureness=Sureness.UNSURE, decided="Quiet Sundays")

    assert [task.remind_at for task in kept.tasks] == [task.due_at for task in kept.tasks]
    assert desk.rings_at == kept.tasks[0].due_at
    assert [task.facts for task in kept.tasks] == [{"mission": "Quiet Sundays"}] * 2


def test_a_customer_we_know_is_found_however_the_name_is_spelled(desk: Desk) -> None:
    card = desk.opens("Ada  Lovelace")
    kept = solidifies(desk, "ada lovelace")

    assert kept.customer.id == card.case.customer_id
    assert (kept.namesakes, len(desk.rows(Customer))) == (1, 1)


@pytest.mark.parametrize("met", ["a case", "a sale"])
def test_of_several_with_one_name_the_one_met_last_is_taken(desk: Desk, met: str) -> None:
    older = desk.does(customers.create, desk.team, "Ada", desk.now)
    newer = desk.later(days=1).does(customers.create, desk.team, "Ada", desk.now)
    assert solidifies(desk).customer.id == newer.id

    desk.later(days=1)
    if met == "a case":
        card = desk.opens("Ada")
        desk.identifies(card, older.id)
    else:
        sold = {"customer_id": older.id, "rep_id": desk.rep, "sureness": "sure", "sold_at": desk.now}
        desk.does(lambda session: session.add(Sale(team_id=desk.team, **sold)))
    kept = solidifies(desk.later(days=1))
    assert (kept.customer.id, kept.namesakes) == (older.id, 2)


def test_whoever_asked_not_to_be_contacted_stays_left_alone(desk: Desk) -> None:
    sells(desk, SOFA)
    ada = desk.does(customers.create, desk.team, "Ada", desk.now)
    ada.left_alone_since = desk.now
    desk.does(lambda session: session.merge(ada))
    kept = solidifies(desk, sureness=Sureness.UNSURE, product="Corner sofa", decided="Quiet Sundays")

    assert kept.customer.left_alone_since
    assert (kept.tasks, desk.outbox(reminders.KIND)) == ([], {})
    assert len(desk.rows(Sale)) == len(desk.rows(Mission)) == 1


def test_nothing_is_raised_once_they_cancel_and_all_of_it_again_once_they_stay(desk: Desk) -> None:
    [task] = solidifies(desk).tasks
    assert desk.is_reminded_of(task)

    card = desk.later(days=1).opens("Ada")
    assert not desk.is_reminded_of(task)
    desk.closes(card, Outcome.SAVED)
    assert desk.is_reminded_of(task)

    desk.later(days=1).closes(desk.opens("Ada"), Outcome.LEFT)
    assert not desk.is_reminded_of(task)


def test_their_words_come_back_when_they_cancel(desk: Desk, colleague: Desk) -> None:
    solidifies(desk, decided="Quiet Sundays")
    card = colleague.later(days=20).presses(colleague.opens("Ada"), Move.NEXT, Move.WORRIED)

    assert card.mission is not None
    assert (card.mission.words, card.mission.heard_by, card.mission.heard_at) == ("Quiet Sundays", "U1", NOW)


@pytest.mark.parametrize("field", ["name", "decided", "before", "product"])
def test_a_card_number_is_kept_nowhere(desk: Desk, field: str) -> None:
    with pytest.raises(Declined) as told:
        solidifies(desk, **{field: f"it is {CARD_NUMBER}"})

    assert told.value.reason is Reason.CARD_NUMBER
    assert [*desk.rows(Sale), *desk.rows(Customer), *desk.rows(Mission)] == []


def test_a_member_not_met_yet_is_looked_up_while_the_form_is_filled_in(desk: Desk) -> None:
    member, shelf = desk.does(sales.prepare, desk.team, desk.rep, "Ada", desk.now)

    assert (member.user_id, shelf.products) == ("U1", [])
    assert desk.outbox(members.LOOK_UP) == {"member:U1": NOW}


def test_a_member_we_know_is_not(desk: Desk) -> None:
    desk.lives_in("Europe/Lisbon").does(sales.prepare, desk.team, desk.rep, None, desk.now)
    solidifies(desk)

    assert desk.outbox(members.LOOK_UP) == {}
    assert [member.timezone for member in desk.rows(Member)] == ["Europe/Lisbon"]


def test_a_workspace_sees_its_own_sales_alone(desk: Desk, elsewhere: Desk) -> None:
    ours = solidifies(desk, decided="Quiet Sundays")
    theirs = solidifies(elsewhere)

    assert ours.customer.id != theirs.customer.id
    assert desk.does(sales.latest, elsewhere.team, ours.customer.id) is None
    card = elsewhere.presses(elsewhere.opens("Ada"), Move.NEXT, Move.WORRIED)
    assert card.mission is None
