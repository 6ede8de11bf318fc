"""What reps may offer: limits, how often, and what is the same whoever asks."""

from dataclasses import replace

import pytest

from bot.coaching import policies, remedies
from bot.coaching.cases import Card, Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.money import Money
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Limit, Policy, Terms
from bot.coaching.remedies import Agreement
from bot.storage.models import Remedy, Team
from tests.coaching.desk import Desk

DOLLARS = Money(100_00, "USD")
LIMITED = Policy(most=Terms(20, 3, DOLLARS))
ONCE_A_YEAR = Policy(times=1, within_months=12)


def sets(mina: Desk, policy: Policy, follow: Follow = Follow.DISCOUNT) -> None:
    mina.does(policies.change, mina.team, mina.rep, follow, policy, mina.now)


def at_the_remedies(desk: Desk, name: str | None = "Ada Lovelace") -> Card:
    return desk.presses(desk.begins("order", name), Move.NEXT, Move.CHANGED)


def agrees(desk: Desk, card: Card, percent: int | None = None, months: int | None = None, minor: int = 50_00) -> Card:
    agreement = Agreement("discount", "Less", percent, months, Money(minor, "USD"))
    return desk.works(remedies.agree, desk.on(card), agreement, desk.now)


@pytest.mark.parametrize(
    ("terms", "above"),
    [
        (Terms(20, 3, DOLLARS), []),
        (Terms(21, 3, DOLLARS), [Limit.PERCENT]),
        (Terms(20, 4, Money(100_01, "USD")), [Limit.MONTHS, Limit.WORTH]),
        (Terms(20, 3, Money(1, "EUR")), [Limit.WORTH]),
    ],
)
def test_what_lies_above_is_told_by_name_and_money_of_another_currency_cannot_be_compared(
    terms: Terms, above: list[Limit]
) -> None:
    assert LIMITED.above(terms) == above


def test_where_nothing_is_set_nothing_is_limited() -> None:
    assert policies.of(None, Follow.DISCOUNT) == policies.of(Team(team_id="T1"), Follow.DISCOUNT) == Policy()
    assert Policy().above(Terms(100, 60, DOLLARS)) == []
    assert not Policy().lacks(Terms())


def test_what_was_set_comes_back_as_it_was_with_who_set_it(desk: Desk, mina: Desk) -> None:
    policy = Policy(False, Terms(20, 3, DOLLARS), 2, 12, "U2")
    sets(mina, policy)
    sets(mina, Policy(), Follow.FIX)

    (team,) = desk.rows(Team)
    assert policies.of(team, Follow.DISCOUNT) == policy
    assert dict(policies.of_team(team)) == {Follow.DISCOUNT: policy, Follow.FIX: Policy()}
    assert team.policies["discount"]["changed_by"] == "U9"


def test_nobody_but_a_manager_sets_limits(desk: Desk, mina: Desk) -> None:
    with pytest.raises(Declined) as declined:
        desk.does(policies.change, desk.team, desk.rep, Follow.DISCOUNT, LIMITED, desk.now)

    assert declined.value.reason is Reason.NOT_A_MANAGER
    assert desk.rows(Team) == []


def test_another_workspace_has_limits_of_its_own(desk: Desk, elsewhere: Desk, mina: Desk) -> None:
    sets(mina, Policy(offered=False))

    there = at_the_remedies(elsewhere)
    assert "discount" in [step.key for step in there.open_remedies]
    assert "discount" not in [step.key for step in at_the_remedies(desk).open_remedies]


def test_what_is_not_offered_cannot_be_agreed_on_however_it_is_asked_for(desk: Desk, mina: Desk) -> None:
    sets(mina, Policy(offered=False))
    card = at_the_remedies(desk)

    assert desk.works(remedies.turn_to, desk.on(card), "discount", desk.now).notice is Notice.NOT_OFFERED
    assert agrees(desk, card).notice is Notice.NOT_OFFERED
    assert desk.rows(Remedy) == []


def test_a_limited_remedy_without_its_figures_is_not_kept(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = at_the_remedies(desk)
    with pytest.raises(Declined) as declined:
        agrees(desk, card)

    assert declined.value.reason is Reason.LIMIT_IS_NEW
    assert desk.rows(Remedy) == []


def test_within_the_limits_it_is_kept_with_its_figures(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    agrees(desk, at_the_remedies(desk), 20, 3, 100_00)

    (remedy,) = desk.rows(Remedy)
    assert policies.terms_of(remedy) == Terms(20, 3, DOLLARS)


def test_one_of_a_kind_within_its_period_also_from_a_forged_form(desk: Desk, colleague: Desk, mina: Desk) -> None:
    sets(mina, ONCE_A_YEAR)
    desk.closes(agrees(desk, at_the_remedies(desk)), Outcome.SAVED)

    colleague.now = desk.later(days=364).now
    card = at_the_remedies(colleague)
    assert agrees(colleague, card).notice is Notice.HAD
    shown = colleague.works(remedies.turn_to, colleague.on(card), "discount", colleague.now)
    assert shown.had
    assert str(shown.had.next_on) == "2027-11-24"
    colleague.later(days=1)
    assert agrees(colleague, shown).notice is Notice.KEPT


def test_so_many_times_within_the_period_counts_from_the_first_of_them(desk: Desk, mina: Desk) -> None:
    sets(mina, replace(ONCE_A_YEAR, times=2))
    for days in (0, 100):
        desk.later(days=days)
        desk.closes(agrees(desk, at_the_remedies(desk)), Outcome.SAVED)
    desk.later(days=100)
    assert agrees(desk, at_the_remedies(desk)).notice is Notice.HAD

    desk.later(days=165)
    assert agrees(desk, at_the_remedies(desk)).notice is Notice.KEPT


def test_twice_in_one_case_is_twice_even_while_nobody_knows_whose_it_is(desk: Desk, mina: Desk) -> None:
    sets(mina, ONCE_A_YEAR)
    card = desk.presses(agrees(desk, at_the_remedies(desk, None)), Move.BACK)

    assert agrees(desk, card).notice is Notice.HAD


def test_another_kind_and_another_customer_are_apart(desk: Desk, mina: Desk) -> None:
    sets(mina, ONCE_A_YEAR)
    card = desk.presses(agrees(desk, at_the_remedies(desk)), Move.BACK)
    billing = Agreement("billing", "Two payments", worth=DOLLARS)

    assert desk.works(remedies.agree, desk.on(card), billing, desk.now).notice is Notice.KEPT
    assert agrees(desk, at_the_remedies(desk, "Grace Hopper")).notice is Notice.KEPT


@pytest.mark.parametrize("outcome", [Outcome.LEFT, Outcome.MISTAKE])
def test_what_came_to_nothing_was_never_had(desk: Desk, mina: Desk, outcome: Outcome) -> None:
    sets(mina, ONCE_A_YEAR)
    desk.closes(agrees(desk, at_the_remedies(desk)), outcome)

    assert agrees(desk, at_the_remedies(desk)).notice is Notice.KEPT
