"""A card is worked where it was asked for; a copy in the DM follows, and either continues the case."""

import pytest

from bot.playground.server import HOST
from bot.web.server import bind
from tests.conversations.office import RENEWALS, Office, Rep

pytestmark = pytest.mark.every_database


async def test_the_copy_comes_two_minutes_after_the_last_press(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(seconds=90)
    await rosa.presses("Next")
    await office.later(seconds=119)
    assert rosa.goes_to("dm").messages == []

    await office.later(seconds=1)

    rosa.sees("Ada Lovelace", "2 of 6")


async def test_the_copy_comes_at_once_when_the_case_closes(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await office.settles()

    rosa.goes_to("dm").sees("Ada Lovelace is staying")


async def test_the_copy_is_updated_and_never_posted_twice(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(minutes=2)
    await rosa.presses("Next")
    await office.later(minutes=2)

    rosa.goes_to("dm").sees("2 of 6")
    assert len(rosa.messages) == 1


async def test_either_copy_continues_the_case_and_the_stale_one_redraws_itself_and_says_so(
    office: Office, rosa: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(minutes=2)
    rosa.goes_to("dm")
    await rosa.presses("Next")
    rosa.sees("2 of 6")

    rosa.goes_to(RENEWALS).sees("1 of 6")
    await rosa.presses("Next")
    rosa.sees("That card was a step behind", "2 of 6")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6").does_not_see("step behind")


async def test_what_is_typed_in_a_stale_copy_is_kept_all_the_same(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(minutes=2)
    rosa.goes_to("dm")
    await rosa.presses("Next")

    rosa.goes_to(RENEWALS).types("A time you wanted to cancel something (only for you)", "The gym, last year.")
    await rosa.presses("Next")
    await rosa.presses("Back one step")

    assert rosa.screen.held("A time you wanted to cancel something (only for you)") == "The gym, last year."


async def test_a_reload_loses_nothing(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    await office.later(minutes=2)
    await rosa.reloads()
    assert rosa.messages == []

    rosa.goes_to("dm")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6")


async def test_a_second_press_while_the_first_is_on_its_way_is_done_once(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses_twice("Next")

    rosa.sees("2 of 6", "Nothing changed")


async def test_two_presses_on_the_outcome_book_one_check_in(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses_twice("They’re staying")
    await office.later(days=8)

    reminders = [each for each in rosa.goes_to("dm").messages if "Check in with" in each.text]
    assert len(reminders) == 1


async def test_a_slack_that_does_not_answer_holds_up_nobody(
    office: Office, rosa: Rep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.listeners.context.REDRAW_SECONDS", 0.05)
    await rosa.runs("/cancel Ada Lovelace")
    with bind(HOST, 0) as silent:
        host, port = silent.getsockname()
        monkeypatch.setattr(office.slack.people, "_base_url", f"http://{host}:{port}")
        await rosa.presses("Next")
    assert rosa.notices == []
    rosa.sees("1 of 6")

    await office.settles()

    rosa.goes_to("dm").sees("2 of 6")


async def test_a_card_that_could_not_be_redrawn_is_repaired_in_the_dm(
    office: Office, rosa: Rep, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    monkeypatch.setattr("bot.playground.workspace.RESPONSE_URL_USES", 0)
    await rosa.presses("Next")
    rosa.sees("1 of 6")

    await office.settles()

    rosa.goes_to("dm").sees("Ada Lovelace", "2 of 6")


async def test_what_a_form_kept_is_said_on_the_copy_for_as_long_as_it_stands(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await office.settles()
    await rosa.goes_to("dm").presses("Note and details…")
    assert await rosa.sends() == {}
    await office.settles()

    rosa.sees("Kept.", "Ada Lovelace is staying")
