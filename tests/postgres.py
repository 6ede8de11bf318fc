"""A PostgreSQL server for the tests: the one that is named, else one of this machine's own in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url
from sqlmodel import SQLModel

from bot.storage.database import Database

# What is written here is gone in a minute, so that nothing has to reach the disk.
_HASTY = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses= -c max_connections=200"
_TABLES = SQLModel.metadata.sorted_tables
_EMPTY = ";".join(
    [str(table.delete()) for table in reversed(_TABLES)]
    + [f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), 1, false)" for table in _TABLES if "id" in table.c]
)


class NoServerError(Exception):
    """Why there is no server to test with."""


class Postgres:
    """A server on which databases are made; `url` is that of one which is there already."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        self._empty: list[Database] = []

    @contextmanager
    def database(self) -> Iterator[URL]:
        """An empty database of this version, which is emptied for the next one: making one takes ten times as long."""
        database = self._empty.pop() if self._empty else self._migrated()
        yield database.url
        with database.engine.begin() as connection:
            connection.exec_driver_sql(_EMPTY)
        self._empty.append(database)

    @contextmanager
    def bare(self) -> Iterator[URL]:
        """A database without a table."""
        url = self._create()
        yield url
        self._drop(url)

    def dispose(self) -> None:
        """Leave nothing on the server."""
        for database in self._empty:
            database.dispose()
            self._drop(database.url)
        self._engine.dispose()

    def _migrated(self) -> Database:
        database = Database(self._create().render_as_string(hide_password=False))
        database.migrate()
        return database

    def _create(self) -> URL:
        name = f"comeback_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        return self.url.set(database=name)

    def _drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def server() -> Iterator[URL]:
    """The server of TEST_DATABASE_URL, else one started here. Raises `NoServerError` where there is neither."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given)
        return
    programs = _programs()
    user = _anybody_but_root()
    nobodys = None if user is None else []
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if user is not None:
            os.chown(folder, user, -1)
        data, log = folder / "data", folder / "log"

        def run(program: str, *arguments: str) -> None:
            done = subprocess.run(
                [programs / program, "-D", data, *arguments],
                user=user,
                extra_groups=nobodys,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            if done.returncode:
                raise NoServerError(f"{program} of PostgreSQL failed: {done.stderr.strip()}")

        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-l", str(log), "-w", "-o", f"{_HASTY} -k {folder}", "start")
        # It stops the server once this end of the pipe is closed, even where nobody was left to close it in good order.
        stop = [programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"]
        with subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; exec "$@"', "stop", *stop],
            user=user,
            extra_groups=nobodys,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        ):
            yield URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)})


def _programs() -> Path:
    """The folder of the newest server on this machine."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = sorted(debian, key=lambda path: int(path.parts[-3]))[-1:]
    found = shutil.which("postgres")
    if not (newest or found):
        raise NoServerError("TEST_DATABASE_URL is not set, and no PostgreSQL server is installed")
    return (newest[0] if newest else Path(str(found)).resolve()).parent


def _anybody_but_root() -> int | None:
    """Whom to start the server as, which refuses root; None for whoever runs the tests."""
    if os.geteuid():
        return None
    known = {each.pw_name: each.pw_uid for each in pwd.getpwall()}
    return known.get("postgres", known.get("nobody"))
