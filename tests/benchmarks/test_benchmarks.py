"""The benchmark itself: that it runs, measures what it says, and takes no wrong answer for an answer."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import playbook_files, template_roots
from bot.coaching import prose
from bot.coaching.coach import Coach
from bot.playground.server import HOST
from bot.storage.models import Story, Telling
from bot.web.server import bind, serve
from tests.benchmarks.gestures import Gesture
from tests.benchmarks.load import WrongAnswerError, drive
from tests.benchmarks.table import Row, show
from tests.benchmarks.workspace import Writer, workspace

_CHECKOUT = Path(__file__).parents[2]


async def test_a_quick_run_has_every_row_and_every_request_was_answered() -> None:
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks", "--quick", stdout=asyncio.subprocess.PIPE, cwd=_CHECKOUT
    )
    printed, _ = await run.communicate()

    assert run.returncode == 0
    head, *rows, _about = (_cells(line) for line in printed.decode().splitlines())
    assert head == ["what", "ours", "beside what", "theirs", "ratio", "to reach", "reached"]
    assert [(what, beside) for what, _, beside, *_ in rows] == [
        ("/cancel help", "a checked signature, no more"),
        ("/cancel help", "stock Bolt"),
        ("/cancel <customer>", "one row, one template"),
        ("a press, 32 at once", "one row, one call"),
        ("its 99th percentile", "one row, one call"),
        ("the best of 100 stories", "2 ms each"),
        ("the best of 100 stories", "the best of 10"),
        ("all anew, told 2,000 times", "told 2 times"),
        ("one telling after 2,000", "after 2"),
        ("a week over 60,000 cases", "over 600"),
        ("a week of 50 cases, by CPU", "2 ms each"),
        ("memory, an export of 1,000", "of 2,000 cases"),
        ("an idle tick, 2,000 wait", "2 wait"),
        ("a start, 2,000 wait", "2 wait"),
        ("a claim of 10", "the same in bare SQL"),
        ("a member’s list, 2,000 tasks", "5 ms each"),
    ]


def _cells(line: str) -> list[str]:
    return re.split(" {2,}", line)


@pytest.fixture
async def echo() -> AsyncIterator[str]:
    """Answers every request with 200 and its body, but those that say "break" with 500."""

    async def answer(request: Request) -> Response:
        body = await request.body()
        return PlainTextResponse(body, status_code=500 if b"break" in body else 200)

    address = bind(HOST, 0)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve, Starlette(routes=[Route("/", answer, methods=["POST"])]), address)
        yield f"http://{HOST}:{address.getsockname()[1]}/"
        tasks.cancel_scope.cancel()


async def test_every_call_is_sent_once_over_connections_that_stay_open(echo: str) -> None:
    calls = [Gesture({"number": str(number)}, wanted=f"number={number}").call(echo) for number in range(20)]

    done = await drive(echo, calls, at_once=3)

    assert sorted(answer.body for answer in done.answers) == sorted(f"number={n}".encode() for n in range(20))
    assert done.rate > 0
    assert 0 < done.p99 <= done.seconds


@pytest.mark.parametrize("gesture", [Gesture({"say": "break"}), Gesture({"say": "hello"}, wanted="goodbye")])
async def test_an_answer_that_was_not_wanted_ends_the_run(echo: str, gesture: Gesture) -> None:
    with pytest.raises(WrongAnswerError):
        await drive(echo, [gesture.call(echo)], at_once=1)


def test_stories_were_told_as_often_as_is_counted_on_them(tmp_path: Path) -> None:
    coach, writer = Coach(prose.load(playbook_files(template_roots()))), Writer(["and", "the"])
    written = [writer.story() for _ in range(10)]
    with workspace(tmp_path / "few.db", coach, written, tellings=25, to_answer=3) as few:
        stories, tellings = few.desk.rows(Story), few.desk.rows(Telling)

    assert (len(stories), len(tellings), len(few.to_answer)) == (10, 25, 3)
    for story in stories:
        landed = [telling.landed for telling in tellings if telling.story_id == story.id]
        assert (story.told, story.landed) == (len(landed), sum(landed))
    assert not {telling.case_id for telling in tellings} & {*few.to_answer}


def test_a_row_says_whether_the_mark_was_reached() -> None:
    below, above, open_ended = (
        Row("a press", ours, "a plain one", 100, "a second", to_reach)
        for ours, to_reach in ((49, 0.5), (1_500, 6), (130, None))
    )

    _head, *rows = (_cells(line) for line in show([below, above, open_ended]).splitlines())

    assert rows == [
        ["a press", "49 a second", "a plain one", "100 a second", "0.49", "0.5", "no"],
        ["a press", "1,500 a second", "a plain one", "100 a second", "15.00", "6", "yes"],
        ["a press", "130 a second", "a plain one", "100 a second", "1.30"],
    ]
