"""They cancelled by e-mail or text: confirm, invite, wait for their answer (the method, part B)."""

from tests.conversations.office import Office, Rep

CONFIRM = "We got your message"
INVITE = "Shall we talk?"


async def test_a_written_cancellation_begins_with_two_drafts_to_copy(rosa: Rep) -> None:
    await rosa.runs("/cancel text Ada Lovelace")

    rosa.sees("Ada Lovelace", "Feelings don’t come through in writing", "Look for")
    rosa.does_not_see("1 of 6", "*Say*")
    assert rosa.screen.held(CONFIRM).startswith("Hello Ada Lovelace,\n\nThank you for writing.")
    assert "your request to cancel stands" in rosa.screen.held(CONFIRM)
    assert "your cancellation stands either way" in rosa.screen.held(INVITE)


async def test_the_words_may_come_in_either_order_and_the_card_shows_what_it_took(rosa: Rep) -> None:
    await rosa.runs("/cancel demo text Ada Lovelace")
    assert (rosa.screen.text.splitlines()[0], *rosa.taken) == (
        "Ada Lovelace",
        "Rescue an appointment",
        "By text message",
    )

    await rosa.runs("/cancel email order Grace Hopper")
    assert rosa.taken == ["Save an order or subscription", "By e-mail"]
    rosa.sees("Write back kindly")


async def test_the_last_choice_of_both_stands_and_one_press_changes_either(rosa: Rep) -> None:
    await rosa.runs("/cancel order email Ada Lovelace")
    await rosa.runs("/cancel Grace Hopper")
    assert rosa.taken == ["Save an order or subscription", "By e-mail"]

    await rosa.presses("By phone")
    rosa.sees("1 of 6 · Ask why, with care")
    await rosa.presses("By chat")
    rosa.sees("Write back kindly")
    await rosa.presses("Save a sale")
    rosa.sees("Answer their message")
    assert rosa.taken == ["Save a sale", "By chat"]


async def test_a_customer_whose_name_is_such_a_word_keeps_it(rosa: Rep) -> None:
    await rosa.runs("/cancel Mail Boxes Ltd")

    rosa.sees("Mail Boxes Ltd", "1 of 6")


async def test_once_it_is_sent_the_case_waits_with_a_date_of_its_own(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    rosa.sees("Leave it with them", "Waiting for their answer until *Fri, Nov 27*")
    assert rosa.screen.in_sight == ["They answered", "They called", "They’d rather not talk"]

    await rosa.picks("wait_until", "2026-12-01")
    rosa.sees("Waiting for their answer until *Tue, Dec 1*")
    await rosa.runs("/cancel list")
    rosa.sees("Waiting for their answer")

    await office.later(days=3)
    assert "No answer from Ada Lovelace" not in rosa.goes_to("dm").everything
    await office.later(days=4)
    rosa.sees("No answer from Ada Lovelace yet")
    assert "What you asked for stands" in rosa.screen.held("A draft to copy")


async def test_a_slip_is_taken_back_with_the_waiting(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await rosa.presses("Back one step")
    rosa.sees("Answer their message").does_not_see("Waiting for their answer")

    await office.later(days=5)
    assert "No answer from" not in rosa.goes_to("dm").everything


async def test_whoever_left_in_writing_has_it_confirmed_in_writing(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("They’d rather not talk")
    await rosa.presses("They’re leaving")
    await office.later(days=1)

    rosa.goes_to("dm").sees("Carry out the cancellation of Ada Lovelace").does_not_see("Once it is done, say")
    assert "Your cancellation has gone through" in rosa.screen.held("A draft to copy")


async def test_whoever_asked_not_to_be_contacted_is_answered_and_not_invited(rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    for press in ("They’d rather not talk", "They’re leaving", "Please don’t contact them"):
        await rosa.presses(press)
    await rosa.runs("/cancel email Ada Lovelace")

    assert rosa.screen.held(CONFIRM)
    assert INVITE not in rosa.screen.text


async def test_a_day_that_has_passed_is_not_waited_for(rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await rosa.picks("wait_until", "2026-11-20")

    rosa.sees("That has passed already", "Waiting for their answer until *Fri, Nov 27*")


async def test_they_answered_with_a_practical_reason_and_get_its_remedy_in_writing(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await rosa.presses("They answered")
    rosa.sees("Read what they say")
    await rosa.presses("It’s a practical reason")
    rosa.sees("What may help")
    await rosa.presses("Put the problem right")
    assert "Shall I look into it?" in rosa.screen.held("Offer to put it right")
    await rosa.presses("I’ve sent it")
    rosa.sees("Waiting for their answer")

    await office.later(days=7)
    said = rosa.goes_to("dm").everything
    assert said.count("No answer from Ada Lovelace yet") == 1, "the first waiting is over"


async def test_they_would_rather_not_talk_and_are_let_go_in_writing(rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await rosa.presses("They’d rather not talk")

    rosa.sees("Let them go well").does_not_see("They answered", "I’ve sent it")
    assert "I’m seeing to your cancellation" in rosa.screen.held("Say goodbye")
    await rosa.presses("They’re leaving")
    rosa.sees("Recorded: Ada Lovelace is leaving", "Carry out the cancellation")


async def test_they_called_and_the_live_conversation_begins(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await rosa.presses("They called")

    rosa.sees("1 of 6 · Meet them where they are", "*Say*")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6")
    await office.later(days=7)
    assert "No answer from" not in rosa.goes_to("dm").everything


async def test_who_starts_the_steps_in_writing_is_told_once_why_not(rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("Go through the steps here")
    rosa.sees("Feelings don’t come through in writing, and the steps live on them", "Answer their message")
    await rosa.presses("Go through the steps here")
    rosa.sees("1 of 6 · Meet them where they are")

    await rosa.runs("/cancel Grace Hopper")
    await rosa.presses("Go through the steps here")
    rosa.sees("1 of 6 · Meet them where they are").does_not_see("the steps live on them")


async def test_no_answer_is_asked_about_until_the_card_has_been_opened(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await office.later(days=3)
    rosa.goes_to("dm").sees("No answer from Ada Lovelace yet. What they asked for stands")
    assert "Done" not in rosa.screen.in_sight
    await office.later(days=3)
    assert rosa.everything.count("No answer from Ada Lovelace yet") == 2

    await rosa.presses("Open the card")
    await office.settles()
    await rosa.presses("They’d rather not talk")
    await rosa.presses("They’re leaving")
    await office.later(days=1)
    rosa.sees("Carry out the cancellation of Ada Lovelace")


async def test_they_called_after_a_practical_reason_and_the_way_back_is_the_live_one(rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    for press in ("It’s a practical reason", "Put the problem right", "I’ve sent it", "They called", "Next"):
        await rosa.presses(press)
    rosa.sees("2 of 6")
    await rosa.presses("Back one step")
    rosa.sees("1 of 6", "*Say*")


async def test_a_draft_that_was_changed_is_kept_at_every_press(rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    rosa.types(CONFIRM, "Dear Ada, of course.")
    await rosa.presses("I’ve sent it")
    await rosa.presses("They answered")
    await rosa.presses("Back one step")

    assert rosa.screen.held(CONFIRM) == "Dear Ada, of course."
    assert rosa.screen.held(INVITE).startswith("Hello Ada Lovelace,")


async def test_without_a_name_a_draft_greets_all_the_same(rosa: Rep) -> None:
    await rosa.runs("/cancel email")

    assert rosa.screen.held(CONFIRM).startswith("Hello,\n\n")


async def test_undo_waits_for_the_answer_again(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel email Ada Lovelace")
    await rosa.presses("I’ve sent it")
    await office.later(minutes=1)
    await rosa.presses("They’re leaving")
    await office.later(minutes=1)
    await rosa.presses("Undo")

    rosa.sees("Waiting for their answer until *Fri, Nov 27*")
    await office.later(days=3)
    rosa.goes_to("dm").sees("No answer from Ada Lovelace yet")
