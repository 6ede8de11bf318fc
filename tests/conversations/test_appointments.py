"""They called off a meeting: kindly, with two new times, and something useful before (the method, part G)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conversations.office import RENEWALS, Office, Rep


@pytest.fixture
async def rosa(office: Office) -> Rep:
    """Rosa, once the app has heard where she lives."""
    await office.rosa.opens_home()
    await office.settles()
    return office.rosa.goes_to(RENEWALS)


THURSDAY = datetime(2026, 12, 3, 16, 0, tzinfo=UTC)


async def test_by_phone_the_reason_is_asked_kindly_and_two_times_are_offered(rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    rosa.sees("1 of 2 · Take it kindly, and ask why")
    await rosa.presses("Next")

    rosa.sees("2 of 2 · Offer two times", "I could do Thu, Nov 26, 10:00 AM or Fri, Nov 27, 3:00 PM")


async def test_either_time_can_be_changed_and_one_that_is_gone_is_refused(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("Next")
    await rosa.picks("slot_0", int(THURSDAY.timestamp()))
    rosa.sees("Thu, Dec 3, 11:00 AM or Fri, Nov 27, 3:00 PM")

    await rosa.picks("slot_1", int(office.clock.now().timestamp()) - 60)
    rosa.sees("That has passed already", "Fri, Nov 27, 3:00 PM")


async def test_times_that_went_by_while_the_case_lay_are_offered_anew(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await office.later(minutes=2)
    office.clock.advance(timedelta(days=6))
    await rosa.goes_to("dm").presses("Next")

    rosa.sees("Wed, Dec 2, 10:00 AM or Thu, Dec 3, 3:00 PM")


async def test_in_writing_the_drafts_confirm_and_offer_the_same_times(rosa: Rep) -> None:
    await rosa.runs("/cancel demo text Ada Lovelace")

    assert "I’ve taken our meeting off the calendar" in rosa.screen.held("It’s off the calendar")
    assert "Would Thu, Nov 26, 10:00\u00a0AM or Fri, Nov 27, 3:00\u00a0PM suit you?" in rosa.screen.held(
        "Two new times"
    )
    assert "Let them pick a time" not in rosa.screen.text, "there is no booking link yet"


async def test_with_a_booking_link_they_can_pick_a_time_themselves(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    rosa.types("Booking link", "https://book.example/rosa")
    await rosa.sends()
    await rosa.closes()
    rosa.goes_to("C0RENEWALS")
    await rosa.runs("/cancel demo text Ada Lovelace")

    assert "https://book.example/rosa" in rosa.screen.held("Let them pick a time")


async def new_date(rep: Rep, at: datetime = THURSDAY) -> None:
    await rep.presses("New date…")
    rep.types("The new date", int(at.timestamp()))
    assert await rep.sends() == {}


async def test_a_new_date_brings_something_useful_the_working_day_before_and_met_after(
    office: Office, rosa: Rep
) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await new_date(rosa, datetime(2026, 12, 7, 16, 0, tzinfo=UTC))
    rosa.sees(
        "New date with Ada Lovelace: Mon, Dec 7, 11:00 AM", "Which question should we be sure to get to?"
    ).does_not_see("Saved")

    await office.later(days=9)
    assert "Send Ada Lovelace something" not in rosa.goes_to("dm").everything
    await office.later(days=1)
    rosa.sees("Send Ada Lovelace something useful before Mon, Dec 7, 11:00 AM.")
    assert "Before we meet" in rosa.screen.held("A draft to copy")

    await office.later(days=4)
    rosa.sees("Did you meet Ada Lovelace on Mon, Dec 7, 11:00 AM?")
    await rosa.presses("We met")
    rosa.sees("Good: you met Ada Lovelace.")


async def test_with_a_new_date_tomorrow_the_useful_thing_is_due_now(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await new_date(rosa, datetime(2026, 11, 25, 16, 0, tzinfo=UTC))
    await office.settles()

    assert "Send Ada Lovelace something useful before Wed, Nov 25, 11:00 AM." in rosa.goes_to("dm").everything


async def test_the_useful_thing_is_one_of_the_teams_own(office: Office, rosa: Rep, manager: Rep) -> None:
    await manager.presses("Add a product…")
    manager.types("Name of the product", "Ledger").types("Useful links", "First steps https://help.example/first")
    await manager.sends()
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("New date…")
    rosa.types("The new date", int(THURSDAY.timestamp()))
    rosa.types("Something useful to send before", "First steps")
    await rosa.sends()
    await office.later(days=8)

    assert "First steps, https://help.example/first" in rosa.goes_to("dm").screen.held("A draft to copy")


async def test_a_date_that_moves_keeps_the_useful_thing(office: Office, rosa: Rep, manager: Rep) -> None:
    await manager.presses("Add a product…")
    manager.types("Name of the product", "Ledger").types("Useful links", "First steps https://help.example/first")
    await manager.sends()
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("New date…")
    rosa.types("Something useful to send before", "First steps")
    await rosa.sends()
    await rosa.presses("New date…")

    assert rosa.screen.held("Something useful to send before") == "First steps"


async def test_a_new_date_that_is_gone_is_an_error_beside_its_field(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("New date…")
    rosa.types("The new date", int(office.clock.now().timestamp()))

    assert await rosa.sends() == {"The new date": "That time has passed. Please choose one that lies ahead."}


async def test_they_did_not_come_and_get_another_chance_without_blame(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await new_date(rosa)
    await office.later(days=10)
    rosa.goes_to("dm").sees("Did you meet Ada Lovelace")
    await rosa.presses("They didn’t come")
    rosa.sees("Ada Lovelace didn’t come, and that is noted")
    await rosa.presses("Open the card")
    await office.settles()
    rosa.sees("Ada Lovelace didn’t show up", "An embarrassed “sorry”").does_not_see("Send something useful")
    await new_date(rosa, datetime(2026, 12, 10, 16, 0, tzinfo=UTC))
    rosa.sees("New date with Ada Lovelace: Thu, Dec 10")


async def test_not_now_agrees_when_to_be_in_touch(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("Not now…")
    rosa.types("Get in touch on", "2026-11-20")
    assert await rosa.sends() == {"Get in touch on": "That day has passed. Please choose today or later."}
    rosa.types("Get in touch on", "2027-01-11")
    await rosa.sends()
    rosa.sees(
        "Recorded: not now for Ada Lovelace",
        "And you’re always welcome to ring me first.",
        "A light hello, Mon, Jan 11",
    )

    await office.later(days=48)
    rosa.goes_to("dm").sees("A light hello to Ada Lovelace")


async def test_not_a_fit_asks_why_and_keeps_it(rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("Not a fit…")
    assert "Why they are no fit" in await rosa.sends()
    rosa.types("Why they are no fit", "A team of two has no use for it.")
    await rosa.sends()
    rosa.sees("Recorded: no fit")
    await rosa.presses("Note and details…")
    assert rosa.screen.held("Were they a fit?") == "No"
    assert rosa.screen.held("Why not, in a line") == "A team of two has no use for it."


async def test_one_deeper_question_and_a_second_no_lets_it_go(rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("They said no")
    rosa.sees("Is it the time, or the meeting?")
    await rosa.presses("They said no")
    rosa.sees("Let it go well")
    assert rosa.screen.in_sight == ["Not now…", "Not a fit…"]


async def test_an_undo_brings_back_the_no_show_that_a_new_date_had_replaced(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("They didn’t show up")
    await office.later(seconds=5)
    await new_date(rosa)
    await office.later(seconds=5)
    await rosa.presses("Undo")

    rosa.sees("Recorded: Ada Lovelace didn’t show up").does_not_see("Did you meet?")
    await rosa.presses("Not now…")
    await rosa.sends()
    rosa.sees("Recorded: not now", "I’ll take it off the calendar").does_not_see("I’ll get in touch")


async def test_an_undo_of_a_second_new_date_brings_the_first_back(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await new_date(rosa)
    await office.later(seconds=5)
    await new_date(rosa, datetime(2026, 12, 10, 16, 0, tzinfo=UTC))
    rosa.sees("Thu, Dec 10")
    await office.later(seconds=5)
    await rosa.presses("Undo")

    rosa.sees("New date with Ada Lovelace: Thu, Dec 3, 11:00 AM").does_not_see("Dec 10")
    await office.later(days=10)
    assert rosa.goes_to("dm").everything.count("Did you meet Ada Lovelace on Thu, Dec 3") == 1


async def test_undo_after_undo_leaves_nothing_promised(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    for day in (3, 10):
        await office.later(seconds=5)
        await new_date(rosa, datetime(2026, 12, day, 16, 0, tzinfo=UTC))
    for _ in range(2):
        await office.later(seconds=5)
        await rosa.presses("Undo")
    rosa.sees("1 of 2")

    await office.later(days=20)
    said = rosa.goes_to("dm").everything
    assert "Did you meet" not in said
    assert "Send Ada Lovelace something" not in said


async def test_undo_of_they_did_not_come_goes_back_to_the_date(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await new_date(rosa)
    await office.later(days=10)
    rosa.goes_to("dm").sees("Did you meet Ada Lovelace")
    await rosa.presses("They didn’t come")
    await rosa.presses("Open the card")
    await office.settles()
    await rosa.presses("Undo")

    rosa.sees("New date with Ada Lovelace: Thu, Dec 3, 11:00 AM")


async def test_undo_of_a_new_date_goes_back_to_not_now_with_its_day(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("Not now…")
    rosa.types("Get in touch on", "2027-01-11")
    await rosa.sends()
    await office.later(seconds=5)
    await new_date(rosa)
    await office.later(seconds=5)
    await rosa.presses("Undo")

    rosa.sees("Recorded: not now", "• You may stay in touch.", "A light hello, Mon, Jan 11")


async def test_a_time_that_was_offered_in_writing_stays_offered(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel demo email Ada Lovelace")
    rosa.types("It’s off the calendar", "Dear Ada, no trouble at all.")
    await rosa.picks("slot_0", int(THURSDAY.timestamp()))
    assert rosa.screen.held("It’s off the calendar") == "Dear Ada, no trouble at all.", "it names no time"
    await rosa.picks("slot_1", int(THURSDAY.timestamp()) + 86_400)
    await rosa.presses("I’ve sent it")
    await office.later(days=1)
    await rosa.presses("New date…")

    assert rosa.screen.held("The new date") == int(THURSDAY.timestamp())


async def test_nobody_is_suggested_who_is_taking_time(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel sale Grace Hopper")
    await rosa.presses("They need time…")
    await rosa.sends()
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("They didn’t show up")

    rosa.does_not_see("Grace Hopper")


async def test_the_freed_hour_gets_one_suggestion(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel sale Grace Hopper")
    await office.later(minutes=3)
    await rosa.runs("/cancel demo Ada Lovelace")
    await rosa.presses("They didn’t show up")
    rosa.sees("The time is yours again", "Grace Hopper is still open")
    await rosa.presses("Open the card")
    rosa.sees("Grace Hopper", "Meet them where they are")

    await rosa.runs("/cancel sale Alan Turing")
    await rosa.presses("They’re leaving")
    await rosa.runs("/cancel demo Mary Somerville")
    await rosa.presses("They didn’t show up")
    rosa.sees("Next best: Alan Turing. Carry out the cancellation and confirm it, Wed, Nov 25")


async def test_an_appointment_cannot_be_saved_or_lost(rosa: Rep) -> None:
    await rosa.runs("/cancel demo Ada Lovelace")

    assert not {"They’re staying", "They’re leaving", "They need time…"} & set(rosa.screen.controls)
