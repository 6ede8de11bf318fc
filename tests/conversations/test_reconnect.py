"""`/reconnect`: what is due and coming, by day; a reminder in a few words; time away; the calendar file."""

import pytest

from bot.playground.workspace import TEAM
from bot.storage.models import Customer
from tests.conversations.office import Office, Rep


async def test_help_says_what_can_be_typed(rosa: Rep) -> None:
    await rosa.runs("/reconnect help")

    rosa.sees("/reconnect away until Friday", "tomorrow 10am", "Only you see it.")


@pytest.mark.parametrize(
    ("typed", "repeated"),
    [
        ("in 3 days", "Fri, Nov 27, 10:00 AM"),
        ("tomorrow 10am", "Wed, Nov 25, 10:00 AM"),
        ("next Tuesday", "Tue, Dec 1, 10:00 AM"),
        ("2027-01-15", "Fri, Jan 15, 2027, 10:00 AM"),
        ("in 2 hours", "Tue, Nov 24, 12:00 PM"),
    ],
)
async def test_what_was_understood_is_repeated_and_comes(office: Office, rosa: Rep, typed: str, repeated: str) -> None:
    await rosa.opens_home()
    await office.settles()
    rosa.goes_to("C0RENEWALS")
    await rosa.runs(f"/reconnect Ada Lovelace {typed}")

    rosa.sees(f"I’ll remind you about *Ada Lovelace* on {repeated}.")


async def test_it_arrives_at_its_hour(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    await office.later(hours=1, minutes=59)
    assert rosa.goes_to("dm").messages == []

    await office.later(minutes=1)
    rosa.sees("Get in touch with Ada Lovelace, as you wished.", "Done")


async def test_undo_takes_it_back_and_a_day_later_it_is_too_late(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 3 days")
    await rosa.presses("Undo")
    rosa.sees("No longer needed: Get in touch, Ada Lovelace.")
    await office.later(days=4)
    assert rosa.goes_to("dm").messages == []

    rosa.goes_to("C0RENEWALS")
    await rosa.runs("/reconnect Grace Hopper in 9 days")
    await office.later(days=1, minutes=1)
    rosa.goes_to("C0RENEWALS")
    await rosa.presses("Undo")
    rosa.sees("That was more than a day ago")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Ada yesterday", "That has gone by already."),
        ("Ada 9999-01-01", "That is more than two years away."),
        ("Ada soon", "I found no day and no hour in “Ada soon”. When should I remind you?"),
        ("Ada Lovelace", "I found no day and no hour in “Ada Lovelace”."),
        ("tomorrow", "Who is it for?"),
        ("<!everyone>", "I found no day and no hour in “<!everyone>”."),
        ("away until the moon", "I could not read a time there."),
        ("away", "I could not read a time there."),
        ("4111 1111 1111 1111 tomorrow", "looks like a card number"),
    ],
)
async def test_what_cannot_be_understood_is_told_with_an_example(rosa: Rep, typed: str, told: str) -> None:
    await rosa.runs(f"/reconnect {typed}")

    rosa.sees(told)
    await rosa.runs("/reconnect")
    rosa.sees("Nothing is promised, and nobody waits.")


async def test_whoever_asked_not_to_be_contacted_is_left_alone(office: Office, rosa: Rep) -> None:
    def left_alone(session: object) -> None:
        session.add(  # type: ignore[attr-defined]
            Customer(
                team_id=TEAM,
                name="Ada Lovelace",
                name_key="ada lovelace",
                created_at=office.clock.now(),
                left_alone_since=office.clock.now(),
            )
        )

    await office.bot.database.write(left_alone)
    await rosa.runs("/reconnect ada  LOVELACE tomorrow")

    rosa.sees("They asked not to be contacted")


async def test_the_list_stands_by_day_and_is_answered_in_place(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    await rosa.runs("/reconnect Grace Hopper tomorrow 10am")
    await rosa.runs("/reconnect")
    rosa.sees("2 things are promised.", "Today", "*Ada Lovelace*: Get in touch", "Tomorrow", "*Grace Hopper*")

    await rosa.presses("Done")
    rosa.sees("Ada Lovelace", "One thing is promised.", "Grace Hopper").does_not_see("*Ada Lovelace*: Get in touch")
    await rosa.presses("Next week")
    rosa.sees("Tue, Dec 1").does_not_see("Tomorrow\n*Grace")
    await rosa.presses("Drop it…")
    assert await rosa.types("A word on why", "She called herself.").sends() == {}
    rosa.sees("Nothing is promised, and nobody waits.")


async def test_a_date_and_time_are_picked_from_the_list(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await rosa.runs("/reconnect")
    await rosa.presses("Pick a time…")
    assert await rosa.types("Remind me on", int(office.clock.now().timestamp()) + 5 * 86400).sends() == {}

    rosa.sees("Sun, Nov 29")


async def test_handed_over_from_the_list_the_colleague_hears_at_once(office: Office, rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 9 days")
    await rosa.runs("/reconnect")
    await rosa.presses("Hand over…")
    assert await rosa.types("Hand over to", "U0SAM").sends() == {}
    rosa.sees("<@U0SAM>", "Nothing is promised, and nobody waits.")

    await office.settles()
    sam.goes_to("dm").sees("Get in touch with Ada Lovelace")


@pytest.mark.parametrize(("press", "typed"), [("Done", None), ("Hand over…", "U0SAM"), ("Drop it…", "She called.")])
async def test_what_was_done_in_the_list_is_taken_back_there(
    rosa: Rep, sam: Rep, press: str, typed: str | None
) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 9 days")
    await rosa.runs("/reconnect")
    await rosa.presses(press)
    if typed:
        assert await rosa.types("Hand over to" if typed == "U0SAM" else "A word on why", typed).sends() == {}
    rosa.sees("Nothing is promised, and nobody waits.")

    await rosa.presses("Undo")
    rosa.sees("One thing is promised.", "*Ada Lovelace*: Get in touch").does_not_see("Undo")
    await sam.runs("/reconnect")
    sam.sees("Nothing is promised, and nobody waits.")


async def test_away_holds_what_falls_due_until_the_first_working_hour_after(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await office.settles()
    await rosa.runs("/reconnect away until Friday")
    rosa.sees("You are away until Fri, Nov 27, 10:00 AM.", "One thing falls due until then.")
    await office.later(days=2)
    assert rosa.goes_to("dm").messages == []

    await office.later(days=1)
    rosa.sees("Get in touch with Ada Lovelace", "Due since Wed, Nov 25")


async def test_on_a_day_off_it_is_said_when_it_comes_instead(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 4 days")
    rosa.sees("on Sat, Nov 28, 10:00 AM. You’re off then, so it comes on Mon, Nov 30, 9:00 AM.")
    await office.later(days=5)
    assert rosa.goes_to("dm").messages == []
    await office.later(hours=23)
    rosa.sees("Get in touch with Ada Lovelace")

    await rosa.goes_to("C0RENEWALS").runs("/reconnect Grace Hopper Saturday 11am")
    rosa.sees("on Sat, Dec 5, 11:00 AM.").does_not_see("You’re off then")


async def test_back_early_brings_what_waited(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await rosa.runs("/reconnect away until 2026-12-04")
    await office.later(days=1, hours=1)
    assert rosa.goes_to("dm").messages == []

    rosa.goes_to("C0RENEWALS")
    await rosa.runs("/reconnect back")
    rosa.sees("Good to have you back.")
    await office.settles()
    rosa.goes_to("dm").sees("Get in touch with Ada Lovelace")


async def test_back_on_the_same_day_what_came_before_does_not_come_again(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 10 minutes")
    await office.later(minutes=11)
    await rosa.runs("/reconnect away until tomorrow")
    await office.later(minutes=5)
    await rosa.runs("/reconnect back")
    await office.later(minutes=5)

    assert rosa.goes_to("dm").everything.count("Get in touch with Ada Lovelace") == 1


async def test_the_home_says_that_somebody_is_away_and_has_the_way_back(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect away until Friday")
    await rosa.opens_home()
    await rosa.sees("You are away until Fri, Nov 27, 10:00 AM.").presses("I’m back")
    rosa.does_not_see("You are away")


async def test_away_hands_over_at_once_and_takes_it_back(office: Office, rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await rosa.runs("/reconnect Grace Hopper in 2 days")
    await rosa.runs("/reconnect away until 2026-12-04")
    await rosa.presses("Hand over to a colleague…")
    assert await rosa.types("Hand over to", "U0SAM").sends() == {}
    rosa.sees("2 things are with <@U0SAM> now")
    await office.settles()
    sam.goes_to("dm").sees("Get in touch with Ada Lovelace", "Get in touch with Grace Hopper")

    await rosa.presses("Undo")
    rosa.sees("2 things are yours again.")
    await rosa.runs("/reconnect")
    rosa.sees("You are away until", "2 things are promised.")


async def test_nobody_hands_over_to_a_bot(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await rosa.runs("/reconnect")
    await rosa.presses("Hand over…")

    assert "no colleague" in (await rosa.types("Hand over to", "USLACKBOT").sends())["Hand over to"]


async def test_the_calendar_file_comes_as_a_message(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await rosa.runs("/reconnect calendar")
    rosa.sees("Your calendar file is on its way")
    await office.settles()

    assert "comeback-reminders.ics" in str(rosa.goes_to("dm").messages[-1])
    rosa.sees("Here is what you have promised, for your calendar.")


async def test_the_home_leads_to_the_list(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    await rosa.opens_home()
    await rosa.presses("What’s coming…")

    rosa.sees("One thing is promised.", "Ada Lovelace")
