"""While a Home stands open, whatever it shows follows by itself: it is never other than when it is opened anew."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from bot.coaching.members import look_up
from bot.playground.workspace import TEAM
from bot.storage.outbox import enqueue
from tests.conversations.office import RENEWALS, Office, Rep, Screen
from tests.conversations.test_approvals import asks, manages, sets_a_discount
from tests.conversations.test_colleagues import hand_over
from tests.conversations.test_remedies import at_the_remedies
from tests.conversations.test_roles import GROUP, LEADS, leads
from tests.conversations.test_roles import asks as asks_for_help
from tests.conversations.test_saves import sets_up
from tests.conversations.test_solidify import CALL_ON, hears_a_yes
from tests.conversations.test_the_home import EARLIER, LATER, opens_many
from tests.conversations.test_true_stories import keeps_the_case
from tests.conversations.test_undeliverable import becomes, refuses

Act = Callable[[Office, Rep, Rep, Rep], Awaitable[object]]


def at_home(office: Office, rep: Rep) -> str:
    return Screen(office.workspace.homes[rep.id]).text


async def hands_over_a_case(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await hand_over(rosa, sam)


async def takes_it_back(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await hands_over_a_case(office, rosa, sam, manager)
    await office.later(seconds=5)
    await rosa.presses("Undo")


async def hands_over_a_reminder(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace in 20 minutes")
    await office.later(minutes=21)
    await rosa.goes_to("dm").presses("Hand over…")
    await rosa.types("Hand over to", sam.id).sends()


async def gives_all_away(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace in 2 days")
    await rosa.runs("/reconnect away until Friday")
    await rosa.presses("Hand over to a colleague…")
    await rosa.types("Hand over to", sam.id).sends()


async def takes_all_back(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await gives_all_away(office, rosa, sam, manager)
    await office.later(seconds=5)
    await rosa.presses("Undo")


async def solidifies(_office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await hears_a_yes(rosa.goes_to(RENEWALS), "Sure")


async def tries_it(_office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to("home").presses("Try a made-up customer")


async def moves(_office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await rosa.goes_to("home").presses("My settings…")
    await rosa.types("Timezone", "Asia/Tokyo").sends()


async def sets_a_summary_up(_office: Office, _rosa: Rep, _sam: Rep, manager: Rep) -> None:
    await sets_up(manager.goes_to(RENEWALS))
    await manager.sends()


async def adds_a_product(office: Office, _rosa: Rep, sam: Rep, manager: Rep) -> None:
    await manages(office, sam, office.clock.now())
    await office.settles()
    await sam.opens_home()
    await manager.goes_to("home").presses("Add a product…")
    await manager.types("Name of the product", "Corner sofa").sends()


async def manages_too(office: Office, _rosa: Rep, sam: Rep, manager: Rep) -> None:
    await asks_for_help(manager, GROUP, LEADS)
    await office.settles()
    await sam.goes_to("dm").presses("I’d be glad to")


async def verifies(manager: Rep, who: Rep) -> None:
    await manager.opens_home()
    await manager.presses("Team settings…")
    assert await manager.types("Who else verifies stories", who.id).sends() == {}
    await manager.closes()


async def verifies_no_longer(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await verifies(manager, sam)
    await keeps_the_case(rosa.goes_to(RENEWALS))
    assert await rosa.sends() == {}
    await office.settles()
    await sam.opens_home()
    sam.sees("Verify")
    await verifies(manager, rosa)


async def goes_away(_office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/reconnect away until Friday")


async def wants_no_more_tips(office: Office, _rosa: Rep, _sam: Rep, manager: Rep) -> None:
    await manager.goes_to("home").presses("Not again")


async def asks_for_more(office: Office, rosa: Rep, _sam: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa.goes_to(RENEWALS))


async def all_look(office: Office) -> None:
    """Whatever has happened so far is drawn, and each of them has it before them."""
    await office.later(seconds=5)
    for rep in (office.rosa, office.sam, office.mina):
        await rep.opens_home()
        rep.goes_to(RENEWALS)
    await office.later(seconds=5)


async def leaves_it_open(office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(hours=22)
    await all_look(office)
    await office.later(hours=3)


async def waits_for_the_next_manager(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await manages(office, sam, office.clock.now())
    await asks_for_more(office, rosa, sam, manager)
    await all_look(office)
    await office.later(minutes=3)


async def works_on_what_waited_long(office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(days=5)
    await all_look(office)
    await rosa.runs("/cancel list")
    await rosa.presses("Resume")
    await rosa.presses("Next")


async def hands_over_what_waited_long(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(days=5)
    await all_look(office)
    await hand_over(rosa, sam)


async def leaves_the_company(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await office.later(minutes=1)
    await manages(office, sam, office.clock.now())
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(days=5)
    await all_look(office)
    becomes(office, rosa.id, deleted=True)
    await office.bot.database.write(enqueue, look_up(TEAM, rosa.id, office.clock.now()))
    await office.settles()


async def takes_a_reminder_back(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await hands_over_a_reminder(office, rosa, sam, manager)
    await all_look(office)
    await rosa.goes_to("dm").presses("Undo")


async def promises_that_a_colleague_mends_it(rosa: Rep, sam: Rep) -> None:
    await at_the_remedies(rosa.goes_to(RENEWALS))
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.").types("Who does it", sam.id)
    assert await rosa.types("By when", "2026-11-26").sends() == {}


async def lets_a_colleague_mend_it(_office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await promises_that_a_colleague_mends_it(rosa, sam)


async def lets_them_go_with_what_a_colleague_would_mend(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await promises_that_a_colleague_mends_it(rosa, sam)
    await all_look(office)
    await rosa.presses("They’re leaving")


async def lets_them_alone_whom_a_colleague_would_greet(office: Office, rosa: Rep, sam: Rep, _manager: Rep) -> None:
    await sam.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await sam.presses("They’re staying")
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await rosa.presses("They’re leaving")
    await all_look(office)
    await rosa.presses("Please don’t contact them")


async def is_asked_whether_they_are_still_there(office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await office.later(days=33, hours=22)
    await all_look(office)
    await office.later(hours=2)


async def moves_the_call(office: Office, rosa: Rep, _sam: Rep, _manager: Rep) -> None:
    await hears_a_yes(rosa.goes_to(RENEWALS), "Unsure")
    await all_look(office)
    assert await rosa.types(CALL_ON, date(2026, 12, 10)).sends() == {}


async def tries_again(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await manages(office, sam, office.clock.now())
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace in 2 hours")
    office.slack.troubles.append(refuses("chat.postMessage", "account_inactive"))
    await office.later(hours=2)
    office.slack.troubles.clear()
    await all_look(office)
    await manager.goes_to("home").presses("Try again")


ACTS: list[Act] = [
    hands_over_a_case,
    takes_it_back,
    hands_over_a_reminder,
    gives_all_away,
    takes_all_back,
    solidifies,
    tries_it,
    moves,
    sets_a_summary_up,
    adds_a_product,
    manages_too,
    verifies_no_longer,
    goes_away,
    wants_no_more_tips,
    asks_for_more,
    leaves_it_open,
    waits_for_the_next_manager,
    works_on_what_waited_long,
    hands_over_what_waited_long,
    leaves_the_company,
    takes_a_reminder_back,
    lets_a_colleague_mend_it,
    lets_them_go_with_what_a_colleague_would_mend,
    lets_them_alone_whom_a_colleague_would_greet,
    is_asked_whether_they_are_still_there,
    moves_the_call,
    tries_again,
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_every_home_that_stands_open_follows(office: Office, rosa: Rep, sam: Rep, manager: Rep, act: Act) -> None:
    everybody = (rosa, sam, manager)
    for rep in everybody:
        await rep.opens_home()
        await office.settles()
        await rep.opens_home()

    before = [at_home(office, rep) for rep in everybody]
    await act(office, rosa, sam, manager)
    await office.later(seconds=5)

    assert [at_home(office, rep) for rep in everybody] != before
    shown = {rep.id: at_home(office, rep) for rep in everybody}
    for rep in everybody:
        await rep.opens_home()
        assert at_home(office, rep) == shown[rep.id]


async def test_whoever_leaves_the_managers_group_sees_no_more_of_what_managers_see(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await manages_too(office, rosa, sam, manager)
    leads(office, rosa.id)
    await office.later(hours=22)
    await sam.opens_home()
    assert "Managers…" in at_home(office, sam)

    await office.later(hours=3)
    await office.later(seconds=5)
    assert "Managers…" not in at_home(office, sam)


async def test_a_story_that_is_verified_leaves_the_other_managers_home(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await manages(office, sam, office.clock.now())
    await keeps_the_case(rosa.goes_to(RENEWALS))
    assert await rosa.sends() == {}
    for rep in (sam, manager):
        await rep.opens_home()
        rep.sees("Stories to look at")

    await manager.presses("Verify")
    await office.later(seconds=5)

    sam.does_not_see("Stories to look at")


async def test_it_stays_on_the_page_that_was_turned_to(office: Office, rosa: Rep) -> None:
    await opens_many(office, rosa, 30)
    await rosa.opens_home()
    await rosa.presses(LATER)
    rosa.sees("Customer 20.")
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(seconds=5)
    rosa.goes_to("home").sees("Customer 20.").does_not_see("Ada Lovelace")

    await rosa.opens_home()
    rosa.sees("*Ada Lovelace*")


async def test_turning_its_pages_is_looking_at_it(office: Office, rosa: Rep) -> None:
    await opens_many(office, rosa, 30)
    await rosa.opens_home()
    for page in (LATER, EARLIER):
        await office.later(hours=3)
        await rosa.presses(page)
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(seconds=5)
    rosa.goes_to("home").sees("*Ada Lovelace*")
