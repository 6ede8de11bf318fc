"""What every test may use: a database of this version, and the words as they ship."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import template_roots
from bot.coaching.calendar import zone
from bot.storage.database import Database
from bot.surfaces.words import Voice, Words


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of this version, made once and copied by each test."""
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database of a test's own."""
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'comeback.db')}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def words() -> Words:
    """The words as they ship."""
    return Words(template_roots())


@pytest.fixture(scope="session")
def voice(words: Words) -> Voice:
    """How the bot speaks to somebody in New York."""
    return words.voice("en-US", zone("America/New_York"))
