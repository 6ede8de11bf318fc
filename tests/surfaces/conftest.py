"""The scene that surfaces are built in, and the golden files they are held to."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.app import playbook_files, template_roots
from bot.coaching import prose
from bot.coaching.playbooks import Playbook
from bot.surfaces.words import Voice
from tests.surfaces.scenes import Built, Scene

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew; read what changed before keeping it",
    )


@pytest.fixture(scope="session")
def books() -> Mapping[str, Playbook]:
    """The shipped playbooks."""
    return prose.load(playbook_files(template_roots()))


@pytest.fixture(scope="session")
def scene(voice: Voice, books: Mapping[str, Playbook]) -> Scene:
    """Rosa's scene, with Ada Lovelace on the phone about a sale."""
    return Scene(voice, books["sale"], books=books)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Built], None]:
    """Hold what was built to its golden file, or write the file anew with `--update-golden`."""

    def check(name: str, built: Built) -> None:
        path = GOLDEN / f"{name}.json"
        if request.config.getoption("--update-golden", default=False):
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(built, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        assert json.loads(path.read_text(encoding="utf-8")) == built, f"{path.name} is another; see --update-golden"

    return check
