"""Every control that a card or a form may carry, used on the page: what the app hears of it, and how it looks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.playground import ROSA, SAM, Visitor, visit
from tests.playground.local import (
    GENERAL,
    RENEWALS,
    Json,
    Local,
    actions,
    an_app,
    field_of,
    menu,
    open_local,
    option,
    plain,
    section,
    text_input,
)

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
NOON_OF_THE_FIRST = 1_796_144_400
DRAFT = "\n\n".join(
    [
        "Dear Ada,",
        "thank you for writing. Your message has reached us, and your cancellation stands as you asked for it.",
        "If you would like to tell me what changed, I am glad to listen, on the phone or right here.",
        "I am in until five today, and from nine tomorrow. And if you would rather not, that is fine as well.",
        "Warm wishes, Rosa",
    ]
)
LAST_COMMAND = {"command": "/goodbye", "description": "Say goodbye", "usage_hint": "[name]"}


@dataclass
class Desk:
    """A local Slack whose app answers what a test put down, and Rosa in front of its page."""

    local: Local
    visitor: Visitor

    async def shows(self, *blocks: Json) -> Locator:
        """The app answers her command with these blocks."""
        self.local.app.answer = {"blocks": list(blocks)}
        await self.visitor.runs("/hello")
        self.local.app.answer = {}
        await expect(self.visitor.messages).to_have_count(1)
        return self.visitor.card

    async def opens(self, *fields: Json) -> Locator:
        """The app opens a form before her."""
        await self.local.opens(*fields)
        await expect(self.visitor.form).to_be_visible()
        return self.visitor.form

    async def hears(self, of: int) -> Json:
        """The last of so many gestures, once it has come."""
        await self.local.app.hears(of)
        await expect(self.visitor.page.locator("[aria-busy=true]")).to_have_count(0)
        heard = self.local.app.heard
        assert len(heard) == of, f"the app heard {len(heard)} gestures"
        return heard[-1][1]


@pytest.fixture
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    manifest = an_app()
    manifest["features"]["slash_commands"].append(LAST_COMMAND)
    async with open_local(manifest) as local, visit(browser, local.slack.url) as visitor:
        yield Desk(local, await visitor.arrives())
        assert visitor.troubles == []


async def test_every_command_of_the_app_is_offered_for_a_slash(desk: Desk) -> None:
    await desk.visitor.composer.fill("/")
    offered = desk.visitor.page.get_by_role("listbox", name="Commands").get_by_role("option")
    await expect(offered).to_contain_text(["/hello", "/goodbye"])
    await desk.visitor.composer.press("ArrowDown")
    await desk.visitor.composer.press("Enter")
    await expect(desk.visitor.composer).to_have_value("/goodbye ")


async def test_several_menus_of_one_row_are_pressed_each_for_itself(desk: Desk) -> None:
    kind = menu("Sale", "Order", action_id="kind", placeholder=plain("What is it about?"))
    channel = menu("Phone", "Text", action_id="channel", initial_option=option("Phone"))
    card = await desk.shows(actions(kind, channel, block_id="took"))

    await card.get_by_role("button", name="Phone").click()
    await desk.visitor.page.get_by_role("option", name="Text").click()
    heard = await desk.hears(of=2)
    assert heard["actions"][0].items() >= {"action_id": "channel", "selected_option": option("Text")}.items()
    held = heard["state"]["values"]["took"]
    assert (held["kind"]["selected_option"], held["channel"]["selected_option"]) == (None, option("Text"))


async def test_a_long_menu_stands_in_groups_and_is_searched(desk: Desk) -> None:
    groups = {
        "Armchair – Lamp": ("Armchair", "Bench", "Couch", "Desk", "Footstool", "Lamp"),
        "Mirror – Vase": ("Mirror", "Vase"),
    }
    listed = [{"label": plain(called), "options": [option(each) for each in names]} for called, names in groups.items()]
    long = {"type": "static_select", "action_id": "menu", "placeholder": plain("A product"), "option_groups": listed}
    card = await desk.shows(actions(long))
    page = desk.visitor.page

    await card.get_by_role("button", name="A product").click()
    box = page.get_by_role("listbox")
    await expect(box).to_contain_text([*groups][1])
    await expect(box.get_by_role("option")).to_have_count(8)
    await page.get_by_role("combobox", name="Search").fill("vas")
    await expect(box.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    assert (await desk.hears(of=2))["actions"][0]["selected_option"] == option("Vase")


async def test_a_button_may_ask_first_and_goes_out_on_a_yes_alone(desk: Desk) -> None:
    sure = {"title": plain("Step down?"), "text": plain("You’ll manage it no longer."), "confirm": plain("Step down")}
    button = {"type": "button", "action_id": "down", "text": plain("Step down…"), "value": "down"}
    card = await desk.shows(actions({**button, "confirm": {**sure, "deny": plain("Not now")}}))
    question = desk.visitor.page.get_by_role("dialog", name="Step down?")

    for answer in ("Not now", "Step down"):
        await card.get_by_role("button", name="Step down…").click()
        await expect(question).to_contain_text("You’ll manage it no longer.")
        await question.get_by_role("button", name=answer).click()
        await expect(question).to_have_count(0)
    assert (await desk.hears(of=2))["actions"][0]["action_id"] == "down"


async def test_a_menu_opens_right_after_its_form_was_scrolled(desk: Desk) -> None:
    notes = [field_of(text_input(f"note{number}"), label=plain(f"Note {number}")) for number in range(20)]
    reason = menu("Cost", "Timing", action_id="reason", placeholder=plain("Why"))
    form = await desk.opens(*notes, field_of(reason, label=plain("Reason"), block_id="reason"))

    await form.get_by_role("button", name="Why").click()
    await desk.visitor.page.get_by_role("option", name="Timing").click()
    await expect(form.get_by_role("button", name="Timing")).to_be_visible()


async def test_days_and_hours_of_a_message_are_pressed_as_they_are_picked(desk: Desk) -> None:
    day = {"type": "datepicker", "action_id": "day", "placeholder": plain("Move it to…")}
    slot = {"type": "datetimepicker", "action_id": "slot"}
    card = await desk.shows(actions(day, slot, block_id="row"))

    await expect(card.get_by_text("Move it to…")).to_be_visible()
    await card.get_by_label("Move it to…").fill("2026-12-01")
    await card.get_by_label("Move it to…").blur()
    assert (await desk.hears(of=2))["actions"][0]["selected_date"] == "2026-12-01"
    await expect(card.get_by_text("Move it to…")).to_be_hidden()

    await card.get_by_label("slot").fill("2026-12-01T12:00")
    await card.get_by_label("slot").blur()
    heard = await desk.hears(of=3)
    assert heard["actions"][0]["selected_date_time"] == NOON_OF_THE_FIRST
    assert heard["state"]["values"]["row"]["day"]["selected_date"] == "2026-12-01"


async def test_people_channels_boxes_and_numbers_of_a_form_are_sent_as_slack_sends_them(desk: Desk) -> None:
    def field(label: str, element: Json, **more: Any) -> Json:
        return field_of({"action_id": label, **element}, label=plain(label), block_id=label, **more)

    choices = [option("Payment"), option("Order"), option("Address")]
    form = await desk.opens(
        field("Colleague", {"type": "users_select"}),
        field("Help", {"type": "conversations_select", "filter": {"include": ["public"]}}),
        field("Here", {"type": "conversations_select", "default_to_current_conversation": True}),
        field("Views", {"type": "channels_select"}),
        field("Checked", {"type": "checkboxes", "options": choices}),
        field("Sure", {"type": "radio_buttons", "options": choices}),
        field("Call", {"type": "datetimepicker"}),
        field("Days", {"type": "number_input", "is_decimal_allowed": False}),
    )
    page = desk.visitor.page

    async def picks(label: str, name: str) -> None:
        await form.get_by_role("button", name=label).click()
        await page.get_by_role("option", name=name).click()

    await picks("Colleague", "Sam Okafor")
    await form.get_by_role("button", name="Help").click()
    await expect(page.get_by_role("option")).to_have_text(["#renewals", "#sales-floor", "#general"])
    await page.get_by_role("option", name="#general").click()
    await picks("Views", "#renewals")
    for box in ("Payment", "Address"):
        await form.get_by_role("checkbox", name=box).check()
    await form.get_by_role("radio", name="Order").check()
    await form.get_by_label("Call").fill("2026-12-01T12:00")
    await form.get_by_label("Days").fill("14")
    await form.get_by_role("button", name="Send").click()
    await expect(desk.visitor.form).to_have_count(0)

    values = (await desk.hears(of=1))["view"]["state"]["values"]
    held = {label: element[label] for label, element in values.items()}
    assert {label: [value for name, value in each.items() if name != "type"] for label, each in held.items()} == {
        "Colleague": [SAM],
        "Help": [GENERAL],
        "Here": [RENEWALS],
        "Views": [RENEWALS],
        "Checked": [[option("Payment"), option("Address")]],
        "Sure": [option("Order")],
        "Call": [NOON_OF_THE_FIRST],
        "Days": ["14"],
    }


async def test_a_menu_of_people_in_a_form_may_be_pressed_at_once(desk: Desk) -> None:
    who = {"type": "users_select", "action_id": "who"}
    form = await desk.opens(field_of(who, label=plain("Colleague"), block_id="ask", dispatch_action=True))
    await form.get_by_role("button", name="Colleague").click()
    await desk.visitor.page.get_by_role("option", name="Rosa Diaz").click()
    heard = await desk.hears(of=1)
    assert (heard["type"], heard["actions"][0]["selected_user"]) == ("block_actions", ROSA)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_draft_is_seen_whole_and_can_be_selected_to_copy(desk: Desk, size: Any) -> None:
    await desk.visitor.page.set_viewport_size(size)
    draft = field_of(text_input("draft", multiline=True, initial_value=DRAFT), label=plain("To copy"), block_id="draft")
    card = await desk.shows(section(), draft)
    field = card.get_by_label("To copy")
    assert await field.evaluate("(field) => field.scrollHeight <= field.clientHeight")

    await field.click()
    await desk.visitor.page.keyboard.press("ControlOrMeta+a")
    assert await desk.visitor.page.evaluate("getSelection().toString()") == DRAFT


async def test_a_very_long_draft_leaves_room_for_what_stands_around_it(desk: Desk) -> None:
    long = text_input("draft", multiline=True, initial_value="Word by word.\n" * 200)
    card = await desk.shows(section(), field_of(long, label=plain("To copy"), block_id="draft"))
    height = await card.get_by_label("To copy").evaluate("(field) => field.offsetHeight / innerHeight")
    assert 0.5 < height < 0.7
