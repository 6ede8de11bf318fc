"""The page itself: what it offers first, forms, the traffic, small screens, and what it never does."""

import re
import shutil

import anyio
import pytest
from playwright.async_api import Browser, Route, expect

from bot.surfaces.words import Voice, Words
from tests.browser.playground import MINA, ROSA, Visitor, executable_or_skip, open_playground, sideways, visit

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


async def test_the_first_thing_offered_is_a_command_to_try(browser: Browser, words: Words) -> None:
    async with open_playground(words, fresh=True) as url, visit(browser, url) as visitor:
        await visitor.arrives()
        await expect(visitor.messages).to_have_count(0)
        await visitor.page.get_by_role("button", name="Try it: type /cancel Ada Lovelace").click()
        await expect(visitor.composer).to_be_focused()
        await expect(visitor.composer).to_have_value("/cancel Ada Lovelace")
        await visitor.composer.press("Enter")
        await visitor.sees("Ada Lovelace", "1 of 6")
        await expect(visitor.page.get_by_role("button", name="Try it")).to_have_count(0)
        assert visitor.troubles == []


async def test_nothing_is_asked_of_anybody_else(visitor: Visitor) -> None:
    await visitor.walks_to_the_last_step()
    await visitor.goes_to("home")
    await expect(visitor.page.get_by_test_id("home")).to_contain_text("Ada Lovelace")
    assert {request.split("?")[0].removeprefix(visitor.url) for request in visitor.requests} >= {
        "/",
        "/page/app.js",
        "/page/tokens.css",
        "/playground/state",
        "/playground/live",
        "/playground/act",
    }
    assert [request for request in visitor.requests if not request.startswith(f"{visitor.url}/")] == []


async def test_a_form_refuses_what_is_no_amount_and_takes_what_is(visitor: Visitor, voice: Voice) -> None:
    details, keep = voice.label("press.details"), voice.label("form.details_submit")
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("They’re staying")
    await visitor.presses(details)
    field = visitor.form.locator("[data-block='form.value']")
    await field.get_by_role("textbox").fill("abc")
    await visitor.form.get_by_role("button", name=keep).click()
    await expect(field.locator(".error")).not_to_be_empty()
    await expect(field.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    await expect(field.get_by_role("textbox")).to_be_focused()
    await expect(visitor.form.locator(".error:visible")).to_have_count(1)

    await field.get_by_role("textbox").fill("1.2k")
    await visitor.form.get_by_role("button", name=keep).click()
    await expect(visitor.form).to_have_count(0)

    await visitor.presses(details)
    await expect(field.get_by_role("textbox")).to_have_value(re.compile("1,200"))
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.form).to_have_count(0)


async def test_a_form_that_is_being_sent_is_not_lost_by_escape(visitor: Visitor, voice: Voice) -> None:
    answered = anyio.Event()

    async def hold(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("They’re staying")
    await visitor.presses(voice.label("press.details"))
    await visitor.page.route("**/playground/submit", hold)
    await visitor.form.locator("[data-block='form.value']").get_by_role("textbox").fill("abc")
    await visitor.form.get_by_role("button", name=voice.label("form.details_submit")).click()
    await visitor.page.keyboard.press("Escape")
    await visitor.page.keyboard.press("Escape")
    answered.set()
    await expect(visitor.form.locator("[data-block='form.value'] .error")).to_be_visible()


async def test_the_raw_traffic_shows_what_was_said(visitor: Visitor) -> None:
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("Next")
    await visitor.sees("2 of 6")
    await visitor.page.get_by_test_id("traffic-toggle").click()
    traffic = visitor.page.get_by_role("complementary", name="Raw traffic")
    names = traffic.locator(".entry-name")
    await expect(names.filter(has_text="/cancel")).to_have_count(1)
    await expect(names.filter(has_text="block_actions")).to_have_count(1)
    await expect(names.filter(has_text="response_url")).to_have_count(1)

    await traffic.get_by_role("searchbox").fill("/cancel")
    await expect(names.filter(has_text="response_url")).to_have_count(0)
    await names.filter(has_text="/cancel").click()
    await expect(traffic.get_by_role("group").first).to_contain_text("Ada Lovelace")

    await visitor.page.keyboard.press("Escape")
    await expect(traffic).to_be_hidden()


async def test_what_is_no_command_is_said_until_one_goes_on(visitor: Visitor) -> None:
    await visitor.composer.fill("/nothing")
    await visitor.composer.press("Enter")
    said = visitor.page.get_by_text("/nothing is not a valid command.")
    await expect(said).to_be_visible()
    await expect(visitor.composer).to_have_value("/nothing")
    await visitor.runs("/cancel help")
    await expect(said).to_have_count(0)


async def test_light_and_dark_are_chosen_and_remembered(visitor: Visitor) -> None:
    async def scheme() -> str:
        return str(await visitor.page.evaluate("getComputedStyle(document.documentElement).colorScheme"))

    await visitor.page.get_by_test_id("theme").click()
    assert await scheme() == "dark"
    await visitor.page.reload()
    await expect(visitor.composer).to_be_visible()
    assert await scheme() == "dark"
    await visitor.page.get_by_test_id("theme").click()
    assert await scheme() == "light"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_nothing_scrolls_sideways(
    browser: Browser, playground: str, voice: Voice, scheme: str
) -> None:
    async with visit(browser, playground, **PHONE, color_scheme=scheme) as visitor:
        await visitor.arrives()
        page = visitor.page
        assert await sideways(page) == []

        await visitor.runs(f"/cancel Wilhelmina {'W' * 140}")
        await visitor.sees("1 of 6")
        assert await sideways(page) == []
        for press in ("Next", "Worried or unsure", "They’re staying"):
            await visitor.presses(press)
        await visitor.presses(voice.label("press.details"))
        await expect(visitor.form).to_be_visible()
        assert await sideways(page) == []
        await page.keyboard.press("Escape")
        await expect(visitor.form).to_have_count(0)

        await page.get_by_role("button", name="Open the sidebar").click()
        await page.get_by_role("link", name="Home").click()
        await expect(page.get_by_test_id("home")).to_contain_text("Wilhelmina")
        assert await sideways(page) == []

        await visitor.goes_to("dm")
        await visitor.sees("Wilhelmina")
        assert await sideways(page) == []

        await page.get_by_test_id("traffic-toggle").click()
        await expect(page.get_by_role("complementary", name="Raw traffic")).to_be_visible()
        assert await sideways(page) == []
        assert visitor.troubles == []


async def test_each_persons_home_is_pressed_as_their_own(browser: Browser, words: Words) -> None:
    async with open_playground(words) as url, visit(browser, url) as visitor:
        await visitor.arrives()
        home = visitor.page.get_by_test_id("home")
        await visitor.goes_to("home", MINA)
        await expect(home).to_contain_text("Your team")
        await visitor.goes_to("home", ROSA)
        await expect(home).not_to_contain_text("Your team")
        await home.get_by_role("button", name="My settings…").click()

        await expect(visitor.form).to_contain_text("Usual playbook")
        assert visitor.troubles == []


async def test_an_address_of_nobody_leads_to_somebody(browser: Browser, words: Words) -> None:
    async with open_playground(words) as url, visit(browser, url) as visitor:
        await visitor.page.goto(f"{url}/#U0NOBODY/nowhere%")
        await expect(visitor.composer).to_be_visible()
        await visitor.runs("/cancel Ada Lovelace")
        await visitor.sees("1 of 6")

        visitor.troubles.clear()  # Chromium's own word on the refusal
        await visitor.page.evaluate("() => { location.hash = 'U0NOBODY/%' }")
        await expect(visitor.page.locator(f'a.place[href^="#{ROSA}/"][aria-current=page]')).to_have_count(1)
        await visitor.runs("/cancel Alan Turing")
        await visitor.sees("Alan Turing", "1 of 6")
        assert visitor.troubles == []


def test_a_missing_browser_is_skipped_by_a_newcomer_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        executable_or_skip()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        executable_or_skip()
