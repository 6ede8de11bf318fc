"""What is open: the list, the help, and the App Home."""

from sqlmodel import Session

from bot.playground.workspace import TEAM
from bot.storage.models import Member
from tests.conversations.office import Office, Rep


async def test_the_list_shows_open_cases_and_tasks_each_with_its_button(office: Office, rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    await rosa.runs("/cancel Grace Hopper")
    await rosa.presses("They’re leaving")
    await sam.runs("/cancel Charles Babbage")

    await rosa.runs("/cancel list")

    rosa.sees("Ada Lovelace", "Grace Hopper", "Carry out the cancellation").does_not_see("Charles Babbage")
    assert rosa.screen.in_sight == ["Open the card", "Resume"]
    await rosa.presses("Resume")
    rosa.sees("Ada Lovelace", "2 of 6")


async def test_an_empty_list_says_so(rosa: Rep) -> None:
    await rosa.runs("/cancel list")

    rosa.sees("Nothing promised is waiting, and no case is open. A good moment to breathe.")


async def test_help_says_what_can_be_typed(rosa: Rep) -> None:
    await rosa.runs("/cancel help")

    rosa.sees("/cancel Ada Lovelace", "/cancel list")


async def test_help_names_a_few_of_many_managers_and_keeps_its_advice(office: Office, rosa: Rep) -> None:
    def many(session: Session) -> None:
        for number in range(165):
            session.add(Member(team_id=TEAM, user_id=f"U{number:010d}", manages_since=office.clock.now()))

    await office.bot.database.write(many)
    await rosa.opens_home()
    await rosa.presses("Help")

    rosa.sees("<@U0000000009> or one of 155 more about", "send it to whoever installed me.")
    rosa.does_not_see("<@U0000000010>")


async def test_the_home_starts_a_case_whose_card_comes_to_the_dm(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("New cancellation")
    rosa.types("Customer’s name", "Ada Lovelace")
    assert await rosa.sends() == {}
    rosa.sees("Your card is ready")
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("Ada Lovelace", "1 of 6")
    await rosa.presses("Next")
    rosa.sees("2 of 6")


async def test_the_home_lists_what_is_open_and_resumes_it_in_the_dm(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    await rosa.opens_home()
    rosa.sees("Ada Lovelace")
    await rosa.presses("Resume")
    rosa.sees("Case resumed")
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("Ada Lovelace", "2 of 6")


async def test_the_home_says_what_is_overdue(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re leaving")
    await office.later(days=3)
    await rosa.opens_home()

    rosa.sees("Carry out the cancellation", "overdue")


async def test_a_button_on_the_home_that_leads_nowhere_any_more_says_so(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.opens_home()
    resume = next(
        block["accessory"] for block in rosa.screen.blocks if block.get("accessory", {}).get("value") is not None
    )
    resume["value"] = "999"
    await rosa.presses("Resume")

    rosa.sees("I can’t find that one any more")


async def test_a_long_list_says_how_many_more_there_are(rosa: Rep) -> None:
    for number in range(12):
        await rosa.runs(f"/cancel Customer {number}")
    await rosa.runs("/cancel list")

    rosa.sees("Customer 11", "And 2 more.").does_not_see("Customer 1\n")


async def test_cues_only_hides_the_lines_until_they_are_wanted_again(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Hide the lines, cues only")
    rosa.sees("Listen for").does_not_see("Say", "Ask\n")

    await rosa.runs("/cancel Grace Hopper")
    rosa.does_not_see("Say")
    await rosa.presses("Show the lines again")
    rosa.sees("Say")


async def test_somebody_elses_card_is_left_alone(rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await sam.runs("/cancel Grace Hopper")
    mine, theirs = sam.screen, rosa.screen
    button = next(element for _, element in mine._elements() if element["action_id"] == "case.press.next")
    forged = next(element for _, element in theirs._elements() if element["action_id"] == "case.press.next")
    mine_block = next(block for block in mine.blocks if block["block_id"] == "case.press")
    mine_block["elements"] = [forged if each == button else each for each in mine_block["elements"]]

    await sam.presses("Next")

    sam.sees("belongs to a colleague")
    await rosa.presses("Next")
    rosa.sees("2 of 6").does_not_see("Nothing changed")
