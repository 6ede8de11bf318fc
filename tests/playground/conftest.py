"""The local Slack that these tests talk to."""

from collections.abc import AsyncIterator

import pytest

from tests.playground.local import Local, an_app, open_local


@pytest.fixture
async def local() -> AsyncIterator[Local]:
    async with open_local(an_app()) as local:
        yield local
