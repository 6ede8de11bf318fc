"""The engine, and the one way to a transaction.

Rules and rows are synchronous; the floors above are not. `read` and `write` run a plain function inside one
transaction on a worker thread, so that no transaction can be open across a call to Slack.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 8
# Slack gives up on an answer after three seconds; whoever waits for a lock has to be told before.
_LOCKED_MILLISECONDS = 1500
_FLEETING = frozenset({"overlay", "aufs", "tmpfs", "ramfs"})


class Database:
    """One database: SQLite beside a single process, or a server."""

    def __init__(self, url: str, *, synchronous: str = "NORMAL") -> None:
        self.url: URL = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # What people typed stays out of errors, and so out of the log.
        self.engine: Engine = create_engine(self.url, hide_parameters=True)
        if self.is_sqlite:
            _prepare_sqlite(self.engine, synchronous)
        self._writers = anyio.CapacityLimiter(1 if self.is_sqlite else _READERS)
        self._readers = anyio.CapacityLimiter(_READERS)
        self._writing = self.engine.execution_options(writes=True)

    @contextmanager
    def begin(self, *, writes: bool = True) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back by any exception. Nothing else commits.

        One that only reads is never committed, so that nothing it changed by accident is kept.
        """
        with Session(self._writing if writes else self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session
            if writes:
                session.commit()

    async def write(self, do: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `do(session, ...)` in one writing transaction on a worker thread."""
        return await anyio.to_thread.run_sync(partial(self._run, True, do, *args, **kwargs), limiter=self._writers)

    async def read(self, do: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `do(session, ...)` in one reading transaction on a worker thread."""
        return await anyio.to_thread.run_sync(partial(self._run, False, do, *args, **kwargs), limiter=self._readers)

    def _run(self, writes: bool, do: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self.begin(writes=writes) as session:
            return do(session, *args, **kwargs)

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to `revision`, up or down."""
        config = migrations_config()
        with self._writing.begin() as connection:
            config.attributes["connection"] = connection
            step = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
            step(config, revision)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def is_fleeting(file: Path, mounts: str) -> bool:
    """Whether a file lies where a redeploy wipes it: in a container's own layer, or in memory.

    `mounts` is the text of Linux's /proc/mounts; without it nothing is known, and the answer is False.
    """
    kinds = {}
    for line in mounts.splitlines():
        _device, place, kind, *_ = line.split(" ")
        kinds[Path(place.replace("\\040", " "))] = kind
    around = [place for place in kinds if file.is_relative_to(place)]
    return bool(around) and kinds[max(around, key=lambda place: len(place.parts))] in _FLEETING


def migrations_config() -> Config:
    """Alembic's settings for the migrations that ship with the package."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("bot.storage") / "migrations").replace("%", "%%"))
    return config


def _prepare_sqlite(engine: Engine, synchronous: str) -> None:
    """Hold SQLite to real transactions.

    The driver's own mode begins late and loses racing updates; so it is switched off and every transaction begins
    here, writers with IMMEDIATE so that two never read the same row and then both write it.
    """

    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(f"not a SQLite connection: {type(connection)}")
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {_LOCKED_MILLISECONDS}",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
