"""The bot beside simpler servers, its stories, its figures and its outbox beside fewer, in one run on one machine.

`python -m tests.benchmarks [--quick] [--only stories]`.

Ratios travel from machine to machine, requests a second do not. Everything stays on loopback and in a temporary folder.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import anyio

from tests.benchmarks.comparisons import FULL, QUICK, Size, customers, helps, presses
from tests.benchmarks.exports import exports
from tests.benchmarks.figures import figures
from tests.benchmarks.outbox import outbox
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.stories import stories
from tests.benchmarks.table import Row, show

Compare = Callable[[Size, SlowSlack, Path], Awaitable[Sequence[Row]]]

_COMPARISONS: Mapping[str, Compare] = {
    each.__name__: each for each in (helps, customers, presses, stories, figures, exports, outbox)
}


async def _measure(size: Size, names: Sequence[str]) -> Sequence[Row]:
    rows: list[Row] = []
    slack = SlowSlack()
    with tempfile.TemporaryDirectory(prefix="comeback-benchmarks-") as top:
        async with slack.serving():
            for name in names:
                folder = Path(top) / name
                folder.mkdir()
                rows += await _COMPARISONS[name](size, slack, folder)
    return rows


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="The bot beside simpler servers.")
    parser.add_argument("--quick", action="store_true", help="one small round: shows that it works, measures nothing")
    parser.add_argument(
        "--only", action="append", choices=_COMPARISONS, help="one comparison; may be given several times"
    )
    given = parser.parse_args()
    size = QUICK if given.quick else FULL
    print(show(anyio.run(_measure, size, given.only or [*_COMPARISONS])))
    print(f"Medians of {size.rounds}, Python {platform.python_version()}, {os.cpu_count()} cores.")


if __name__ == "__main__":
    _main()
