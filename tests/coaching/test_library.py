"""The workspace's library: kept by its managers alone, and each workspace's own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from bot.coaching import library, members, roles, teams
from bot.coaching.errors import Declined, Reason
from bot.coaching.home import at_home
from bot.coaching.library import Link, Problem, ProductFacts, Withdrawal
from bot.coaching.members import Profile, Settings
from bot.coaching.playbooks import Kind
from bot.coaching.teams import TeamFacts
from bot.storage.models import Member, Product, Team
from tests.coaching.desk import NOW, Desk

CARD_NUMBER = "4111 1111 1111 1111"
SOFA = ProductFacts(
    "Corner sofa",
    [Problem(14, "Too firm", "It softens in a month"), Problem(30, "Colour", "Show it in daylight")],
    [Link("How to care for it", "https://example.com/care")],
)
RIGHTS = TeamFacts("C1", "C2", 14, ["sale"], "You can change your mind for 14 days.")
TODAY = date(2026, 11, 24)


def runs_the_workspace(desk: Desk) -> Desk:
    desk.does(members.learn, desk.team, desk.rep, Profile(is_admin=True), desk.now)
    return desk


def manages(desk: Desk) -> Desk:
    runs_the_workspace(desk).does(roles.accept, desk.team, desk.rep, desk.now)
    return desk


def adds(desk: Desk, facts: ProductFacts) -> Product:
    return desk.does(library.add_product, desk.team, desk.rep, facts, desk.now)


def changes(desk: Desk, product: Product, facts: ProductFacts) -> Product:
    return desk.does(library.change_product, desk.team, desk.rep, product.id, facts, desk.now)


def sets(desk: Desk, facts: TeamFacts) -> Team:
    return desk.does(teams.change, desk.team, desk.rep, facts, desk.now)


def named(desk: Desk, name: str | None) -> Product | None:
    return desk.does(library.product_named, desk.team, name)


def sold(desk: Desk) -> list[str]:
    return [product.name for product in desk.does(library.products, desk.team)]


def declined(do: Callable[[], object]) -> Reason:
    with pytest.raises(Declined) as told:
        do()
    return told.value.reason


def test_whoever_runs_the_workspace_can_accept_to_manage_the_team(desk: Desk, elsewhere: Desk) -> None:
    runs_the_workspace(elsewhere)
    manages(desk)
    desk.later(days=1).does(roles.accept, desk.team, desk.rep, desk.now)

    here, there = desk.rows(Member)
    assert (here.manages_since, there.manages_since) == (NOW, None)
    assert desk.does(members.require_manager, desk.team, desk.rep).user_id == desk.rep


def test_nobody_else_can(desk: Desk) -> None:
    assert declined(lambda: desk.does(roles.accept, desk.team, desk.rep, NOW)) is Reason.NOT_AN_ADMIN

    desk.does(members.learn, desk.team, desk.rep, Profile("Europe/Paris"), NOW)
    assert declined(lambda: desk.does(roles.accept, desk.team, desk.rep, NOW)) is Reason.NOT_AN_ADMIN
    assert [member.manages_since for member in desk.rows(Member)] == [None]


def test_whoever_runs_it_no_longer_cannot_accept_any_more(desk: Desk) -> None:
    runs_the_workspace(desk).does(members.learn, desk.team, desk.rep, Profile(), NOW)

    assert declined(lambda: desk.does(roles.accept, desk.team, desk.rep, NOW)) is Reason.NOT_AN_ADMIN


def test_only_a_manager_changes_anything(desk: Desk, colleague: Desk) -> None:
    sofa = adds(manages(desk), SOFA)
    runs_the_workspace(colleague)

    assert declined(lambda: adds(colleague, ProductFacts("Lamp"))) is Reason.NOT_A_MANAGER
    assert declined(lambda: changes(colleague, sofa, ProductFacts("Mine"))) is Reason.NOT_A_MANAGER
    assert (
        declined(lambda: colleague.does(library.remove_product, "T1", colleague.rep, sofa.id, NOW))
        is Reason.NOT_A_MANAGER
    )
    assert declined(lambda: sets(colleague, RIGHTS)) is Reason.NOT_A_MANAGER
    assert declined(lambda: sets(replace(desk, rep="nobody we met"), RIGHTS)) is Reason.NOT_A_MANAGER
    (kept,) = desk.rows(Product)
    assert (kept.name, kept.changed_by) == ("Corner sofa", desk.rep)
    assert desk.rows(Team) == []


def test_a_product_keeps_its_problems_and_links(desk: Desk) -> None:
    adds(manages(desk), SOFA)

    sofa = named(desk, "  CORNER   sofa ")
    assert sofa
    assert (library.problems_of(sofa), library.links_of(sofa)) == (SOFA.problems, SOFA.links)
    assert (sofa.changed_by, sofa.changed_at) == ("U1", NOW)


def test_what_is_not_in_the_library_has_no_problems(desk: Desk) -> None:
    assert named(desk, "Corner sofa") is None
    assert named(desk, None) is None
    assert (library.problems_of(None), library.links_of(None)) == ([], [])


def test_a_changed_product_is_found_by_its_new_name(desk: Desk) -> None:
    sofa = adds(manages(desk), SOFA)
    changes(desk.later(days=1), sofa, ProductFacts("Garden bench", links=SOFA.links))

    assert named(desk, "Corner sofa") is None
    bench = named(desk, "garden bench")
    assert bench
    assert (bench.id, bench.problems, bench.changed_at) == (sofa.id, [], NOW + timedelta(days=1))


def test_a_product_can_be_written_anew_under_its_own_name(desk: Desk) -> None:
    sofa = adds(manages(desk), SOFA)
    changes(desk, sofa, ProductFacts("CORNER SOFA"))

    assert sold(desk) == ["CORNER SOFA"]


@pytest.mark.parametrize("name", ["Corner sofa", "corner  SOFA", "Ｃｏｒｎｅｒ sofa"])
def test_two_products_of_one_name_are_one_too_many(desk: Desk, name: str) -> None:
    adds(manages(desk), SOFA)
    lamp = adds(desk, ProductFacts("Lamp"))

    assert declined(lambda: adds(desk, ProductFacts(name))) is Reason.NAME_TAKEN
    assert declined(lambda: changes(desk, lamp, ProductFacts(name))) is Reason.NAME_TAKEN
    assert sold(desk) == ["Corner sofa", "Lamp"]


def test_a_library_that_is_full_takes_no_more_but_may_be_changed(desk: Desk) -> None:
    manages(desk)
    with desk.database.begin() as session:
        session.add_all(
            Product(team_id=desk.team, name=f"{nth}", name_key=f"{nth}", changed_by=desk.rep, changed_at=desk.now)
            for nth in range(library.PRODUCTS_MOST - 1)
        )
    sofa = adds(desk, SOFA)

    assert declined(lambda: adds(desk, ProductFacts("Lamp"))) is Reason.LIBRARY_FULL
    changes(desk, sofa, ProductFacts("Lamp"))
    assert "Lamp" in sold(desk)


def test_products_stand_by_name(desk: Desk) -> None:
    manages(desk)
    for name in ("lamp", "Bench", "Zebra rug", "armchair"):
        adds(desk, ProductFacts(name))

    assert sold(desk) == ["armchair", "Bench", "lamp", "Zebra rug"]


def test_a_product_that_is_removed_is_gone(desk: Desk) -> None:
    sofa = adds(manages(desk), SOFA)
    desk.does(library.remove_product, "T1", "U1", sofa.id, NOW)

    assert sold(desk) == []
    assert declined(lambda: desk.does(library.remove_product, "T1", "U1", sofa.id, NOW)) is Reason.GONE
    assert declined(lambda: changes(desk, sofa, SOFA)) is Reason.GONE
    assert adds(desk, SOFA).name == "Corner sofa", "the name is free again"


def test_workspaces_do_not_see_each_others_library(desk: Desk, elsewhere: Desk) -> None:
    sofa = adds(manages(desk), SOFA)
    sets(desk, RIGHTS)
    manages(elsewhere)

    assert (sold(elsewhere), named(elsewhere, "Corner sofa")) == ([], None)
    assert elsewhere.does(library.team_of, "T2").withdrawal_days is None
    assert declined(lambda: changes(elsewhere, sofa, ProductFacts("Mine"))) is Reason.GONE
    assert declined(lambda: elsewhere.does(library.remove_product, "T2", "U1", sofa.id, NOW)) is Reason.GONE
    adds(elsewhere, ProductFacts("Corner sofa"))
    sets(elsewhere, TeamFacts())
    assert (sold(desk), desk.does(library.team_of, "T1").withdrawal_days) == (["Corner sofa"], 14)


@pytest.mark.parametrize(
    "facts",
    [
        ProductFacts(CARD_NUMBER),
        ProductFacts("Sofa", [Problem(10, CARD_NUMBER, "Help")]),
        ProductFacts("Sofa", [Problem(10, "Problem", CARD_NUMBER)]),
        ProductFacts("Sofa", links=[Link(CARD_NUMBER, "https://example.com")]),
        ProductFacts("Sofa", links=[Link("Pay", f"https://example.com/{CARD_NUMBER.replace(' ', '')}")]),
    ],
)
def test_no_card_number_is_kept_in_the_library(desk: Desk, facts: ProductFacts) -> None:
    manages(desk)

    assert declined(lambda: adds(desk, facts)) is Reason.CARD_NUMBER
    assert desk.rows(Product) == []


def test_no_card_number_is_told_to_customers(desk: Desk) -> None:
    manages(desk)

    for told in (TeamFacts(withdrawal_words=CARD_NUMBER), TeamFacts(customer_kinds=[CARD_NUMBER])):
        assert declined(partial(sets, desk, told)) is Reason.CARD_NUMBER
    assert desk.rows(Team) == []


def test_what_holds_for_the_team_is_set_and_set_anew(desk: Desk) -> None:
    sets(manages(desk), RIGHTS)
    sets(desk, TeamFacts(help_channel="C3", withdrawal_words="Kept for later"))

    team = desk.does(library.team_of, "T1")
    assert (team.heard_channel, team.help_channel) == (None, "C3")
    assert (team.withdrawal_days, team.withdrawal_kinds, team.withdrawal_words) == (None, [], "Kept for later")
    assert len(desk.rows(Team)) == 1


def test_a_team_that_has_set_nothing_leaves_no_row(desk: Desk) -> None:
    assert desk.does(library.team_of, "T1").heard_channel is None
    assert desk.rows(Team) == []


def team(**given: object) -> Team:
    rights = {"withdrawal_days": 14, "withdrawal_kinds": ["sale"], "withdrawal_words": "Fourteen days."}
    return Team(team_id="T1", **(rights | given))


@pytest.mark.parametrize(
    ("bought_on", "left"), [(date(2026, 11, 24), 14), (date(2026, 11, 20), 10), (date(2026, 11, 10), 0)]
)
def test_a_right_to_withdraw_counts_the_days_left(bought_on: date, left: int) -> None:
    last_day = bought_on + timedelta(days=14)

    found = library.withdrawal(team(), Kind.SALE, bought_on, TODAY)
    assert found == Withdrawal("Fourteen days.", last_day, left)


def test_a_right_to_withdraw_ends_after_its_last_day() -> None:
    assert library.withdrawal(team(), Kind.SALE, date(2026, 11, 9), TODAY) is None


def test_without_the_day_of_the_purchase_there_are_words_alone() -> None:
    assert library.withdrawal(team(), Kind.SALE, None, TODAY) == Withdrawal("Fourteen days.", None, None)


@pytest.mark.parametrize(
    "without", [None, team(withdrawal_days=None), team(withdrawal_words=None), team(withdrawal_kinds=["order"])]
)
def test_where_none_is_set_there_is_no_right_to_withdraw(without: Team | None) -> None:
    assert library.withdrawal(without, Kind.SALE, TODAY, TODAY) is None
    assert library.withdrawal(without, Kind.SALE, None, TODAY) is None


def test_a_managers_home_has_the_library_and_nobody_elses(desk: Desk, colleague: Desk) -> None:
    adds(manages(desk), SOFA)
    runs_the_workspace(colleague)

    shown = desk.does(at_home, "T1", "U1", 10, desk.coach.spoken, desk.now).library
    assert shown
    assert ([product.name for product in shown.products], shown.team.team_id) == (["Corner sofa"], "T1")
    assert colleague.does(at_home, "T1", "U2", 10, desk.coach.spoken, desk.now).library is None


def test_what_slack_says_of_a_member_is_fresh_for_a_day(desk: Desk) -> None:
    assert not members.is_known(Member(team_id="T1", user_id="U1"), NOW)
    runs_the_workspace(desk)

    (member,) = desk.rows(Member)
    assert members.is_known(member, NOW + timedelta(hours=23))
    assert not members.is_known(member, NOW + timedelta(days=1))


def test_a_member_sets_what_they_like(desk: Desk, colleague: Desk) -> None:
    desk.does(members.change_settings, "T1", "U1", Settings("order", "https://example.com/rosa"))
    colleague.does(members.change_settings, "T1", "U2", Settings())

    rosa, sam = desk.rows(Member)
    assert (rosa.default_playbook, rosa.booking_link) == ("order", "https://example.com/rosa")
    assert (sam.default_playbook, sam.booking_link) == (None, None)
    desk.does(members.change_settings, "T1", "U1", Settings())
    assert desk.rows(Member)[0].booking_link is None


def test_no_card_number_is_a_booking_link(desk: Desk) -> None:
    link = Settings(booking_link="https://example.com/4111111111111111")

    assert declined(lambda: desk.does(members.change_settings, "T1", "U1", link)) is Reason.CARD_NUMBER
    assert desk.rows(Member) == []
