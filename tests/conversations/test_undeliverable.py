"""What Slack refuses for good is set aside and shown to a manager; what somebody who is gone has promised goes on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse

from bot.coaching.members import look_up, managers
from bot.playground.workspace import TEAM
from bot.storage.outbox import enqueue
from tests.conversations.office import Office, Rep


def refuses(method: str, error: str) -> Callable[[str, dict[str, Any]], JSONResponse | None]:
    """A trouble of the local Slack: it answers one method with an error."""

    def trouble(asked: str, _arguments: dict[str, Any]) -> JSONResponse | None:
        return JSONResponse({"ok": False, "error": error}) if asked == method else None

    return trouble


def becomes(office: Office, user_id: str, **given: Any) -> None:
    """From now on Slack knows a person otherwise."""
    people = office.workspace.people
    people[user_id] = replace(people[user_id], **given)


async def test_what_slack_refuses_stands_on_the_managers_home_and_is_tried_again(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    office.slack.troubles.append(refuses("chat.postMessage", "account_inactive"))
    await office.later(hours=2)
    await rosa.opens_home()
    rosa.does_not_see("What could not be delivered")
    await manager.opens_home()
    manager.sees("What could not be delivered", "*Reminders* for <@U0ROSA>", "account_inactive")

    office.slack.troubles.clear()
    await manager.presses("Try again")
    manager.does_not_see("What could not be delivered")
    await office.settles()
    rosa.goes_to("dm").sees("Get in touch with Ada Lovelace")


async def test_it_comes_to_the_home_that_a_manager_has_open(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    await office.settles()
    await manager.opens_home()
    office.slack.troubles.append(refuses("chat.postMessage", "account_inactive"))
    await office.later(hours=2)
    await office.later(seconds=5)

    manager.sees("What could not be delivered", "*Reminders* for <@U0ROSA>")


async def test_it_can_be_left(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    office.slack.troubles.append(refuses("chat.postMessage", "channel_not_found"))
    await office.later(hours=2)
    await manager.opens_home()
    await manager.presses("Leave it")

    manager.does_not_see("What could not be delivered")


async def test_a_home_that_slack_refuses_for_good_is_tried_once_and_the_other_managers_homes_are_left_alone(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    becomes(office, sam.id, is_admin=True)
    await sam.opens_home()
    await office.settles()
    await sam.opens_home()
    await sam.presses("I manage this team")
    await office.later(seconds=5)
    drawn: list[str] = []

    def refuse(method: str, arguments: dict[str, Any]) -> JSONResponse | None:
        if method != "views.publish":
            return None
        drawn.append(arguments["user_id"])
        return JSONResponse({"ok": False, "error": "not_enabled"}) if arguments["user_id"] == sam.id else None

    office.slack.troubles.append(refuse)
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    for _ in range(4):
        await office.later(seconds=5)

    assert sorted(drawn) == sorted([sam.id, manager.id])


async def test_what_somebody_who_is_gone_has_promised_goes_to_a_manager(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 days")
    await office.settles()
    becomes(office, "U0ROSA", deleted=True)
    await office.later(days=2)

    manager.goes_to("dm").sees("Get in touch with Ada Lovelace", "<@U0ROSA> had this before you.")
    assert rosa.goes_to("dm").messages == []


async def test_a_case_of_somebody_who_is_gone_is_ended_by_a_manager(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.settles()
    becomes(office, "U0ROSA", deleted=True)
    await office.later(days=1)
    await manager.opens_home()
    manager.sees("*Ada Lovelace*")
    await office.later(days=1)

    await manager.goes_to("dm").sees("The case of Ada Lovelace is still open. How did it end?").presses("Open the card")
    await office.settles()
    await manager.sees("1 of 6").presses("They’re staying")
    manager.sees("Ada Lovelace is staying")


async def test_what_was_promised_by_somebody_who_is_gone_keeps_its_hour(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.opens_home()
    await office.settles()
    rosa.goes_to("C0RENEWALS")
    await rosa.runs("/reconnect Ada Lovelace 2026-11-27")
    becomes(office, "U0ROSA", deleted=True)
    await office.later(days=1)
    await office.bot.database.write(enqueue, look_up(TEAM, "U0ROSA", office.clock.now()))
    await office.settles()
    await manager.opens_home()

    manager.sees("*Ada Lovelace*: Get in touch", "Fri, Nov 27, 10:00 AM")


async def test_whoever_is_met_for_the_first_time_gets_their_own_mornings(office: Office, rosa: Rep) -> None:
    office.slack.troubles.append(refuses("users.info", "internal_error"))
    await rosa.runs("/reconnect Ada Lovelace 2026-11-27")
    office.slack.troubles.clear()
    await office.later(hours=1)
    await rosa.opens_home()

    rosa.sees("*Ada Lovelace*: Get in touch", "Fri, Nov 27, 10:00 AM")


async def test_what_a_colleague_gets_whom_nobody_has_met_comes_at_once(office: Office, rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 20 minutes")
    await office.later(minutes=21)
    await rosa.goes_to("dm").presses("Hand over…")
    assert await rosa.types("Hand over to", "U0MINA").sends() == {}
    await office.later(seconds=5)

    assert "Get in touch with Ada Lovelace" in office.mina.goes_to("dm").everything


async def test_whoever_has_moved_is_followed(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.settles()
    rosa.goes_to("C0RENEWALS")
    await rosa.runs("/reconnect Ada Lovelace 2026-11-30")
    becomes(office, "U0ROSA", tz="America/Los_Angeles")
    await office.later(days=5, hours=23)
    await rosa.opens_home()
    await office.settles()
    rosa.goes_to("dm")
    await office.later(hours=3, minutes=59)
    assert rosa.messages == []

    await office.later(minutes=1)
    rosa.sees("Get in touch with Ada Lovelace")


async def test_asked_to_slow_down_everything_of_the_workspace_waits_and_nothing_is_lost(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    asked = []

    def too_many(method: str, _arguments: dict[str, Any]) -> JSONResponse | None:
        if method != "chat.postMessage":
            return None
        asked.append(method)
        return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": "90"})

    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    await sam.runs("/reconnect Grace Hopper in 2 hours")
    office.slack.troubles.append(too_many)
    await office.later(hours=2)
    assert len(asked) == 1

    office.slack.troubles.clear()
    await office.later(seconds=89)
    assert (rosa.goes_to("dm").messages, sam.goes_to("dm").messages) == ([], [])
    await office.later(seconds=1)
    rosa.sees("Get in touch with Ada Lovelace")
    await office.later(seconds=1)
    sam.sees("Get in touch with Grace Hopper")


async def test_a_manager_who_is_gone_manages_no_longer_once_slack_says_so(office: Office, manager: Rep) -> None:
    becomes(office, manager.id, deleted=True)
    await office.bot.database.write(enqueue, look_up(TEAM, manager.id, office.clock.now()))
    await office.settles()

    assert await office.bot.database.read(managers, TEAM) == []
