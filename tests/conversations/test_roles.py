"""Who manages the team: asked by a manager or with a user group, accepted or not, taken out, stepped down."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.coaching import members
from bot.playground.workspace import TEAM, UserGroup
from tests.conversations.office import Office, Rep
from tests.conversations.test_approvals import manages as make_manager
from tests.conversations.test_undeliverable import becomes

SOMEBODY, GROUP = "Somebody to ask", "Or everybody of a user group"
LEADS = "S0LEADS:sales-leads"


async def asks(manager: Rep, label: str, whom: str) -> None:
    """Ask somebody, or a group, and look at who was asked."""
    await manager.opens_home()
    await manager.presses("Managers…")
    assert await manager.types(label, whom).sends() == {}
    manager.sees("manages the team once they say yes.")
    await manager.closes()
    await manager.presses("Managers…")
    manager.does_not_see("You closed this")


def leads(office: Office, *people: str) -> None:
    """From now on these are in the user group."""
    office.workspace.user_groups["S0LEADS"] = UserGroup("S0LEADS", "sales-leads", "Sales leads", people)


async def manages(rep: Rep) -> bool:
    await rep.opens_home()
    return "Managers…" in rep.screen.in_sight


async def test_whoever_is_asked_manages_the_team_once_they_accept(office: Office, sam: Rep, manager: Rep) -> None:
    await asks(manager, SOMEBODY, "U0SAM")
    manager.sees("<@U0SAM> was asked by <@U0MINA> on Tue, Nov 24, and has not answered yet.")
    await office.settles()
    assert not await manages(sam)

    await sam.goes_to("dm").presses("I’d be glad to")
    sam.sees("You manage this team now.").does_not_see("No, thank you")
    assert await manages(sam)
    await manager.closes()
    await manager.opens_home()
    await manager.presses("Managers…")
    manager.sees("<@U0SAM> has managed the team since Nov 24, 2026.")


async def test_whoever_manages_already_gets_no_question_and_that_is_said(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await make_manager(office, sam, office.clock.now())
    await manager.opens_home()
    await manager.presses("Managers…")
    assert await manager.types(SOMEBODY, "U0SAM").sends() == {}
    manager.sees("<@U0SAM> manages the team already.")
    await office.settles()
    assert sam.goes_to("dm").messages == []


async def test_a_no_is_taken_well_and_may_be_asked_again(office: Office, sam: Rep, manager: Rep) -> None:
    await asks(manager, SOMEBODY, "U0SAM")
    await office.settles()
    await sam.goes_to("dm").presses("No, thank you")
    sam.sees("You would rather not, and that is fine.")
    assert not await manages(sam)

    await manager.closes()
    await asks(manager, SOMEBODY, "U0SAM")
    await office.settles()
    assert len(sam.goes_to("dm").messages) == 2
    await sam.presses("I’d be glad to")
    assert await manages(sam)


async def test_a_question_taken_back_cannot_be_answered(office: Office, sam: Rep, manager: Rep) -> None:
    await asks(manager, SOMEBODY, "U0SAM")
    await office.settles()
    await manager.presses("Take it back")
    manager.does_not_see("U0SAM")
    await sam.goes_to("dm").presses("I’d be glad to")
    sam.sees("That is for an admin or an owner of this workspace to take on.")
    await office.settles()

    assert "<@U0MINA> has taken the question back." in sam.goes_to("dm").everything
    assert not await manages(sam)


async def test_a_manager_is_taken_out_and_hears_of_it(office: Office, sam: Rep, manager: Rep) -> None:
    await asks(manager, SOMEBODY, "U0SAM")
    await office.settles()
    await sam.goes_to("dm").presses("I’d be glad to")
    await manager.closes()
    await manager.opens_home()
    await manager.presses("Managers…")
    await manager.presses("Take out")
    await office.settles()

    sam.goes_to("dm").sees("<@U0MINA> has taken you out of the managers.")
    assert not await manages(sam)


async def test_a_manager_steps_down_and_the_admin_may_take_it_on_again(manager: Rep) -> None:
    await manager.opens_home()
    await manager.presses("Managers…")
    await manager.presses("Step down")
    manager.sees("You manage the team no longer.")

    await manager.closes()
    await manager.opens_home()
    await manager.presses("I manage this team")
    assert await manages(manager)


@pytest.mark.parametrize("nobody", ["UNOBODY", "USLACKBOT"])
async def test_somebody_who_is_no_colleague_is_not_asked(manager: Rep, nobody: str) -> None:
    await manager.opens_home()
    await manager.presses("Managers…")

    errors = await manager.types(SOMEBODY, nobody).sends()
    assert list(errors.values()) == ["That is no colleague who could do it. Please choose another."]


async def test_nobody_chosen_is_told(manager: Rep) -> None:
    await manager.opens_home()
    await manager.presses("Managers…")

    assert list((await manager.sends()).values()) == ["Choose somebody, or a user group."]


async def test_everybody_of_a_user_group_is_asked_and_whoever_leaves_it_manages_no_longer(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await manager.opens_home()
    await manager.presses("Managers…")
    assert await manager.looks_up(GROUP, "lead") == {"@sales-leads": LEADS}
    assert await manager.types(GROUP, LEADS).sends() == {}
    await manager.closes()
    await manager.presses("Managers…")
    manager.sees("Everybody of *@sales-leads* is asked to manage the team.")
    await office.settles()
    await sam.goes_to("dm").presses("I’d be glad to")
    assert rosa.goes_to("dm").messages == []

    leads(office, "U0ROSA", "U0MINA")
    await office.later(days=1)
    rosa.sees("<@U0MINA> asks whether you would manage the team’s cancellations too.")
    sam.goes_to("dm").sees("You are no longer in the user group", "you manage it no longer")
    assert not await manages(sam)


async def test_a_group_that_is_followed_no_more_asks_nobody(office: Office, rosa: Rep, manager: Rep) -> None:
    await asks(manager, GROUP, LEADS)
    await office.settles()
    await manager.presses("Ask them no more")
    manager.does_not_see("sales-leads")

    leads(office, "U0ROSA")
    await office.later(days=1)
    assert rosa.goes_to("dm").messages == []


async def test_somebody_of_the_group_who_has_gone_is_not_asked(office: Office, sam: Rep, manager: Rep) -> None:
    office.workspace.people["U0SAM"] = replace(office.workspace.people["U0SAM"], deleted=True)  # type: ignore[index]
    await asks(manager, GROUP, LEADS)
    await office.settles()

    assert sam.goes_to("dm").messages == []
    manager.does_not_see("U0SAM")


async def test_a_large_group_is_asked_to_the_last_and_those_whom_slack_does_not_know_are_passed_over(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    unknown = [f"U0GONE{number:02}" for number in range(25)]
    leads(office, *unknown, "U0ROSA")
    asked: list[object] = []

    def listen(method: str, arguments: dict[str, object]) -> None:
        asked.extend([arguments["user"]] if method == "users.info" else [])

    office.slack.troubles.append(listen)
    await asks(manager, GROUP, LEADS)
    await office.settles()
    rosa.goes_to("dm").sees("asks whether you would manage")
    assert [*dict.fromkeys(asked)] == [*unknown, "U0ROSA"]

    asked.clear()
    await office.later(days=1)
    assert asked == []


async def test_among_many_managers_the_way_out_stands_first(office: Office, sam: Rep, manager: Rep) -> None:
    def many(session: Session) -> None:
        for number in range(25):
            members.meet(session, TEAM, f"U1MANY{number:02}").manages_since = office.clock.now()

    await office.bot.database.write(many)
    await office.later(minutes=1)
    await make_manager(office, sam, office.clock.now())
    await sam.opens_home()
    await sam.presses("Managers…")

    await sam.presses("Step down")
    sam.sees("You manage the team no longer.")


async def test_whoever_runs_the_workspace_no_longer_cannot_take_it_on(office: Office, mina: Rep) -> None:
    mina.sees("I manage this team")
    becomes(office, "U0MINA", is_admin=False)
    office.clock.advance(timedelta(days=2))
    await mina.presses("I manage this team")
    mina.sees("That is for an admin or an owner of this workspace to take on.")
    await mina.closes()

    assert not await manages(mina)
