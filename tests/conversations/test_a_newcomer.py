"""Somebody new: one message with one thing to do, a customer who does not exist, and what is left to set up."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.playground.workspace import Json
from bot.storage.models import Case, Customer, Mission, Sale, Task
from bot.surfaces.words import Words
from tests.conversations.office import RENEWALS, Office, Rep, open_office

TRY, NOT_AGAIN = "Try a made-up customer", "Not again"
MADE_UP = "Ada Example (made up)"


@pytest.fixture
async def office(database_url: str, words: Words) -> AsyncIterator[Office]:
    """An office where nobody has heard of the app."""
    async with open_office(database_url, words, newcomers=True) as office:
        yield office


async def test_a_rep_gets_one_message_with_one_thing_to_do_once_the_call_is_over(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.settles()
    await office.later(minutes=9)
    assert "Hello!" not in rosa.goes_to("dm").everything, "she may have a customer on the line"
    await office.later(minutes=2)
    rosa.sees("In a quiet moment, try the rest of me with one who does not exist.")
    assert rosa.screen.in_sight == [TRY, NOT_AGAIN]

    await rosa.goes_to(RENEWALS).runs("/cancel Grace Hopper")
    await office.later(days=3)
    assert rosa.goes_to("dm").everything.count("Hello!") == 1


async def test_before_the_first_real_one_it_is_offered_as_such(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.settles()
    await office.later(minutes=11)

    rosa.goes_to("dm").sees("Before the first real one, try me with a customer who does not exist.")


async def test_they_need_not_wait_longer_because_slack_took_its_time_to_say_who_they_are(
    office: Office, rosa: Rep
) -> None:
    def dawdle(method: str, _arguments: Json) -> None:
        if method == "users.info":
            office.clock.advance(timedelta(minutes=11))

    office.slack.troubles.append(dawdle)
    await rosa.opens_home()
    await office.settles()

    rosa.goes_to("dm").sees("Before the first real one, try me with a customer who does not exist.")


async def test_whoever_takes_the_team_on_in_the_message_is_told_that_they_have(office: Office) -> None:
    mina = await office.mina.opens_home()
    await office.settles()
    await office.later(minutes=11)
    await mina.goes_to("dm").presses("I manage this team")

    mina.sees("Thank you: you manage this team now.")
    assert mina.screen.in_sight == []


async def test_tried_twice_it_is_one_made_up_customer(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    for _ in range(2):
        await rosa.goes_to("home").presses(TRY)
        await rosa.closes()
        await office.settles()
    assert rosa.goes_to("dm").sees(MADE_UP).everything.count("1 of 6") == 1

    await rosa.opens_home()
    assert rosa.screen.text.count(MADE_UP) == 1


async def test_a_freed_hour_is_for_somebody_who_exists(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses(TRY)
    await rosa.closes()
    await rosa.goes_to(RENEWALS).runs("/cancel demo Grace Hopper")
    await rosa.presses("They didn’t show up")

    rosa.does_not_see(MADE_UP)


async def test_after_work_it_waits_for_the_morning(office: Office, rosa: Rep) -> None:
    await office.later(hours=9)
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(hours=2)
    assert "Hello!" not in rosa.goes_to("dm").everything
    await office.later(hours=12)
    assert "Hello!" in rosa.everything


async def test_not_again_is_heard(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.settles()
    await office.later(minutes=11)
    await rosa.goes_to("dm").presses(NOT_AGAIN)
    rosa.sees("No more tips, then.", "/cancel")

    await rosa.opens_home()
    await rosa.presses("My settings…")
    assert "Tips while I am new here, and what is left to set up" not in rosa.screen.held("What I want to hear of")


async def test_the_first_home_follows_what_slack_says_of_whoever_opened_it(office: Office) -> None:
    mina = await office.mina.opens_home()
    mina.does_not_see("Your team")

    await office.settles()

    mina.sees("Your team").does_not_see("Products")
    assert "I manage this team" in mina.screen.controls


async def test_whoever_runs_the_workspace_is_asked_to_manage_the_team(office: Office, mina: Rep) -> None:
    await office.later(minutes=11)
    await mina.goes_to("dm").sees("somebody has to manage the team").presses("I manage this team")
    await mina.opens_home()
    mina.sees("Left to set up", "*To do:* a channel for the weekly summary")


async def test_what_is_left_to_set_up_goes_as_it_is_done(office: Office, manager: Rep) -> None:
    manager.sees("*To do:* a product, with what tends to go wrong and what helps")
    await manager.presses("Add a product…")
    assert await manager.types("Name of the product", "The ledger plan").sends() == {}
    manager.sees("_Done:_ a product, with what tends to go wrong and what helps", "*To do:* two true stories, verified")
    await manager.presses(NOT_AGAIN)
    manager.does_not_see("Left to set up")


async def test_a_made_up_customer_is_walked_through_and_counts_nowhere(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses(TRY)
    await rosa.sees(f"{MADE_UP} waits in your messages").closes()
    await office.settles()

    rosa.goes_to("dm").sees(MADE_UP, "This customer does not exist", "1 of 6")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6", "I want my Sundays back")
    for _ in range(3):
        await rosa.presses("Next")
    await rosa.presses("They’re staying")
    rosa.sees("is staying").does_not_see("Keep it as a story…", "still glad")

    await office.later(days=40)
    assert "Ada Example" not in rosa.everything.partition("is staying")[2], "nobody asks about them again"
    await rosa.goes_to(RENEWALS).runs("/saves")
    rosa.does_not_see("1 of 1")
    assert await of(office, Customer) == await of(office, Task) == 0


async def of(office: Office, kind: type[Case | Customer | Mission | Sale | Task]) -> int:
    return len(await office.bot.database.read(lambda session: session.exec(select(kind)).all()))


async def test_nobody_else_hears_of_a_made_up_customer(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses(TRY)
    await rosa.closes()
    await office.settles()
    await rosa.goes_to("dm").presses("Ask or hand over…")
    rosa.types("Hand over to", "U0SAM")
    (told,) = (await rosa.sends()).values()
    assert told.startswith("This customer does not exist, so nobody else is asked. Try the rest of the card instead.")
    await rosa.closes()

    await rosa.goes_to(RENEWALS).runs("/cancel list")
    rosa.sees(MADE_UP)
    await office.later(days=5)
    await manager.opens_home()
    manager.does_not_see("Ada Example", "Waiting for days")


async def test_once_there_was_a_real_case_nobody_is_offered_it_and_help_still_has_it(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.opens_home()
    assert TRY not in rosa.screen.in_sight
    await rosa.presses("Help")
    await rosa.sees("/reconnect", "Nobody manages your team here yet").presses(TRY)
    await office.settles()
    await (await rosa.closes()).closes()
    assert MADE_UP in rosa.goes_to("dm").everything
