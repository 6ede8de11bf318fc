"""`check --slack`: a team's words are shown to Slack before they are shown to anybody."""

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import anyio
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.app import playbook_files, playbook_files_by_language, template_roots
from bot.coaching import prose
from bot.coaching.calendar import zone
from bot.playground.clock import MovableClock
from bot.playground.server import HOST, LocalSlack
from bot.playground.workspace import Workspace
from bot.surfaces.manifest import manifest
from bot.surfaces.proofreading import told
from bot.surfaces.specimens import specimens
from bot.surfaces.stage import Specimen
from bot.surfaces.words import Words
from bot.web import validation
from bot.web.server import bind
from tests.conversations.test_as_a_process import PATIENCE, stops

FEW = 6


@pytest.fixture
async def slack(words: Words) -> AsyncIterator[LocalSlack]:
    """A local Slack that no app is connected to."""
    slack = LocalSlack(Workspace(MovableClock(), manifest(words.voice(None, zone(None)), "")), bind(HOST, 0))
    async with slack.serving():
        yield slack


@pytest.fixture(scope="module")
def few(words: Words) -> Sequence[Specimen]:
    """A card, and a few more."""
    shown = specimens(words.voice(None, zone(None)), prose.load(playbook_files(template_roots())))
    return [each for each, _ in zip(shown, range(FEW), strict=False)]


async def checked(slack: LocalSlack, folder: Path, **given: str) -> tuple[int, str]:
    """What the command says at this Slack, without any token."""
    given["SLACK_API_URL"] = slack.api_url
    return await anyio.to_thread.run_sync(lambda: stops(folder, "check", "--slack", **given))


async def test_slack_would_take_all_that_ships(slack: LocalSlack, tmp_path: Path) -> None:
    asked: set[str] = set()
    slack.troubles.append(lambda _method, arguments: asked.update(arguments))

    code, said = await checked(slack, tmp_path)

    assert (code, asked) == (0, {"message", "view"})
    assert said.splitlines()[-1].endswith(" surfaces: Slack would take them all.")


async def test_what_slack_would_refuse_is_told_with_its_surface(slack: LocalSlack, tmp_path: Path) -> None:
    labels = tmp_path / "words" / "en" / "labels.toml"
    labels.parent.mkdir(parents=True)
    labels.write_text(f'[form]\nmisfit_submit = "{"x" * 25}"\n', encoding="utf-8")

    code, said = await checked(slack, tmp_path, TEMPLATES_DIR=str(tmp_path / "words"))

    assert code == 1
    assert said.splitlines() == [
        f"{labels}:2: form.misfit_submit: Slack takes 24 characters at most here, and this has 25",
        f"form misfit: /submit/text Slack says: must be 1 to 24 characters, and has 25: “{'x' * 25}”",
    ]


async def test_a_step_is_told_with_file_and_line(slack: LocalSlack, few: Sequence[Specimen]) -> None:
    fault = {"pointer": "/blocks/2/text", "code": "failed_constraint", "message": "not today"}
    refusal = JSONResponse({"ok": False, "error": "invalid_message", "errors": [fault]})
    slack.troubles.append(lambda _method, arguments: refusal if "Offer two times" in arguments["message"] else None)
    files = playbook_files_by_language(template_roots())
    (path,) = (each for each in files["en"] if each.stem == "appointment")
    line = path.read_text(encoding="utf-8").partition("{#reschedule}")[0].count("\n") + 1

    said = told((await validation.ask(slack.api_url, few)).refused, files)

    assert said
    assert all(each.startswith(f"{path}:{line}: card appointment/reschedule") for each in said)
    assert all("/blocks/2/text Slack says: not today" in each for each in said)


def test_a_line_that_finds_no_room_stops_a_check_without_slack(tmp_path: Path) -> None:
    (path,) = (each for each in playbook_files(template_roots()) if each.stem == "sale")
    own = tmp_path / "words" / "en" / "playbooks" / "sale.md"
    own.parent.mkdir(parents=True)
    own.write_text(
        path.read_text(encoding="utf-8").replace("### Say\n", f"### Say\n- {'long ' * 800}\n", 1), encoding="utf-8"
    )

    code, said = stops(tmp_path, "check", TEMPLATES_DIR=str(tmp_path / "words"))

    assert code == 1
    assert f"\n{own}:" in said
    assert "has no room for all of this text: “*Say* > long long" in said


def test_a_slack_that_cannot_be_reached_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind((HOST, 0))
        port = nobody_listens.getsockname()[1]
        code, said = stops(tmp_path, "check", "--slack", SLACK_API_URL=f"http://{HOST}:{port}/api/")

    assert code == 1
    assert said.startswith("Slack cannot be asked: Cannot connect to host ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (PlainTextResponse("Bad gateway", status_code=502), "it answers 502, and nothing that is known"),
        (JSONResponse({"ok": False, "error": "unknown_method"}), "unknown_method"),
    ],
)
async def test_a_slack_that_answers_something_else_is_asked_no_further(
    slack: LocalSlack, few: Sequence[Specimen], answer: Response, because: str
) -> None:
    slack.troubles.append(lambda _method, _arguments: answer)

    assert (await validation.ask(slack.api_url, few)).because == because


def busy(times: int, seconds: str) -> Callable[[str, object], Response | None]:
    """A Slack that asks to wait so many times."""
    left = [PlainTextResponse("slow down", status_code=429, headers={"Retry-After": seconds})] * times
    return lambda _method, _arguments: left.pop() if left else None


async def test_slack_may_ask_once_to_wait(
    slack: LocalSlack, few: Sequence[Specimen], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(anyio, "sleep", wait)
    slack.troubles.append(busy(1, "7"))

    assert await validation.ask(slack.api_url, few) == validation.Verdict([])
    assert waited == [7]


async def test_what_slack_never_came_to_is_counted(slack: LocalSlack, few: Sequence[Specimen], tmp_path: Path) -> None:
    slack.troubles.append(busy(2 * FEW, "0"))

    assert await validation.ask(slack.api_url, few) == validation.Verdict([], unheard=FEW)


async def test_asking_ends_in_good_time(slack: LocalSlack, few: Sequence[Specimen]) -> None:
    slack.troubles.append(busy(FEW, "3600"))

    with anyio.fail_after(PATIENCE):
        verdict = await validation.ask(slack.api_url, few, seconds=0.1)
    assert verdict == validation.Verdict([], unheard=FEW)


def test_every_language_is_put_on_every_surface(tmp_path: Path) -> None:
    labels = tmp_path / "words" / "de" / "labels.toml"
    labels.parent.mkdir(parents=True)
    labels.write_text('[case]\nlisten = "{oops}"\n[summary]\nperiod = "{erster} bis {last}"\n', encoding="utf-8")

    code, said = stops(tmp_path, "check", TEMPLATES_DIR=str(tmp_path / "words"))

    assert code == 1
    assert said.startswith("de: ")
    assert "cannot be shown: KeyError: 'erster'" in said
