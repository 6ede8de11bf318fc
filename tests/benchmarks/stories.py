"""The story that fits: what it costs to find among many, and that it costs no more for having been told often.

All of it happens in one process, on databases of its own. A rate is what the median of single times comes to.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.app import playbook_files, template_roots, vocabulary
from bot.coaching import prose, tellings
from bot.coaching.cases import Notice, Pressed
from bot.coaching.coach import Coach
from bot.coaching.ledger import Shelves
from bot.coaching.matching import Likeness, Match, Shelf
from bot.surfaces.words import Words
from tests.benchmarks.comparisons import Size
from tests.benchmarks.load import WrongAnswerError
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.table import Row
from tests.benchmarks.turns import in_turns
from tests.benchmarks.workspace import Workspace, Writer, workspace

# What was promised of one match among all the stories there are.
_LONGEST_SECONDS = 0.002
# To look at all of them anew takes a good third of a second.
_ANEW_IN_A_ROUND = 4
# Where tellings were counted, a million of them would double that. A little may be lost to the order of stories that
# land differently, however seldom they were told.
_AS_FAST = 0.8


async def stories(size: Size, _: SlowSlack, folder: Path) -> Sequence[Row]:
    """The best of many stories beside the best of a tenth; then a thousand times as many tellings."""
    roots = template_roots()
    coach, known = Coach(prose.load(playbook_files(roots))), vocabulary(Words(roots))
    writer = Writer(sorted(known.stop_words))
    every = [writer.story() for _ in range(size.stories)]
    likenesses = [writer.likeness() for _ in range(size.likenesses)]
    tenth, seldom, rounds = every[: size.stories // 10], size.tellings // 1_000, size.rounds + 1
    with (
        workspace(folder / "fewer.db", coach, tenth, seldom) as fewer,
        workspace(folder / "seldom.db", coach, every, seldom, rounds * size.answers) as told_seldom,
        workspace(folder / "often.db", coach, every, size.tellings, rounds * size.answers) as told_often,
    ):
        of_all, of_tenth = in_turns(
            [likenesses] * rounds, _read(told_often, Shelves(known)).best, _read(fewer, Shelves(known)).best
        )
        anew_often, anew_seldom = in_turns(
            [likenesses[:_ANEW_IN_A_ROUND]] * rounds,
            _anew(told_often, Shelves(known)),
            _anew(told_seldom, Shelves(known)),
        )
        answers = [range(nth * size.answers, (nth + 1) * size.answers) for nth in range(rounds)]
        one_often, one_seldom = in_turns(answers, _answer(told_often), _answer(told_seldom))
    best = f"the best of {size.stories:,} stories"
    anew, one_more = f"all anew, told {size.tellings:,} times", f"one telling after {size.tellings:,}"
    return [
        Row(best, 1 / of_all, f"{_LONGEST_SECONDS * 1000:g} ms each", 1 / _LONGEST_SECONDS, "a second", to_reach=1),
        Row(best, 1 / of_all, f"the best of {len(tenth):,}", 1 / of_tenth, "a second", to_reach=0.5),
        Row(anew, 60 / anew_often, f"told {seldom:,} times", 60 / anew_seldom, "a minute", _AS_FAST),
        Row(one_more, 1 / one_often, f"after {seldom:,}", 1 / one_seldom, "a second", _AS_FAST),
    ]


def _read(of: Workspace, shelves: Shelves) -> Shelf:
    shelf = of.desk.does(shelves.of, of.desk.team, of.desk.now)
    if len(shelf.tales) != of.stories:
        raise WrongAnswerError(f"{len(shelf.tales)} of {of.stories} stories may be told")
    return shelf


def _anew(of: Workspace, shelves: Shelves) -> Callable[[Likeness], Match | None]:
    """The best of them a day later, when how well they land has to be looked at anew."""

    def best(like: Likeness) -> Match | None:
        of.desk.later(days=1)
        return _read(of, shelves).best(like)

    return best


def _answer(of: Workspace) -> Callable[[int], None]:
    """Say of the nth case that its story landed, as the buttons of its card do."""
    desk = of.desk

    def answer(nth: int) -> None:
        pressed = Pressed(desk.team, desk.rep, of.to_answer[nth], of.revision)
        if desk.works(tellings.answer, pressed, True, desk.now).notice is not Notice.KEPT:
            raise WrongAnswerError("an answer was not kept")

    return answer
