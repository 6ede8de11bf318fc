"""When leaving is best: carried out, confirmed, and a good last impression (the method, part D)."""

import pytest

from tests.conversations.office import Office, Rep


async def leaves(rep: Rep, name: str = "Ada Lovelace") -> Rep:
    await rep.runs(f"/cancel sale {name}")
    await rep.presses("They said “just cancel it”")
    await rep.presses("They’re leaving")
    return rep


async def test_they_may_be_contacted_again_on_a_day_of_their_own(office: Office, rosa: Rep) -> None:
    await leaves(rosa)
    assert rosa.screen.in_sight == [
        "It’s carried out",
        "We may stay in touch…",
        "Please don’t contact them",
        "Undo",
        "Note and details…",
    ]
    await rosa.presses("We may stay in touch…")
    rosa.types("Reconnect on", "2026-11-01")
    assert await rosa.sends() == {"Reconnect on": "That day has passed. Please choose today or later."}
    rosa.types("Reconnect on", "2027-03-01")
    await rosa.sends()
    rosa.sees("• You may stay in touch.", "A light hello, Mon, Mar 1")
    assert rosa.screen.in_sight == ["It’s carried out", "Undo", "Note and details…"]

    await office.later(days=97)
    assert "A light hello to Ada Lovelace" in rosa.goes_to("dm").everything


async def test_a_no_to_staying_in_touch_is_answered_well_final_and_kept(office: Office, rosa: Rep, sam: Rep) -> None:
    await leaves(rosa)
    await rosa.presses("Please don’t contact them")
    rosa.sees("• They will not be contacted.", "No more calls from me")
    assert rosa.screen.in_sight == ["It’s carried out", "Undo", "Note and details…"]
    await rosa.presses("Note and details…")
    assert "Reconnect on" not in rosa.screen.text
    await rosa.closes()

    await sam.runs("/cancel sale Ada Lovelace")
    sam.sees("On Nov 24, 2026 they asked not to be contacted.")
    await sam.presses("They’re staying")
    sam.does_not_see("Check that they are still glad")
    await sam.presses("Undo")
    await sam.presses("They’re leaving")
    assert "We may stay in touch…" not in sam.screen.in_sight, "their no is final"
    await sam.presses("Note and details…")
    sam.types("Reconnect on", "2027-01-11")
    await sam.sends()
    sam.does_not_see("A light hello")
    await office.later(days=10)
    assert "Check in with Ada" not in sam.goes_to("dm").everything


async def test_undo_takes_that_back_with_the_outcome(office: Office, rosa: Rep) -> None:
    await leaves(rosa)
    await office.later(minutes=1)
    await rosa.presses("Please don’t contact them")
    await rosa.presses("Undo")
    await rosa.runs("/cancel sale Ada Lovelace")

    rosa.does_not_see("they asked not to be contacted")


async def test_it_is_kept_with_whoever_it_turns_out_to_be(rosa: Rep) -> None:
    await rosa.runs("/cancel sale")
    for press in ("They said “just cancel it”", "They’re leaving", "Please don’t contact them", "Note and details…"):
        await rosa.presses(press)
    rosa.types("Customer’s name", "Ada Lovelace")
    await rosa.sends()
    await rosa.runs("/cancel sale Ada Lovelace")

    rosa.sees("they asked not to be contacted")


async def test_what_was_booked_for_them_does_not_come_any_more(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel sale Ada Lovelace")
    await rosa.presses("They’re staying")
    rosa.sees("Check that they are still glad, Tue, Dec 1")
    await leaves(rosa)
    await rosa.presses("Please don’t contact them")
    await rosa.runs("/cancel list")
    rosa.does_not_see("Check that they are still glad")
    await office.later(days=10)

    assert "Check in with Ada" not in rosa.goes_to("dm").everything


async def test_whether_they_were_a_fit_and_why_not_is_kept(rosa: Rep) -> None:
    await leaves(rosa)
    await rosa.presses("Note and details…")
    rosa.types("Were they a fit?", "No").types("Why not, in a line", "They needed a shop, not a ledger.")
    await rosa.sends()
    rosa.sees("Kept.")
    await rosa.presses("Note and details…")

    assert rosa.screen.held("Were they a fit?") == "No"
    assert rosa.screen.held("Why not, in a line") == "They needed a shop, not a ledger."


@pytest.mark.parametrize(
    ("command", "presses"),
    [
        ("/cancel sale Ada", []),
        ("/cancel order Ada", ["Next", "Worried or unsure"]),
        ("/cancel order Ada", ["Next", "Something changed", "Show them how"]),
        ("/cancel demo Ada", ["Next"]),
    ],
)
async def test_a_second_clear_no_leads_here_from_anywhere(rosa: Rep, command: str, presses: list[str]) -> None:
    await rosa.runs(command)
    for press in (*presses, "They said no", "They said no"):
        await rosa.presses(press)

    assert not {"Next", "They said no", "Worried or unsure", "They’d like that…"} & set(rosa.screen.controls)
    assert {"They’re leaving", "Not now…"} & set(rosa.screen.controls)
