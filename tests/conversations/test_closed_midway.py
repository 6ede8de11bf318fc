"""A form that is closed midway: what was typed stands there the next time, as far as Slack tells."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select
from starlette.responses import JSONResponse

from bot.storage.models import Draft
from bot.surfaces import drafts, ids
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import asks, manages
from tests.conversations.test_policies import comes_to_the_discount, sets_a_discount
from tests.conversations.test_shortcuts import HANDLE, WROTE, brings_bad_news
from tests.conversations.test_solidify import sells_sofas
from tests.conversations.test_team_settings import sets
from tests.conversations.test_true_stories import has_written

NAME, DECIDED, SURE = "Customer’s name", "What made them decide, in their words", "How sure did they sound?"
CLOSED = "You closed this on"
PRODUCT = "Name of the product"


async def kept(office: Office) -> int:
    return len(await office.bot.database.read(lambda session: session.exec(select(Draft)).all()))


async def opens_details(rosa: Rep, customer: str = "Ada Lovelace") -> Rep:
    await rosa.runs(f"/cancel {customer}")
    return await rosa.presses("Note and details…")


async def test_what_was_typed_minutes_after_a_yes_is_not_lost(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(DECIDED, "Quiet Sundays").types("Product or plan", "The ledger plan").closes()
    await office.later(hours=2)

    await rosa.runs("/solidify  ada LOVELACE")
    rosa.sees("You closed this on Tue, Nov 24, 10:00 AM. Here is what you had typed.")
    held = [rosa.screen.held(each) for each in (NAME, DECIDED, "Product or plan")]
    assert held == ["ada LOVELACE", "Quiet Sundays", "The ledger plan"], "the name stands as it was given"
    await rosa.closes()
    await rosa.runs("/solidify Ada Lovelace")
    assert rosa.screen.held(DECIDED) == "Quiet Sundays"


async def test_what_was_typed_of_one_customer_is_never_brought_back_for_another(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(DECIDED, "Quiet Sundays").closes()

    await rosa.runs("/solidify Grace Hopper")
    rosa.does_not_see(CLOSED)
    assert (rosa.screen.held(NAME), rosa.screen.held(DECIDED)) == ("Grace Hopper", None)
    assert await rosa.types(SURE, "Sure").sends() == {}
    await rosa.closes()
    await rosa.runs("/solidify")
    rosa.does_not_see(CLOSED)
    await rosa.closes()
    await rosa.runs("/solidify Ada Lovelace")
    assert rosa.screen.held(DECIDED) == "Quiet Sundays"


async def test_a_form_that_was_opened_for_nobody_has_a_draft_of_its_own(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("Solidify a sale")
    await rosa.types(NAME, "Ada Lovelace").types(DECIDED, "Quiet Sundays").closes()

    await rosa.goes_to(RENEWALS).runs("/solidify Grace Hopper")
    rosa.does_not_see(CLOSED)
    await rosa.closes()
    await rosa.runs("/solidify")
    assert [rosa.screen.held(each) for each in (NAME, DECIDED)] == ["Ada Lovelace", "Quiet Sundays"]


async def test_whoever_turns_out_to_be_called_otherwise_is_found_by_that_name(rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(NAME, "Grace Hopper").types(DECIDED, "The compiler").closes()

    await rosa.runs("/solidify Ada Lovelace")
    rosa.does_not_see(CLOSED)
    await rosa.closes()
    await rosa.runs("/solidify Grace Hopper")
    assert rosa.screen.held(DECIDED) == "The compiler"


async def test_what_was_sent_is_not_brought_back(office: Office, rosa: Rep) -> None:
    await opens_details(rosa)
    await rosa.types("Your note", "Calls on Fridays").closes()
    await rosa.presses("Note and details…")
    assert await rosa.sees(CLOSED).sends() == {}
    assert await kept(office) == 0
    await rosa.presses("Note and details…")
    rosa.does_not_see(CLOSED)
    assert rosa.screen.held("Your note") == "Calls on Fridays"


async def test_a_form_that_is_not_taken_loses_nothing(office: Office, rosa: Rep) -> None:
    await opens_details(rosa)
    await rosa.types("Your note", "Calls on Fridays").closes()
    await rosa.presses("Note and details…")
    assert await rosa.types("Link to their record", "nowhere").sends() != {}

    assert await kept(office) == 1
    assert await rosa.types("Link to their record", "https://crm.example/7").sends() == {}
    assert await kept(office) == 0


async def test_nothing_is_lost_where_slack_is_loaded_anew_or_refuses_to_open_the_form(
    office: Office, rosa: Rep
) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(DECIDED, "Quiet Sundays").closes()
    await rosa.runs("/solidify Ada Lovelace")
    office.workspace.modals[rosa.id].clear()

    refused = JSONResponse({"ok": False, "error": "expired_trigger_id"})
    office.slack.troubles.append(lambda method, _: refused if method == "views.open" else None)
    await rosa.runs("/solidify Ada Lovelace")
    office.slack.troubles.clear()
    await rosa.runs("/solidify Ada Lovelace")
    assert rosa.screen.held(DECIDED) == "Quiet Sundays"


async def test_a_number_that_its_field_does_not_take_is_not_brought_back(rosa: Rep) -> None:
    often, link = "Reminders a day, at most", "Booking link"
    await rosa.opens_home()
    await rosa.presses("My settings…")
    stood = rosa.screen.held(often)
    await rosa.types(often, 500).types(link, "https://example.com/rosa").closes()

    await rosa.opens_home()
    await rosa.presses("My settings…")
    assert (rosa.screen.held(often), rosa.screen.held(link)) == (stood, "https://example.com/rosa")
    await rosa.types(often, 50).closes()
    await rosa.opens_home()
    await rosa.presses("My settings…")
    assert rosa.screen.held(often) == "50"


async def test_a_form_that_was_merely_looked_at_keeps_nothing(office: Office, rosa: Rep) -> None:
    await opens_details(rosa)
    await rosa.closes()

    assert await kept(office) == 0


async def test_each_case_has_its_own_and_a_choice_is_one_too(office: Office, rosa: Rep) -> None:
    await opens_details(rosa)
    await rosa.types("Your note", "Calls on Fridays").types("Reason", "Cost").closes()
    await opens_details(rosa, "Grace Hopper")
    rosa.does_not_see(CLOSED)
    assert await rosa.sends() == {}

    assert await kept(office) == 1, "Ada's is still there"


async def test_what_is_typed_next_goes_with_what_was_brought_back(rosa: Rep) -> None:
    await opens_details(rosa)
    await rosa.types("Your note", "Calls on Fridays").types("Reason", "Cost").closes()
    await rosa.presses("Note and details…")
    await rosa.types("Product or plan", "Ledger").types("Your note", "").closes()

    await rosa.presses("Note and details…")
    held = [rosa.screen.held(each) for each in ("Your note", "Reason", "Product or plan")]
    assert held == [None, "Cost", "Ledger"], "what was emptied stays empty"


async def test_after_a_day_it_is_gone_and_a_card_number_is_never_kept(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify")
    await rosa.types(DECIDED, "Quiet Sundays").types(NAME, "4111 1111 1111 1111").closes()
    await rosa.runs("/solidify")
    assert [rosa.screen.held(each) for each in (NAME, DECIDED)] == [None, "Quiet Sundays"]
    await rosa.closes()
    await office.later(hours=25)
    await rosa.runs("/solidify")

    rosa.does_not_see(CLOSED)
    assert rosa.screen.held(DECIDED) is None


async def test_a_card_number_in_the_place_of_a_name_is_kept_nowhere(office: Office, rosa: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(NAME, "4111 1111 1111 1111").types(DECIDED, "The compiler").closes()

    (draft,) = await office.bot.database.read(lambda session: session.exec(select(Draft)).all())
    assert (draft.about, list(draft.values)) == ("ada lovelace", ["form.decided"])


@pytest.mark.every_database
async def test_each_is_gone_after_its_own_day_though_nobody_closes_anything(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(DECIDED, "Quiet Sundays").closes()
    await office.later(hours=12)
    await sam.runs("/solidify Grace Hopper")
    await sam.types(DECIDED, "The compiler").closes()

    await office.later(hours=11, minutes=59)
    assert await kept(office) == 2
    await office.later(minutes=1)
    assert await kept(office) == 1
    await office.later(hours=12)
    assert await kept(office) == 0


async def test_what_was_changed_in_one_message_is_not_in_another(office: Office, rosa: Rep) -> None:
    brings_bad_news(office, "Please cancel. Ada")
    brings_bad_news(office, "Please cancel. Grace")
    await rosa.handles("Ada", HANDLE)
    await rosa.types(WROTE, "Ada asks to cancel").closes()

    await rosa.handles("Grace", HANDLE)
    assert rosa.does_not_see(CLOSED).screen.held(WROTE) == "Please cancel. Grace"
    await rosa.closes()
    await rosa.handles("Ada", HANDLE)
    assert rosa.screen.held(WROTE) == "Ada asks to cancel"


async def test_nobody_is_shown_what_somebody_else_had_typed(rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types(DECIDED, "Quiet Sundays").closes()

    await sam.runs("/solidify Ada Lovelace")
    assert sam.does_not_see(CLOSED).screen.held(DECIDED) is None


# What to enter in a field of each kind, by what stands there already.
_ENTERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "plain_text_input": lambda _: "7",
    "number_input": lambda _: "7",
    "static_select": lambda element: element["options"][-1]["value"],
    "radio_buttons": lambda element: element["options"][-1]["value"],
    "external_select": lambda _: "Europe/London",
    "users_select": lambda _: "U0SAM",
    "channels_select": lambda _: RENEWALS,
    "conversations_select": lambda _: RENEWALS,
    "datepicker": lambda _: "2026-12-24",
    "timepicker": lambda _: "11:30",
    "datetimepicker": lambda _: 1_798_124_400,
    "checkboxes": lambda element: [
        option["value"] for option in element["options"] if option not in element.get("initial_options", [])
    ],
}


async def comes_back(rep: Rep, opens: Callable[[], Awaitable[object]]) -> None:
    """Fill in every field of a form, close it, open it again, and find all of it."""
    await opens()
    fields = {
        block["label"]["text"]: (block["block_id"], block["element"])
        for block in rep.screen.blocks
        if block["type"] == "input" and block["element"]["action_id"] != "form.remove_product"
    }
    entered = {label: _ENTERED[element["type"]](element) for label, (_, element) in fields.items()}
    for label, (block_id, element) in fields.items():
        rep._typed.setdefault(block_id, {})[element["action_id"]] = entered[label]
    await rep.closes()

    await opens()
    rep.sees(CLOSED)
    assert {label: plain(rep.screen.field(label)[1]) for label in fields} == entered
    await rep.closes()


def plain(element: dict[str, Any]) -> Any:
    """What stands in a field, as it would be entered; nothing in boxes of which none is ticked."""
    held = next((value for name, value in element.items() if name.startswith("initial_")), [])
    if isinstance(held, list):
        return [option["value"] for option in held]
    return held["value"] if isinstance(held, dict) else held


def pressing(rep: Rep, label: str, place: str = RENEWALS) -> Callable[[], Awaitable[object]]:
    return lambda: rep.goes_to(place).presses(label)


def running(rep: Rep, command: str) -> Callable[[], Awaitable[object]]:
    return lambda: rep.goes_to(RENEWALS).runs(command)


async def test_every_form_of_a_case_brings_back_what_was_entered(rosa: Rep) -> None:
    await rosa.runs("/cancel Grace Hopper")
    await rosa.presses("They’re leaving")
    await rosa.runs("/cancel Ada Lovelace")
    for label in ("Note and details…", "Ask or hand over…", "They need time…", "Opened by mistake or duplicate…"):
        await comes_back(rosa, pressing(rosa, label))
    await rosa.presses("They’re leaving")
    for label in ("We may stay in touch…", "Note and details…"):
        await comes_back(rosa, pressing(rosa, label))
    await rosa.presses("Undo")
    await rosa.presses("They’re staying")
    await comes_back(rosa, pressing(rosa, "Keep it as a story…"))
    await rosa.runs("/cancel demo Grace Hopper")
    for label in ("New date…", "Not now…", "Not a fit…"):
        await comes_back(rosa, pressing(rosa, label))


async def test_so_do_the_forms_that_a_rep_opens_elsewhere(office: Office, rosa: Rep) -> None:
    for command in ("/solidify", "/story add"):
        await comes_back(rosa, running(rosa, command))
    await rosa.opens_home()
    for label in ("New cancellation", "My settings…"):
        await comes_back(rosa, pressing(rosa, label, "home"))
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace in 1 day")
    await office.later(days=1)
    for label in ("Drop it…", "Hand over…", "Pick a time…"):
        await comes_back(rosa, pressing(rosa, label, "dm"))
    await rosa.goes_to(RENEWALS).runs("/reconnect away until Friday")
    await comes_back(rosa, pressing(rosa, "Hand over to a colleague…"))


async def test_so_do_those_of_managers(office: Office, rosa: Rep, manager: Rep) -> None:
    await sells_sofas(office)
    await sets_a_discount(manager)
    await manager.opens_home()
    for label in (
        "Add a product…",
        "Team settings…",
        "Managers…",
        "Another way to pay",
        "Corner sofa",
        "Weekly summary…",
    ):
        await comes_back(manager, pressing(manager, label, "home"))
    await comes_back(manager, running(manager, "/saves subscribe"))
    await asks(office, rosa)
    await manager.opens_home()
    for label in ("Offer less…", "Decline…"):
        await comes_back(manager, pressing(manager, label, "home"))


async def test_so_do_those_of_a_remedy_a_story_and_the_record(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await sets_a_discount(manager)
    await comes_to_the_discount(rosa)
    await comes_back(rosa, pressing(rosa, "They’d like that…"))
    await rosa.presses("They’re leaving")
    await rosa.presses("History…")
    await comes_back(rosa, lambda: rosa.presses("Correct the outcome…"))

    await has_written(office, sam, verified=False)
    await sam.runs("/story mine")
    for label in ("Change…", "Withdraw…"):
        await comes_back(sam, lambda label=label: sam.presses(label))
    await manager.opens_home()
    for label in ("Ask for more…", "Decline…"):
        await comes_back(manager, pressing(manager, label, "home"))


async def test_a_product_is_not_filled_in_with_another_and_taking_one_out_is_asked_for_anew(
    office: Office, manager: Rep
) -> None:
    await sells_sofas(office)
    await manager.opens_home()
    await manager.presses("Add a product…")
    await manager.types(PRODUCT, "Armchair").closes()

    await manager.presses("Corner sofa")
    manager.does_not_see(CLOSED)
    await manager.types(PRODUCT, "Corner sofa, new").types("No longer sold", ["Remove this product"]).closes()
    await manager.presses("Corner sofa")
    assert [manager.screen.held(each) for each in (PRODUCT, "No longer sold")] == [
        "Corner sofa, new",
        None,
    ]
    await manager.closes()
    await manager.presses("Add a product…")
    assert manager.screen.held(PRODUCT) == "Armchair"


async def test_what_was_not_touched_stands_as_somebody_else_has_set_it_meanwhile(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await manages(office, sam, office.clock.now())
    await sam.opens_home()
    await sam.presses("Team settings…")
    await sam.types("Currency", "EUR").closes()
    await sets(manager, "Kinds of customers", "Large companies")

    await sam.presses("Team settings…")
    sam.sees(CLOSED)
    assert [sam.screen.held(each) for each in ("Currency", "Kinds of customers")] == ["EUR", "Large companies"]
    await sam.closes()
    await sets(manager, "Kinds of customers", "Small companies")
    await sam.presses("Team settings…")
    assert sam.screen.held("Kinds of customers") == "Small companies"


async def test_whom_to_ask_next_is_not_whom_was_asked(rosa: Rep, sam: Rep, manager: Rep) -> None:
    await manager.opens_home()
    await manager.presses("Managers…")
    await manager.types("Somebody to ask", sam.id).closes()
    await manager.presses("Managers…")
    assert await manager.sees(CLOSED).sends() == {}
    await manager.closes()

    await manager.presses("Managers…")
    manager.does_not_see(CLOSED)
    await manager.types("Somebody to ask", rosa.id).closes()
    await manager.presses("Managers…")
    assert manager.screen.held("Somebody to ask") == rosa.id


def test_every_form_is_either_brought_back_or_has_nothing_to_keep() -> None:
    forms = [value for name, value in vars(ids).items() if name.endswith("_FORM")]

    assert sorted(forms) == sorted([*drafts.FORMS, *drafts.FLEETING])
