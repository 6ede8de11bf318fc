"""What a Home shows of cases that wait, and of where one's own conversations end."""

from tests.conversations.office import RENEWALS, Office, Rep


async def test_a_case_that_waits_for_days_is_on_its_reps_home_and_on_the_managers(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(days=4)

    await rosa.opens_home()
    rosa.sees("Waiting for days", "*Ada Lovelace*", "and nothing is planned for the days ahead.")
    rosa.does_not_see("with <@")
    await manager.opens_home()
    manager.sees("Waiting for days", "*Ada Lovelace*, with <@U0ROSA>")
    await sam.opens_home()
    sam.does_not_see("Waiting for days", "Ada Lovelace")
    await rosa.goes_to(RENEWALS).presses("They’re staying")
    await manager.opens_home()
    manager.does_not_see("Waiting for days")


async def test_a_rep_alone_sees_where_their_conversations_end(rosa: Rep, manager: Rep) -> None:
    for turn in range(5):
        await rosa.goes_to(RENEWALS).runs(f"/cancel Customer {turn}")
        await rosa.presses("Next")
        await rosa.presses("They’re leaving")

    await rosa.opens_home()
    rosa.sees("Where your conversations end", "5 of 5", "Only you see this.", "What helps there:")
    await manager.opens_home()
    manager.does_not_see("Where your conversations end")
