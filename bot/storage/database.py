"""The engine, and the one way to a transaction.

Rules and rows are synchronous; the floors above are not. `read` and `write` run a plain function inside one
transaction on a worker thread, so that no transaction can be open across a call to Slack.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 8
# On a server; a SQLite file has one.
_WRITERS = 4
# Slack gives up on an answer after three seconds; whoever waits for somebody else has to be told before.
_PATIENCE_MILLISECONDS = 1500
# How a server says that of two who raced one has to begin anew: serialization_failure, deadlock_detected,
# unique_violation (postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
_LOST_A_RACE = frozenset({"40001", "40P01", "23505"})
_PAUSE_SECONDS = 0.02
_CONNECT_SECONDS = 3
_SQLITE_WRITES = {"writes": True}
_SERVER_WRITES = {"isolation_level": "SERIALIZABLE"}
# Whoever waited for a migration looks at what it has left, and not at how things stood before the wait.
_SERVER_MIGRATES = {"isolation_level": "READ COMMITTED"}
# The advisory lock of migrations: any number will do, as long as every version has the same.
_MIGRATING = 266_223_832
_FLEETING = frozenset({"overlay", "aufs", "tmpfs", "ramfs"})


class Database:
    """One database: a SQLite file beside a single process, or PostgreSQL for as many as there are.

    Either way a transaction sees one moment, and those that write come out as if one had followed the other.
    """

    def __init__(self, url: str, *, synchronous: str = "NORMAL") -> None:
        self.url: URL = _with_driver(make_url(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = _sqlite(self.url, synchronous) if self.is_sqlite else _server(self.url)
        self._writing = self.engine.execution_options(**(_SQLITE_WRITES if self.is_sqlite else _SERVER_WRITES))
        self._writers = anyio.CapacityLimiter(1 if self.is_sqlite else _WRITERS)
        self._readers = anyio.CapacityLimiter(_READERS)

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
        """Run `do` in a transaction of its own; from the start again, for a while, where it lost a race."""
        until = time.monotonic() + _PATIENCE_MILLISECONDS / 1000
        while True:
            try:
                with self.begin(writes=writes) as session:
                    return do(session, *args, **kwargs)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _LOST_A_RACE or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0, _PAUSE_SECONDS))  # noqa: S311 - two that met need not meet again

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to `revision`, up or down. Of several processes that do so at once, one does the work."""
        config = migrations_config()
        migrating = self.engine.execution_options(**(_SQLITE_WRITES if self.is_sqlite else _SERVER_MIGRATES))
        with migrating.begin() as connection:
            if not self.is_sqlite:
                # However long the one before takes.
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
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


def _with_driver(url: URL) -> URL:
    """The address with the one driver that comes along, where it names none; many hosts write `postgres://`."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _server(url: URL) -> Engine:
    """PostgreSQL. A connection that broke while nobody used it is made anew."""
    engine = create_engine(
        url,
        # What people typed stays out of errors, and so out of the log.
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        pool_size=_READERS + _WRITERS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )

    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.cursor().execute(f"SET lock_timeout = {_PATIENCE_MILLISECONDS}")
        connection.commit()

    event.listen(engine, "connect", on_connect)
    return engine


def _sqlite(url: URL, synchronous: str) -> Engine:
    """SQLite, held to real transactions.

    The driver's own mode begins late and loses racing updates; so it is switched off and every transaction begins
    here, writers with IMMEDIATE so that two never read the same row and then both write it.
    """
    engine = create_engine(url, hide_parameters=True)

    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(f"not a SQLite connection: {type(connection)}")
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {_PATIENCE_MILLISECONDS}",
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
    return engine
