"""A form that is closed midway: what was typed stands there the next time, as far as Slack tells."""

from sqlmodel import select

from bot.storage.models import Draft
from tests.conversations.office import Office, Rep

NAME, DECIDED, SURE = "Customer’s name", "What made them decide, in their words", "How sure did they sound?"


async def test_what_was_typed_minutes_after_a_yes_is_not_lost(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(DECIDED, "Quiet Sundays").types("Product or plan", "The ledger plan").closes()
    await office.later(hours=2)

    await rosa.runs("/solidify")
    rosa.sees("You closed this on Tue, Nov 24, 10:00 AM. Here is what you had typed.")
    assert [rosa.screen.held(each) for each in (DECIDED, "Product or plan")] == ["Quiet Sundays", "The ledger plan"]
    await rosa.types(NAME, "Ada Lovelace").closes()
    await rosa.runs("/solidify")
    await rosa.closes()
    await rosa.runs("/solidify")
    assert [rosa.screen.held(each) for each in (NAME, DECIDED)] == ["Ada Lovelace", "Quiet Sundays"]


async def test_what_was_sent_is_not_brought_back(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    assert await rosa.types("Your note", "Calls on Fridays").sends() == {}
    await rosa.presses("Note and details…")
    rosa.does_not_see("You closed this on")


async def test_a_form_that_was_merely_looked_at_keeps_nothing(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    await rosa.closes()

    assert await kept(office) == 0


async def test_each_case_has_its_own_and_a_choice_is_one_too(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    await rosa.types("Your note", "Calls on Fridays").types("Reason", "Cost").closes()
    await rosa.runs("/cancel Grace Hopper")
    await rosa.presses("Note and details…")
    rosa.does_not_see("You closed this on")
    assert await rosa.sends() == {}

    assert await kept(office) == 1, "Ada's is still there"


async def test_after_a_day_it_is_gone_and_a_card_number_is_never_kept(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify")
    await rosa.types(DECIDED, "Quiet Sundays").types(NAME, "4111 1111 1111 1111").closes()
    await office.later(hours=25)
    await rosa.runs("/solidify")

    rosa.does_not_see("You closed this on")
    assert rosa.screen.held(NAME) is None


async def kept(office: Office) -> int:
    return len(await office.bot.database.read(lambda session: session.exec(select(Draft)).all()))
