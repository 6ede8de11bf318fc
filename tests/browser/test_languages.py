"""`play --pseudo` in a browser: with every word of the templates marked, nothing that people read is left plain."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.app import template_roots
from bot.playground import pseudo
from bot.playground.pseudo import mark
from bot.surfaces.words import Words
from tests.browser.playground import MINA, Visitor, open_playground, sideways, visit

# Names, and what is typed as it stands.
DATA = ("Ada Lovelace", "Rosa Diaz", "Sam Okafor", "Mina Park", "America/New_York", "USD", "https://")
# What the bot has put on the page, without the few words of Slack's own that stand among them.
BY_THE_BOT = """(node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("code, small, script, [hidden]").forEach((each) => each.remove());
    const labels = [...copy.querySelectorAll("[placeholder]")].map((each) => each.placeholder);
    return [copy.textContent, ...labels].join("\\n");
}"""


@pytest.fixture
async def abroad(browser: Browser, words: Words, tmp_path: Path) -> AsyncIterator[Visitor]:
    """Somebody whose Slack is in a language that has an accent on every letter."""
    spoken = pseudo.settings(template_roots(), tmp_path)
    async with (
        open_playground(words, fresh=True, people=pseudo.PEOPLE, spoken=spoken) as url,
        visit(browser, url, viewport={"width": 390, "height": 844}) as visitor,
    ):
        yield await visitor.arrives()
    assert visitor.troubles == []


async def says_nothing_plain(visitor: Visitor, part: Locator) -> None:
    text = str(await part.evaluate(BY_THE_BOT))
    for each in DATA:
        text = text.replace(each, " ")
    assert re.findall(r"[A-Za-z]{2,}", text) == []
    assert await sideways(visitor.page) == []


async def opens(visitor: Visitor, label: str) -> None:
    """Press a button of the Home, look at the form that it opens, and close it."""
    await visitor.home.get_by_role("button", name=mark(label), exact=True).click()
    await expect(visitor.form).to_be_visible()
    await says_nothing_plain(visitor, visitor.form)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.form).to_have_count(0)


async def test_a_card_is_walked_through_in_another_language(abroad: Visitor) -> None:
    await abroad.runs("/cancel Ada Lovelace")
    for press in ("Next", "Worried or unsure", "Next", "Next", "Next", "They’re staying"):
        await abroad.card.get_by_role("button", name=mark(press), exact=True).wait_for()
        await says_nothing_plain(abroad, abroad.card.locator(".card"))
        await abroad.presses(mark(press))
    await abroad.sees(mark("Saved"))
    await says_nothing_plain(abroad, abroad.card.locator(".card"))


async def test_the_home_and_its_forms_are_read_in_another_language(abroad: Visitor) -> None:
    await abroad.goes_to("home")
    await expect(abroad.home).to_contain_text(mark("Open cases"))
    await says_nothing_plain(abroad, abroad.home)
    for label in ("New cancellation", "Solidify a sale", "What’s coming…", "The saves…", "My settings…", "Help"):
        await opens(abroad, label)

    await abroad.goes_to("home", MINA)
    await abroad.home.get_by_role("button", name=mark("I manage this team")).click()
    await expect(abroad.home).to_contain_text(mark("Left to set up"))
    await says_nothing_plain(abroad, abroad.home)
    for label in ("Add a product…", "Team settings…", "Managers…"):
        await opens(abroad, label)
