"""What happened in a case, for its rep and for managers, and the correction of how it ended."""

import pytest

from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import asks as asks_for_more
from tests.conversations.test_approvals import manages
from tests.conversations.test_cost_of_a_gesture import counted
from tests.conversations.test_policies import sets_a_discount


async def lets_go(rosa: Rep, name: str = "Ada Lovelace") -> Rep:
    await rosa.runs(f"/cancel {name}")
    await rosa.presses("Next")
    await rosa.presses("They’re leaving")
    return rosa


async def looks_for(manager: Rep, name: str) -> Rep:
    """A manager looks for a customer, from the figures."""
    manager.goes_to(RENEWALS)
    await manager.runs("/saves")
    await manager.presses("A customer…")
    assert await manager.types("Customer’s name, or a part of it", name).sends() == {}
    return manager


async def corrects(rep: Rep, outcome: str, why: str = "She called and stays.") -> Rep:
    await rep.presses("Correct the outcome…")
    rep.types("How it really ended", outcome).types("How that is known now", why)
    assert await rep.sends() == {}
    return rep


async def test_a_rep_sees_what_happened_in_their_case(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    rosa.types("A time you wanted to cancel something (only for you)", "The gym.")
    await rosa.presses("Next")
    await office.later(minutes=3)
    rosa.types("What is behind it", "Her brother laughed at it")
    await rosa.presses("Worried or unsure")
    await rosa.presses("History…")

    rosa.sees(
        "What happened",
        "*Tue, Nov 24, 10:00 AM* <@U0ROSA>: opened",
        "decided: Worried or unsure",
        "wrote down what is behind it: Her brother laughed at it",
    )
    rosa.does_not_see("The gym", "Correct the outcome")


async def test_looking_at_it_costs_a_statement_for_the_case_and_for_each_table_that_tells_of_it(
    office: Office, rosa: Rep
) -> None:
    await lets_go(rosa)
    with counted(office) as counter:
        await rosa.presses("History…")

    # Remedies, requests, promises, posts, and stories told.
    assert len(counter.statements) == 1 + 5


async def test_an_outcome_is_corrected_and_both_are_kept(office: Office, rosa: Rep) -> None:
    await lets_go(rosa)
    await office.later(days=2)
    await rosa.presses("History…")
    await corrects(rosa, "Staying")
    rosa.sees("corrected from “Left” to “Staying”; because: She called and stays.")
    await rosa.closes()
    rosa.sees("Corrected by <@U0ROSA> on Nov 26, 2026: before, it was “Left”. She called and stays.")

    await office.settles()
    told = rosa.goes_to("dm").everything
    assert "*Saved: Ada Lovelace is staying.*" in told
    assert "Check that they are still glad, Thu, Dec 3" in told
    assert "Once it is done, say" not in told, "what was brought and is wanted no more says so"


async def test_a_correction_needs_an_outcome_and_a_reason(rosa: Rep) -> None:
    await lets_go(rosa)
    await rosa.presses("History…")
    await rosa.presses("Correct the outcome…")

    assert {*await rosa.sends()} == {"How it really ended", "How that is known now"}
    rosa.types("How it really ended", "Staying").types("How that is known now", "4111 1111 1111 1111")
    assert "card number" in (await rosa.sends())["How that is known now"]


async def test_a_manager_reaches_any_case_by_the_customers_name(office: Office, rosa: Rep, manager: Rep) -> None:
    await lets_go(rosa)
    await rosa.runs("/cancel Grace Hopper")
    await looks_for(manager, "lovelace")
    manager.sees("Ada Lovelace", "*Nov 24, 2026*: Left, with <@U0ROSA>").does_not_see("Grace Hopper")
    await manager.presses("History…")
    manager.sees("What happened", "recorded: Left")
    await corrects(manager, "Paused", "They only wished for a break.")
    manager.sees("corrected from “Left” to “Paused”")

    await office.settles()
    rosa.goes_to("dm").sees("Corrected by <@U0MINA>")


async def test_figures_use_what_was_corrected(office: Office, rosa: Rep, manager: Rep) -> None:
    await lets_go(rosa)
    await rosa.presses("History…")
    await corrects(rosa, "Staying")
    manager.goes_to(RENEWALS)
    await manager.runs("/saves")

    manager.sees("1 of 1 stayed.")


async def test_nobody_of_that_name_is_said_so(manager: Rep) -> None:
    await looks_for(manager, "Nobody")

    manager.sees("I know nobody called “Nobody”. Try a part of the name.")


async def test_a_rep_has_no_managers_buttons_and_the_press_of_one_is_refused(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.runs("/saves")
    rosa.does_not_see("A customer…", "Export…", "One page")
    manager.goes_to(RENEWALS)
    await manager.runs("/saves")
    screen = manager.screen
    for label in ("A customer…", "Export…", "One page"):
        block_id, action_id, _ = screen.controls[label]
        value = action_id.rpartition(".")[2]
        rosas = rosa.screen
        rosas.blocks.append(next(block for block in screen.blocks if block.get("block_id") == block_id))
        await office.slack.people.press(rosa.id, rosas.where, block_id, action_id, None, {})
        rosa.sees("That is for this team’s managers")
        await rosa.closes()
        assert value


@pytest.mark.parametrize("outcome", ["They’re staying", "They’re leaving"])
async def test_a_history_that_was_opened_before_an_undo_corrects_nothing(rosa: Rep, outcome: str) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses(outcome)
    await rosa.presses("History…")
    await rosa.presses("Correct the outcome…")
    modals = rosa.office.workspace.modals[rosa.id]
    kept, rosa.office.workspace.modals[rosa.id] = [*modals], []
    await rosa.presses("Undo")
    rosa.office.workspace.modals[rosa.id] = kept
    rosa.types("How it really ended", "Paused").types("How that is known now", "So it was.")

    assert "There is nothing to correct" in next(iter((await rosa.sends()).values()))


async def test_what_was_asked_of_a_manager_stands_in_it_with_what_they_said(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks_for_more(office, rosa)
    await manager.goes_to("dm").presses("Approve")
    await office.settles()
    await rosa.goes_to(RENEWALS).presses("They’re staying")
    await rosa.presses("History…")

    rosa.sees("asked a manager for more: A smaller bill, 30 percent, for 6 months, worth $180.00")
    rosa.sees("<@U0MINA>: approved it")


async def test_of_two_managers_who_correct_at_once_the_second_hears_of_it(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await manages(office, sam, office.clock.now())
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re leaving")
    for each in (manager, sam):
        await looks_for(each, "Ada")
        await each.presses("History…")
        await each.presses("Correct the outcome…")
        each.types("How it really ended", "Paused" if each is sam else "Staying")
        each.types("How that is known now", "She called.")
    assert await manager.sends() == {}
    (error,) = (await sam.sends()).values()
    assert error.startswith("Something has changed in this case since you opened this")

    await rosa.goes_to(RENEWALS).runs("/saves")
    rosa.sees("1 of 1 stayed")


async def test_several_of_a_name_are_found_by_as_many_statements_as_one_each_with_their_latest(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    counts = []
    for name in ("Ada Lovelace", "Ada Byron", "Ada Yonath"):
        await lets_go(rosa, name)
        await rosa.runs(f"/cancel {name}")
        manager.goes_to(RENEWALS)
        await manager.runs("/saves")
        await manager.presses("A customer…")
        with counted(office) as counter:
            await manager.types("Customer’s name, or a part of it", "Ada").sends()
        counts.append(len(counter.statements))

    assert len({*counts}) == 1
    manager.sees("Ada Lovelace", "Ada Byron", "Ada Yonath")
    assert manager.screen.in_sight.count("History…") == 6
