"""The pictures of the documentation, taken of the playground: `python -m tests.browser.pictures`.

The clock stands still, so that they are the same each time. Beside each stands a file with all that it says.
"""

from dataclasses import dataclass
from pathlib import Path

import anyio
from playwright.async_api import expect

from bot.app import template_roots
from bot.surfaces.words import Words
from tests.browser.playground import MINA, Visitor, executable, open_browser, open_playground, visit

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SCHEMES = ("light", "dark")
WIDTH, PHONE = 1000, 390
_SIZE, _PHONES_SIZE = {"width": WIDTH, "height": 760}, {"width": PHONE, "height": 844}


async def take_pictures(folder: Path) -> None:
    """Take the card, a draft, the Home and a summary, in light and in dark; the first day, and Homes on a phone."""
    await anyio.Path(folder).mkdir(parents=True, exist_ok=True)
    words = Words(template_roots())
    async with open_browser(executable()) as browser:
        for scheme in SCHEMES:
            async with (
                open_playground(words) as url,
                visit(browser, url, viewport=_SIZE, color_scheme=scheme) as visitor,
            ):
                camera = Camera(await visitor.arrives(), folder, f"-{scheme}")
                await _take_card(camera)
                await _take_draft(camera)
                await _take_home(camera)
                await _take_summary(camera)
        async with open_playground(words, fresh=True) as url, visit(browser, url, viewport=_SIZE) as visitor:
            await _take_first_day(Camera(await visitor.arrives(), folder, ""))
        for fresh in (True, False):
            async with (
                open_playground(words, fresh=fresh) as url,
                visit(browser, url, viewport=_PHONES_SIZE) as visitor,
            ):
                await _take_homes(Camera(await visitor.arrives(), folder, ""), fresh=fresh)


@dataclass(frozen=True)
class Camera:
    """What looks over a visitor's shoulder; `suffix` tells apart what differs by colour alone."""

    visitor: Visitor
    folder: Path
    suffix: str

    async def takes(self, name: str) -> None:
        """Wait until nothing is under way, and look."""
        page = self.visitor.page
        await page.mouse.move(0, 0)
        await _settled(self.visitor)
        await page.screenshot(path=self.folder / f"{name}{self.suffix}.png", animations="disabled")
        said = await page.locator("main").inner_text()
        await anyio.Path(self.folder / f"{name}.txt").write_text(f"{said.strip()}\n", encoding="utf-8")


async def _take_card(camera: Camera) -> None:
    """The third step, where the customer's own words come back."""
    visitor = camera.visitor
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("Next")
    await visitor.presses("Worried or unsure")
    await visitor.sees("3 of 6")
    await camera.takes("card")


async def _take_draft(camera: Camera) -> None:
    """What to write to somebody who cancelled in writing."""
    await camera.visitor.runs("/cancel text Hedy Lamarr")
    await camera.visitor.sees("Shall we talk?")
    await camera.takes("draft")


async def _take_home(camera: Camera) -> None:
    await camera.visitor.goes_to("home")
    await expect(camera.visitor.home).to_contain_text("Ada Lovelace")
    await camera.takes("home")


async def _take_homes(camera: Camera, *, fresh: bool) -> None:
    """The Home on a phone: of a newcomer, or of a rep and a manager who have much to do."""
    visitor = camera.visitor
    await visitor.goes_to("home")
    await expect(visitor.home).to_contain_text("New cancellation")
    await camera.takes("phone-newcomer" if fresh else "phone-rep")
    if not fresh:
        await visitor.goes_to("home", MINA)
        await expect(visitor.home).to_contain_text("Your team")
        await camera.takes("phone-manager")


async def _take_summary(camera: Camera) -> None:
    """A week in its channel, as a manager has set it up."""
    visitor = camera.visitor
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
    await camera.takes("summary")


async def _take_first_day(camera: Camera) -> None:
    """From the installation to the first saved case."""
    visitor = camera.visitor
    await visitor.goes_to("home", MINA)
    await expect(visitor.home).to_contain_text("I manage this team")
    await camera.takes("first-1-installed")
    await visitor.home.get_by_role("button", name="I manage this team").click()
    await expect(visitor.home).to_contain_text("Left to set up")
    await camera.takes("first-2-to-set-up")
    await visitor.goes_to("home")
    await expect(visitor.home).to_contain_text("New cancellation")
    await visitor.moves_clock("hour")
    await visitor.goes_to("dm")
    await visitor.sees("try me with a customer who does not exist")
    await camera.takes("first-3-welcome")
    await visitor.goes_to("C0RENEWALS")
    await visitor.walks_to_the_last_step()
    await camera.takes("first-4-last-step")
    await visitor.presses("They’re staying")
    await visitor.sees("Saved")
    await camera.takes("first-5-saved")


async def _settled(visitor: Visitor) -> None:
    await expect(visitor.page.locator("[aria-busy=true], [data-waiting], [data-sending]")).to_have_count(0)


if __name__ == "__main__":
    anyio.run(take_pictures, PICTURES)
