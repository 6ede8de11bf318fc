"""What may help: each remedy with its lines, and with what follows from it (the method, part C)."""

from tests.conversations.office import Office, Rep


async def at_the_remedies(rep: Rep, name: str = "Ada Lovelace") -> Rep:
    await rep.runs(f"/cancel order {name}")
    await rep.presses("Next")
    await rep.presses("Something changed")
    return rep


async def test_a_fix_is_a_task_with_an_owner_and_a_date(office: Office, rosa: Rep, sam: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    rosa.sees("It’s broken, it’s late, or it’s simply the wrong one.", "*Say*")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger, by courier.").types("Who does it", sam.id)
    rosa.types("By when", "2026-11-20")
    assert await rosa.sends() == {"By when": "That day has passed. Please choose today or later."}
    rosa.types("What you promised", "A new charger, by courier.").types("Who does it", sam.id)
    rosa.types("By when", "2026-11-26")
    await rosa.sends()
    rosa.sees("Kept.", "✓ Agreed: Sort the problem out, Thu, Nov 26: A new charger, by courier.", "4 of 4")

    await office.later(days=2)
    sam.goes_to("dm").sees("Promised to Ada Lovelace by Thu 26 Nov: A new charger, by courier.")
    assert "Open the card" not in sam.screen.in_sight, "the case is Rosa's"
    await sam.presses("Done")
    sam.sees("Done: Put right what you promised, Ada Lovelace.")


async def test_a_session_has_a_date(office: Office, rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Show them how")
    await rosa.presses("They’d like that…")
    rosa.types("When", int(office.clock.now().timestamp()) - 1)
    assert await rosa.sends() == {"When": "That time has passed. Please choose one that lies ahead."}
    rosa.types("When", int(office.clock.now().timestamp()) + 86_400).types("What you will go through", "The bills")
    await rosa.sends()
    rosa.sees("✓ Agreed: Show them how, Wed, Nov 25")

    await office.later(days=1)
    rosa.goes_to("dm").sees("Your session with Ada Lovelace: The bills")


async def test_a_view_is_passed_on_with_consent_and_the_customer_is_told(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await choose_channels(manager)
    await at_the_remedies(rosa)
    await rosa.presses("Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.sees("It goes to <#C0FLOOR>")
    rosa.types("Their view, in their words", "The bills are hard to read.")
    assert list(await rosa.sends()) == ["Did they agree?"]
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree to be named"])
    assert await rosa.sends() == {"Did they agree?": "Please ask them first. Without their word it is not passed on."}
    rosa.types("Their view, in their words", "Ada says the bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on"])
    assert list(await rosa.sends()) == ["Their view, in their words"], "she did not agree to be named"
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on"])
    await rosa.sends()
    await office.settles()

    post = rosa.goes_to("C0FLOOR").everything
    assert "A customer’s view, passed on by <@U0ROSA>" in post
    assert "The bills are hard to read." in post
    assert "Ada" not in post
    await office.later(days=1)
    reminded = rosa.goes_to("dm").everything
    assert "Tell Ada Lovelace that their view was passed on." in reminded
    assert "it got there" in reminded


async def test_with_their_word_the_customer_is_named(office: Office, rosa: Rep, manager: Rep) -> None:
    await choose_channels(manager)
    await at_the_remedies(rosa)
    await rosa.presses("Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on", "They agree to be named"])
    await rosa.sends()
    await office.settles()

    assert "(Ada Lovelace, who agreed to be named)" in rosa.goes_to("C0FLOOR").everything


async def test_a_view_that_did_not_reach_its_channel_is_passed_on_by_hand(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await choose_channels(manager)
    del office.workspace.channels["C0FLOOR"]
    await at_the_remedies(rosa)
    await rosa.presses("Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on", "They agree to be named"])
    await rosa.sends()
    await office.later(days=1)

    passed_on = "Pass on what Ada Lovelace told you (they agreed to be named): The bills are hard to read."
    assert passed_on in rosa.goes_to("dm").everything


async def test_a_view_that_was_taken_back_in_time_stays_unsaid(office: Office, rosa: Rep, manager: Rep) -> None:
    await choose_channels(manager)
    await at_the_remedies(rosa)
    await rosa.presses("Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on"])
    await rosa.sends()
    await rosa.presses("Take back")
    await office.later(days=1)

    assert "The bills" not in rosa.goes_to("C0FLOOR").everything
    assert "was passed on" not in rosa.goes_to("dm").everything


async def test_a_view_that_is_out_cannot_be_taken_back_and_the_card_says_so(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await choose_channels(manager)
    await at_the_remedies(rosa)
    await rosa.presses("Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on"])
    await rosa.sends()
    await office.settles()
    await rosa.presses("Take back")

    rosa.sees("It has been posted already, so please ask for it to be removed there.")


async def test_a_fix_for_somebody_else_is_told_at_once_and_comes_in_their_own_morning(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.").types("Who does it", "U0NOBODY").types("By when", "2026-11-26")
    assert await rosa.sends() == {"Who does it": "That is no colleague who could do it. Please choose another."}
    rosa.types("What you promised", "A new charger.").types("Who does it", sam.id).types("By when", "2026-11-26")
    await rosa.sends()
    await office.settles()
    sam.goes_to("dm").sees("Promised to Ada Lovelace by Thu 26 Nov: A new charger.")

    await office.later(days=1)
    assert sam.everything.count("Promised to Ada") == 1, "the day has not come"
    await office.later(days=1)
    assert sam.everything.count("Promised to Ada") == 2


async def test_what_was_agreed_on_in_a_worry_leads_back_to_where_it_was(rosa: Rep) -> None:
    await rosa.runs("/cancel order Ada Lovelace")
    for press in ("Next", "Worried or unsure", "See what may help", "Show them how", "They’d like that…"):
        await rosa.presses(press)
    rosa.types("What you will go through", "The bills")
    await rosa.sends()

    rosa.sees("3 of 6", "✓ Agreed: Show them how")


async def test_undo_of_time_to_think_takes_that_remedy_back_too(rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Let it rest, then call")
    await rosa.presses("They’d like that…")
    await rosa.sends()
    await rosa.presses("Undo")

    rosa.does_not_see("✓ Agreed")


async def test_undo_of_time_to_think_leaves_what_was_agreed_on_before(office: Office, rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.")
    await rosa.sends()
    await office.later(seconds=5)
    for press in ("Back one step", "Let it rest, then call", "They’d like that…"):
        await rosa.presses(press)
    await rosa.sends()
    await office.later(seconds=5)
    await rosa.presses("Undo")

    rosa.sees("✓ Agreed: Sort the problem out").does_not_see("✓ Agreed: Let it rest")


async def test_what_was_agreed_on_stays_in_sight_when_the_form_forgets_it(rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.")
    await rosa.sends()
    await rosa.presses("They’re staying")
    await rosa.presses("Note and details…")
    rosa.types("What helped, if anything", None)
    await rosa.sends()

    rosa.sees("Agreed: Sort the problem out")


async def test_without_a_channel_the_rep_is_reminded_to_pass_it_on(office: Office, rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.sees("Your team has no channel for this yet")
    rosa.types("Their view, in their words", "The bills are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on"])
    await rosa.sends()
    await office.later(days=1)

    assert "Pass on what Ada Lovelace told you: The bills are hard to read." in rosa.goes_to("dm").everything


async def test_billing_and_a_discount_are_kept_with_their_worth(rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Change how they pay")
    await rosa.presses("They’d like that…")
    rosa.types("What you agreed on", "Two payments").types("What it is worth", "abc")
    assert "What it is worth" in await rosa.sends()
    rosa.types("What you agreed on", "Two payments").types("What it is worth", "0")
    await rosa.sends()
    rosa.sees("✓ Agreed: Change how they pay, $0.00")

    await rosa.presses("Back one step")
    await rosa.presses("A smaller bill")
    await rosa.presses("They’d like that…")
    rosa.types("What you agreed on", "15 off, for a year").types("What it is worth", "180")
    await rosa.sends()
    rosa.sees("✓ Agreed: A smaller bill, $180.00")
    await rosa.presses("They’re staying")
    rosa.sees("• Agreed: Change how they pay, $0.00", "• Agreed: A smaller bill, $180.00")
    await rosa.presses("Note and details…")
    assert rosa.screen.held("What helped, if anything") == "A smaller bill"


async def test_a_cool_off_keeps_the_case_open_books_the_call_and_pushes_nothing_today(
    office: Office, rosa: Rep
) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Let it rest, then call")
    await rosa.presses("They’d like that…")
    rosa.types("Call back on", "2026-12-01")
    await rosa.sends()
    rosa.sees("Ada Lovelace is taking time.* No pushing today.", "Call back after their time to think, Tue, Dec 1")
    await rosa.runs("/cancel list")
    rosa.sees("Ada Lovelace", "Taking time")

    await office.later(days=7)
    rosa.goes_to("dm").sees("Time to call Ada Lovelace, as agreed")


async def test_what_was_agreed_on_is_taken_back_in_one_press_with_its_task(office: Office, rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.")
    await rosa.sends()
    await rosa.presses("Take back")
    rosa.sees("Taken back.").does_not_see("✓ Agreed")

    await office.later(days=3)
    assert "A new charger" not in rosa.goes_to("dm").everything


async def test_a_promised_fix_survives_a_save_and_its_undo_but_not_a_goodbye(office: Office, rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger.")
    await rosa.sends()
    await rosa.presses("They’re staying")
    rosa.sees("Put right what you promised, Thu, Nov 26", "Check that they are still glad, Tue, Dec 1")
    await rosa.presses("Undo")
    rosa.sees("✓ Agreed: Sort the problem out, Thu, Nov 26")
    await rosa.presses("They’re leaving")
    rosa.does_not_see("Put right what you promised")
    await office.later(minutes=1)
    await rosa.presses("Undo")
    rosa.sees("✓ Agreed: Sort the problem out, Thu, Nov 26")


async def test_while_it_is_a_worry_discounts_are_shut_and_the_card_says_why(rosa: Rep) -> None:
    await rosa.runs("/cancel order Ada Lovelace")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    await rosa.presses("See what may help")

    rosa.does_not_see("*Say*", "Choose what fits the cause")
    rosa.sees("What may help", "Discounts stay shut while it’s a worry: a lower price does not settle a doubt.")
    assert "Show them how" in rosa.screen.controls
    assert "A smaller bill" not in rosa.screen.controls
    await rosa.presses("Show them how")
    await rosa.presses("Back one step")
    await rosa.presses("Back one step")
    rosa.sees("3 of 6")


async def test_a_discount_asked_for_from_an_older_card_stays_shut(rosa: Rep) -> None:
    await at_the_remedies(rosa)
    _block_id, action_id, choice = rosa.screen.controls["A smaller bill"]
    assert choice
    _, case, _, key = choice.split(":")
    await rosa.presses("Back one step")
    await rosa.presses("Worried or unsure")
    await rosa.presses("See what may help")
    newer = rosa.screen.controls["Show them how"][2]
    assert newer
    forged = f"turn_to:{case}:{newer.split(':')[2]}:{key}"
    menu = next(element for _, element in rosa.screen._elements() if element["action_id"] == action_id)
    menu["options"].append({"text": {"type": "plain_text", "text": "forged"}, "value": forged})
    await rosa.uses(rosa.screen.controls["Show them how"][0], action_id, forged, on=rosa.screen)

    rosa.sees("Discounts stay shut while it’s a worry", "What may help").does_not_see("What amount would you be")


async def test_a_card_number_is_refused_in_what_was_agreed_on(rosa: Rep) -> None:
    await at_the_remedies(rosa)
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "Refund to 4111 1111 1111 1111")

    assert "card number" in (await rosa.sends())["What you promised"]


async def choose_channels(manager: Rep) -> None:
    await manager.presses("Team settings…")
    manager.types("Channel for views that are passed on", "C0FLOOR")
    assert await manager.sends() == {}
