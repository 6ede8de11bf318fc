"""Step two: worried, or has something changed? (the method, part A2 and part C)."""

from tests.conversations.office import Office, Rep


async def at_the_gate(rep: Rep) -> Rep:
    await rep.runs("/cancel Ada Lovelace")
    await rep.presses("Next")
    return rep


async def test_something_changed_stops_persuading_and_offers_remedies_with_money_last(rosa: Rep) -> None:
    await at_the_gate(rosa)
    await rosa.presses("Something changed")

    rosa.sees("3 of 4", "What may help")
    remedies = [line for line in rosa.screen.text.splitlines() if line.startswith("• ")]
    assert len(remedies) == 6
    assert remedies[-1].startswith("• *A lower price:*")
    await rosa.presses("Next")
    rosa.sees("4 of 4")


async def test_not_sure_yet_asks_deeper_and_then_asks_another_way(rosa: Rep) -> None:
    await at_the_gate(rosa)
    await rosa.presses("Not sure yet")
    rosa.sees("2 of 6 · Ask a little deeper")
    once = rosa.screen.text

    await rosa.presses("Not sure yet")

    rosa.sees("2 of 6 · Ask a little deeper")
    assert rosa.screen.text != once


async def test_when_cost_is_named_it_is_asked_about_once_more_and_the_gate_stays(rosa: Rep) -> None:
    await at_the_gate(rosa)
    await rosa.presses("It’s the cost")

    rosa.sees("2 of 6 · Ask about the cost once more")
    assert rosa.screen.in_sight[:2] == ["Worried or unsure", "Something changed"]
    assert "It’s the cost" not in rosa.screen.controls


async def test_a_cool_off_is_open_on_both_sides_and_books_the_call(office: Office, rosa: Rep) -> None:
    for cause in ("Worried or unsure", "Something changed"):
        await rosa.runs(f"/cancel Ada after {cause}")
        await office.settles()
        await rosa.presses("Next")
        await rosa.presses(cause)
        await rosa.presses("They need time…")
        assert rosa.screen.held("Call back on") == "2026-11-27"
        rosa.types("Call back on", "2026-12-02")
        assert await rosa.sends() == {}

        rosa.sees("is taking time", "No pushing today", "Call back after their time to think, Wed, Dec 2")
        assert rosa.screen.in_sight[:2] == ["They’re staying", "They’re leaving"]


async def test_a_cool_off_ends_when_they_have_decided(office: Office, rosa: Rep) -> None:
    await at_the_gate(rosa)
    await rosa.presses("They need time…")
    await rosa.sends()
    await rosa.presses("They’re staying")

    rosa.sees("is staying", "Check that they are still glad")
    rosa.does_not_see("Call back")
    await office.later(days=4)
    rosa.goes_to("dm").does_not_see("Time to call")


async def test_a_day_that_has_passed_is_a_field_error(rosa: Rep) -> None:
    await at_the_gate(rosa)
    await rosa.presses("They need time…")
    rosa.types("Call back on", "2026-11-23")

    assert await rosa.sends() == {"Call back on": "That day has passed. Please choose today or later."}
    await rosa.closes()
    rosa.sees("2 of 6")


async def test_back_goes_one_step_back(rosa: Rep) -> None:
    await at_the_gate(rosa)
    await rosa.presses("Worried or unsure")
    await rosa.presses("Back one step")
    rosa.sees("2 of 6 · Find the real reason")
    await rosa.presses("Back one step")
    rosa.sees("1 of 6")
    assert "Back one step" not in rosa.screen.controls


async def test_every_line_has_at_least_three_ways_to_say_it(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    said = set()
    for _ in range(3):
        said.add(rosa.screen.text)
        await rosa.presses("Another way to say it")

    assert len(said) == 3
