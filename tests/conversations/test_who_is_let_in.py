"""People of another company, guests, and whoever presses what is a colleague's."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncBoltRequest
from sqlmodel import select

from bot.playground.workspace import TEAM
from bot.storage.models import Case, Member
from tests.conversations.office import Office, Rep
from tests.conversations.test_team_settings import says_of
from tests.conversations.test_undeliverable import refuses

ELSEWHERE = "T0ELSEWHERE"
NOT_FOR_YOU = "I am here for another company"


async def sends(office: Office, **body: Any) -> str:
    """What the app answers to a payload as it is."""
    answer = await office.bot.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert answer.status == 200
    return str(answer.body)


async def test_a_command_from_another_company_opens_nothing(office: Office) -> None:
    said = await sends(office, command="/cancel", text="Ada", team_id=ELSEWHERE, user_id="U0THEIRS", trigger_id="t")

    assert NOT_FOR_YOU in said
    assert await office.bot.database.read(lambda session: session.exec(select(Case)).all()) == []


@pytest.mark.parametrize(
    "whose",
    [
        {"team": {"id": ELSEWHERE}, "user": {"id": "U0THEIRS", "team_id": ELSEWHERE}},
        {"team": {"id": TEAM}, "user": {"id": "U0THEIRS", "team_id": ELSEWHERE}},
    ],
)
async def test_a_form_from_another_company_keeps_nothing(office: Office, whose: dict[str, Any]) -> None:
    fields = [{"type": "input", "block_id": "form.name"}]
    view = {"type": "modal", "callback_id": "case.form.new", "blocks": fields, "private_metadata": "{}"}

    assert NOT_FOR_YOU in await sends(office, type="view_submission", view=view, **whose)
    found = await office.bot.database.read(lambda session: session.exec(select(Member.team_id)).all())
    assert {*found} == {TEAM}


@pytest.mark.parametrize(("teams", "is_let_in"), [(["T0SISTER", TEAM], True), (["T0SISTER"], False)])
async def test_in_an_organisation_whoever_belongs_to_this_workspace_too_is_let_in(
    office: Office, teams: list[str], is_let_in: bool
) -> None:
    says_of(office, "U0ROSA", {"team_id": "T0SISTER", "enterprise_user": {"teams": teams}})
    view = {"type": "modal", "callback_id": "case.form.new", "blocks": [], "private_metadata": "{}", "state": {}}
    user = {"id": "U0ROSA", "team_id": "T0SISTER"}
    body = {"type": "view_submission", "view": view, "team": {"id": TEAM}, "user": user, "enterprise": {"id": "E0"}}

    assert (NOT_FOR_YOU not in await sends(office, **body)) == is_let_in


async def test_in_an_organisation_nothing_is_done_while_slack_does_not_say_who_somebody_is(office: Office) -> None:
    office.slack.troubles.append(refuses("users.info", "internal_error"))
    user = {"id": "U0ROSA", "team_id": "T0SISTER"}
    view = {"type": "modal", "callback_id": "case.form.new", "blocks": [], "private_metadata": "{}", "state": {}}
    body = {"type": "view_submission", "view": view, "team": {"id": TEAM}, "user": user, "enterprise": {"id": "E0"}}
    said = await sends(office, **body)

    assert "Sorry, that did not work" in said
    assert await office.bot.database.read(lambda session: session.exec(select(Case)).all()) == []


@pytest.mark.parametrize("said", [{"is_restricted": True}, {"tz": None, "locale": None}])
async def test_a_guest_and_whoever_has_no_timezone_work_their_cases_like_anybody(
    office: Office, sam: Rep, said: dict[str, Any]
) -> None:
    says_of(office, sam.id, said)
    await sam.runs("/cancel Ada Lovelace")
    await office.settles()
    await sam.presses("They’re staying")
    sam.sees("Saved: Ada Lovelace is staying.", "Check that they are still glad, Tue, Dec 1")
    await sam.opens_home()
    sam.sees("Promised, with a date", "Ada Lovelace")
