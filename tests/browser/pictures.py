"""The README's pictures, taken of the playground: `python -m tests.browser.pictures`.

The clock stands still, so that they are the same each time.
"""

from pathlib import Path

import anyio
from playwright.async_api import expect

from bot.app import template_roots
from bot.surfaces.words import Words
from tests.browser.playground import MINA, Visitor, executable, open_browser, open_playground, visit

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SCHEMES = ("light", "dark")
WIDTH = 1000
_SIZE = {"width": WIDTH, "height": 760}


async def take_pictures(folder: Path) -> None:
    """Take `card-*.png`, `draft-*.png`, `home-*.png` and `summary-*.png`, in light and in dark."""
    await anyio.Path(folder).mkdir(parents=True, exist_ok=True)
    words = Words(template_roots())
    async with open_browser(executable()) as browser:
        for scheme in SCHEMES:
            async with (
                open_playground(words) as url,
                visit(browser, url, viewport=_SIZE, color_scheme=scheme) as visitor,
            ):
                await visitor.arrives()
                await _take_card(visitor, folder / f"card-{scheme}.png")
                await _take_draft(visitor, folder / f"draft-{scheme}.png")
                await _take_home(visitor, folder / f"home-{scheme}.png")
                await _take_summary(visitor, folder / f"summary-{scheme}.png")


async def _take_card(visitor: Visitor, path: Path) -> None:
    """The third step, where the customer's own words come back."""
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("Next")
    await visitor.presses("Worried or unsure")
    await visitor.sees("3 of 6")
    await _take(visitor, path)


async def _take_draft(visitor: Visitor, path: Path) -> None:
    """What to write to somebody who cancelled in writing."""
    await visitor.runs("/cancel text Hedy Lamarr")
    await visitor.sees("Shall we talk?")
    await _take(visitor, path)


async def _take_home(visitor: Visitor, path: Path) -> None:
    await visitor.goes_to("home")
    await expect(visitor.page.get_by_test_id("home")).to_contain_text("Ada Lovelace")
    await _take(visitor, path)


async def _take_summary(visitor: Visitor, path: Path) -> None:
    """A week in its channel, as a manager has set it up."""
    await visitor.goes_to("C0RENEWALS", MINA)
    await visitor.runs("/saves subscribe")
    for button in ("See a preview", "Switch it on"):
        await visitor.form.get_by_role("button", name=button, exact=True).click()
    await expect(visitor.form).to_contain_text("gets its summary each week")
    await _settled(visitor)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.form).to_have_count(0)
    await visitor.moves_clock("monday")
    await visitor.sees("One thing for this week")
    await visitor.messages.filter(has_text="What is counted").evaluate("(node) => node.scrollIntoView({block: 'end'})")
    await _take(visitor, path)


async def _take(visitor: Visitor, path: Path) -> None:
    """Wait until nothing is under way, and look."""
    await visitor.page.mouse.move(0, 0)
    await _settled(visitor)
    await visitor.page.screenshot(path=path, animations="disabled")


async def _settled(visitor: Visitor) -> None:
    await expect(visitor.page.locator("[aria-busy=true], [data-waiting], [data-sending]")).to_have_count(0)


if __name__ == "__main__":
    anyio.run(take_pictures, PICTURES)
