"""Minutes after a yes (the method, part E): the conversation in one form, and what comes back later."""

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.coaching import customers, library, members, roles
from bot.coaching.library import Problem, ProductFacts
from bot.coaching.members import Profile
from bot.playground.workspace import TEAM
from bot.storage.models import Customer, Sale
from bot.surfaces.words import Words
from tests.conversations.office import Office, Rep, open_office
from tests.conversations.test_trouble import APOLOGY

CARD_NUMBER = "4111 1111 1111 1111"
NOT_KEPT = "That looks like a card number, so it was not kept. Please leave it out and press again."

NAME = "Customer’s name"
CHECKED = "Gone over together"
DECIDED = "What made them decide, in their words"
BEFORE = "What it was like before, in their words"
PRODUCT = "Product or plan"
VALUE = "Value of the sale"
SURENESS = "How sure did they sound?"
CALL_ON = "Call on"


async def hears_a_yes(rep: Rep, sureness: str = "Sure", **typed: str) -> Rep:
    """Ada Lovelace has just said yes, and the rep sends the form with that."""
    await rep.runs("/solidify Ada Lovelace")
    for label, text in ({DECIDED: "Quiet Sundays."} | typed).items():
        rep.types(label, text)
    assert await rep.types(SURENESS, sureness).sends() == {}
    return rep


async def sells_sofas(office: Office) -> None:
    """Mina, who runs the workspace, keeps what may trouble whoever buys a sofa."""
    sofa = ProductFacts("Corner sofa", [Problem(2, "It feels too firm", "It softens within a month")])

    mina, now, write = (TEAM, office.mina.id), office.clock.now(), office.bot.database.write
    await write(members.learn, *mina, Profile(is_admin=True), now)
    await write(roles.accept, *mina, now)
    await write(library.add_product, *mina, sofa, now)


async def kept(office: Office) -> list[Sale]:
    return await office.bot.database.read(lambda session: [*session.exec(select(Sale)).all()])


async def test_the_form_is_the_conversation_in_its_order(rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")

    shown = rosa.screen.text
    order = [
        "Go over the payment and the order",
        CHECKED,
        "Ask what made them decide",
        DECIDED,
        "Ask what it was like before",
        BEFORE,
        PRODUCT,
        VALUE,
        "Judge how sure they sounded",
        SURENESS,
    ]
    assert sorted(order, key=shown.index) == order
    assert (shown.count("*Say*"), shown.count("*Ask*"), shown.count("*Listen for*")) == (3, 3, 4)
    assert "No card number is ever written down" in shown
    assert rosa.screen.held(NAME) == "Ada Lovelace"


async def test_without_a_name_it_opens_all_the_same_and_asks_for_one(rosa: Rep) -> None:
    await rosa.runs("/solidify")
    assert rosa.screen.held(NAME) is None

    errors = await rosa.types(SURENESS, "Sure").sends()
    assert list(errors) == [NAME]
    assert await rosa.types(NAME, "   ").types(SURENESS, "Sure").sends() == {NAME: "Please write the customer’s name."}


async def test_how_sure_they_sounded_has_to_be_said(rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")

    assert list(await rosa.sends()) == [SURENESS]


async def test_the_home_opens_it_too(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("Solidify a sale")

    rosa.sees("Ask what made them decide")
    assert rosa.screen.held(NAME) is None


async def test_help_says_how_it_is_used(rosa: Rep) -> None:
    await rosa.runs("/solidify help")

    rosa.sees("`/solidify Ada Lovelace`", "right after a yes")


async def test_a_team_may_call_the_command_otherwise(database_url: str, words: Words) -> None:
    async with open_office(database_url, words, command_prefix="acme-") as office:
        await office.rosa.runs("/acme-solidify help")
        office.rosa.sees("`/acme-solidify Ada Lovelace`")
        await office.rosa.runs("/acme-solidify Ada Lovelace")
        office.rosa.sees("Ask what made them decide")


async def test_the_lines_are_others_tomorrow_and_the_same_all_day(office: Office, rosa: Rep) -> None:
    async def shown() -> str:
        await rosa.runs("/solidify Ada Lovelace")
        text = rosa.screen.text
        await rosa.closes()
        return text

    today = await shown()
    assert await shown() == today
    await office.later(days=1)
    assert await shown() != today


async def test_whoever_wants_cues_only_gets_cues_only(rosa: Rep) -> None:
    await rosa.runs("/cancel Grace Hopper")
    await rosa.presses("Hide the lines, cues only")
    await rosa.runs("/solidify Ada Lovelace")

    rosa.sees("Listen for", "Ask what made them decide").does_not_see("*Say*", "*Ask*")


async def test_a_sure_yes_is_kept_with_a_check_in(office: Office, rosa: Rep) -> None:
    await hears_a_yes(rosa, **{BEFORE: "Noise.", PRODUCT: "Corner sofa", VALUE: "1.2k"})

    rosa.sees("The sale to *Ada Lovelace* is kept, and so are their words", "Check in after the sale, Tue, Dec 1")
    rosa.does_not_see("Call after a yes that sounded weak", "early warning")
    [sale] = await kept(office)
    assert (sale.before, sale.product, sale.value_minor, sale.currency) == ("Noise.", "Corner sofa", 120_000, "USD")


async def test_what_was_gone_over_is_ticked_and_kept(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    rosa.types(CHECKED, ["Payment details", "What happens next"]).types(SURENESS, "Sure")
    await rosa.sends()

    assert [sale.checked for sale in await kept(office)] == [["payment", "next"]]


async def test_no_words_are_no_fault(rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(SURENESS, "Sure").sends()

    rosa.sees("The sale to *Ada Lovelace* is kept.").does_not_see("their words")


@pytest.mark.parametrize("sureness", ["Flat", "Unsure"])
async def test_a_weak_yes_proposes_a_call_and_closing_leaves_it_booked(
    office: Office, rosa: Rep, sureness: str
) -> None:
    await hears_a_yes(rosa, sureness)
    rosa.sees(
        f"They sounded {sureness.lower()}, which is an early warning.",
        "Call after a yes that sounded weak, Thu, Nov 26",
    )
    assert rosa.screen.held(CALL_ON) == "2026-11-26"

    await rosa.closes()
    await office.later(days=2)
    rosa.goes_to("dm").sees("Call Ada Lovelace: their yes did not sound sure.", "Say", "Their words: “Quiet Sundays.”")


async def test_the_call_can_be_moved_though_not_into_the_past(office: Office, rosa: Rep) -> None:
    await hears_a_yes(rosa, "Unsure")
    past = await rosa.types(CALL_ON, date(2026, 11, 23)).sends()
    assert past == {CALL_ON: "That day has passed. Please choose today or later."}

    assert await rosa.types(CALL_ON, date(2026, 11, 27)).sends() == {}
    rosa.sees("The call to *Ada Lovelace* is booked: Fri, Nov 27")
    await rosa.closes()
    await office.later(days=2)
    assert not any("did not sound sure" in message.text for message in rosa.goes_to("dm").messages)
    await office.later(days=1)
    rosa.sees("Call Ada Lovelace: their yes did not sound sure.")


async def test_days_are_those_of_whoever_asks(office: Office, sam: Rep) -> None:
    """In London it is three in the afternoon, and ten in the morning comes five hours before New York's."""
    await sam.runs("/solidify Ada Lovelace")
    await office.settles()
    await sam.types(VALUE, "80").types(SURENESS, "Unsure").sends()
    await sam.closes()

    assert [(sale.value_minor, sale.currency) for sale in await kept(office)] == [(8_000, "GBP")]
    await office.later(days=1, hours=18, minutes=59)
    assert sam.goes_to("dm").messages == []
    await office.later(minutes=1)
    sam.sees("Call Ada Lovelace")


async def test_a_likely_problem_is_raised_before_the_customer_does(office: Office, rosa: Rep) -> None:
    await sells_sofas(office)
    await hears_a_yes(rosa, **{PRODUCT: "Corner sofa"})
    rosa.sees("Raise a likely problem before they do (It feels too firm), Thu, Nov 26")

    await rosa.closes()
    await office.later(days=2)
    rosa.goes_to("dm").sees("A light touch to Ada Lovelace, before it comes up: It feels too firm", "Say")
    rosa.sees("What helps: It softens within a month")
    assert "Open the card" not in rosa.screen.in_sight
    await rosa.presses("Done")
    rosa.sees("Done: Raise a likely problem before they do, Ada Lovelace.")


async def test_the_check_in_asks_how_they_are_getting_on(office: Office, rosa: Rep) -> None:
    await hears_a_yes(rosa, **{PRODUCT: "Corner sofa"})
    await rosa.closes()
    await office.later(days=7)

    rosa.goes_to("dm").sees("See how Ada Lovelace is getting on (Corner sofa).", "Their words: “Quiet Sundays.”")


async def test_when_they_cancel_their_own_words_come_back(office: Office, rosa: Rep, sam: Rep) -> None:
    await hears_a_yes(rosa)
    await office.later(days=20)
    await sam.runs("/cancel ada lovelace")
    await sam.presses("Next")
    await sam.presses("Worried or unsure")

    sam.sees("3 of 6", "Their words, Nov 24, 2026", "heard by <@U0ROSA>", "“Quiet Sundays.”")
    assert "Is that still true for you?" in sam.screen.text.partition("Quiet Sundays.")[2]


async def test_whoever_cancels_is_not_asked_how_they_like_it(office: Office, rosa: Rep) -> None:
    await hears_a_yes(rosa, "Unsure")
    await rosa.closes()
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(days=8)

    told = [message.text for message in rosa.goes_to("dm").messages]
    assert told, "the copy of the card is there"
    assert not any("getting on" in text or "did not sound sure" in text for text in told)


async def test_whoever_asked_not_to_be_contacted_is_left_alone(office: Office, rosa: Rep) -> None:
    def leaves_alone(session: Session) -> None:
        customer: Customer = customers.create(session, TEAM, "Ada Lovelace", office.clock.now())
        customer.left_alone_since = office.clock.now()

    await office.bot.database.write(leaves_alone)
    await hears_a_yes(rosa, "Unsure")

    rosa.sees("is kept", "They asked not to be contacted, so nothing is booked.").does_not_see("Booked for you")
    with pytest.raises(AssertionError):
        rosa.screen.field(CALL_ON)


async def test_of_two_with_one_name_the_form_says_whose_sale_it_was(office: Office, rosa: Rep) -> None:
    for _ in range(2):
        await office.bot.database.write(customers.create, TEAM, "Ada Lovelace", office.clock.now())
    await hears_a_yes(rosa)

    rosa.sees("2 customers have that name. This went to the one met last.")


@pytest.mark.parametrize("label", [NAME, DECIDED, BEFORE, PRODUCT, VALUE])
async def test_a_card_number_is_refused_in_every_field(office: Office, rosa: Rep, label: str) -> None:
    await rosa.runs("/solidify Ada Lovelace")

    assert await rosa.types(label, CARD_NUMBER).types(SURENESS, "Sure").sends() == {label: NOT_KEPT}
    assert await kept(office) == []


async def test_a_card_number_after_the_command_opens_nothing(rosa: Rep) -> None:
    await rosa.runs(f"/solidify {CARD_NUMBER}")

    rosa.sees("That looks like a card number").does_not_see(CARD_NUMBER)


async def test_a_value_that_is_no_amount_is_refused_beside_its_field(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")

    errors = await rosa.types(VALUE, "abc").types(SURENESS, "Sure").sends()
    assert errors == {VALUE: "An amount reads like $1,200.00."}
    assert await kept(office) == []


@pytest.mark.parametrize(
    "name",
    ["Ada 👩‍👩‍👧‍👦 :smile:", "עדה לאבלייס", "<!channel>", "<@U123> & <https://example.com|Ada>", "Ada " * 749 + "King"],
)
async def test_anybody_can_be_a_customer(office: Office, rosa: Rep, name: str) -> None:
    await rosa.runs(f"/solidify {name}")
    assert rosa.screen.held(NAME) == name

    await rosa.types(DECIDED, name).types(SURENESS, "Unsure").sends()
    rosa.sees(name[:60])
    await rosa.closes()
    await office.later(days=2)
    rosa.goes_to("dm").sees(name[:60])


async def test_when_the_form_cannot_open_the_rep_is_told(
    office: Office, rosa: Rep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.workspace, "trigger", lambda _person: "1.gone")
    await rosa.runs("/solidify Ada Lovelace")

    assert APOLOGY.search(rosa.screen.text)
