"""The bot beside simpler servers, in one run on one machine: `python -m tests.benchmarks [--quick]`.

Ratios travel from machine to machine, requests a second do not. Everything stays on loopback and in a temporary folder.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

import anyio

from tests.benchmarks.comparisons import FULL, QUICK, Size, customers, helps, presses
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.table import Row, show


async def _measure(size: Size) -> Sequence[Row]:
    rows: list[Row] = []
    slack = SlowSlack()
    with tempfile.TemporaryDirectory(prefix="comeback-benchmarks-") as top:
        async with slack.serving():
            for compare in (helps, customers, presses):
                folder = Path(top) / compare.__name__
                folder.mkdir()
                rows += await compare(size, slack, folder)
    return rows


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="The bot beside simpler servers.")
    parser.add_argument("--quick", action="store_true", help="one small round: shows that it works, measures nothing")
    size = QUICK if parser.parse_args().quick else FULL
    print(show(anyio.run(_measure, size)))
    print(f"Medians of {size.rounds}, Python {platform.python_version()}, {os.cpu_count()} cores.")


if __name__ == "__main__":
    _main()
