"""A right to withdraw is told before any persuading, with the days that are left (the method, part D)."""

from tests.conversations.office import Office, Rep

RIGHT = "You can withdraw within 14 days, and you need give no reason."


async def set_the_right(manager: Rep, kind: str = "Sale") -> None:
    await manager.presses("Team settings…")
    manager.types("Days to withdraw from a purchase", "14").types("For which purchases", [kind])
    manager.types("What the rep tells the customer", RIGHT)
    assert await manager.sends() == {}


async def bought_on(rep: Rep, day: str) -> None:
    await rep.presses("Note and details…")
    rep.types("Bought on", day)
    assert await rep.sends() == {}


async def test_the_right_is_told_before_any_persuading(rosa: Rep, manager: Rep) -> None:
    await set_the_right(manager)
    await rosa.runs("/cancel sale Ada Lovelace")

    rosa.sees("*Tell them this first*", RIGHT, "It counts from the day they bought.")
    text = rosa.screen.text
    assert text.index(RIGHT) < text.index("*Say*")


async def test_the_days_left_are_counted_from_the_day_they_bought(office: Office, rosa: Rep, manager: Rep) -> None:
    await set_the_right(manager)
    await rosa.runs("/cancel sale Ada Lovelace")
    await bought_on(rosa, "2026-11-20")
    rosa.sees("10 days left, until Fri, Dec 4.")
    await rosa.presses("Next")
    rosa.sees("10 days left")
    await rosa.presses("Worried or unsure")
    rosa.does_not_see(RIGHT)
    await rosa.presses("They said no")
    rosa.sees("Ask a little deeper").does_not_see(RIGHT)


async def test_the_last_day_is_named_and_after_it_there_is_nothing_to_tell(rosa: Rep, manager: Rep) -> None:
    await set_the_right(manager)
    await rosa.runs("/cancel sale Ada Lovelace")
    await bought_on(rosa, "2026-11-10")
    rosa.sees("Today is the last day.")
    await bought_on(rosa, "2026-11-09")

    rosa.does_not_see(RIGHT)


async def test_it_stands_in_a_written_answer_too_and_only_where_the_right_exists(rosa: Rep, manager: Rep) -> None:
    await set_the_right(manager, "Order or subscription")
    await rosa.runs("/cancel order email Ada Lovelace")
    rosa.sees(RIGHT)
    assert f"Hello Ada Lovelace,\n\n{RIGHT}\n\nYour message has arrived" in rosa.screen.held("It’s here and it stands")
    assert RIGHT not in rosa.screen.held("Invite them to talk")
    await rosa.runs("/cancel sale phone Ada Lovelace")

    rosa.does_not_see(RIGHT)


async def test_it_is_there_again_when_a_slip_is_taken_back(rosa: Rep, manager: Rep) -> None:
    await set_the_right(manager, "Order or subscription")
    await rosa.runs("/cancel order email Ada Lovelace")
    await rosa.presses("It’s a practical reason")
    await rosa.presses("Back one step")

    rosa.sees(RIGHT)


async def test_a_day_of_purchase_that_lies_ahead_is_an_error(rosa: Rep) -> None:
    await rosa.runs("/cancel sale Ada Lovelace")
    await rosa.presses("Note and details…")
    rosa.types("Bought on", "2026-12-24")

    assert await rosa.sends() == {"Bought on": "That day lies ahead. Please choose today or earlier."}
