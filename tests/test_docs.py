"""What the documents say, held to the code that they speak of."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

import bot
from bot.__main__ import cli
from bot.app import playbook_files, template_roots
from bot.coaching import story_files
from bot.coaching.languages import FALLBACK
from bot.coaching.ledger import CHOICES
from bot.coaching.playbooks import VARIABLES, Follow
from bot.coaching.prose import FrontMatter, StepSettings, load
from bot.coaching.story_files import AUTHOR, FACTS, Line
from bot.config import Settings
from bot.surfaces.manifest import manifest
from bot.surfaces.proofreading import proofread
from bot.surfaces.words import Voice
from tests.test_package import DIRECT, DIRECT_DEV, distribution

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

# How fast a text is read that is new to its reader.
WORDS_A_MINUTE = 220

# Where somebody keeps their own files: a repository that names such a place works on one machine alone.
MACHINE_PATH = re.compile(r"(?<![\w.~*-])/(?:work|root|home|Users)/")


def commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command that does something, by all of its words."""
    for name, each in group.commands.items():
        if isinstance(each, TyperGroup):
            yield from commands(each, f"{before}{name} ")
        elif isinstance(each, TyperCommand):
            yield f"{before}{name}", each


COMMANDS = dict(commands(get_group(cli)))


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def readme_commands() -> list[str]:
    """The README's commands for a shell, in order: play, then the tests."""
    return re.findall(r"^```sh\n(.+?)\n```$", text_of("README.md"), re.MULTILINE | re.DOTALL)


def rows(path: str, heading: str) -> dict[str, str]:
    """The tables under a heading: the first cell of each row, and the second."""
    section = text_of(path).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {first.strip().strip("`"): second.strip().strip("`") for first, second, *_ in cells}


def test_ci_begins_with_the_readmes_test_command_to_the_letter() -> None:
    checks = re.findall(r"^check '(.+)'$", text_of(".ci/run"), re.MULTILINE)

    _, tests = readme_commands()
    assert checks[0] == tests


@pytest.mark.parametrize("command", readme_commands())
def test_each_of_the_two_commands_is_enough_on_a_fresh_machine(command: str) -> None:
    make, install, run = command.split(" && ")

    assert make == "python3 -m venv .venv"
    assert install.startswith(".venv/bin/pip install ")
    assert all((ROOT / name).is_file() for name in re.findall(r"-r (\S+)", install))
    assert run in (".venv/bin/python -m bot play", ".venv/bin/python -m pytest")


def test_every_setting_stands_in_the_installers_table_with_its_default() -> None:
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}

    assert rows("docs/installer.md", "Settings") == {
        name: str(default) if default not in (None, "") else "none" for name, default in defaults.items()
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_speak_of_no_setting_that_does_not_exist(document: Path) -> None:
    named = re.findall(r"\b[A-Z]+_[A-Z_]+\b", document.read_text(encoding="utf-8"))
    of_the_tests = {"test_database_url"}

    assert {name.lower() for name in named} <= Settings.model_fields.keys() | of_the_tests


def test_every_command_is_in_the_installers_table_and_no_other() -> None:
    assert rows("docs/installer.md", "Commands").keys() == {f"python -m bot {name}" for name in COMMANDS}


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "Procfile"], ids=lambda path: path.name)
def test_documents_use_only_commands_and_options_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    options = {option for command in COMMANDS.values() for each in command.params for option in each.opts}

    assert set(re.findall(r"-m bot ((?:(?:import|export) )?\w+)", text)) <= COMMANDS.keys()
    ours = [span for span in re.findall(r"`([^`]+)`", _prose(text)) if "-m bot" in span or span.startswith("--")]
    assert {option for span in ours for option in re.findall(r"--\w+", span)} <= options


def _prose(text: str) -> str:
    """A document without its blocks of code, which use the options of other programs too."""
    return re.sub(r"^```.+?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _for_reps() -> str:
    return text_of("docs/rep.md") + text_of("docs/rep-in-detail.md")


def test_the_reps_page_is_read_in_two_minutes() -> None:
    assert "Two minutes to read." in text_of("docs/rep.md")
    assert len(text_of("docs/rep.md").split()) <= 2 * WORDS_A_MINUTE


def test_the_reps_pages_name_every_button_and_nothing_that_is_not_there(voice: Voice) -> None:
    named = {" ".join(bold.split()) for bold in re.findall(r"\*\*(.+?)\*\*", _for_reps(), re.DOTALL)}
    fields = set(voice.language.labels("field").values())
    among_stories = {label for look, label in voice.language.labels("look").items() if not look.startswith("any_")}
    menu = voice.label("placeholder.find_story")
    buttons = {*voice.language.labels("press").values(), *among_stories, menu}

    assert named <= buttons | fields
    assert buttons <= named


def test_the_managers_page_names_every_button_of_theirs_and_nothing_that_is_not_there(voice: Voice) -> None:
    named = {" ".join(bold.split()) for bold in re.findall(r"\*\*(.+?)\*\*", text_of("docs/manager.md"), re.DOTALL)}
    menus = {voice.label("placeholder.change_product"), voice.label("placeholder.change_policy")}
    buttons = {*voice.language.labels("manage").values(), *menus}

    assert named <= buttons | set(voice.language.labels("field").values())
    assert buttons <= named


def test_the_reps_pages_name_every_slash_command_and_nothing_that_is_not_there(voice: Voice) -> None:
    shown = manifest(voice, "")["features"]
    assert isinstance(shown, dict)
    hints = {each["command"]: re.findall(r"\| (\w+)", each["usage_hint"]) for each in shown["slash_commands"]}

    named = re.findall(r"`(/\w+) ?([^`]*)`", _for_reps())
    assert {command for command, _ in named} == hints.keys()
    begun = {(command, said.partition(" ")[0]) for command, said in named}
    assert all((command, word) in begun for command, words in hints.items() for word in words)
    # What else is typed to a card is a customer's name, capitalised here, with or without a word that picks a playbook.
    heard = {word for words in voice.language.labels("heard_words").values() for word in words.split()}
    picks = heard | {word for book in load(playbook_files(template_roots())).values() for word in book.words}
    about = {each["command"] for each in shown["slash_commands"] if "[customer]" in each["usage_hint"]}
    names = [word for command, word in named if command in about and word and word not in hints[command]]
    assert all(name.istitle() or name.partition(" ")[0] in picks for name in names)


def test_the_playbook_that_is_shown_in_full_can_be_used(tmp_path: Path) -> None:
    shown = re.search(r"^```md\n(.+?)^```$", text_of("docs/playbooks.md"), re.MULTILINE | re.DOTALL)
    assert shown
    path = tmp_path / "club.md"
    path.write_text(shown[1], encoding="utf-8")

    assert load([path])["club"].help == "remedy"
    assert [str(fault) for fault in proofread(template_roots(), {FALLBACK: [path]})] == []


def test_every_setting_of_a_playbook_is_explained() -> None:
    text = text_of("docs/playbooks.md")
    named = {name for cell in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall(r"`(.+?)`", cell)}

    steps = {*StepSettings.model_fields}
    assert named == {*FrontMatter.model_fields} - {"steps", "after"} | steps | {"[after]"}
    assert {f"`{follow}`" for follow in Follow} <= set(re.findall(r"`\w+`", text))
    assert {f"`{{{name}}}`" for name in VARIABLES} <= set(re.findall(r"`\{\w+\}`", text))


def test_the_file_of_stories_that_is_shown_can_be_brought_in_and_every_column_and_key_is_told() -> None:
    text = text_of("docs/installer.md").split("\n## True stories in a file\n")[1]
    shown = re.search(r"^```csv\n(.+?)^```$", text, re.MULTILINE | re.DOTALL)
    assert shown
    (story,) = story_files.read(shown[1].encode().splitlines(keepends=True))
    told = dict(re.findall(r"^\| (`.+?) \| (.+) \|$", text, re.MULTILINE))

    assert isinstance(story, Line)
    assert re.findall(r"`(\w+)`", " ".join(told)) == shown[1].partition("\n")[0].split(",") == [*FACTS, AUTHOR]
    assert {name: re.findall(r"`(\w+)`", told[f"`{name}`"]) for name in CHOICES} == {
        name: [*keys] for name, keys in CHOICES.items()
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r"src(?:set)?=\"([^\"\s]+)\"", text)]

    for target in targets:
        path, _, anchor = target.partition("#")
        found = document.parent / path if path else document
        assert found.exists(), target
        assert not anchor or anchor in _anchors(found), target


def _anchors(document: Path) -> list[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def test_the_map_shows_every_floor() -> None:
    floors = {f"bot/{path.parent.name}/" for path in ROOT.glob("bot/*/__init__.py")}

    assert (
        floors | {"bot/__main__.py", "bot/transfer.py", "bot/app.py", "bot/config.py"}
        == rows("CONTRIBUTING.md", "The map of the house").keys()
    )


def test_every_file_that_contributing_names_is_there() -> None:
    named = set(re.findall(r"`((?:bot|docs|templates|tests)/[\w./-]*)", text_of("CONTRIBUTING.md")))

    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_program_that_contributing_runs_is_there() -> None:
    programs = set(re.findall(r"python -m ([\w.]+)", text_of("CONTRIBUTING.md")))

    assert [name for name in sorted(programs) if importlib.util.find_spec(name) is None] == []
    assert (ROOT / "tests/benchmarks/__main__.py").is_file()


def test_every_library_has_its_reason() -> None:
    text = text_of("CONTRIBUTING.md").split("\n## Libraries, each with its reason\n")[1]
    named = [name for cell in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall(r"`(.+?)`", cell)]

    assert sorted(map(distribution, named)) == sorted([*DIRECT, *DIRECT_DEV])


def test_the_changelog_begins_with_what_is_not_released_or_with_this_version() -> None:
    top = re.search(r"^## \[(.+?)\]", text_of("CHANGELOG.md"), re.MULTILINE)

    assert top
    assert top[1] in ("Unreleased", bot.__version__)


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    folders = ("bot", "templates", "tests", "docs", ".ci")
    files = [*ROOT.glob("*.*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in files if _is_ours(path)}

    assert ROOT / "pyproject.toml" in texts
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if MACHINE_PATH.search(text)] == []


def _is_ours(path: Path) -> bool:
    return path.is_file() and path.suffix not in (".pyc", ".png", ".db")
