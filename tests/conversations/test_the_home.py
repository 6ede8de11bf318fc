"""The Home: what needs me now, how it goes, page by page, and drawn anew by itself when something changes."""

from datetime import timedelta

from sqlmodel import Session

from bot.coaching.openings import Picked, open_case
from bot.playground.workspace import TEAM
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import asks, manages, sets_a_discount

LATER, EARLIER = "Next page", "Previous page"


async def opens_many(office: Office, rep: Rep, count: int) -> None:
    coach, now = office.bot.coach, office.clock.now()

    def write(session: Session) -> None:
        for number in range(1, count + 1):
            open_case(coach, session, TEAM, rep.id, Picked(f"Customer {number}."), now)

    await office.bot.database.write(write)


async def test_500_open_cases_are_paged_through(office: Office, rosa: Rep) -> None:
    await opens_many(office, rosa, 500)
    await rosa.opens_home()
    rosa.sees("Customer 500.", "Customer 491.", "And 490 more.").does_not_see("Customer 490.")
    assert EARLIER not in rosa.screen.in_sight

    await rosa.presses(LATER)
    rosa.sees("Customer 490.", "Customer 481.", "And 480 more.").does_not_see("Customer 491.")
    await rosa.presses(EARLIER)
    rosa.sees("Customer 500.")


async def test_a_manager_pages_through_all_that_waits(office: Office, rosa: Rep, manager: Rep) -> None:
    await opens_many(office, rosa, 12)
    await office.later(days=4)
    await manager.opens_home()
    manager.sees("*Customer 1.*, with <@U0ROSA>", "*Customer 5.*", "7 more wait as long.").does_not_see("*Customer 6.*")

    await manager.presses(LATER)
    manager.sees("*Customer 6.*", "*Customer 10.*", "2 more wait as long.").does_not_see("*Customer 5.*")
    await manager.presses(LATER)
    manager.sees("*Customer 11.*", "*Customer 12.*").does_not_see("more wait")
    assert LATER not in manager.screen.in_sight

    for _ in range(2):
        await rosa.opens_home()
        await rosa.presses("Resume")
        await rosa.closes()
        await office.settles()
        await rosa.goes_to("dm").presses("They’re staying")
    await office.later(seconds=5)
    manager.goes_to("home").sees("5 more wait as long.")


async def test_it_says_how_the_week_goes(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await rosa.opens_home()
    rosa.does_not_see("This week")
    for rep, ends in ((rosa, "They’re staying"), (rosa, "They’re leaving"), (sam, "They’re staying")):
        await rep.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
        await rep.presses(ends)

    await rosa.opens_home()
    rosa.sees("This week: of your conversations that ended, 1 of 2 stayed.")
    await manager.opens_home()
    manager.sees("This week: of all conversations that ended, 2 of 3 stayed.")


async def test_in_a_week_that_has_just_begun_it_says_how_the_last_one_went(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await office.later(days=6)
    await rosa.opens_home()
    rosa.sees("Last week: of your conversations that ended, 1 of 1 stayed.")

    await office.later(days=7)
    await rosa.opens_home()
    rosa.does_not_see("week: of")


async def test_what_falls_due_while_it_stands_open_is_overdue_there(office: Office, rosa: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace in 20 minutes")
    await rosa.opens_home()
    await office.later(minutes=21)
    await office.later(seconds=5)
    rosa.goes_to("home").sees("*overdue*")


async def test_it_follows_what_happens_elsewhere_while_it_is_open(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.opens_home()
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(seconds=3)
    rosa.goes_to("home").sees("*Ada Lovelace*")

    await rosa.goes_to(RENEWALS).presses("They’re leaving")
    await office.later(seconds=3)
    rosa.goes_to("home").sees("Carry out the cancellation")
    manager.goes_to("home").sees("This week: of all conversations that ended, 0 of 1 stayed.")


async def test_what_is_done_in_the_messages_leaves_the_home(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.settles()
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace in 20 minutes")
    await office.later(seconds=3)
    rosa.goes_to("home").sees("*Ada Lovelace*: Get in touch")
    await office.later(minutes=20)
    await rosa.goes_to("dm").presses("Done")
    await office.later(seconds=3)
    rosa.goes_to("home").sees("Nothing promised is waiting")


async def test_a_home_that_nobody_looks_at_is_left_alone(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.later(hours=5)
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(seconds=3)
    rosa.goes_to("home").does_not_see("Ada Lovelace")


async def test_a_manager_decides_on_their_home(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await manager.opens_home()
    manager.sees("Your word is asked for", "Ada Lovelace")
    await manager.presses("Approve")
    manager.does_not_see("Your word is asked for")
    await office.settles()
    rosa.goes_to(RENEWALS).sees("<@U0MINA> said yes")


async def test_what_else_waits_for_a_word_is_counted(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    for _ in range(5):
        await asks(office, rosa.goes_to(RENEWALS))
    await manager.opens_home()
    manager.sees("2 more wait for your word")
    assert manager.screen.in_sight.count("Approve") == 3

    await manager.presses("Approve")
    manager.sees("One more waits for your word")


async def test_a_day_of_another_year_says_which(rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace 2026-12-24")
    rosa.sees("Thu, Dec 24, 10:00 AM")
    await rosa.runs("/reconnect Grace Hopper 2027-12-24")
    rosa.sees("Fri, Dec 24, 2027, 10:00 AM")


async def test_whoever_manages_no_more_is_asked_for_no_word(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await manages(office, manager, None)
    await manager.opens_home()

    manager.does_not_see("Your word is asked for", "Ada Lovelace")


async def test_a_home_that_slack_does_not_take_at_once_comes_after_all(office: Office, rosa: Rep) -> None:
    troubles = iter([{"ok": False, "error": "internal_error"}])
    office.slack.troubles.append(lambda method, _: next(troubles, None) if method == "views.publish" else None)
    await office.slack.people.open_home(rosa.id)
    assert rosa.id not in office.workspace.homes

    await office.settles()
    rosa.goes_to("home").sees("Good to see you")


async def test_a_menu_that_was_used_is_another_one_even_within_the_second(office: Office, manager: Rep) -> None:
    """Slack does not tell of the same choice twice in one menu."""
    await manager.opens_home()
    offered = manager.screen.picker("What reps may offer…")
    office.clock.advance(timedelta(milliseconds=20))
    await manager.opens_home()

    assert manager.screen.picker("What reps may offer…") != offered
