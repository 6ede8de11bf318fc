"""A browser for the whole session; a playground and a window of its own for each test."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from bot.surfaces.words import Words
from tests.browser.playground import Visitor, executable_or_skip, open_browser, open_playground, visit
from tests.playground.local import Local, an_app, open_local


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with open_browser(executable_or_skip()) as browser:
        yield browser


@pytest.fixture
async def local() -> AsyncIterator[Local]:
    """A local Slack with a small app of the test's own, for tests whose `playground` is its page."""
    async with open_local(an_app()) as local:
        yield local


@pytest.fixture
async def playground(words: Words) -> AsyncIterator[str]:
    async with open_playground(words) as url:
        yield url


@pytest.fixture
async def visitor(browser: Browser, playground: str) -> AsyncIterator[Visitor]:
    """Somebody who has opened the page; at the end it must have asked nothing of others and complained of nothing."""
    async with visit(browser, playground) as visitor:
        yield await visitor.arrives()
    assert visitor.troubles == []
