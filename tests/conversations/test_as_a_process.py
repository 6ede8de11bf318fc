"""The bot as its installer runs it: a process of its own, reached over Socket Mode or over HTTP."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import anyio
import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.coaching.calendar import zone
from bot.playground.clock import MovableClock
from bot.playground.line import HttpLine
from bot.playground.server import APP_TOKEN, BOT_TOKEN, HOST, SIGNING_SECRET, LocalSlack
from bot.playground.workspace import Workspace
from bot.surfaces.manifest import manifest
from bot.surfaces.words import Words
from bot.web.server import bind
from tests.conversations.office import RENEWALS, Rep

# How soon processes are up and done is nothing that a test should hold.
PATIENCE = 180
ROOT = Path(__file__).parents[2]


def environment(folder: Path, **given: str) -> dict[str, str]:
    """Nothing of the surroundings but what a process needs to run, and `given`."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}", **given}


@asynccontextmanager
async def running(folder: Path, *command: str, **given: str) -> AsyncIterator[subprocess.Popen[str]]:
    """`python -m bot ...`, asked to stop at the end, which it must do in good order."""
    process = subprocess.Popen(  # noqa: ASYNC220 - starting it takes no time
        [sys.executable, "-m", "bot", *command],
        env=environment(folder, **given),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        complaints = await anyio.to_thread.run_sync(_end, process)
    assert process.returncode == 0, complaints
    assert not any(level in complaints for level in (" WARNING ", " ERROR ", "Traceback")), complaints


def _end(process: subprocess.Popen[str]) -> str:
    try:
        return process.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise


def says(folder: Path, *command: str, **given: str) -> tuple[int, str]:
    """What a command that ends by itself says, and its exit code."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        env=environment(folder, **given),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def stops(folder: Path, *command: str, **given: str) -> tuple[int, str]:
    """The same of a command that starts nothing: without the two seconds that a process takes to begin."""
    ended = CliRunner().invoke(cli, command, env=environment(folder, **given))
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


class Workplace:
    """A rep in a local Slack whose clock is the real one: what is due goes out by itself."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.workspace = slack.workspace
        self.rosa = Rep(self, "U0ROSA")  # type: ignore[arg-type]  # all that a rep needs of an office

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something that the bot does by itself."""
        with anyio.fail_after(PATIENCE):
            while not happened():  # noqa: ASYNC110 - another process sets no event
                await anyio.sleep(0.02)


@pytest.fixture
async def workplace(words: Words) -> AsyncIterator[Workplace]:
    workspace = Workspace(MovableClock(), manifest(words.voice(None, zone(None)), ""))
    slack = LocalSlack(workspace, bind(HOST, 0))
    async with slack.serving():
        yield Workplace(slack)


async def a_case_is_worked_and_saved(workplace: Workplace) -> None:
    rosa = workplace.rosa
    await rosa.runs("/cancel Ada Lovelace")
    rosa.sees("Ada Lovelace", "1 of 6")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6")
    await rosa.presses("Note and details…")
    assert await rosa.sends() == {}
    await rosa.presses("They’re staying")
    rosa.sees("Ada Lovelace is staying")
    assert rosa.notices == []

    rosa.goes_to("dm")
    await workplace.until(lambda: bool(rosa.messages))
    rosa.sees("Ada Lovelace is staying")


async def test_over_socket_mode(workplace: Workplace, tmp_path: Path) -> None:
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": workplace.slack.api_url}
    async with running(tmp_path, "run", **tokens):
        await workplace.until(lambda: workplace.slack.sockets.is_up)
        await a_case_is_worked_and_saved(workplace)
        await workplace.rosa.opens_home()
        workplace.rosa.sees("New cancellation")


@asynccontextmanager
async def reached_over_http(
    workplace: Workplace, folder: Path, database_url: str, command: str = "run"
) -> AsyncIterator[str]:
    tokens = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": workplace.slack.api_url,
        "HOST": HOST,
        # Whatever is free: a port looked up before could be somebody else's by the time the process takes it.
        "PORT": "0",
        "DATABASE_URL": database_url,
    }
    async with aiohttp.ClientSession() as http, running(folder, command, **tokens) as process:
        events = await _address_told_by(process)
        url = events.removesuffix("/slack/events")
        await _answers(http, f"{url}/healthz")
        workplace.slack.reach(HttpLine(events, SIGNING_SECRET, http))
        yield url


async def _address_told_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with anyio.fail_after(PATIENCE):
        said = await anyio.to_thread.run_sync(process.stdout.readline, abandon_on_cancel=True)
    assert said.startswith("Comeback listens on "), said
    return said.split()[-1]


async def _answers(http: aiohttp.ClientSession, url: str) -> None:
    with anyio.fail_after(PATIENCE):
        while True:
            try:
                async with http.get(url) as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await anyio.sleep(0.02)


async def test_over_http(workplace: Workplace, tmp_path: Path, new_database: Callable[..., str]) -> None:
    async with reached_over_http(workplace, tmp_path, new_database(migrated=False)) as url:
        await a_case_is_worked_and_saved(workplace)
        async with aiohttp.ClientSession() as http, http.get(f"{url}/readyz") as answer:
            assert (answer.status, await answer.text()) == (200, "ready")


@pytest.mark.postgresql_only
async def test_one_process_for_slack_and_two_for_the_clock_share_a_server(
    workplace: Workplace, tmp_path: Path, new_database: Callable[..., str]
) -> None:
    """All of them start at once, on a server that has no table yet."""
    url, rosa = new_database(migrated=False), workplace.rosa
    given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": workplace.slack.api_url, "DATABASE_URL": url}
    customers = [f"Customer {number}." for number in range(12)]

    def copies() -> list[str]:
        return [name for message in rosa.goes_to("dm").messages for name in customers if name in message.text]

    async def stay(*names: str) -> None:
        rosa.goes_to(RENEWALS)
        for name in names:
            await rosa.runs(f"/cancel {name}")
            await rosa.presses("They’re staying")
        await workplace.until(lambda: set(names) <= {*copies()})

    async with reached_over_http(workplace, tmp_path, url, "web"), running(tmp_path, "worker", **given):
        async with running(tmp_path, "worker", **given):
            await stay(*customers[:9])
        await stay(*customers[9:])

    assert rosa.notices == []
    assert sorted(copies()) == sorted(customers)


def test_a_missing_token_is_named_with_where_to_find_it(tmp_path: Path) -> None:
    code, said = says(tmp_path, "run")
    assert code == 1
    assert "SLACK_BOT_TOKEN is not set" in said
    assert "OAuth & Permissions" in said

    code, said = stops(tmp_path, "run", SLACK_BOT_TOKEN=BOT_TOKEN)
    assert code == 1
    assert "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is not set" in said


@pytest.mark.parametrize("wrong", [{"SLACK_BOT_TOKEN": "xoxb-wrong"}, {"SLACK_APP_TOKEN": "xapp-wrong"}])
async def test_a_wrong_token_is_met_at_start(workplace: Workplace, tmp_path: Path, wrong: dict[str, str]) -> None:
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, **wrong}
    given = {**tokens, "SLACK_API_URL": workplace.slack.api_url}
    code, said = await anyio.to_thread.run_sync(lambda: says(tmp_path, "run", **given))

    assert code == 1
    assert "Slack does not accept this token: invalid_auth." in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with bind(HOST, 0) as address:
        port = address.getsockname()[1]
        given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "HOST": HOST, "PORT": str(port)}
        for code, said in (stops(tmp_path, "run", **given), stops(tmp_path, "play", "--port", str(port))):
            assert code == 1
            assert f"Port {port} cannot be had" in said


def test_a_broken_template_is_met_at_start_with_file_and_line(tmp_path: Path) -> None:
    messages = tmp_path / "words" / "en" / "messages" / "cases"
    messages.mkdir(parents=True)
    (messages / "help.j2").write_text("one line\n{% if %}\n")
    for tell, command in ((stops, "check"), (stops, "run"), (says, "play")):
        code, said = tell(
            tmp_path,
            command,
            TEMPLATES_DIR=str(tmp_path / "words"),
            SLACK_BOT_TOKEN=BOT_TOKEN,
            SLACK_APP_TOKEN=APP_TOKEN,
            SLACK_API_URL="http://127.0.0.1:9/api/",
        )
        assert code == 1
        assert f"{messages / 'help.j2'}:2:" in said, command
        assert "Traceback" not in said


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
    code, said = stops(tmp_path, "run", **{**given, "DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/bot.db"})

    assert code == 1
    assert "The database cannot be used: unable to open database file." in said


@pytest.mark.parametrize(
    ("command", "url", "because"),
    [
        ("run", "mysql://localhost/bot", "DATABASE_URL needs MySQLdb, which is not installed"),
        ("migrate", "nothing://localhost/bot", "DATABASE_URL cannot be used"),
        ("run", "postgres://127.0.0.1:9/bot", "Connection refused"),
        ("migrate", "postgres://127.0.0.1:9/bot", "Connection refused"),
    ],
)
def test_a_database_server_that_cannot_be_used_is_said(tmp_path: Path, command: str, url: str, because: str) -> None:
    given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "DATABASE_URL": url}
    code, said = stops(tmp_path, command, **given)

    assert code == 1
    assert because in said
    assert "Traceback" not in said


def test_a_database_of_a_later_version_is_said(migrated: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(shutil.copy(migrated, tmp_path / "bot.db"), isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("run", "migrate"):
        code, said = stops(tmp_path, command, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN)

        assert code == 1
        assert "The database was left by a later version" in said
        assert "Traceback" not in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DATABASE_URL", "somewhere"), ("PORT", "often"), ("COMMAND_PREFIX", "UPPER CASE"), ("LOG_LEVEL", "LOUD")],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, setting: str, value: str) -> None:
    code, said = stops(tmp_path, "run", **{"SLACK_BOT_TOKEN": BOT_TOKEN, setting: value})

    assert code == 1
    assert f"{setting}: " in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["web", "worker"])
def test_several_processes_need_a_database_server(tmp_path: Path, command: str) -> None:
    code, said = stops(tmp_path, command, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_SIGNING_SECRET=SIGNING_SECRET)

    assert code == 1
    assert "one SQLite file serves one process" in said


def test_migrate_and_manifest_do_what_they_say(tmp_path: Path) -> None:
    assert says(tmp_path, "migrate") == (0, "The database is up to date.\n")
    assert (tmp_path / "bot.db").exists()
    code, said = stops(tmp_path, "manifest", COMMAND_PREFIX="acme-")
    assert code == 0
    assert '"command": "/acme-cancel"' in said
