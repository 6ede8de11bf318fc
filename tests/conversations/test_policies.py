"""What reps may offer: set by managers, said on the form before anybody types, and kept to (the method, part F)."""

from sqlmodel import Session, select

from bot.coaching import library, policies
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Policy
from bot.playground.workspace import TEAM
from bot.storage.models import Remedy
from tests.conversations.office import Office, Rep
from tests.conversations.test_remedies import at_the_remedies
from tests.conversations.test_the_library import lend

MENU = "What reps may offer…"
LESS, MONTHS, WORTH = "How much less, in percent", "For how many months", "What it is worth"
TERMS = "What you agreed on"


async def sets(manager: Rep, kind: str, **fields: object) -> None:
    """Set what reps may offer of a kind; the fields by their labels, with underscores for spaces."""
    await manager.opens_home()
    await manager.picks(MENU, kind)
    for label, value in fields.items():
        manager.types(label.replace("_", " "), value)
    assert await manager.sends() == {}


async def sets_a_discount(manager: Rep) -> None:
    await sets(manager, "A lower price", Most_percent=20, Most_months=3, Most_value="$100")


async def as_set(office: Office, follow: Follow) -> Policy:
    return policies.of(await office.bot.database.read(library.team_of, TEAM), follow)


def offers(rep: Rep, percent: int, months: int, worth: str) -> Rep:
    """What stands in the form of a discount."""
    rep.types(TERMS, f"{percent} off").types(WORTH, worth)
    return rep.types(LESS, percent).types(MONTHS, months)


async def comes_to_the_discount(rep: Rep, name: str = "Ada Lovelace") -> Rep:
    await at_the_remedies(rep, name)
    return await rep.presses("A smaller bill")


async def gives_a_discount(rep: Rep, name: str = "Ada Lovelace") -> None:
    await comes_to_the_discount(rep, name)
    await rep.presses("They’d like that…")
    rep.types(TERMS, "10 off").types(WORTH, "50")
    assert await rep.sends() == {}


async def test_a_manager_sets_what_reps_may_offer_and_the_home_says_it(office: Office, manager: Rep) -> None:
    await sets(
        manager,
        "A lower price",
        Most_percent=20,
        Most_months=3,
        Most_value="$100",
        How_often_a_customer_may_have_it=1,
        Within_how_many_months=12,
    )

    limits = "up to 20 percent, for up to 3 months, worth up to $100.00, once in 12 months"
    manager.sees(f"*What reps may offer*: A lower price: {limits}")
    await manager.picks(MENU, "A lower price")
    assert [manager.screen.held(field) for field in ("Most percent", "Most months", "Most value")] == [
        "20",
        "3",
        "$100.00",
    ]


async def test_limits_that_make_no_sense_are_told_beside_their_fields_and_nothing_is_kept(
    office: Office, manager: Rep
) -> None:
    await manager.picks(MENU, "A lower price")
    manager.types("Most percent", 150).types("Most months", 0).types("Most value", "a lot")
    manager.types("How often a customer may have it", 1)
    assert await manager.sends() == {
        "Most percent": "Please write a number from 1 to 100, or nothing where there is no limit.",
        "Most months": "Please write a number of months from 1 to 60, or nothing where there is no limit.",
        "Most value": "An amount reads like $1,200.00.",
        "Within how many months": "Please write a number of months from 1 to 60.",
    }
    manager.types("Most percent", -5)
    assert list(await manager.sends()) == ["Most percent"]

    assert await as_set(office, Follow.DISCOUNT) == Policy()


async def test_an_app_approves_nothing(manager: Rep) -> None:
    await manager.picks(MENU, "A lower price")
    manager.types("Who approves what lies above", "U0NOBODY")

    assert await manager.sends() == {
        "Who approves what lies above": "That is no colleague who could do it. Please choose another."
    }


async def test_a_rep_sets_no_limits(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.opens_home()
    lend(manager, rosa)
    await rosa.picks(MENU, "A lower price")

    rosa.sees("That is for this team’s managers")
    assert await as_set(office, Follow.DISCOUNT) == Policy()


async def test_what_is_within_the_limits_is_said_before_they_type_and_kept_at_once(rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await comes_to_the_discount(rosa)
    rosa.sees("Yours to offer: up to 20 percent, for up to 3 months, worth up to $100.00.")
    await rosa.presses("They’d like that…")
    rosa.sees("Yours to offer: up to 20 percent", "send it all the same: a manager is asked")
    await offers(rosa, 20, 3, "100").sends()

    rosa.sees("Kept.", "✓ Agreed: A smaller bill, 20 percent, for 3 months, $100.00: 20 off")


async def test_the_form_asks_only_for_what_is_limited(rosa: Rep, manager: Rep) -> None:
    await sets(manager, "A lower price", Most_percent=20)
    await sets(manager, "Something put right", Most_value="$100")
    await comes_to_the_discount(rosa)
    await rosa.presses("They’d like that…")
    rosa.sees(LESS, WORTH).does_not_see(MONTHS)
    await rosa.closes()
    await rosa.presses("Back one step")
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.sees(WORTH).does_not_see(LESS, MONTHS)


async def test_an_amount_in_another_currency_than_the_limit_is_asked_for_again(rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await comes_to_the_discount(rosa)
    await rosa.presses("They’d like that…")

    assert await offers(rosa, 10, 1, "€90").sends() == {
        WORTH: "Your limit is in another currency. Please write it like $90.00."
    }


async def test_what_is_not_offered_is_not_on_the_card(rosa: Rep, manager: Rep) -> None:
    await at_the_remedies(rosa)
    assert "A smaller bill" in rosa.screen.controls
    await sets(manager, "A lower price", What_reps_may_do=[])
    manager.sees("A lower price: not offered")
    await at_the_remedies(rosa)

    assert "A smaller bill" not in rosa.screen.controls
    rosa.does_not_see("A smaller bill").sees("Sort the problem out")


async def test_what_was_switched_off_meanwhile_is_not_chosen_from_an_older_card(rosa: Rep, manager: Rep) -> None:
    await at_the_remedies(rosa)
    await sets(manager, "A lower price", What_reps_may_do=[])
    await rosa.presses("A smaller bill")

    rosa.sees("Your team does not offer that any more.").does_not_see("*Say*\n> What amount")


async def test_what_was_switched_off_while_the_form_was_open_is_not_kept(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await comes_to_the_discount(rosa)
    await rosa.presses("They’d like that…")
    await sets(manager, "A lower price", What_reps_may_do=[])
    rosa.types(TERMS, "10 off").types(WORTH, "50")
    await rosa.sends()

    rosa.sees("Your team does not offer that any more.").does_not_see("✓ Agreed")
    assert "They’d like that…" not in rosa.screen.controls


async def test_a_limit_set_while_the_form_was_open_has_to_be_answered(rosa: Rep, manager: Rep) -> None:
    await comes_to_the_discount(rosa)
    await rosa.presses("They’d like that…")
    await sets_a_discount(manager)
    rosa.types(TERMS, "Half price for ever").types(WORTH, "50")

    errors = await rosa.sends()

    again = "A limit was set for this meanwhile. Please close this and press They’d like that… again."
    assert errors[TERMS].startswith(again)


async def test_one_of_a_kind_a_customer_within_its_period_and_the_card_says_so_first(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets(manager, "A lower price", How_often_a_customer_may_have_it=1, Within_how_many_months=12)
    await gives_a_discount(rosa)
    await rosa.presses("They’re staying")

    await office.later(days=100)
    await comes_to_the_discount(sam)
    sam.sees("They had “A smaller bill” on Nov 24, 2026: worth $50.00. From Nov 24, 2027 on the next is possible.")
    assert "They’d like that…" not in sam.screen.controls

    await office.later(days=265)
    await comes_to_the_discount(sam)
    sam.does_not_see("They had “A smaller bill”")
    assert "They’d like that…" in sam.screen.controls


async def test_somebody_else_is_given_one_meanwhile_and_the_form_says_so(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets(manager, "A lower price", How_often_a_customer_may_have_it=1, Within_how_many_months=12)
    await comes_to_the_discount(rosa)
    await rosa.presses("They’d like that…")
    await gives_a_discount(sam)
    rosa.types(TERMS, "10 off").types(WORTH, "50")

    assert await rosa.sends() == {TERMS: "They had it on Nov 24, 2026. The next is possible from Nov 24, 2027."}

    def agreed(session: Session) -> int:
        return len(session.exec(select(Remedy)).all())

    assert await office.bot.database.read(agreed) == 1


async def test_what_was_taken_back_or_agreed_on_with_somebody_who_left_was_never_had(rosa: Rep, manager: Rep) -> None:
    await sets(manager, "A lower price", How_often_a_customer_may_have_it=1, Within_how_many_months=12)
    await gives_a_discount(rosa)
    await rosa.presses("Take back")
    await gives_a_discount(rosa)
    await rosa.presses("They’re leaving")

    await comes_to_the_discount(rosa)
    assert "They’d like that…" in rosa.screen.controls
