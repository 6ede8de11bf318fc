"""Three comparisons of servers. Each starts its own, warms them up, and lets them take turns at the same load."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import median

from tests.benchmarks.gestures import Gesture, command, press
from tests.benchmarks.load import Round, WrongAnswerError, drive
from tests.benchmarks.processes import beside, the_bot, together
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.table import Row

AT_ONCE = 8
PRESSES_AT_ONCE = 32

_PRESSED = "case.press.next"

# Makes what one round sends: nothing may be sent twice where the second time would be answered differently.
Fresh = Callable[[], Awaitable[Sequence[Gesture]]]


@dataclass(frozen=True)
class Size:
    """Rounds that count, after one that warms up, and how many requests each server gets in a round.

    `likenesses` are looked for among `stories`, and `answers` given after `tellings`. A week is summed up `summaries`
    times over `cases`, and once for each of the `workspaces`; so many cases are `exported` once. While `pending` rows
    wait there are so many `ticks`, claims and lists in a round, and `starts`.
    """

    rounds: int
    helps: int
    bare: int
    bolt: int
    customers: int
    presses: int
    stories: int
    likenesses: int
    tellings: int
    answers: int
    cases: int
    exported: int
    summaries: int
    workspaces: int
    pending: int
    ticks: int
    starts: int


# Small rounds and many of them: what else the machine is doing then falls on every side alike.
FULL = Size(
    rounds=9,
    helps=1_000,
    bare=2_000,
    bolt=80,
    customers=200,
    presses=128,
    stories=10_000,
    likenesses=300,
    tellings=1_000_000,
    answers=100,
    cases=1_000_000,
    exported=1_000_000,
    summaries=20,
    workspaces=1_000,
    pending=1_000_000,
    ticks=50,
    starts=3,
)
QUICK = Size(
    rounds=1,
    helps=32,
    bare=32,
    bolt=16,
    customers=32,
    presses=32,
    stories=100,
    likenesses=4,
    tellings=2_000,
    answers=2,
    cases=60_000,
    exported=2_000,
    summaries=2,
    workspaces=20,
    pending=2_000,
    ticks=2,
    starts=1,
)


@dataclass(frozen=True)
class Side:
    """Who is measured, and by what."""

    url: str
    fresh: Fresh


async def helps(size: Size, slack: SlowSlack, folder: Path) -> Sequence[Row]:
    """`/cancel help`: what the way to a listener and back costs."""
    what, wanted = "/cancel help", "/cancel list"
    others = (beside("bare", slack.url, folder), beside("stock_bolt", slack.url, folder))
    async with together(the_bot(slack.url, folder), *others) as (bot, bare, bolt):
        ours, barest, stock = await _in_turns(
            size.rounds,
            AT_ONCE,
            Side(bot, _help(size.helps, wanted)),
            Side(bare, _help(size.bare)),
            Side(bolt, _help(size.bolt, wanted)),
        )
    return [
        Row(what, _rate(ours), "a checked signature, no more", _rate(barest), "a second", to_reach=0.25),
        Row(what, _rate(ours), "stock Bolt", _rate(stock), "a second", to_reach=6),
    ]


async def customers(size: Size, slack: SlowSlack, folder: Path) -> Sequence[Row]:
    """`/cancel` with a customer nobody has met: what a case costs to open and its card to draw."""
    names = _names()

    async def fresh() -> Sequence[Gesture]:
        return [command(name, wanted=name) for name in islice(names, size.customers)]

    async with together(the_bot(slack.url, folder), beside("insert_and_render", slack.url, folder)) as (bot, other):
        ours, plain = await _in_turns(size.rounds, AT_ONCE, Side(bot, fresh), Side(other, fresh))
    return [Row("/cancel <customer>", _rate(ours), "one row, one template", _rate(plain), "a second", to_reach=0.5)]


async def presses(size: Size, slack: SlowSlack, folder: Path) -> Sequence[Row]:
    """Presses with a Slack that takes 100 ms: what remains of a server's pace while it waits."""
    names = _names()
    async with together(the_bot(slack.url, folder), beside("insert_and_call", slack.url, folder)) as (bot, other):

        async def fresh() -> Sequence[Gesture]:
            opened = [command(name, wanted=name).call(bot) for name in islice(names, size.presses)]
            cards = (await drive(bot, opened, AT_ONCE)).answers
            return [press(_button(json.loads(card.body)), f"{slack.url}/respond") for card in cards]

        before = slack.redraws
        ours, plain = await _in_turns(size.rounds, PRESSES_AT_ONCE, Side(bot, fresh), Side(other, fresh))
        if slack.redraws - before != 2 * (size.rounds + 1) * size.presses:
            raise WrongAnswerError("a press did not redraw its card")
    what, beside_what = f"a press, {PRESSES_AT_ONCE} at once", "one row, one call"
    return [
        Row(what, _rate(ours), beside_what, _rate(plain), "a second", to_reach=0.7),
        Row("its 99th percentile", _p99(ours), beside_what, _p99(plain), "ms"),
    ]


async def _in_turns(rounds: int, at_once: int, *sides: Side) -> Sequence[Sequence[Round]]:
    """The counted rounds of each side. The order turns round each time, so that none always comes after the same."""
    measured: Mapping[Side, list[Round]] = {side: [] for side in sides}
    for turn in range(rounds + 1):
        for side in sides if turn % 2 else reversed(sides):
            calls = [gesture.call(side.url) for gesture in await side.fresh()]
            measured[side].append(await drive(side.url, calls, at_once))
    return [warm[1:] for warm in measured.values()]


def _help(times: int, wanted: str = "") -> Fresh:
    async def fresh() -> Sequence[Gesture]:
        return [command("help", wanted)] * times

    return fresh


def _names() -> Iterator[str]:
    return (f"Customer {number:06}" for number in count())


def _button(card: Mapping[str, Sequence[Mapping[str, Sequence[Mapping[str, str]]]]]) -> Mapping[str, str]:
    elements = (element for block in card["blocks"] for element in block.get("elements", []))
    return next(element for element in elements if element.get("action_id") == _PRESSED)


def _rate(rounds: Sequence[Round]) -> float:
    return median(each.rate for each in rounds)


def _p99(rounds: Sequence[Round]) -> float:
    return median(each.p99 for each in rounds) * 1000
