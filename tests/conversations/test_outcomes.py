"""One tap on the outcome saves it, with what follows from it (the method, parts D and H)."""

from sqlmodel import select

from bot.playground.workspace import OpenView
from bot.storage.models import Case
from tests.conversations.office import Office, Rep


async def closed(rep: Rep, press: str, name: str = "Ada Lovelace") -> Rep:
    await rep.runs(f"/cancel {name}")
    await rep.office.settles()
    await rep.presses(press)
    return rep


async def test_staying_is_saved_with_a_check_in_and_can_be_undone(rosa: Rep) -> None:
    await closed(rosa, "They’re staying")
    rosa.sees("Saved: Ada Lovelace is staying.", "Check that they are still glad, Tue, Dec 1")

    await rosa.presses("Undo")

    rosa.sees("Taken back", "1 of 6")


async def test_an_undone_outcome_reminds_nobody(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re staying")
    await rosa.presses("Undo")
    await office.later(days=8)

    assert all("still glad" not in each.text for each in rosa.goes_to("dm").messages)


async def test_a_soft_yes_books_a_call_sooner(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re staying")
    await rosa.presses("It was a soft yes")
    rosa.sees("A soft yes, so call soon", "Call after a soft yes, Thu, Nov 26").does_not_see("still glad")

    await office.later(days=2)
    rosa.goes_to("dm").sees("Call Ada Lovelace: their yes was a soft one.")


async def test_leaving_makes_a_task_that_reminds_until_it_is_done(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re leaving")
    rosa.sees("Ada Lovelace is leaving", "Carry out the cancellation and confirm it, Wed, Nov 25")
    await office.settles()
    rosa.goes_to("dm")

    for _ in range(3):
        before = len(rosa.messages)
        await office.later(days=1)
        assert len(rosa.messages) == before + 1
        rosa.sees("Carry out the cancellation of Ada Lovelace")
    await rosa.presses("Done")
    rosa.sees("Done: Carry out the cancellation and confirm it, Ada Lovelace.")

    before = len(rosa.messages)
    await office.later(days=7)
    assert len(rosa.messages) == before


async def test_details_is_one_prefilled_form_of_which_nothing_is_required(rosa: Rep) -> None:
    await closed(rosa, "They’re staying")
    await rosa.presses("Note and details…")
    assert rosa.screen.held("How they stayed") == "Staying"
    assert rosa.screen.held("Reconnect on") == "2026-12-01"
    assert await rosa.sends() == {}
    rosa.sees("Kept.", "Ada Lovelace is staying")

    await rosa.presses("Note and details…")
    rosa.types("Reason", "Worry or second thoughts").types("Value at stake", "1.2k").types("Your note", "Call Fridays.")
    rosa.types("How they stayed", "Staying on another plan").types("Reconnect on", "2026-12-10")
    assert await rosa.sends() == {}

    rosa.sees("Staying on another plan", "Thu, Dec 10")
    await rosa.presses("Note and details…")
    assert rosa.screen.held("Reason") == "Worry or second thoughts"
    assert rosa.screen.held("Value at stake") == "$1,200.00"
    assert rosa.screen.held("Your note") == "Call Fridays."
    assert rosa.screen.held("Reconnect on") == "2026-12-10"


async def test_somebody_who_left_is_greeted_when_they_agreed_to_it(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re leaving")
    await rosa.presses("Note and details…")
    rosa.types("Reconnect on", "2027-03-01")
    await rosa.sends()

    rosa.sees("Carry out the cancellation and confirm it, Wed, Nov 25", "A light hello, Mon, Mar 1")


async def test_opened_by_mistake_counts_nowhere_and_can_be_undone(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Opened by mistake or duplicate…")
    assert await rosa.sends() == {}
    rosa.sees("Closed as opened by mistake.")
    assert rosa.screen.in_sight == ["Undo"]

    await rosa.presses("Undo")
    rosa.sees("1 of 6")


async def test_a_duplicate_names_the_case_it_repeats(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.runs("/cancel Ada L.")
    await rosa.presses("Opened by mistake or duplicate…")
    rosa.types("Why this is not a case", "Duplicate of Ada Lovelace, Tue, Nov 24, Open")
    assert await rosa.sends() == {}

    rosa.sees("Closed as a duplicate.")


async def test_what_is_left_out_never_shows_up_as_history(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Opened by mistake or duplicate…")
    await rosa.sends()

    await rosa.runs("/cancel Ada Lovelace")

    rosa.does_not_see("cancelled before")


async def test_a_cancellation_that_is_carried_out_during_the_call_reminds_nobody(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re leaving")
    await rosa.presses("It’s carried out")
    rosa.sees("Ada Lovelace is leaving", "Kept.").does_not_see("Carry out the cancellation")
    assert "It’s carried out" not in rosa.screen.controls

    await office.later(days=3)
    assert all("Carry out" not in each.text for each in rosa.goes_to("dm").messages)


async def test_a_date_that_is_taken_out_of_the_form_is_taken_back(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re leaving")
    await rosa.presses("Note and details…")
    rosa.types("Reconnect on", "2027-03-01")
    await rosa.sends()
    rosa.sees("A light hello")

    await rosa.presses("Note and details…")
    rosa.types("Reconnect on", None)
    await rosa.sends()

    rosa.does_not_see("A light hello").sees("Carry out the cancellation")


async def test_what_is_overdue_stays_promised_when_the_form_is_kept(office: Office, rosa: Rep) -> None:
    await closed(rosa, "They’re staying")
    await office.later(days=10)
    await rosa.presses("Note and details…")
    assert rosa.screen.held("Reconnect on") is None
    rosa.types("Your note", "Called twice.")
    await rosa.sends()

    rosa.sees("Kept.", "Check that they are still glad, Tue, Dec 1")


async def test_a_second_answer_to_an_old_form_changes_nothing(rosa: Rep) -> None:
    for name in ("Ada Lovelace", "Ada L.", "Ada"):
        await rosa.runs(f"/cancel {name}")
    await rosa.presses("Opened by mistake or duplicate…")
    form = rosa.screen
    rosa.types("Why this is not a case", "Duplicate of Ada Lovelace, Tue, Nov 24, Open")
    await rosa.sends()
    with rosa.office.bot.database.begin(writes=False) as session:
        first = session.exec(select(Case.duplicate_of).where(Case.outcome == "duplicate")).one()

    assert isinstance(form.shown, OpenView)
    rosa.office.workspace.modals[rosa.id].append(form.shown)
    rosa.types("Why this is not a case", "Duplicate of Ada L., Tue, Nov 24, Open")
    await rosa.sends()

    with rosa.office.bot.database.begin(writes=False) as session:
        assert session.exec(select(Case.duplicate_of).where(Case.outcome == "duplicate")).one() == first


async def test_undo_of_an_outcome_that_followed_a_cool_off_brings_its_call_back(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They need time…")
    rosa.types("Call back on", "2026-12-01")
    await rosa.sends()
    await office.later(minutes=1)
    await rosa.presses("They’re staying")
    await office.later(minutes=1)
    await rosa.presses("Undo")

    rosa.sees("Ada Lovelace is taking time", "Call back after their time to think, Tue, Dec 1")
    await office.later(days=7)
    rosa.goes_to("dm").sees("Time to call Ada Lovelace, as agreed")
