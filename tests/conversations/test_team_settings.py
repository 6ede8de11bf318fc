"""What a manager sets for true stories: who else verifies them, for how long they hold, and the kinds of customers."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.responses import JSONResponse

from bot.coaching import library, members
from bot.playground.workspace import BOT_USER, TEAM
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import manages
from tests.conversations.test_true_stories import comes_to_the_story, has_written, keeps_the_case
from tests.true_stories import MARY

SETTINGS, VERIFIER, MONTHS = "Team settings…", "Who else verifies stories", "Months until a story is confirmed again"
KINDS, KIND = "Kinds of customers", "Kind of customer"
REASONS, REASON = "Reasons to leave", "Reason"
CURRENCY, VALUE = "Currency", "Value at stake"
QUESTIONS = "Channel for questions to colleagues"


async def sets(manager: Rep, label: str, value: Any) -> Mapping[str, str]:
    """Set one thing for the team, on the Home; what is wrong comes back."""
    await manager.opens_home()
    await manager.presses(SETTINGS)
    wrong = await manager.types(label, value).sends()
    if not wrong:
        await manager.closes()
    return wrong


async def keeps_their_own(office: Office, manager: Rep) -> None:
    """The only manager keeps a story, which she may not verify herself."""
    await keeps_the_case(manager.goes_to(RENEWALS))
    assert await manager.sends() == {}
    await office.settles()


async def test_where_one_manager_is_alone_somebody_she_names_verifies_her_story(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await keeps_their_own(office, manager)
    manager.sees("Kept, but nobody else can verify it yet. A manager names somebody in Team settings")
    await office.later(days=1)
    assert sam.goes_to("dm").messages == []

    assert await sets(manager, VERIFIER, sam.id) == {}
    manager.sees("*Who else verifies stories*: <@U0SAM>")
    await office.settles()
    assert sam.messages == [], "not before his own morning"
    await office.later(days=1)
    sam.sees("A story waits", "Mary Somerville", MARY.turned)
    assert "Change…" not in sam.screen.controls, "that takes a manager"
    await sam.presses("What was decided…")
    await sam.sees("it was kept, <@U0MINA>").closes()

    await sam.presses("Verify")
    sam.sees("Verified.", "No story waits")
    await comes_to_the_story(rosa)
    rosa.sees("The payments never end.", MARY.turned, MARY.now)


async def test_what_is_set_stands_at_once_on_the_home_that_another_manager_has_open(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await manages(office, sam, office.clock.now())
    await sam.opens_home()
    await office.settles()
    await sam.opens_home()
    sam.sees("*Questions to colleagues*: no channel yet")
    assert await sets(manager, QUESTIONS, RENEWALS) == {}
    await office.later(seconds=5)

    sam.sees("*Questions to colleagues*: <#C0RENEWALS>")


async def test_who_was_named_is_known_to_the_app_at_once(office: Office, sam: Rep, manager: Rep) -> None:
    assert (await office.bot.database.read(members.get, TEAM, sam.id)).learned_at is None
    await sets(manager, VERIFIER, sam.id)
    await office.settles()

    found = await office.bot.database.read(members.find, TEAM, sam.id)
    assert found
    assert found.timezone == "Europe/London"


async def test_the_managers_who_were_told_already_are_not_told_again(office: Office, rosa: Rep, manager: Rep) -> None:
    await keeps_the_case(rosa)
    assert await rosa.sends() == {}
    await office.later(days=1)
    assert "A story waits" in manager.goes_to("dm").screen.text
    await sets(manager, VERIFIER, office.sam.id)
    await office.later(days=1)

    assert "A story waits" in office.sam.goes_to("dm").screen.text
    assert len(manager.goes_to("dm").messages) == 1


async def test_who_is_named_while_nothing_waits_hears_nothing(office: Office, sam: Rep, manager: Rep) -> None:
    await sets(manager, VERIFIER, sam.id)
    await office.later(days=1)
    assert sam.goes_to("dm").messages == []

    await keeps_their_own(office, manager)
    await office.later(days=1)
    sam.sees("A story waits")


async def test_emptied_it_is_taken_back_and_nothing_is_left_to_press(office: Office, sam: Rep, manager: Rep) -> None:
    await keeps_their_own(office, manager)
    await sets(manager, VERIFIER, sam.id)
    await office.later(days=1)
    before = sam.goes_to("dm").screen
    assert await sets(manager, VERIFIER, None) == {}
    manager.does_not_see("Who else verifies stories")

    await sam.uses(*before.controls["Verify"], on=before)
    assert "Stories are verified by managers" in sam.everything
    await office.settles()
    assert "Mary Somerville" not in sam.everything
    assert "Verify" not in sam.everything
    await sam.opens_home()
    sam.does_not_see("A story waits")


@pytest.mark.parametrize(
    "said",
    [
        {"is_bot": True},
        {"deleted": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True, "is_restricted": True},
        {"team_id": "T0ELSEWHERE"},
        {"team_id": "T0ELSEWHERE", "enterprise_user": {"teams": ["T0ANOTHER"]}},
    ],
)
async def test_who_is_no_colleague_is_told_beside_the_field(
    office: Office, sam: Rep, manager: Rep, said: Mapping[str, Any]
) -> None:
    says_of(office, sam.id, said)

    assert await sets(manager, VERIFIER, sam.id) == {
        VERIFIER: "That is no colleague who could do it. Please choose another."
    }
    assert (await office.bot.database.read(library.team_of, TEAM)).verifier_id is None
    assert (await office.bot.database.read(members.get, TEAM, sam.id)).learned_at is None


@pytest.mark.parametrize(("who", "said"), [(BOT_USER, {"is_bot": True}), ("USLACKBOT", {"is_bot": False})])
async def test_neither_the_app_nor_slack_itself_verifies(
    office: Office, manager: Rep, who: str, said: Mapping[str, Any]
) -> None:
    says_of(office, who, said)

    assert (await sets(manager, VERIFIER, who)).keys() == {VERIFIER}
    assert (await office.bot.database.read(library.team_of, TEAM)).verifier_id is None


async def test_in_an_organisation_a_colleague_of_this_workspace_may_be_at_home_in_another(
    office: Office, sam: Rep, manager: Rep
) -> None:
    says_of(office, sam.id, {"team_id": "T0ELSEWHERE", "enterprise_user": {"teams": ["T0ELSEWHERE", TEAM]}})

    assert await sets(manager, VERIFIER, sam.id) == {}


def says_of(office: Office, user_id: str, said: Mapping[str, Any]) -> None:
    """What Slack says of somebody from now on."""

    def answer(method: str, arguments: Mapping[str, Any]) -> JSONResponse | None:
        if method != "users.info" or arguments["user"] != user_id:
            return None
        return JSONResponse({"ok": True, "user": {"id": user_id, "team_id": TEAM, **said}})

    office.slack.troubles.append(answer)


async def test_the_months_hold_for_stories_that_are_verified_from_then_on(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam, whose="Grace Hopper")
    assert await sets(manager, MONTHS, 61) == {MONTHS: "Please write a number of months from 1 to 60."}
    assert await manager.types(MONTHS, 3).sends() == {}
    await has_written(office, sam)

    await office.later(days=91)
    assert sam.goes_to("dm").messages == []
    await office.later(days=1)
    sam.sees("It is time to look at your story of Mary Somerville again.")
    assert "Grace Hopper" not in sam.everything
    await office.later(days=273)
    assert "It is time to look at your story of Grace Hopper again." in sam.everything


async def test_kinds_of_customers_become_a_menu_in_the_details(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    assert await rosa.types(KIND, "A museum").sends() == {}
    assert await sets(manager, KINDS, "A young family\n\nA bakery\n") == {}
    await manager.presses(SETTINGS)
    assert manager.screen.held(KINDS) == "A young family\nA bakery"

    await rosa.presses("Note and details…")
    assert rosa.screen.held(KIND) == "A museum"
    _, menu = rosa.screen.field(KIND)
    assert [option["text"]["text"] for option in menu["options"]] == ["A museum", "A young family", "A bakery"]
    assert await rosa.types(KIND, "A bakery").sends() == {}
    await rosa.presses("Note and details…")
    assert rosa.screen.held(KIND) == "A bakery"
    await rosa.closes()

    await manager.closes()
    assert await sets(manager, KINDS, None) == {}
    await rosa.presses("Note and details…")
    assert rosa.screen.held(KIND) == "A bakery", "it is typed again, and nothing is lost"


async def test_a_kind_that_cannot_be_kept_is_told_by_its_line(office: Office, manager: Rep) -> None:
    assert await sets(manager, KINDS, "A bakery\na  BAKERY") == {
        KINDS: "Line 2, “a BAKERY”: that one is there already."
    }
    assert (await manager.types(KINDS, "4111 1111 1111 1111").sends()).keys() == {KINDS}
    assert (await office.bot.database.read(library.team_of, TEAM)).customer_kinds == []


async def test_a_teams_own_reasons_stand_wherever_a_reason_is_chosen(office: Office, rosa: Rep, manager: Rep) -> None:
    await manager.presses(SETTINGS)
    assert str(manager.screen.held(REASONS)).startswith("Worry or second thoughts\nCost\n")
    assert await manager.types(REASONS, "Cost\nA rival was cheaper\nWorry or second thoughts").sends() == {}
    await manager.closes()

    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    _, menu = rosa.screen.field(REASON)
    assert [option["text"]["text"] for option in menu["options"]] == [
        "Cost",
        "A rival was cheaper",
        "Worry or second thoughts",
    ]
    assert await rosa.types(REASON, "A rival was cheaper").sends() == {}
    await rosa.presses("They’re leaving")
    await rosa.runs("/saves")
    await rosa.picks("reason", "A rival was cheaper")
    rosa.sees("0 of 1 stayed")
    await rosa.closes()

    assert await sets(manager, REASONS, "Cost") == {}
    await rosa.presses("Note and details…")
    assert rosa.screen.held(REASON) == "A rival was cheaper", "what was kept is not lost"


async def test_a_story_answers_a_reason_of_the_teams_own(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    assert await sets(manager, REASONS, "Cost\nA rival was cheaper") == {}
    await has_written(office, sam, worry="A rival was cheaper")
    await comes_to_the_story(rosa, "The colour of the box.")
    rosa.sees("No true story fits")
    await rosa.picks("What worries them?", "Cost")
    rosa.sees("No true story fits")
    await rosa.picks("What worries them?", "A rival was cheaper")
    rosa.sees("the same worry", MARY.before)

    await rosa.runs("/story rival")
    rosa.sees(MARY.before, "A rival was cheaper")


async def test_a_reason_that_cannot_be_kept_is_told_by_its_line(office: Office, manager: Rep) -> None:
    assert await sets(manager, REASONS, "Cost\ncost") == {REASONS: "Line 2, “cost”: that one is there already."}
    assert (await office.bot.database.read(library.team_of, TEAM)).reasons == []


async def test_amounts_without_a_sign_are_in_the_teams_currency(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    assert await rosa.types(VALUE, "1,200").sends() == {}

    assert await sets(manager, CURRENCY, "cad") == {}
    await manager.presses(SETTINGS)
    assert manager.screen.held(CURRENCY) == "CAD"
    await manager.closes()
    await rosa.presses("Note and details…")
    assert rosa.screen.held(VALUE) == "USD 1,200.00", "what was kept stays what it is"
    assert await rosa.types(VALUE, "$1,500").sends() == {}
    await rosa.presses("Note and details…")
    assert rosa.screen.held(VALUE) == "CA$1,500.00"


async def test_a_currency_that_there_is_not_is_told(manager: Rep) -> None:
    assert await sets(manager, CURRENCY, "Groats") == {
        CURRENCY: "“Groats” is no currency that I know. Please write its three letters, such as EUR."
    }


async def test_while_slack_cannot_say_who_it_is_nobody_is_named(office: Office, sam: Rep, manager: Rep) -> None:
    office.slack.troubles.append(
        lambda method, _: JSONResponse({"ok": False, "error": "internal_error"}) if method == "users.info" else None
    )
    assert (await sets(manager, VERIFIER, sam.id)).keys() == {VERIFIER}
    assert (await office.bot.database.read(library.team_of, TEAM)).verifier_id is None


@pytest.mark.parametrize("field", ["Channel for views that are passed on", "Channel for questions to colleagues"])
async def test_a_channel_that_another_company_reads_is_refused_beside_its_field(
    office: Office, manager: Rep, field: str
) -> None:
    office.workspace.channels["C0FLOOR"].shared_outside = True
    await manager.presses("Team settings…")

    errors = await manager.types(field, "C0FLOOR").sends()
    assert [*errors] == [field]
    assert errors[field].startswith("Another company reads that channel")
