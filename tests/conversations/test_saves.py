"""`/saves`: the figures for whoever asks, and a summary for a channel each week."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.coaching.ledger import Consent
from tests.conversations.office import RENEWALS, Office, Rep, Screen
from tests.conversations.test_approvals import asks as asks_for_more
from tests.conversations.test_approvals import manages
from tests.conversations.test_exports import files
from tests.conversations.test_policies import sets_a_discount
from tests.conversations.test_true_stories import comes_to_the_story, has_written
from tests.conversations.test_undeliverable import refuses

MONDAY = "2026-11-30"
NAMES = ("Ada Lovelace", "Grace Hopper", "Dorothy Vaughan", "Mary Jackson", "Katherine Johnson", "Annie Easley")


async def handles(rep: Rep, *outcomes: str) -> Rep:
    """A case for each outcome, with customers of their own."""
    for name, outcome in zip(NAMES, outcomes, strict=False):
        await rep.runs(f"/cancel {name}")
        await rep.presses(outcome)
    return rep


STAY, LEAVE = "They’re staying", "They’re leaving"


async def sets_up(manager: Rep, **typed: object) -> Rep:
    """A manager wishes for a summary here, on Mondays at nine in New York."""
    manager.goes_to(RENEWALS)
    await manager.runs("/saves subscribe")
    for label, value in typed.items():
        manager.types(label, value)
    assert await manager.sends() == {}
    return manager


async def later_on_monday(office: Office) -> None:
    """The next Monday, nine in the morning in New York."""
    monday = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    await office.later(seconds=(monday - office.clock.now()).total_seconds())


@pytest.mark.parametrize("typed", ["help", "HELP", "how does this work"])
async def test_help_says_what_can_be_typed(rosa: Rep, typed: str) -> None:
    await rosa.runs(f"/saves {typed}")

    rosa.sees("/saves subscribe", "Only you see it.")


async def test_a_rep_sees_their_own_and_the_teams_totals(office: Office, rosa: Rep, sam: Rep) -> None:
    await handles(rosa, STAY, LEAVE)
    await handles(sam, STAY)
    await rosa.runs("/saves")

    rosa.sees(
        "Yours\n*Nov 23, 2026 to Nov 29, 2026*: 1 of 2 stayed.", "The team\n*Nov 23, 2026 to Nov 29, 2026*: 2 of 3"
    )
    rosa.does_not_see("Sam", "Ada", "%")


async def test_a_manager_sees_the_teams(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa, STAY)
    manager.goes_to(RENEWALS)
    await manager.runs("/saves")

    manager.sees("The team", "1 of 1 stayed.").does_not_see("Yours")


async def test_five_cases_are_enough_for_a_percentage_with_how_sure_it_is(office: Office, rosa: Rep) -> None:
    await handles(rosa, STAY, STAY, STAY, LEAVE, LEAVE)
    await rosa.runs("/saves")

    rosa.sees("3 of 5 (60%; few cases, so 23% to 88%) stayed.")


async def test_another_period_and_any_two_dates(office: Office, rosa: Rep) -> None:
    await handles(rosa, STAY)
    await rosa.runs("/saves")
    await rosa.picks("span", "Last week")
    rosa.sees("a quiet week")
    await rosa.picks("span", "This quarter")
    rosa.sees("*Oct 1, 2026 to Dec 31, 2026*: 1 of 1 stayed.")

    await rosa.presses("Any two dates…")
    rosa.types("From", "2026-11-25").types("To", "2026-11-20")
    assert await rosa.sends() == {"To": "The last day comes before the first. Please choose a later one here."}
    rosa.types("From", "2026-11-20").types("To", "2026-11-25")
    assert await rosa.sends() == {}
    rosa.sees("*Nov 20, 2026 to Nov 25, 2026*: 1 of 1 stayed.")


async def test_it_is_narrowed_to_a_reason(office: Office, rosa: Rep) -> None:
    await handles(rosa, STAY, LEAVE)
    await rosa.presses("Note and details…")
    assert await rosa.types("Reason", "Cost").sends() == {}
    await rosa.runs("/saves")
    await rosa.picks("reason", "Cost")

    rosa.sees("0 of 1 stayed.")


async def test_shared_it_stands_in_the_channel_with_who_shared_it(office: Office, rosa: Rep, sam: Rep) -> None:
    await handles(rosa, STAY)
    await rosa.runs("/saves")
    await rosa.presses("Share in this channel")

    sam.goes_to(RENEWALS).sees("1 of 1 stayed.", "Shared by <@U0ROSA>")


async def test_shared_by_two_presses_it_stands_there_once(office: Office, rosa: Rep) -> None:
    await handles(rosa, STAY)
    await rosa.runs("/saves")
    await rosa.presses_twice("Share in this channel")
    rosa.sees(f"On its way to <#{RENEWALS}>")
    assert "Share in this channel" not in rosa.screen.in_sight
    await rosa.closes()

    assert rosa.goes_to(RENEWALS).everything.count("Shared by") == 1
    assert rosa.notices == []


async def test_another_period_may_be_shared_next(rosa: Rep) -> None:
    await handles(rosa, STAY)
    await rosa.runs("/saves")
    await rosa.presses("Share in this channel")
    await rosa.picks("span", "This quarter")
    await rosa.presses("Share in this channel")
    await rosa.closes()

    assert rosa.goes_to(RENEWALS).everything.count("Shared by") == 2


async def test_a_summary_is_seen_before_it_is_switched_on_and_then_comes_each_week(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa, STAY, STAY, LEAVE)
    await sets_up(manager)
    manager.sees("What it will say", "Nothing has been sent.", "a quiet week")
    assert await manager.sends() == {}
    manager.sees("gets its summary each week, the next on Mon, Nov 30, 9:00 AM.")
    rosa.goes_to(RENEWALS).sees("<@U0MINA> has set up a weekly summary here: each Monday at 09:00 (America/New_York).")

    await later_on_monday(office)
    shown = rosa.everything
    assert "2 of 3 stayed" in shown
    assert "Set up by <@U0MINA>" in shown
    assert "*Why*" in shown or "Nobody said" in shown
    before = len(rosa.messages)
    await office.later(days=7)
    assert len(rosa.messages) == before + 2
    assert "a quiet week" in rosa.everything


async def test_only_managers_set_one_up(rosa: Rep) -> None:
    await rosa.runs("/saves")
    assert "A summary each week…" not in rosa.screen.in_sight
    await rosa.closes()
    await rosa.runs("/saves subscribe")

    rosa.sees("That is for this team’s managers")


async def test_a_timezone_is_found_while_typing(manager: Rep) -> None:
    manager.goes_to(RENEWALS)
    await manager.runs("/saves subscribe")

    assert await manager.looks_up("Timezone", "kolk") == {"Asia/Kolkata": "Asia/Kolkata"}


async def test_where_the_bot_may_not_write_it_says_how_to_invite_it(office: Office, manager: Rep) -> None:
    await sets_up(manager)
    office.slack.troubles.append(refuses("chat.postMessage", "not_in_channel"))
    assert await manager.sends() == {}

    manager.sees("I can’t write in that channel", "not_in_channel", "/invite @Comeback")
    office.slack.troubles.clear()
    await office.later(days=14)
    assert "weekly summary" not in manager.goes_to(RENEWALS).everything


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"is_archived": True}, "That channel is archived."),
        ({"shared_outside": True}, "Another company reads that channel"),
        ({"is_private": True, "has_bot": False}, "I am not in that channel. Invite me there with /invite @Comeback"),
        ({"is_private": True, "shared_outside": True}, "Another company reads that channel"),
    ],
)
async def test_a_channel_that_cannot_have_it_is_refused_before_anything_is_set_up(
    office: Office, manager: Rep, given: dict[str, bool], told: str
) -> None:
    office.workspace.channels[RENEWALS] = replace(office.workspace.channels[RENEWALS], **given)
    manager.goes_to(RENEWALS)
    await manager.runs("/saves subscribe")
    (error,) = (await manager.sends()).values()

    assert told in error
    await office.later(days=14)
    assert "weekly summary" not in manager.everything


async def test_a_public_channel_is_joined_on_the_way(office: Office, manager: Rep) -> None:
    office.workspace.channels[RENEWALS].has_bot = False
    await sets_up(manager)

    assert office.workspace.channels[RENEWALS].has_bot


async def test_nothing_is_shared_with_another_company(office: Office, manager: Rep) -> None:
    office.workspace.channels[RENEWALS].shared_outside = True
    await manager.goes_to(RENEWALS).runs("/saves")
    await manager.presses("Share in this channel")

    manager.sees("Another company reads that channel")
    assert office.workspace.messages == []


async def test_in_a_direct_message_the_channel_is_still_to_be_chosen(manager: Rep) -> None:
    await manager.goes_to("dm").runs("/saves subscribe")
    assert manager.screen.held("Channel") is None
    assert list(await manager.sends()) == ["Channel"]
    assert await manager.types("Channel", RENEWALS).sends() == {}
    manager.sees("This is what <#C0RENEWALS> would get")


async def test_unsubscribed_it_ends(office: Office, manager: Rep) -> None:
    await sets_up(manager)
    await manager.sends()
    await manager.closes()
    await manager.runs("/saves unsubscribe")
    manager.sees("This channel gets no summary any more.")
    await manager.opens_home()
    manager.sees("*To do:* a channel for the weekly summary", "*Weekly summary*: no channel yet")
    manager.goes_to(RENEWALS)
    before = len(manager.messages)
    await office.later(days=14)

    assert len(manager.messages) == before


async def test_where_no_summary_comes_there_is_none_to_end(manager: Rep) -> None:
    await manager.goes_to(RENEWALS).runs("/saves unsubscribe")

    manager.sees("No summary comes to this channel", "in the channel that gets one")


async def test_a_workspace_that_refuses_charts_gets_the_words(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa, STAY)
    await sets_up(manager)
    await manager.sends()

    def no_charts(method: str, arguments: dict[str, object]) -> object:
        if method == "chat.postMessage" and "data_visualization" in str(arguments.get("blocks")):
            return refuses("chat.postMessage", "invalid_blocks")(method, {})
        return None

    office.slack.troubles.append(no_charts)  # type: ignore[arg-type]
    await later_on_monday(office)

    assert "1 of 1 stayed" in rosa.goes_to(RENEWALS).everything


async def test_nobody_is_named_in_a_channel(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa, STAY, LEAVE)
    await sets_up(manager)
    await manager.sends()
    await later_on_monday(office)

    told = "\n".join(message.text for message in rosa.goes_to(RENEWALS).messages[-2:])
    assert not any(name in told for name in (*NAMES, "U0ROSA"))


async def test_a_story_that_gives_its_customer_away_is_in_no_channel_and_on_no_page(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam, consent=Consent.NAMED, before="Mary was worried that the payments never end.")
    await comes_to_the_story(rosa)
    await rosa.presses("They’re staying")
    await rosa.presses("It landed")
    await rosa.goes_to(RENEWALS).runs("/saves")
    await sets_up(manager)
    manager.does_not_see("Mary")
    await manager.sends()
    await manager.closes()
    await later_on_monday(office)
    await manager.runs("/saves")
    await manager.picks("span", "Last week")
    await manager.presses("One page")
    await office.settles()

    assert "1 of 1 stayed" in rosa.goes_to(RENEWALS).everything
    assert "Mary" not in rosa.everything
    assert "0 of 1" not in files(manager)["saves"]
    assert "Mary" not in files(manager)["saves"]


async def test_figures_stay_in_the_house_once_a_channel_is_shared(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa, STAY)
    await sets_up(manager)
    await manager.sends()
    await manager.closes()
    office.workspace.channels[RENEWALS].shared_outside = True
    await later_on_monday(office)

    assert "1 of 1 stayed" not in rosa.goes_to(RENEWALS).everything
    await manager.opens_home()
    manager.sees("*A weekly summary*", "shared_outside")


async def test_what_follows_below_stays_in_the_house_too(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa, STAY)
    await sets_up(manager)
    await manager.sends()

    def shares(method: str, arguments: dict[str, object]) -> None:
        if method == "chat.postMessage" and "stayed" in str(arguments):
            office.workspace.channels[RENEWALS].shared_outside = True

    office.slack.troubles.append(shares)
    before = len(rosa.goes_to(RENEWALS).messages)
    await later_on_monday(office)

    assert len(rosa.messages) == before + 1


async def test_a_week_that_slack_refused_is_not_the_last_one(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_up(manager)
    await manager.sends()
    office.slack.troubles.append(refuses("chat.postMessage", "not_in_channel"))
    await later_on_monday(office)
    office.slack.troubles.clear()
    before = len(rosa.goes_to(RENEWALS).messages)
    await office.later(days=7)

    assert len(rosa.messages) == before + 2
    assert "*Nov 30, 2026 to Dec 6, 2026*" in rosa.everything


async def test_a_summary_that_comes_late_is_of_its_own_week_and_so_is_what_stands_below(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa, STAY)
    await office.later(days=7)
    await sets_up(manager, On="Sunday", At="20:00")
    await manager.sends()
    office.slack.troubles.append(refuses("chat.postMessage", "internal_error"))
    sunday = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
    await office.later(seconds=(sunday - office.clock.now()).total_seconds())
    office.slack.troubles.clear()
    before = len(rosa.goes_to(RENEWALS).messages)
    await office.later(hours=12)

    told = "\n".join(Screen(message).text for message in rosa.messages[before:])
    assert "*Nov 23, 2026 to Nov 29, 2026*: 1 of 1 stayed" in told
    assert "*Eight weeks*: 1 of 1 stayed" in told
    assert "Nov 30" not in told


async def test_moved_to_another_day_it_comes_on_that_day_alone(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_up(manager, On="Friday")
    await manager.sends()
    await manager.closes()
    await sets_up(manager, On="Monday")
    await manager.sends()
    before = len(rosa.goes_to(RENEWALS).messages)
    await office.later(days=4)
    assert len(rosa.messages) == before
    await later_on_monday(office)

    assert len(rosa.messages) == before + 2


async def test_shared_for_one_playbook_it_says_so(rosa: Rep) -> None:
    await handles(rosa, STAY)
    await rosa.runs("/saves")
    await rosa.picks("playbook", "Save a sale")
    await rosa.presses("Share in this channel")
    await rosa.closes()

    rosa.sees("1 of 1 stayed", "for Save a sale alone.")


async def test_another_period_than_a_week_is_called_none(office: Office, rosa: Rep) -> None:
    await handles(rosa, STAY)
    await office.later(days=31)
    await rosa.runs("/cancel Grace Hopper")
    await rosa.presses(LEAVE)
    await rosa.runs("/saves")
    await rosa.presses("Any two dates…")
    rosa.types("From", "2026-12-01").types("To", "2026-12-31")
    assert await rosa.sends() == {}
    rosa.sees("*Dec 1, 2026 to Dec 31, 2026*: 0 of 1 stayed; before that it was 1 of 1.")
    await rosa.picks("span", "Last quarter")

    rosa.sees("a quiet time").does_not_see("a quiet week")


async def test_what_was_kept_and_given_away_again_is_not_hidden(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks_for_more(office, rosa)
    await manager.goes_to("dm").presses("Approve")
    await office.settles()
    await rosa.goes_to(RENEWALS).presses("Note and details…")
    rosa.types("Value at stake", "180")
    assert await rosa.sends() == {}
    await rosa.presses("They’re staying")
    await rosa.runs("/saves")

    rosa.sees("Value kept: $0.00, net of $180.00 given away.")


async def test_a_refusal_where_there_is_no_field_is_said_in_the_place_of_the_form(office: Office, manager: Rep) -> None:
    await sets_up(manager)
    await manages(office, manager, None)
    assert await manager.sends() == {}

    manager.sees("That is for this team’s managers")
