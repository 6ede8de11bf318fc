"""What every test may use: a database of this version, and the words as they ship."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect as Dialect

from bot.app import template_roots
from bot.coaching.calendar import zone
from bot.storage.database import Database
from bot.surfaces.words import Voice, Words
from tests.postgres import NoServerError, Postgres, server

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-databases",
        action="store_true",
        help="hold every rule and conversation on PostgreSQL too, and not only those marked `every_database`",
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Twice as many as there are cores: most conversations wait for a socket to close."""
    return (os.cpu_count() or 1) * 2


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Rows are tested on both kinds of databases; rules and conversations on the server where that is asked for."""
    if "new_database" in metafunc.fixturenames:
        metafunc.parametrize("new_database", _kinds(metafunc), indirect=True)


def _kinds(metafunc: pytest.Metafunc) -> list[str]:
    marked = {mark.name for mark in metafunc.definition.iter_markers()}
    for kind in (SQLITE, POSTGRESQL):
        if f"{kind}_only" in marked:
            return [kind]
    is_long = {"office", "desk"} & {*metafunc.fixturenames} and "every_database" not in marked
    return [SQLITE] if is_long and not metafunc.config.getoption("--all-databases") else [SQLITE, POSTGRESQL]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of this version, made once and copied by each test."""
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server. Where there is none it is told, and in CI that is a failure."""
    try:
        with server() as url:
            postgres = Postgres(url)
            yield postgres
            postgres.dispose()
    except NoServerError as error:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(str(error))


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes databases, of this version or (`migrated=False`) without a table, and says where each of them is."""
    if request.param == SQLITE:
        ready: Path = request.getfixturevalue("migrated")

        def copied(*, migrated: bool = True) -> str:
            path = tmp_path / f"{uuid4().hex}.db"
            return f"sqlite:///{shutil.copy(ready, path) if migrated else path}"

        yield copied
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with ExitStack() as made:

        def created(*, migrated: bool = True) -> str:
            url = made.enter_context(postgres.database() if migrated else postgres.bare())
            return url.render_as_string(hide_password=False)

        yield created


@pytest.fixture
def database_url(new_database: Callable[..., str]) -> str:
    """The address of an empty database of a test's own."""
    return new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of a test's own."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """What SQLAlchemy has compiled serves every database of a kind: else each test would wait for all of it anew."""
    compiled: dict[object, object] = {}

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    with pytest.MonkeyPatch.context() as patch:
        # A dialect is a part of the key, and every engine has its own.
        patch.setattr(Dialect, "__hash__", lambda dialect: hash(type(dialect)))
        patch.setattr(Dialect, "__eq__", lambda dialect, other: type(dialect) is type(other))
        event.listen(Engine, "engine_connect", share)
        yield
        event.remove(Engine, "engine_connect", share)


@pytest.fixture(scope="session", autouse=True)
def _without_hurry() -> Iterator[None]:
    """Whoever loses a race tries again for as long as it takes: on a busy machine a second and a half may be short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.storage.database._PATIENCE_MILLISECONDS", 60_000)
        yield


@pytest.fixture(scope="session")
def words() -> Words:
    """The words as they ship."""
    return Words(template_roots())


@pytest.fixture(scope="session")
def voice(words: Words) -> Voice:
    """How the bot speaks to somebody in New York."""
    return words.voice("en-US", zone("America/New_York"))
