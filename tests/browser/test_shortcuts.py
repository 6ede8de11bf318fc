"""Shortcuts on the page, what was typed into a form that is closed, and messages with something forwarded in them."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.playground.workspace import email
from tests.browser.playground import SAM, Visitor, sideways, visit
from tests.playground.local import RENEWALS, ROSA, Json, Local, an_app, field_of, modal, open_local, text_input

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
MARKUP = "<b>now</b> &amp; <img src=x onerror=alert(1)>"


@pytest.fixture
def playground(local: Local) -> str:
    return local.slack.url


async def presses_key(visitor: Visitor, local: Local, key: str, gesture: str) -> Json:
    """Press a key by which the page sends a gesture; returns what the app heard of it."""
    async with visitor.page.expect_response(f"**/playground/{gesture}"):
        await visitor.page.keyboard.press(key)
    return local.app.last


async def posts(local: Local, text: str) -> str:
    """The app writes a message; returns its timestamp."""
    return str((await local.web.chat_postMessage(channel=RENEWALS, text=text))["ts"])


async def forwards(local: Local, text: str) -> None:
    """Rosa forwards an e-mail and shares a message, in one."""
    mail = email(f"Cancel {text}", "Ada", "ada@example.com", text)
    attached = {"pretext": "From chat", "title": "Ada", "text": text.replace("&", "&amp;").replace("<", "&lt;")}
    local.workspace.post(RENEWALS, ROSA, "See here", files=[mail], attachments=[attached])
    await posts(local, "Seen")


async def test_the_menu_of_a_message_needs_no_mouse(visitor: Visitor, local: Local) -> None:
    said = local.people.say(SAM, RENEWALS, "Worth keeping")
    await local.web.chat_postEphemeral(channel=RENEWALS, user=ROSA, text="Psst")
    await expect(visitor.messages).to_have_count(2)
    more = visitor.page.get_by_role("button", name="More", exact=True)
    await expect(more).to_have_count(1)
    await expect(more).to_have_css("opacity", "0")

    await expect(visitor.composer).to_be_focused()
    await visitor.chooses("More", back=True)
    item = visitor.page.get_by_role("menu", name="Message shortcuts").get_by_role("menuitem")
    await expect(item).to_have_count(1)
    await expect(item).to_contain_text("Keep it")
    await expect(item).to_be_focused()
    await visitor.page.keyboard.press("Escape")
    await expect(item).to_have_count(0)
    await expect(more).to_be_focused()
    await expect(more).to_have_css("opacity", "1")
    await visitor.page.keyboard.press("Enter")
    heard = await presses_key(visitor, local, "Enter", "shortcut")
    assert (heard["type"], heard["callback_id"], heard["message_ts"]) == ("message_action", "keep", said.ts)


async def test_the_menu_of_the_composer_needs_no_mouse_and_what_it_opens_goes_back_to_it(
    visitor: Visitor, local: Local
) -> None:
    await expect(visitor.composer).to_be_focused()
    await visitor.chooses("Shortcuts", back=True)
    menu = visitor.page.get_by_role("menu", name="Shortcuts")
    await expect(menu.get_by_role("menuitem")).to_have_count(1)
    await expect(menu.get_by_role("menuitem", name="Wave")).to_be_focused()
    heard = await presses_key(visitor, local, "Enter", "shortcut")
    assert (heard["type"], heard["callback_id"]) == ("shortcut", "wave")

    form = modal(field_of(text_input("name"), block_id="who"), notify_on_close=True)
    await local.web.views_open(trigger_id=heard["trigger_id"], view=form)
    await visitor.form.get_by_role("textbox").fill("Ada")
    closed = await presses_key(visitor, local, "Escape", "close")
    assert closed["view"]["state"]["values"]["who"]["name"]["value"] == "Ada"
    await expect(visitor.form).to_have_count(0)
    await expect(visitor.page.get_by_role("button", name="Shortcuts")).to_be_focused()


async def test_a_shortcut_on_a_message_that_is_gone_says_so(visitor: Visitor, local: Local) -> None:
    ts = await posts(local, "Worth keeping")
    await visitor.sees("Worth keeping")
    await visitor.card.hover()
    await visitor.card.get_by_role("button", name="More").click()
    local.workspace.messages = [each for each in local.workspace.messages if each.ts != ts]
    await visitor.page.get_by_role("menuitem", name="Keep it").click()
    await expect(visitor.page.get_by_text("That message is not there any more.")).to_be_visible()
    # The browser itself complains of an answer that is a refusal; the page does not.
    (complaint,) = visitor.troubles
    assert "400 (Bad Request)" in complaint
    visitor.troubles.clear()


async def test_an_app_without_shortcuts_has_no_menus_for_them(browser: Browser) -> None:
    manifest = an_app()
    del manifest["features"]["shortcuts"]
    async with open_local(manifest) as local, visit(browser, local.slack.url) as visitor:
        await visitor.arrives()
        await posts(local, "Hello")
        await expect(visitor.messages).to_have_count(1)
        for name in ("More", "Shortcuts"):
            await expect(visitor.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
        assert visitor.troubles == []


async def test_what_was_forwarded_is_read_below_its_message_and_is_text_in_every_case(
    visitor: Visitor, local: Local
) -> None:
    await forwards(local, f"Stop,\n{MARKUP}")
    message = visitor.messages.filter(has_text="See here")
    mail = message.get_by_test_id("email")
    await expect(mail).to_contain_text("Cancel Stop")
    await expect(mail).to_contain_text("From Ada <ada@example.com>")
    attachment = message.get_by_test_id("attachment")
    for place in (mail, attachment):
        await expect(place).to_contain_text(MARKUP)
    await expect(message).to_contain_text("From chat")
    await expect(message.locator("b, img")).to_have_count(0)
    await expect(visitor.page.get_by_test_id("file")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_menus_are_in_sight_and_nothing_scrolls_sideways(
    browser: Browser, local: Local, scheme: Any
) -> None:
    await forwards(local, "W" * 200)
    async with visit(browser, local.slack.url, **PHONE, color_scheme=scheme) as visitor:
        await visitor.arrives()
        more = visitor.page.get_by_role("button", name="More", exact=True)
        await expect(more).to_have_count(2)
        assert float(await more.first.evaluate("(node) => getComputedStyle(node).opacity")) > 0.5
        assert await sideways(visitor.page) == []
        await more.first.tap()
        await expect(visitor.page.get_by_role("menuitem", name="Keep it")).to_be_in_viewport(ratio=1)
        assert await sideways(visitor.page) == []
        await visitor.page.keyboard.press("Escape")
        await visitor.page.get_by_role("button", name="Shortcuts").tap()
        await expect(visitor.page.get_by_role("menuitem", name="Wave")).to_be_in_viewport(ratio=1)
        assert await sideways(visitor.page) == []
        assert visitor.troubles == []


async def test_a_link_to_a_message_opens_its_channel_there(visitor: Visitor, local: Local) -> None:
    wanted = local.people.say(SAM, RENEWALS, "The one")
    for turn in range(40):
        local.people.say(SAM, RENEWALS, f"Later {turn}")
    link = (await local.web.chat_getPermalink(channel=RENEWALS, message_ts=wanted.ts))["permalink"]
    message = visitor.messages.filter(has_text="The one")

    await visitor.page.goto(link)
    await expect(message).to_be_in_viewport()
    await expect(visitor.messages.last).not_to_be_in_viewport()

    await visitor.goes_to("C0FLOOR", SAM)
    await local.web.chat_postMessage(channel="C0FLOOR", text=f"<{link}|Look>")
    await visitor.card.get_by_role("link", name="Look").click()
    await expect(message).to_be_in_viewport()
    await expect(visitor.page).to_have_url(f"{visitor.url}/#{SAM}/{RENEWALS}")
