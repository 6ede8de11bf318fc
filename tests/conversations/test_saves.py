"""`/saves`: the figures for whoever asks, and a summary for a channel each week."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.conversations.office import RENEWALS, Office, Rep
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


async def test_help_says_what_can_be_typed(rosa: Rep) -> None:
    await rosa.runs("/saves help")

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

    rosa.sees("3 of 5 (60%; they are few, so anywhere from 23% to 88%) stayed.")


async def test_another_period_and_any_two_dates(office: Office, rosa: Rep) -> None:
    await handles(rosa, STAY)
    await rosa.runs("/saves")
    await rosa.picks("span", "Last week")
    rosa.sees("a quiet week")
    await rosa.picks("span", "This quarter")
    rosa.sees("*Oct 1, 2026 to Dec 31, 2026*: 1 of 1 stayed.")

    await rosa.presses("Any two dates…")
    rosa.types("From", "2026-11-25").types("To", "2026-11-20")
    assert await rosa.sends() == {"To": "The last day comes before the first."}
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


async def test_unsubscribed_it_ends(office: Office, manager: Rep) -> None:
    await sets_up(manager)
    await manager.sends()
    await manager.closes()
    await manager.runs("/saves unsubscribe")
    manager.sees("This channel gets no summary any more.")
    before = len(manager.messages)
    await office.later(days=14)

    assert len(manager.messages) == before


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
