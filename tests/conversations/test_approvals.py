"""More than a rep may offer: asked for in one press, and decided while the customer is on the line."""

from dataclasses import replace
from datetime import datetime

import anyio
import pytest
from sqlmodel import Session, select

from bot.coaching import members
from bot.playground.workspace import TEAM
from bot.storage.models import Approval
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_policies import (
    LESS,
    MONTHS,
    TERMS,
    WORTH,
    comes_to_the_discount,
    gives_a_discount,
    offers,
    sets,
    sets_a_discount,
)
from tests.conversations.test_remedies import at_the_remedies
from tests.conversations.test_the_library import lend
from tests.conversations.test_undeliverable import becomes, refuses

WORD = "A word to the rep"
ASKED = "<@U0ROSA> asks for Ada Lovelace: A smaller bill, 30 percent, for 6 months, worth $180.00. “30 off”"


async def manages(office: Office, rep: Rep, since: datetime | None) -> None:
    """Let somebody be a manager, or be none any more."""

    def keep(session: Session) -> None:
        members.meet(session, TEAM, rep.id).manages_since = since

    await office.bot.database.write(keep)


@pytest.fixture
async def second(office: Office, sam: Rep, manager: Rep) -> Rep:
    """Sam, who manages the team beside Mina, since later."""
    await office.later(minutes=1)
    await manages(office, sam, office.clock.now())
    return sam


async def asks(office: Office, rep: Rep, percent: int = 30, months: int = 6, worth: str = "180") -> Rep:
    """Ask for more than the limits of `sets_a_discount`, and see who is asked."""
    await comes_to_the_discount(rep)
    await rep.presses("They’d like that…")
    assert await offers(rep, percent, months, worth).sends() == {}
    rep.sees("*Asked at", "_With <@")
    await office.settles()
    return rep


async def kept(office: Office) -> Approval:
    def latest(session: Session) -> Approval:
        return session.exec(select(Approval).order_by(Approval.id.desc())).first()  # type: ignore[union-attr, return-value]

    return await office.bot.database.read(latest)


def said(rep: Rep) -> str:
    """What a lock screen has room for of the latest message with the app: its first line."""
    return rep.goes_to("dm").messages[-1].text.replace("\u00a0", " ").splitlines()[0]


async def test_asked_for_in_one_press_approved_in_one_and_the_card_changes_at_once(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    rosa.sees(":* A smaller bill, 30 percent, for 6 months, worth $180.00", "With <@U0MINA>.")
    rosa.sees("so I’m asking somebody who can decide", "Yours to offer meanwhile: up to 20 percent, for up to 3 months")
    limits = "up to 20 percent, for up to 3 months, worth up to $100.00"
    assert said(manager) == f"{ASKED} That is above the limit: {limits}. On the phone, asked 10:00 AM."
    manager.sees("• Why: Something changed")
    assert manager.screen.in_sight == ["Approve", "Offer less…", "Decline…"]

    await manager.presses("Approve")
    manager.sees("<@U0MINA> approved it.")
    assert manager.screen.in_sight == []
    await office.settles()
    done = ("<@U0MINA> said yes:", "✓ Agreed: A smaller bill, 30 percent, for 6 months, $180.00: 30 off", "4 of 4")
    rosa.goes_to(RENEWALS).sees(*done)
    rosa.goes_to("dm").sees(*done)
    await rosa.goes_to(RENEWALS).presses("They’re staying")
    rosa.sees("• Agreed: A smaller bill, 30 percent").does_not_see("said yes")

    approval = await kept(office)
    assert (approval.verdict, approval.decided_by, approval.decided_at) == ("approved", manager.id, office.clock.now())


async def test_less_is_offered_with_a_word_and_taken_in_one_press(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await manager.goes_to("dm").presses("Offer less…")
    manager.types(LESS, 40).types(WORD, "25 for three months")
    assert await manager.sends() == {LESS: "They asked for 30 percent. Please write no more than that."}
    manager.types(WORD, "25 for three months")
    assert list(await manager.sends()) == [LESS], "that is what was asked"
    manager.types(LESS, 25).types(MONTHS, 3).types(WORTH, "110").types(WORD, "25 for three months")
    assert await manager.sends() == {}
    manager.sees("<@U0MINA> offered less: 25 percent, for 3 months, worth $110.00. “25 for three months”")
    await office.settles()

    rosa.goes_to(RENEWALS).sees("<@U0MINA> offers:* A smaller bill, 25 percent, for 3 months, worth $110.00")
    rosa.sees("“25 for three months”", "Would that help?").does_not_see("✓ Agreed")
    assert "They’d like that…" not in rosa.screen.controls
    await rosa.presses("They take it")
    rosa.sees("✓ Agreed: A smaller bill, 25 percent, for 3 months, $110.00")
    rosa.does_not_see("offers:*", "25 for three months")


async def test_what_was_promised_to_be_put_right_stays_the_promise_when_it_may_cost_less(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets(manager, "Something put right", Most_value="$50")
    await at_the_remedies(rosa)
    for press in ("Sort the problem out", "They’d like that…"):
        await rosa.presses(press)
    rosa.types("What you promised", "A new charger, by courier.").types("By when", "2026-11-26")
    assert await rosa.types("What it is worth", "90").sends() == {}
    await office.settles()
    await manager.goes_to("dm").presses("Offer less…")
    assert await manager.types(WORTH, "60").types(WORD, "Not by courier, please.").sends() == {}
    await office.settles()

    rosa.goes_to(RENEWALS).sees("this is what I can do: $60.00. Would that help?")
    await rosa.presses("They take it")
    rosa.sees("✓ Agreed: Sort the problem out", "A new charger, by courier.").does_not_see("Not by courier")


async def test_an_offer_of_less_stays_until_it_is_taken_or_left(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await manager.goes_to("dm").presses("Offer less…")
    manager.types(LESS, 25).types(WORD, "25, then")
    await manager.sends()
    await office.settles()
    await rosa.goes_to(RENEWALS).presses("Back one step")
    rosa.sees("<@U0MINA> offers:*")
    await rosa.presses("Leave it")
    rosa.does_not_see("offers:*", "✓ Agreed")


async def test_declined_the_rep_has_a_kind_line_and_what_is_theirs_to_offer(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await manager.goes_to("dm").presses("Decline…")
    assert await manager.sends() == {WORD: "Please complete this required field."}
    manager.types(WORD, "Not this quarter")
    await manager.sends()
    manager.sees("<@U0MINA> declined. “Not this quarter”")
    await office.settles()

    rosa.goes_to(RENEWALS).sees("<@U0MINA> decided against it:*", "“Not this quarter”", "I’d rather tell you straight")
    rosa.sees("Yours to offer: up to 20 percent").does_not_see("✓ Agreed")
    await rosa.presses("Back one step")
    rosa.does_not_see("decided against it")


async def test_after_three_minutes_the_next_manager_is_asked_too(office: Office, rosa: Rep, second: Rep) -> None:
    await sets_a_discount(office.mina)
    await asks(office, rosa)
    await office.later(minutes=2, seconds=59)
    assert "asks for Ada" not in second.goes_to("dm").everything
    await office.later(seconds=1)

    assert said(second).startswith(ASKED)
    rosa.goes_to(RENEWALS).sees("With <@U0MINA> and <@U0SAM>.")
    await second.presses("Approve")
    await office.settles()
    assert said(office.mina).startswith("<@U0SAM> approved it."), "every message says who decided"
    rosa.sees("<@U0SAM> said yes:")


async def test_after_six_minutes_a_call_back_can_be_promised_in_one_press(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await office.later(minutes=5, seconds=59)
    assert "Promise a call-back" not in rosa.screen.controls
    await office.later(seconds=1)
    rosa.sees("It is taking long.")
    await rosa.presses("Promise a call-back")
    rosa.sees("The call is booked.", "Call-back promised: Tue, Nov 24, 11:06 AM")
    assert "Promise a call-back" not in rosa.screen.controls

    await office.later(hours=1)
    rosa.goes_to("dm").sees("Call Ada Lovelace back, as you promised: they are waiting for an answer.")
    await manager.goes_to("dm").presses("Approve")
    await office.settles()
    rosa.goes_to("dm")
    assert "✓ Agreed: A smaller bill, 30 percent" in rosa.everything


async def test_a_request_is_taken_back_and_every_message_says_so(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await rosa.presses("Take the request back")
    rosa.sees("Taken back. Nobody is asked any more.").does_not_see("Asked at")
    await office.settles()
    manager.goes_to("dm").sees("The request was taken back, so there is nothing to decide.")
    assert manager.screen.in_sight == []

    await office.later(minutes=6)
    rosa.does_not_see("It is taking long.")


async def test_a_manager_who_asks_is_answered_by_another_one(office: Office, second: Rep) -> None:
    mina = office.mina
    await sets_a_discount(mina)
    await asks(office, mina.goes_to(RENEWALS))
    assert "asks for Ada" not in mina.goes_to("dm").everything
    assert said(second).startswith("<@U0MINA> asks for Ada Lovelace")


async def test_a_manager_who_is_alone_is_told_kindly_what_is_theirs_to_offer(office: Office, manager: Rep) -> None:
    await sets_a_discount(manager)
    manager.goes_to(RENEWALS)
    await comes_to_the_discount(manager)
    await manager.presses("They’d like that…")

    limits = "up to 20 percent, for up to 3 months, worth up to $100.00"
    assert await offers(manager, 30, 2, "50").sends() == {
        LESS: f"There is nobody else who could approve more. Yours to offer: {limits}."
    }
    assert await offers(manager, 20, 2, "50").sends() == {}
    manager.sees("✓ Agreed: A smaller bill, 20 percent")


async def test_whoever_was_named_is_asked_first_without_being_a_manager(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets(manager, "A lower price", Most_percent=20, Who_approves_what_lies_above=sam.id)
    await comes_to_the_discount(rosa)
    await rosa.presses("They’d like that…")
    await rosa.types(TERMS, "30 off").types(WORTH, "180").types(LESS, 30).sends()
    await office.settles()
    assert "asks for Ada" not in manager.goes_to("dm").everything
    await sam.goes_to("dm").presses("Approve")

    sam.sees("<@U0SAM> approved it.")


async def test_of_two_at_the_same_second_one_wins_and_the_other_is_told(office: Office, rosa: Rep, second: Rep) -> None:
    await sets_a_discount(office.mina)
    await asks(office, rosa)
    await office.later(minutes=3)
    await office.mina.goes_to("dm").presses("Decline…")
    office.mina.types(WORD, "No")
    await second.goes_to("dm").presses("Approve")
    await office.mina.sends()

    office.mina.sees("What was decided", "It is decided already. <@U0SAM> approved it.")
    await office.mina.closes()
    await office.settles()
    rosa.sees("✓ Agreed: A smaller bill, 30 percent")
    assert rosa.screen.text.count("✓ Agreed") == 1
    assert (await kept(office)).decided_by == second.id


async def test_of_two_presses_at_once_one_decides(office: Office, rosa: Rep, second: Rep) -> None:
    await sets_a_discount(office.mina)
    await asks(office, rosa)
    await office.later(minutes=3)
    async with anyio.create_task_group() as tasks:
        for manager in (office.mina, second):
            tasks.start_soon(manager.goes_to("dm").presses, "Approve")
    await office.settles()

    by = (await kept(office)).decided_by
    for manager in (office.mina, second):
        manager.goes_to("dm").sees(f"<@{by}> approved it.")
    assert rosa.screen.text.count("✓ Agreed") == 1


@pytest.mark.parametrize("press", ["Approve", "Offer less…"])
async def test_a_press_on_what_was_decided_already_shows_who_did(
    office: Office, rosa: Rep, second: Rep, press: str
) -> None:
    await sets_a_discount(office.mina)
    await asks(office, rosa)
    await office.later(minutes=3)
    await second.goes_to("dm").presses("Approve")
    await office.mina.goes_to("dm").presses(press)

    office.mina.sees("It is decided already. <@U0SAM> approved it.")


@pytest.mark.parametrize("who", ["a rep", "a manager of before", "whoever asks"])
async def test_whoever_may_not_decide_is_refused(office: Office, rosa: Rep, second: Rep, who: str) -> None:
    mina = office.mina.goes_to("dm")
    await sets_a_discount(mina)
    await asks(office, rosa)
    somebody = {"a rep": second, "a manager of before": mina, "whoever asks": rosa}[who]
    await manages(office, somebody, office.clock.now() if somebody is rosa else None)
    mina.goes_to("dm")
    if somebody is not mina:
        await somebody.goes_to(RENEWALS).runs("/cancel help")
        lend(mina, somebody)
    await somebody.presses("Approve")

    somebody.sees("This one is yours" if somebody is rosa else "Requests are decided by managers")
    assert (await kept(office)).decided_at is None


async def test_the_limit_was_raised_meanwhile_so_it_needs_nobodys_word(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await sets(manager, "A lower price", Most_percent=50, Most_months=12, Most_value="$500")
    await manager.goes_to("dm").presses("Approve")
    manager.sees("It lay within the limits by then")
    await office.settles()

    rosa.sees("It is yours to offer by now:*", "✓ Agreed: A smaller bill, 30 percent")
    assert (await kept(office)).verdict == "within"


async def test_it_was_switched_off_meanwhile_and_the_manager_is_told_at_the_decision(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await sets(manager, "A lower price", What_reps_may_do=[])
    await manager.goes_to("dm").presses("Approve")
    manager.sees("Your team does not offer that any more, so nobody could approve it.")
    await office.settles()

    rosa.sees("It is not offered any more:*", "I’d rather tell you straight").does_not_see("✓ Agreed")


async def test_they_were_given_one_meanwhile_so_nobody_can_approve_another(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await sets(manager, "A lower price", Most_percent=None, Most_months=None, Most_value=None)
    await gives_a_discount(sam)
    once = {"How_often_a_customer_may_have_it": 1, "Within_how_many_months": 12}
    await sets(manager, "A lower price", Most_percent=20, **once)
    await manager.goes_to("dm").presses("Approve")
    manager.sees("This customer has had one meanwhile")
    await office.settles()

    rosa.sees("They have had one meanwhile:*").does_not_see("✓ Agreed")


@pytest.mark.parametrize("press", ["They’re staying", "They’re leaving", "They said “just cancel it”"])
async def test_a_case_that_has_moved_on_waits_for_nobody(office: Office, rosa: Rep, manager: Rep, press: str) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    before = manager.goes_to("dm").screen
    controls = before.controls["Approve"]
    await rosa.presses(press)
    rosa.does_not_see("Asked at")
    await manager.uses(*controls, on=before)
    manager.sees("The case has moved on meanwhile, so there is nothing to decide.")
    await office.settles()

    manager.sees("The case has moved on meanwhile, so there is nothing to decide.")
    assert manager.screen.in_sight == []
    rosa.does_not_see("✓ Agreed")


async def test_the_request_goes_with_the_case_to_whoever_it_is_handed_to(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await rosa.presses("Ask or hand over…")
    rosa.types("Hand over to", sam.id)
    await rosa.sends()
    await office.settles()
    sam.goes_to("dm").sees("*Asked at 3:00 PM:*")
    await manager.goes_to("dm").presses("Approve")
    await office.settles()

    sam.sees("<@U0MINA> said yes:", "✓ Agreed: A smaller bill, 30 percent")


async def test_a_manager_who_was_handed_the_case_does_not_decide_it(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    message = manager.goes_to("dm").screen
    await rosa.presses("Ask or hand over…")
    rosa.types("Hand over to", manager.id)
    await rosa.sends()
    await manager.uses(*message.controls["Approve"], on=message)

    assert "This one is yours, so somebody else has to decide it." in manager.everything
    assert (await kept(office)).decided_at is None


async def test_the_rep_was_deactivated_meanwhile_and_the_decision_is_kept_all_the_same(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    office.workspace.people[rosa.id] = replace(office.workspace.people[rosa.id], deleted=True)
    await manager.goes_to("dm").presses("Approve")
    await office.settles()

    manager.sees("<@U0MINA> approved it.")
    assert (await kept(office)).verdict == "approved"


async def test_something_put_right_above_its_worth_becomes_its_task_once_it_is_approved(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets(manager, "Something put right", Most_value="$100")
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.").types("Who does it", sam.id).types("By when", "2026-11-26")
    await rosa.types(WORTH, "150").sends()
    await office.settles()
    assert "Promised to Ada" not in sam.goes_to("dm").everything
    await manager.goes_to("dm").presses("Approve")
    await office.settles()

    assert "Promised to Ada Lovelace by Thu 26 Nov: A new charger." in sam.goes_to("dm").everything


async def test_in_writing_the_line_and_the_message_are_for_writing(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await rosa.runs("/cancel order email Ada Lovelace")
    for press in ("It’s a practical reason", "A smaller bill", "They’d like that…"):
        await rosa.presses(press)
    await offers(rosa, 30, 6, "180").sends()
    await office.settles()

    rosa.sees("I’ll write to you as soon as I know.").does_not_see("is that all right?")
    assert "In writing, asked 10:00 AM." in said(manager)


async def test_asked_again_the_first_request_is_taken_back(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await rosa.presses("They’d like that…")
    await offers(rosa, 25, 3, "90").sends()
    await office.settles()

    texts = [message.text for message in manager.goes_to("dm").messages]
    assert any(text.startswith("The request was taken back") for text in texts)
    assert "25 percent" in said(manager)


async def test_agreed_on_within_the_limits_nobody_has_to_decide_any_more(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await asks(office, rosa)
    await rosa.presses("They’d like that…")
    await offers(rosa, 20, 3, "90").sends()
    await office.settles()

    rosa.sees("✓ Agreed: A smaller bill, 20 percent").does_not_see("Asked at")
    assert said(manager).startswith("The request was taken back")


async def test_where_the_first_one_is_gone_the_next_is_asked_at_once_and_from_then_on_first(
    office: Office, rosa: Rep, second: Rep
) -> None:
    await sets_a_discount(office.mina)
    becomes(office, "U0MINA", deleted=True)

    def gone(method: str, arguments: dict[str, object]) -> object:
        to_mina = method == "chat.postMessage" and str(arguments["channel"]) == "D0MINA"
        return refuses("chat.postMessage", "account_inactive")(method, {}) if to_mina else None

    office.slack.troubles.append(gone)  # type: ignore[arg-type]
    await asks(office, rosa)
    assert said(second).startswith(ASKED)
    assert (await kept(office)).asked_of == ["U0MINA", "U0SAM"]
    rosa.goes_to(RENEWALS).sees("With <@U0MINA> and <@U0SAM>.")

    managing = await office.bot.database.read(members.managers, TEAM)
    assert managing == [second.id]
