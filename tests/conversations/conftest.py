"""The office that conversations take place in."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.surfaces.words import Words
from tests.conversations.office import Office, Rep, open_office


@pytest.fixture
async def office(migrated: Path, tmp_path: Path, words: Words) -> AsyncIterator[Office]:
    database = Path(shutil.copy(migrated, tmp_path / "office.db"))
    async with open_office(database, words) as office:
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
