"""The playground as `python -m bot play` serves it, a browser, and somebody who sits in front of it.

The clock stands still until somebody moves it, on the wall of the workspace and in the browser alike.
"""

import os
import shutil
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import anyio
import pytest
from anyio.abc import TaskStatus
from playwright.async_api import Browser, Locator, Page, Request, async_playwright, expect

from bot.app import Bot, build
from bot.coaching.calendar import Clock, zone
from bot.config import Settings
from bot.playground.clock import MovableClock
from bot.playground.play import play
from bot.playground.server import HOST
from bot.playground.workspace import PEOPLE, Person
from bot.surfaces.manifest import manifest
from bot.surfaces.words import Words
from bot.web.server import bind

# A Tuesday, ten in the morning in New York.
START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

ROSA, SAM, MINA = "U0ROSA", "U0SAM", "U0MINA"

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What is drawn in pieces differs by a pixel or two each time, and pictures must not.
    "--disable-partial-raster",
)

# How soon something comes is nothing that a test should hold: it has to come.
expect.set_options(timeout=30_000)

_CONTROLS_MOST = 60
_SIDEWAYS = """() => {
    const places = [document.scrollingElement, ...document.querySelectorAll(".scroller, .home, .sheet-body, .traffic")];
    return places.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className || each.tagName);
}"""
_FOCUSED_NAME = "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText).trim()"


def executable() -> str:
    """Where the browser is. Raises `FileNotFoundError` where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise FileNotFoundError(f"There is no browser on this machine (none of {', '.join(_NAMES)}): install Chromium.")
    return found


def executable_or_skip() -> str:
    """Where the browser is. Without one a test is skipped, but fails where CI says that nothing may be."""
    try:
        return executable()
    except FileNotFoundError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@asynccontextmanager
async def open_browser(path: str) -> AsyncIterator[Browser]:
    """Chromium without a window, which asks nothing of the network by itself."""
    # Its sandbox will not work for root, whom machines that only run tests often are.
    args = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=args)
        yield browser
        await browser.close()


@asynccontextmanager
async def open_playground(
    words: Words,
    *,
    fresh: bool = False,
    people: Iterable[Person] = PEOPLE,
    spoken: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[str]:
    """The playground with the bot in it; gives the address of its page. `spoken` are settings for other words."""

    def start(given: Mapping[str, str], clock: Clock) -> AbstractAsyncContextManager[Bot]:
        return build(Settings(_env_file=None, **given, **spoken), clock)

    async def serve(*, task_status: TaskStatus[str]) -> None:
        app_manifest = manifest(words.voice(None, zone(None)), "")
        shown = {"fresh": fresh, "ready": task_status.started, "clock": MovableClock(START), "people": people}
        await play(start, app_manifest, bind(HOST, 0), **shown)

    async with anyio.create_task_group() as tasks:
        yield await tasks.start(serve)
        tasks.cancel_scope.cancel()


@dataclass
class Visitor:
    """Somebody in front of the playground's page. What the page should not do is kept in `troubles`."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("websocket", lambda socket: self._note_address(socket.url.replace("ws", "http", 1)))
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("console", lambda said: self.troubles.append(f"{said.type}: {said.text}"))

    def _note_request(self, request: Request) -> None:
        self._note_address(request.url)

    def _note_address(self, address: str) -> None:
        self.requests.append(address)
        if not address.startswith(f"{self.url}/"):
            self.troubles.append(f"asked for {address}")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_test_id("message")

    @property
    def card(self) -> Locator:
        """The latest message."""
        return self.messages.last

    @property
    def clock(self) -> Locator:
        return self.page.get_by_test_id("clock-now")

    @property
    def home(self) -> Locator:
        return self.page.get_by_test_id("home")

    @property
    def form(self) -> Locator:
        """The modal that is open."""
        return self.page.get_by_test_id("modal")

    async def arrives(self) -> "Visitor":
        """Open the page, and wait until it is drawn."""
        await self.page.goto(f"{self.url}/")
        await expect(self.composer).to_be_visible()
        await expect(self.page.get_by_text("is connected")).to_have_count(1)
        return self

    async def goes_to(self, place: str, person: str = ROSA) -> None:
        """Open a channel by its id, the messages with the app ("dm"), or its Home ("home"), as this person."""
        await self.page.evaluate("(hash) => { location.hash = hash }", f"{person}/{place}")
        await expect(self.page.locator(f'a.place[href="#{person}/{place}"]')).to_have_attribute("aria-current", "page")

    async def runs(self, command: str) -> None:
        await self.composer.fill(command)
        await self.composer.press("Enter")
        await expect(self.composer).to_have_value("")

    async def presses(self, label: str) -> None:
        """Press a button of the latest message."""
        await self.card.get_by_role("button", name=label, exact=True).click()

    async def moves_clock(self, *buttons: str) -> None:
        """Press the clock's buttons by what they add ("hour", "day") or lead to ("monday")."""
        for button in buttons:
            before = await self.clock.inner_text()
            await self.page.get_by_test_id(f"clock-{button}").click()
            await expect(self.clock).not_to_have_text(before)

    async def tabs_to(self, label: str, *, back: bool = False) -> None:
        """Walk by keyboard, from control to control, until the one of this name has the focus."""
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        for _ in range(_CONTROLS_MOST):
            if await self.page.evaluate(_FOCUSED_NAME) == label:
                return
            await self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"“{label}” is not reached by keyboard")

    async def chooses(self, label: str, *, back: bool = False) -> None:
        """Walk to a control by keyboard, and press Enter on it."""
        await self.tabs_to(label, back=back)
        await self.page.keyboard.press("Enter")

    async def sees(self, *texts: str) -> None:
        """Wait until the latest message says all of this."""
        for text in texts:
            await expect(self.card).to_contain_text(text)

    async def walks_to_the_last_step(self) -> None:
        """Open Ada's card and walk the six steps of a worry."""
        await self.runs("/cancel Ada Lovelace")
        for step, press in enumerate(("Next", "Worried or unsure", "Next", "Next", "Next"), start=1):
            await self.sees(f"{step} of 6")
            await self.presses(press)
        await self.sees("6 of 6")


async def sideways(page: Page) -> list[str]:
    """Every place of the page that could be scrolled sideways."""
    return list(await page.evaluate(_SIDEWAYS))


@asynccontextmanager
async def visit(browser: Browser, url: str, **context: Any) -> AsyncIterator[Visitor]:
    """A window of its own; `context` is Playwright's (viewport, color_scheme, ...). The page is not open yet."""
    usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US", "reduced_motion": "reduce"}
    window = await browser.new_context(**{**usual, **context})
    page = await window.new_page()
    await page.clock.set_fixed_time(START)
    yield Visitor(page, url)
    await window.close()
