"""How a *no* is answered: one deeper question, then the coaching ends (the method, parts A and D)."""

import pytest

from tests.conversations.office import Office, Rep

PUSHING = ("Next", "Worried or unsure", "Something changed", "Not sure yet", "They said no", "Back one step")


def helps_to_let_go(rep: Rep) -> None:
    rep.sees("Let them go well")
    assert not set(PUSHING) & set(rep.screen.controls)
    assert rep.screen.in_sight == ["They’re leaving", "They’re staying"]


async def test_the_first_no_offers_the_deeper_question_and_the_second_ends_the_coaching(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")

    await rosa.presses("They said no")
    rosa.sees("Ask a little deeper")
    await rosa.presses("They said no")

    helps_to_let_go(rosa)


@pytest.mark.parametrize("steps", range(6))
async def test_just_cancel_it_ends_the_coaching_at_once_from_every_step(rosa: Rep, steps: int) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    for press in ["Next", "Worried or unsure", "Next", "Next", "Next"][:steps]:
        await rosa.presses(press)

    await rosa.presses("They said “just cancel it”")

    helps_to_let_go(rosa)


@pytest.mark.parametrize("steps", range(1, 6))
async def test_a_no_from_any_step_leads_to_the_deeper_question_and_a_worry_back_to_where_they_were(
    rosa: Rep, steps: int
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    for press in ["Next", "Worried or unsure", "Next", "Next", "Next"][:steps]:
        await rosa.presses(press)
    before = rosa.screen.text

    await rosa.presses("They said no")
    rosa.sees("2 of 6 · Ask a little deeper")
    await rosa.presses("Worried or unsure")

    if steps == 1:
        rosa.sees("3 of 6")
    else:
        assert rosa.screen.text == before


async def test_after_the_second_no_an_older_copy_pushes_nobody(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(minutes=2)
    in_the_channel = rosa.screen
    rosa.goes_to("dm")
    await rosa.presses("They said no")
    await rosa.presses("They said no")
    helps_to_let_go(rosa)

    rosa.goes_to("C0RENEWALS")
    await rosa.uses(*in_the_channel.controls["Next"], on=in_the_channel)

    rosa.sees("That card was a step behind")
    helps_to_let_go(rosa)


async def test_another_way_to_say_it_stays_with_the_goodbye(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They said “just cancel it”")

    first = rosa.screen.text
    await rosa.presses("Another way to say it")

    assert rosa.screen.text != first
    helps_to_let_go(rosa)


async def test_undoing_the_leaving_does_not_bring_the_pushing_back(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They said “just cancel it”")
    await rosa.presses("They’re leaving")
    await rosa.presses("Undo")

    rosa.sees("Taken back")
    helps_to_let_go(rosa)


async def test_back_from_the_deeper_question_leads_to_where_they_were(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    for press in ("Next", "Worried or unsure", "Next"):
        await rosa.presses(press)
    before = rosa.screen.text
    await rosa.presses("They said no")
    await rosa.presses("Back one step")

    assert rosa.screen.text == before


async def test_a_no_that_was_taken_back_with_the_step_still_counts(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They said no")
    await rosa.presses("Back one step")
    await rosa.presses("They said no")

    helps_to_let_go(rosa)
