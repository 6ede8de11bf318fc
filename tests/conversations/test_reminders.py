"""What was promised comes back when it is due, with what to say and ways to answer."""

from tests.conversations.office import START, Office, Rep


async def reminded(office: Office, rep: Rep) -> Rep:
    """The check-in after a save has just arrived in the DM: Tuesday, December 1, at ten in New York."""
    await rep.runs("/cancel Ada Lovelace")
    await office.settles()
    rep.types("A time you wanted to cancel something (only for you)", "The gym.")
    await rep.presses("They’re staying")
    await office.later(days=7)
    return rep.goes_to("dm")


async def test_it_arrives_when_due_with_what_to_say(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)

    rosa.sees("Check in with Ada Lovelace", "Say")
    gone = "They’ve left since"
    assert rosa.screen.in_sight == ["Done", gone, "In an hour", "Tomorrow", "Open the card"]
    assert "Check in with Ada Lovelace" in rosa.messages[-1].text
    assert "The gym." not in rosa.screen.text


async def test_it_does_not_arrive_before_ten_in_the_morning_of_the_day(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.settles()
    await rosa.presses("They’re staying")
    await office.later(days=6, hours=23, minutes=59)
    rosa.goes_to("dm").does_not_see("Check in")

    await office.later(minutes=1)
    rosa.sees("Check in with Ada Lovelace")


async def test_done_is_done(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses("Done")
    rosa.sees("Done: Check that they are still glad, Ada Lovelace.")

    before = len(rosa.messages)
    await office.later(days=10)
    assert len(rosa.messages) == before


async def test_after_done_the_card_is_one_press_away(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses("Done")
    await rosa.presses("Open the card")
    await office.settles()

    rosa.sees("Ada Lovelace is staying")


async def test_in_an_hour_and_tomorrow_put_it_off(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses("In an hour")
    rosa.sees("I’ll remind you on Tue, Dec 1, 11:00")

    await office.later(hours=1)
    rosa.sees("Check in with Ada Lovelace")
    await rosa.presses("Tomorrow")
    rosa.sees("I’ll remind you on Wed, Dec 2, 10:00")
    await office.later(hours=23)
    rosa.sees("Check in with Ada Lovelace")


async def test_a_time_can_be_picked_unless_it_has_passed(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses("Pick a time…")
    rosa.types("Remind me on", int(START.timestamp()))
    assert await rosa.sends() == {"Remind me on": "That time has passed. Please choose one that lies ahead."}

    rosa.types("Remind me on", int(office.clock.now().timestamp()) + 3 * 3600)
    assert await rosa.sends() == {}
    rosa.sees("I’ll remind you on Tue, Dec 1, 1:00")
    await office.later(hours=3)
    rosa.sees("Check in with Ada Lovelace")


async def test_the_card_can_be_opened_from_it(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses("Open the card")
    await office.settles()

    rosa.sees("Ada Lovelace is staying")
    assert len(rosa.messages) == 3


async def test_done_twice_is_done_once(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses_twice("Done")
    rosa.sees("Done: Check that they are still glad, Ada Lovelace.")

    await office.later(days=2)
    rosa.sees("Done:")


async def test_the_members_own_timezone_decides(office: Office, sam: Rep) -> None:
    await sam.runs("/cancel Ada Lovelace")
    await office.settles()
    await sam.presses("They’re staying")
    await office.later(days=6, hours=18, minutes=59)
    sam.goes_to("dm").does_not_see("Check in")

    await office.later(minutes=1)

    sam.sees("Check in with Ada Lovelace")
