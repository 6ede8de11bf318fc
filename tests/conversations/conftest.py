"""The office that conversations take place in."""

from collections.abc import AsyncIterator

import pytest

from bot.surfaces.words import Words
from tests.conversations.office import Office, Rep, open_office


@pytest.fixture
async def office(database_url: str, words: Words) -> AsyncIterator[Office]:
    async with open_office(database_url, words) as office:
        yield office


@pytest.fixture
def rosa(office: Office) -> Rep:
    return office.rosa


@pytest.fixture
def sam(office: Office) -> Rep:
    return office.sam


@pytest.fixture
async def mina(office: Office) -> Rep:
    """Mina runs the workspace, and the app has heard of it."""
    await office.mina.opens_home()
    await office.settles()
    return await office.mina.opens_home()


@pytest.fixture
async def manager(mina: Rep) -> Rep:
    """Mina, once she has accepted to manage the team."""
    return await mina.presses("I manage this team")
