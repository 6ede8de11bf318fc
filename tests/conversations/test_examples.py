"""What the documentation tells people to type does what it says."""

import csv
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.surfaces import ids
from bot.surfaces.words import Words
from tests.conversations.office import Office, Rep, open_office
from tests.conversations.test_saves import sets_up
from tests.conversations.test_trouble import REFERENCE

ROOT = Path(__file__).parents[2]
INSTALLER = (ROOT / "docs" / "installer.md").read_text(encoding="utf-8")
COMMANDS = "|".join(ids.COMMANDS)


def slash_commands(prefix: str = "") -> dict[str, list[str]]:
    """Every command of ours that stands in a document, by the document's name."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = {page.name: re.findall(rf"`(/{prefix}(?:{COMMANDS})\b[^`\n]*)`", page.read_text()) for page in pages}
    return {name: list(dict.fromkeys(commands)) for name, commands in found.items() if commands}


async def answer(rep: Rep, command: str) -> str:
    """What a command brings before the eyes, a form or a message."""
    before = len(rep.messages)
    await rep.runs(command)
    text = rep.screen.text
    if rep.office.workspace.modals[rep.id]:
        await rep.closes()
    else:
        assert len(rep.messages) > before, f"{command} is not answered"
    return text


async def is_understood(rep: Rep, command: str) -> None:
    text = await answer(rep, command)
    name, _, more = command.partition(" ")
    assert not REFERENCE.search(text), text
    assert (text == await answer(rep, f"{name} help")) == (more == "help"), text


@pytest.mark.parametrize(("page", "commands"), slash_commands().items())
async def test_every_command_in_a_document_is_understood(manager: Rep, page: str, commands: list[str]) -> None:
    await sets_up(manager)
    await manager.sends()
    await manager.closes()
    for command in commands:
        await is_understood(manager, command)


async def test_so_is_the_one_that_was_renamed(database_url: str, words: Words) -> None:
    assert "`COMMAND_PREFIX=our-`" in INSTALLER
    ((command,),) = slash_commands("our-").values()
    async with open_office(database_url, words, command_prefix="our-") as office:
        await is_understood(office.rosa, command)


async def test_the_likely_problem_of_the_managers_page_can_be_typed_as_it_stands(office: Office, manager: Rep) -> None:
    (example,) = re.findall(r"`(\d+ days: [^`]+)`", (ROOT / "docs" / "manager.md").read_text(encoding="utf-8"))
    await manager.presses("Add a product…")
    manager.types("Name of the product", "Corner sofa").types("Likely problems", example)
    assert await manager.sends() == {}

    await manager.picks("Change a product…", "Corner sofa")
    assert manager.screen.held("Likely problems") == example


def test_the_installers_commands_run_in_the_order_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (shown,) = re.findall(r"^```csv\n(.+?)^```$", INSTALLER, re.MULTILINE | re.DOTALL)
    Path("stories.csv").write_text(shown, encoding="utf-8")
    typed = re.findall(r"\.venv/bin/python -m bot ((?:manifest|migrate|import|export)[^`\n]*)", INSTALLER)
    assert [each.split()[0] for each in typed] == ["manifest", "manifest", "import", "export"]

    for command, file in zip(typed, ("", "", "stories.csv", "again.csv"), strict=True):
        more = ["--team", "T0"] if command.startswith("import") else []
        ended = CliRunner().invoke(cli, [*command.replace("FILE", file).split(), *more])
        assert ended.exit_code == 0, ended.output

    with Path("again.csv").open(encoding="utf-8", newline="") as again:
        (story,) = csv.DictReader(again)
    assert (story["whose"], story["author"]) == ("Mary Somerville", "U012AB3CD")


def test_the_copy_of_the_database_is_a_whole_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    (code,) = re.findall(r'^\.venv/bin/python -c "(.+)"$', INSTALLER, re.MULTILINE)

    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)

    def dump(name: str) -> list[str]:
        return list(sqlite3.connect(name).iterdump())

    assert dump("backup.db") == dump("comeback.db")


@pytest.mark.parametrize("asked", ["?", "-h", "--help", "/help", "Help.", "HELP"])
@pytest.mark.parametrize("command", ids.COMMANDS)
async def test_help_is_understood_however_somebody_asks(rosa: Rep, command: str, asked: str) -> None:
    assert await answer(rosa, f"/{command} {asked}") == await answer(rosa, f"/{command} help")
