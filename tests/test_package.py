"""What is installed: the pins, and the wheel, which must work where there is no checkout."""

import ast
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import aiohttp
import anyio
import pytest
from anyio.streams.text import TextReceiveStream
from packaging.requirements import Requirement

from bot.storage.database import Database

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PATIENCE_SECONDS = 60
BOT = (sys.executable, "-m", "bot")

# Found by name while the program runs, and imported nowhere.
NEVER_IMPORTED = {"psycopg", "tzdata"}


def distribution(name: str) -> str:
    """A distribution's name in its one normal spelling."""
    return re.sub(r"[-_.]+", "-", name).lower()


def versions(requirements: list[str]) -> dict[str, str]:
    """What each requirement pins, by its distribution."""
    found = [Requirement(line) for line in requirements]
    return {distribution(each.name): str(each.specifier) for each in found}


def pinned(file: str) -> list[str]:
    """The lines of a requirements file that name something to install."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


DIRECT = versions(PROJECT["project"]["dependencies"])
DIRECT_DEV = versions(PROJECT["dependency-groups"]["dev"])
PINNED = versions(pinned("requirements.txt"))
PINNED_DEV = {**PINNED, **versions(pinned("requirements-dev.txt"))}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_everything_is_pinned_to_one_version_and_nothing_says_where_to_get_it(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()

    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line) for line in pinned(file))
    assert [line for line in lines if line.startswith("-")] == (["-r requirements.txt"] if "dev" in file else [])


def test_what_the_project_asks_for_is_what_is_pinned() -> None:
    assert {name: PINNED.get(name) for name in DIRECT} == DIRECT
    assert {name: PINNED_DEV.get(name) for name in DIRECT_DEV} == DIRECT_DEV
    assert versions(PROJECT["build-system"]["requires"]).items() <= DIRECT_DEV.items()


@pytest.mark.parametrize("pins", [PINNED, PINNED_DEV], ids=["product", "tests"])
def test_what_they_bring_along_is_pinned_too(pins: Mapping[str, str]) -> None:
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    extras = {distribution(each.name): each.extras for each in map(Requirement, asked)}

    missing = {
        brought.name
        for name in pins
        for brought in map(Requirement, _requires(name))
        if _applies(brought, extras.get(name, set())) and distribution(brought.name) not in pins
    }
    assert missing == set()


def _requires(name: str) -> list[str]:
    """What an installed distribution asks for; nothing where this kind of machine does without it."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def _applies(requirement: Requirement, extras: set[str]) -> bool:
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in {"", *extras})


def test_the_project_asks_for_what_the_code_imports_and_for_nothing_else() -> None:
    files = (ROOT / "bot").rglob("*.py")
    imported = {name for file in files for name in _imports(ast.parse(file.read_text(encoding="utf-8")))}
    others = imported - sys.stdlib_module_names - {"bot"}
    found = packages_distributions()

    assert {distribution(found[name][0]) for name in others} | NEVER_IMPORTED == DIRECT.keys()


def _imports(tree: ast.Module) -> set[str]:
    nodes = list(ast.walk(tree))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in [*plain, *named]}


@dataclass(frozen=True)
class Elsewhere:
    """A folder far from any checkout, with the wheel installed beside it."""

    site: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs in order to find the installed bot."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.site)}

    async def prints(self, *command: str, **settings: str) -> str:
        """What a command prints. Raises `CalledProcessError` when it fails."""
        done = await anyio.run_process(command, cwd=self.folder, env={**self.environment, **settings})
        return done.stdout.decode()


@pytest.fixture(scope="module")
async def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    built, site = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("site")
    await anyio.run_process(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT)]
    )
    (wheel,) = built.glob("*.whl")
    await anyio.run_process(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    )
    return Elsewhere(site, tmp_path_factory.mktemp("elsewhere"))


async def test_the_wheel_brings_its_words_along(elsewhere: Elsewhere) -> None:
    assert "all can be used" in await elsewhere.prints(*BOT, "check")


async def test_the_wheel_brings_a_command_of_its_own(elsewhere: Elsewhere) -> None:
    assert '"/cancel"' in await elsewhere.prints(str(elsewhere.site / "bin" / "comeback"), "manifest")


async def test_the_wheel_brings_its_migrations_along(elsewhere: Elsewhere, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'installed.db'}"

    assert "up to date" in await elsewhere.prints(*BOT, "migrate", DATABASE_URL=url)
    database = Database(url)
    with database.begin(writes=False) as session:
        assert session.connection().exec_driver_sql('SELECT count(*) FROM "case"').scalar() == 0
    database.dispose()


async def test_the_wheel_brings_the_playground_along(elsewhere: Elsewhere) -> None:
    command = [*BOT, "play", "--port", "0"]
    with anyio.fail_after(PATIENCE_SECONDS):
        async with await anyio.open_process(
            command, cwd=elsewhere.folder, env=elsewhere.environment, stderr=None
        ) as playground:
            assert playground.stdout
            try:
                url = re.search(r"http://127\.0\.0\.1:\d+", await TextReceiveStream(playground.stdout).receive())
                assert url
                await _page_is_there(url[0])
            finally:
                with suppress(ProcessLookupError):
                    playground.terminate()
            assert await playground.wait() == 0


async def _page_is_there(url: str) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/", "/page/app.js", "/page/tokens.css"):
            async with http.get(f"{url}{path}") as answer:
                assert answer.status == 200, path
