"""Who the customer is: known from before, one of several of that name, or named later."""

import pytest

from tests.conversations.office import RENEWALS, Office, Rep


async def left_with_details(rep: Rep, name: str) -> Rep:
    """An earlier cancellation of that customer, with a reason and what helped."""
    await rep.runs(f"/cancel {name}")
    await rep.office.settles()
    await rep.presses("They’re leaving")
    await rep.presses("Note and details…")
    rep.types("Reason", "Cost").types("What helped, if anything", "Another way to pay")
    await rep.sends()
    return rep


async def test_a_second_cancellation_shows_the_first_on_the_first_card(rosa: Rep, sam: Rep) -> None:
    await left_with_details(rosa, "Ada Lovelace")

    await sam.runs("/cancel ada  LOVELACE")

    sam.sees("They cancelled before", "Nov 24, 2026: Left", "Cost", "Another way to pay")
    sam.sees("Carry out the cancellation and confirm it, Wed, Nov 25", "still open")
    await sam.presses("Next")
    sam.does_not_see("They cancelled before")


async def test_somebody_else_of_that_name_starts_without_history(rosa: Rep) -> None:
    await left_with_details(rosa, "Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Someone else")

    rosa.sees("Ada Lovelace", "1 of 6").does_not_see("They cancelled before")


async def test_of_two_customers_of_one_name_the_rep_picks(rosa: Rep) -> None:
    await left_with_details(rosa, "Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Someone else")
    await rosa.presses("They’re staying")

    await rosa.runs("/cancel Ada Lovelace")
    rosa.sees("Which Ada Lovelace is it?", "Say")
    await rosa.presses("Nov 24, 2026, Left")

    rosa.sees("They cancelled before", "Left").does_not_see("Which Ada", "Staying")


async def test_a_case_that_ends_before_anybody_picked_makes_nobody_up_and_goes_on_asking(
    office: Office, rosa: Rep
) -> None:
    await left_with_details(rosa, "Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Someone else")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    rosa.sees("Which Ada Lovelace is it?", "Ada Lovelace is staying").does_not_see("before you choose")

    await office.settles()
    rosa.goes_to("dm").sees("Which Ada Lovelace is it?")
    await rosa.presses("Nov 24, 2026, Left")
    rosa.sees("Ada Lovelace is staying").does_not_see("Which Ada")


async def test_or_somebody_new(rosa: Rep) -> None:
    await left_with_details(rosa, "Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Someone else")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Someone new")
    rosa.does_not_see("Which Ada", "They cancelled before")

    await rosa.runs("/cancel Ada Lovelace")
    assert len([each for each in rosa.screen.in_sight if each.startswith(("Nov 24", "Known since"))]) == 3


async def test_the_name_can_come_later(rosa: Rep) -> None:
    await rosa.runs("/cancel")
    rosa.sees("A customer", "1 of 6")
    await rosa.presses("Note and details…")
    rosa.types("Customer’s name", "Ada Lovelace")
    await rosa.sends()

    rosa.sees("Ada Lovelace", "1 of 6").does_not_see("A customer")


async def test_a_name_that_comes_later_brings_the_history_along(rosa: Rep) -> None:
    await left_with_details(rosa, "Ada Lovelace")
    await rosa.runs("/cancel")
    await rosa.presses("Note and details…")
    rosa.types("Customer’s name", "Ada Lovelace")
    await rosa.sends()

    rosa.sees("They cancelled before")


async def test_words_kept_in_one_case_come_back_in_the_next(office: Office, rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    rosa.types("What they hoped for, in their words", "Quiet Sundays.")
    await rosa.presses("They’re staying")
    await office.later(days=30)

    await sam.runs("/cancel Ada Lovelace")
    await sam.presses("Next")
    await sam.presses("Worried or unsure")

    sam.sees("3 of 6 · Return to their mission", "Their words, Nov 24, 2026", "“Quiet Sundays.”", "<@U0ROSA>")


async def test_nobody_elses_words_come_back_for_a_customer_without_a_name(rosa: Rep) -> None:
    await rosa.runs("/cancel")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    rosa.types("What they hoped for, in their words", "Quiet Sundays.")
    await rosa.presses("They’re staying")

    await rosa.runs("/cancel")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")

    rosa.sees("Ask what they hoped for").does_not_see("Quiet Sundays.")


@pytest.mark.parametrize(
    "name",
    ["O'Brien", "<!channel>", "<@U123>", "&lt;", "Zoë 🦊", "مريم", "ma\u0301ire", "`code` *bold* _it_", "list them"],
)
async def test_a_name_is_shown_as_it_was_typed(rosa: Rep, name: str) -> None:
    await rosa.runs(f"/cancel {name}")
    rosa.sees(name)
    await rosa.presses("They’re staying")

    assert name in rosa.screen.text
    assert "<!channel>" not in rosa.messages[-1].text
    assert "<@U123>" not in rosa.messages[-1].text


async def test_a_very_long_name_is_cut_with_a_mark_and_kept_whole(rosa: Rep) -> None:
    name = "Ada " * 750
    await rosa.runs(f"/cancel {name}")
    rosa.sees("…")
    await rosa.presses("Note and details…")

    assert rosa.screen.held("Customer’s name") == name.strip()


@pytest.mark.parametrize("number", ["4111 1111 1111 1111", "5500-0055-5555-5559", "My card is 4111111111111111 thanks"])
async def test_what_looks_like_a_card_number_is_refused_in_every_field(rosa: Rep, number: str) -> None:
    await rosa.runs(f"/cancel {number}")
    rosa.sees("card number").does_not_see("1 of 6")

    await rosa.runs("/cancel Ada Lovelace")
    rosa.types("A time you wanted to cancel something (only for you)", number)
    await rosa.presses("Next")
    rosa.sees("looks like a card number", "1 of 6")
    assert number not in rosa.screen.held("A time you wanted to cancel something (only for you)")

    await rosa.presses("Note and details…")
    for label in ("Customer’s name", "Product or plan", "Your note", "Value at stake"):
        rosa.types(label, number)
        errors = await rosa.sends()
        assert "card number" in errors[label], label


async def test_a_customer_called_payload_is_a_customer_like_any_other(rosa: Rep) -> None:
    await rosa.runs("/cancel payload Inc")

    rosa.sees("payload Inc", "1 of 6")


async def test_two_who_have_a_case_with_one_customer_are_told_of_each_other(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await sam.runs("/cancel Ada Lovelace")
    await rosa.runs("/cancel ada lovelace")
    rosa.sees("<@U0SAM> has a case open with them, and will hear of this one.")
    await office.settles()
    sam.goes_to("dm").sees("<@U0ROSA> has a case open with *Ada Lovelace* now, and so have you.")

    await rosa.presses("Next")
    rosa.does_not_see("and will hear of this one")


async def test_a_case_of_ones_own_that_is_open_is_a_press_away(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.sees("You have a case open with them already.", "1 of 6").presses("Resume")

    rosa.sees("2 of 6")


async def test_they_are_told_however_it_comes_about(office: Office, rosa: Rep, sam: Rep, mina: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")

    # A name that comes later.
    await sam.runs("/cancel")
    await sam.presses("Note and details…")
    assert await sam.types("Customer’s name", "Ada Lovelace").sends() == {}
    await office.settles()
    rosa.goes_to("dm").sees("<@U0SAM>", "Ada Lovelace")

    # A case that is handed over.
    await sam.goes_to(RENEWALS).presses("Ask or hand over…")
    assert await sam.types("Hand over to", mina.id).sends() == {}
    await office.settles()
    await office.settles()
    rosa.goes_to("dm").sees("<@U0MINA>", "Ada Lovelace")

    # A case that is open again.
    await rosa.goes_to(RENEWALS).presses("They’re staying")
    await rosa.presses("Undo")
    await office.settles()
    await office.settles()
    assert "<@U0ROSA>" in mina.goes_to("dm").everything


async def test_nobody_is_told_of_a_case_that_is_their_own_by_then(office: Office, rosa: Rep, sam: Rep) -> None:
    await sam.runs("/cancel Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Ask or hand over…")
    assert await rosa.types("Hand over to", sam.id).sends() == {}
    await office.settles()
    await office.settles()

    assert "<@U0ROSA> handed you this one." in sam.goes_to("dm").everything
    assert "and so have you" not in sam.everything


async def test_what_has_ended_meanwhile_is_not_told(office: Office, rosa: Rep, sam: Rep) -> None:
    await sam.runs("/cancel Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await office.settles()

    assert "<@U0ROSA>" not in sam.goes_to("dm").everything


async def test_whose_own_has_ended_meanwhile_hears_of_no_other(office: Office, rosa: Rep, sam: Rep) -> None:
    await sam.runs("/cancel Ada Lovelace")
    await rosa.runs("/cancel Ada Lovelace")
    await sam.presses("They’re staying")
    await office.settles()

    assert "<@U0ROSA>" not in sam.goes_to("dm").everything
