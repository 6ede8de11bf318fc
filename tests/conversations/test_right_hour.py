"""Reminders come together, in working hours, and ask at last what to do; what somebody else should do goes to them."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.conversations.office import RENEWALS, START, Office, Rep, Screen
from tests.conversations.test_team_settings import says_of

A_HELLO = "Get in touch with {}, as you wished."
IGNORED = "You have seen this 3 times. Keep it, move it to another day, or drop it?"


@pytest.fixture
async def rosa(office: Office) -> Rep:
    """Rosa, once the app has heard that she lives in New York."""
    await office.rosa.opens_home()
    await office.settles()
    return office.rosa.goes_to(RENEWALS)


async def over_the_weekend(office: Office, rosa: Rep) -> Rep:
    """Something is due on Saturday, on Sunday and on Monday at nine, and it is five to nine on that Monday."""
    for said in ("Grace Hopper 2026-11-29", "Mary Anning 2026-11-30 9am", "Ada Lovelace 2026-11-28"):
        await rosa.runs(f"/reconnect {said}")
    for days in (4, 1):
        await office.later(days=days)
        assert rosa.goes_to("dm").messages == []
    await office.later(hours=22, minutes=55)
    assert rosa.messages == []
    return rosa


def controls_beside(screen: Screen, words: str) -> Mapping[str, tuple[str, str, str | None]]:
    """What can be pressed in the row below those words: of several reminders, on one."""
    below = False
    for block in screen.blocks:
        if block["type"] == "section":
            below = words in block["text"]["text"]
        elif block["type"] == "actions" and below:
            buttons = {
                each["text"]["text"]: (block["block_id"], each["action_id"], None)
                for each in block["elements"]
                if each["type"] == "button"
            }
            options = {
                option["text"]["text"]: (block["block_id"], each["action_id"], option["value"])
                for each in block["elements"]
                for option in each.get("options", [])
            }
            return {**buttons, **options}
    raise AssertionError(f"nothing can be pressed below “{words}” on:\n{screen.text}")


async def presses_beside(rep: Rep, words: str, label: str) -> None:
    screen = rep.screen
    await rep.uses(*controls_beside(screen, words)[label], on=screen)


async def is_reminded_on_wednesday(office: Office, rosa: Rep, name: str = "Ada Lovelace") -> Rep:
    await rosa.runs(f"/reconnect {name} tomorrow")
    await office.later(days=1)
    return rosa.goes_to("dm").sees(A_HELLO.format(name))


async def ignores_it_until_friday(office: Office, rosa: Rep) -> Rep:
    """The same reminder on Wednesday, Thursday and Friday."""
    await is_reminded_on_wednesday(office, rosa)
    for number in (2, 3):
        rosa.does_not_see(IGNORED)
        await office.later(days=1)
        assert len(rosa.messages) == number
    return rosa.sees(A_HELLO.format("Ada Lovelace"), IGNORED)


async def test_nothing_comes_on_a_weekend_and_several_at_once_are_one_message(office: Office, rosa: Rep) -> None:
    await over_the_weekend(office, rosa)
    await office.later(minutes=5)

    assert len(rosa.messages) == 1
    rosa.sees("3 reminders, the oldest first.")
    told = [A_HELLO.format(name) for name in ("Ada Lovelace", "Grace Hopper", "Mary Anning")]
    assert [line for line in rosa.screen.text.splitlines() if "Get in touch" in line] == [f"*{line}*" for line in told]
    assert [rosa.messages[-1].text.index(line) for line in told] == sorted(
        rosa.messages[-1].text.index(line) for line in told
    )


async def test_what_is_more_than_a_day_late_says_so(office: Office, rosa: Rep) -> None:
    await over_the_weekend(office, rosa)
    await office.later(minutes=5)

    assert rosa.screen.text.count("Due since") == 1
    rosa.sees(f"*{A_HELLO.format('Ada Lovelace')}*\n_Due since Sat, Nov 28_")
    assert "Due since Sat, Nov 28" in rosa.messages[-1].text


async def test_done_on_one_of_several_leaves_the_others_where_they_are(office: Office, rosa: Rep) -> None:
    await over_the_weekend(office, rosa)
    await office.later(minutes=5)
    await presses_beside(rosa, "Grace Hopper", "Done")
    rosa.sees("Done: Get in touch, Grace Hopper.", A_HELLO.format("Ada Lovelace"), A_HELLO.format("Mary Anning"))
    await presses_beside(rosa, "Mary Anning", "Tomorrow")
    rosa.sees("Put off: Get in touch, Mary Anning.", "Done: Get in touch, Grace Hopper.")
    await presses_beside(rosa, "Ada Lovelace", "Done")
    await presses_beside(rosa, "Grace Hopper", "Undo")

    rosa.sees("Done: Get in touch, Ada Lovelace.", "Put off: Get in touch, Mary Anning.")
    rosa.sees(A_HELLO.format("Grace Hopper"))
    assert len(rosa.messages) == 1


async def test_one_of_several_that_was_handed_over_leaves_the_others_where_they_are(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await over_the_weekend(office, rosa)
    await office.later(minutes=5)
    await presses_beside(rosa, "Grace Hopper", "Hand over…")
    assert await rosa.types("Hand over to", sam.id).sends() == {}
    await office.settles()
    sam.goes_to("dm").sees(A_HELLO.format("Grace Hopper"))

    await presses_beside(rosa, "Ada Lovelace", "Done")
    rosa.sees("Handed over: Get in touch, Grace Hopper.", A_HELLO.format("Mary Anning"))
    await presses_beside(rosa, "Grace Hopper", "Undo")
    rosa.sees(A_HELLO.format("Grace Hopper"), "Done: Get in touch, Ada Lovelace.", A_HELLO.format("Mary Anning"))
    assert len(rosa.messages) == 1


async def test_nothing_comes_at_night(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace tomorrow")
    # Nothing was sent from Wednesday's morning until its evening.
    await office.later(days=1, hours=12)
    await office.later(hours=10, minutes=59)
    assert rosa.goes_to("dm").messages == []

    await office.later(minutes=1)
    rosa.sees(A_HELLO.format("Ada Lovelace")).does_not_see("Due since")


async def test_what_nobody_answers_comes_again_and_is_asked_about_once(office: Office, rosa: Rep) -> None:
    await ignores_it_until_friday(office, rosa)
    await office.later(days=7)
    assert len(rosa.messages) == 3, "it stays in the list"

    await rosa.runs("/reconnect")
    rosa.sees("One thing is promised.", "Overdue", "Ada Lovelace")


async def test_what_was_promised_to_a_customer_comes_once_a_week_from_then_on(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re leaving")
    for _ in range(3):
        await office.later(days=1)
    rosa.goes_to("dm").sees("Carry out the cancellation", IGNORED)
    before = len(rosa.messages)

    await office.later(days=6)
    assert len(rosa.messages) == before
    await office.later(days=1)
    rosa.sees("Carry out the cancellation", "Due since Wed, Nov 25").does_not_see(IGNORED)


async def test_kept_it_goes_on_coming_and_is_not_asked_about_again(office: Office, rosa: Rep) -> None:
    await ignores_it_until_friday(office, rosa)
    await rosa.presses("Keep reminding me")
    rosa.sees("I’ll remind you on Mon, Nov 30, 10:00").does_not_see(IGNORED)

    await office.later(days=3)
    for _ in range(4):
        rosa.sees(A_HELLO.format("Ada Lovelace")).does_not_see(IGNORED)
        await office.later(days=1)
    assert len(rosa.messages) == 8


async def test_ignored_it_can_be_moved(office: Office, rosa: Rep) -> None:
    await ignores_it_until_friday(office, rosa)
    await rosa.presses("Pick a time…")
    rosa.types("Remind me on", START + timedelta(days=14, hours=1))
    assert await rosa.sends() == {}
    rosa.sees("I’ll remind you on Tue, Dec 8, 11:00").does_not_see(IGNORED)

    await office.later(days=11)
    assert len(rosa.messages) == 3
    await office.later(hours=1)
    rosa.sees(A_HELLO.format("Ada Lovelace")).does_not_see(IGNORED, "Due since")


async def test_ignored_it_can_be_dropped_with_a_word_and_taken_back(office: Office, rosa: Rep) -> None:
    await ignores_it_until_friday(office, rosa)
    await rosa.presses("Drop it…")
    rosa.types("A word on why", "Paid with 4111 1111 1111 1111")
    assert list(await rosa.sends()) == ["A word on why"]
    assert await rosa.types("A word on why", "She <called>\nherself.").sends() == {}
    rosa.sees("Dropped: Get in touch, Ada Lovelace. “She <called> herself.”")
    await office.later(days=3)
    assert len(rosa.messages) == 3

    await rosa.presses("Undo")
    rosa.sees("That was more than a day ago")


async def test_dropped_by_mistake_it_comes_back(office: Office, rosa: Rep) -> None:
    await is_reminded_on_wednesday(office, rosa)
    await rosa.presses("Drop it…")
    assert await rosa.sends() == {}
    rosa.sees("No longer needed: Get in touch, Ada Lovelace.")
    await rosa.presses("Undo")

    rosa.sees(A_HELLO.format("Ada Lovelace"))
    await office.later(days=1)
    assert len(rosa.messages) == 2


async def hands_it_to_sam(office: Office, rosa: Rep, sam: Rep) -> None:
    await is_reminded_on_wednesday(office, rosa)
    await rosa.presses("Hand over…")
    assert await rosa.types("Hand over to", sam.id).sends() == {}
    rosa.sees("Handed over: Get in touch, Ada Lovelace. <@U0SAM> has it now.")
    await office.settles()
    sam.goes_to("dm").sees(A_HELLO.format("Ada Lovelace"), "<@U0ROSA> had this before you.")


async def test_handed_over_a_colleague_does_it(office: Office, rosa: Rep, sam: Rep) -> None:
    await hands_it_to_sam(office, rosa, sam)
    await office.later(days=1)
    assert len(rosa.messages) == 1
    assert len(sam.messages) == 2

    await sam.presses("Done")
    sam.sees("Done: Get in touch, Ada Lovelace.")


async def test_a_hand_over_is_taken_back(office: Office, rosa: Rep, sam: Rep) -> None:
    await hands_it_to_sam(office, rosa, sam)
    await rosa.presses("Undo")
    rosa.sees(A_HELLO.format("Ada Lovelace"))
    await office.settles()
    assert len(rosa.messages) == 1, "it stands before her"

    await sam.presses("Done")
    assert "This one belongs to a colleague" in sam.everything
    await rosa.presses("Done")
    rosa.sees("Done: Get in touch, Ada Lovelace.")
    await office.later(days=3)
    assert (len(rosa.messages), sam.everything.count(A_HELLO.format("Ada Lovelace"))) == (1, 1)


async def test_taken_back_before_the_colleague_heard_of_it_it_stands_where_it_stood(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await is_reminded_on_wednesday(office, rosa)
    await rosa.presses("Hand over…")
    await rosa.types("Hand over to", sam.id).sends()
    await rosa.presses("Undo")
    await office.settles()
    assert (len(rosa.messages), sam.goes_to("dm").messages) == (1, [])

    await office.later(days=1)
    assert len(rosa.messages) == 2


async def test_a_day_later_it_is_too_late_to_take_it_back(office: Office, rosa: Rep, sam: Rep) -> None:
    await hands_it_to_sam(office, rosa, sam)
    await office.later(days=1, minutes=1)
    await rosa.presses("Undo")

    rosa.sees("That was more than a day ago, so it stays as it is now.")
    await sam.presses("Done")
    sam.sees("Done: Get in touch, Ada Lovelace.")


@pytest.mark.parametrize(
    "said", [{"is_bot": True}, {"deleted": True}, {"is_restricted": True}, {"is_ultra_restricted": True}]
)
async def test_nothing_is_handed_to_whoever_could_not_do_it(
    office: Office, rosa: Rep, sam: Rep, said: dict[str, bool]
) -> None:
    says_of(office, sam.id, said)
    await is_reminded_on_wednesday(office, rosa)
    await rosa.presses("Hand over…")
    answer = await rosa.types("Hand over to", sam.id).sends()
    await rosa.closes()

    assert answer == {"Hand over to": "That is no colleague who could do it. Please choose another."}
    rosa.sees(A_HELLO.format("Ada Lovelace"))


async def test_nothing_is_handed_to_oneself(office: Office, rosa: Rep) -> None:
    await is_reminded_on_wednesday(office, rosa)
    await rosa.presses("Hand over…")

    errors = await rosa.types("Hand over to", rosa.id).sends()

    assert errors["Hand over to"].startswith("That is you. Please choose a colleague.")


@pytest.mark.parametrize("busy", [0, 10])
async def test_a_case_left_open_comes_with_what_is_due_at_that_hour(
    office: Office, rosa: Rep, sam: Rep, busy: int
) -> None:
    """However many rows of others lie between the two in the outbox."""
    await rosa.runs("/reconnect Grace Hopper in 1 day")
    for number in range(busy):
        await sam.runs(f"/cancel Customer {number}")
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(minutes=10)
    before = len(rosa.goes_to("dm").messages)

    await office.later(days=1)
    assert len(rosa.messages) == before + 1
    rosa.sees(
        "2 reminders, the oldest first.", "Get in touch with Grace Hopper", "The case of Ada Lovelace is still open."
    )


async def test_a_case_left_open_for_a_day_is_brought(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(hours=23, minutes=59)
    await rosa.presses("Next")
    await office.later(hours=23, minutes=59)
    assert "still open" not in rosa.goes_to("dm").everything

    await office.later(minutes=1)
    rosa.sees("The case of Ada Lovelace is still open. How did it end?")
    await rosa.presses("Open the card")
    await office.settles()
    await rosa.presses("They’re leaving")
    await office.later(days=1)
    assert rosa.everything.count("is still open. How did it end?") == 1


@pytest.mark.parametrize("press", ["They’re staying", "They need time…", "Opened by mistake or duplicate…"])
async def test_a_case_that_has_ended_is_not(office: Office, rosa: Rep, press: str) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses(press)
    if press.endswith("…"):
        if "mistake" in press:
            rosa.types("Why this is not a case", "Opened by mistake")
        assert await rosa.sends() == {}
    await office.later(days=1)
    await office.later(days=1)

    assert "still open" not in rosa.goes_to("dm").everything


async def a_month_later(office: Office, rosa: Rep) -> Rep:
    """Ada stayed, was glad in a week, and is asked about on the first Monday that is thirty days on."""
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await office.later(days=7)
    await rosa.goes_to("dm").presses("Done")
    await office.later(days=26, hours=23)
    assert "still a customer?" not in rosa.everything
    await office.later(hours=1)
    return rosa.sees("Ada Lovelace, 30 days on: still a customer?")


async def test_a_month_later_it_is_asked_whether_they_are_still_with_us_and_again_after_two_and_three(
    office: Office, rosa: Rep
) -> None:
    await a_month_later(office, rosa)
    assert rosa.screen.in_sight == [
        "Yes, still a customer",
        "They’ve left since",
        "I don’t know",
        "Open the card",
    ]
    await rosa.presses("Yes, still a customer")
    rosa.sees("Noted: Ada Lovelace is still with you.")

    await office.later(days=28)
    rosa.sees("Ada Lovelace, 60 days on: still a customer?")
    await rosa.presses("I don’t know")
    rosa.sees("Noted: nobody knows yet whether Ada Lovelace is still with you.")
    await office.later(days=28)
    rosa.sees("Ada Lovelace, 90 days on: still a customer?")
    await rosa.presses("Yes, still a customer")
    before = len(rosa.messages)
    await office.later(days=60)
    assert len(rosa.messages) == before


async def test_of_somebody_who_is_no_longer_with_us_nothing_more_is_asked(office: Office, rosa: Rep) -> None:
    await a_month_later(office, rosa)
    await rosa.presses("They’ve left since")
    rosa.sees("Noted: Ada Lovelace has left since.")
    before = len(rosa.messages)

    await office.later(days=60)
    assert len(rosa.messages) == before


async def test_the_card_shows_no_held_check_among_what_was_promised(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    rosa.sees("Check that they are still glad").does_not_see("still a customer?")

    await office.later(hours=1)
    await rosa.runs("/cancel Ada Lovelace")
    rosa.sees("Check that they are still glad").does_not_see("still a customer?")
