"""An export of many cases beside one of few: that it takes no more memory.

Each is made in a process of its own, which says at the end how much memory it had at most. `python -m
tests.benchmarks.exports <database> <folder>` is that process.
"""

import resource
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio
import sqlalchemy as sa

from bot.coaching.exports import After, Files, What, Wish
from bot.coaching.periods import Period
from bot.storage.database import Database
from bot.storage.models import Case
from tests.benchmarks.comparisons import Size
from tests.benchmarks.figures import RECENT, TEAM, database_of, older
from tests.benchmarks.load import WrongAnswerError
from tests.benchmarks.slack import SlowSlack
from tests.benchmarks.table import Row

_EVER = Period(date(2000, 1, 1), date(2029, 12, 31), ZoneInfo("UTC"))
_STEPS = ("empathise", "why", "mission", "story")
_AS_LITTLE = 1 / 1.2
_KILOBYTES = 1024


async def exports(size: Size, _: SlowSlack, folder: Path) -> Sequence[Row]:
    """The most memory that an export of few cases takes, and one of many; a hundred times as many at full size."""
    few = max(size.exported // 100, 2 * RECENT)
    peaks = [await _peak(folder / f"{cases}.db", cases) for cases in (few, size.exported)]
    return [Row(f"memory, an export of {few:,}", peaks[0], f"of {size.exported:,} cases", peaks[1], "MB", _AS_LITTLE)]


async def _peak(file: Path, cases: int) -> float:
    with database_of(file, RECENT, older(cases)) as database, database.begin() as session:
        trail = [{"at": "2026-11-24T15:00:00+00:00", "by": "U1", "step": step} for step in _STEPS]
        session.execute(sa.update(Case).values(trail=trail))
    into = file.with_suffix("")
    into.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.exports", str(file), str(into)]
    done = await anyio.run_process(command, stderr=None)
    written, peak = done.stdout.split()
    if int(written) != cases:
        raise WrongAnswerError(f"{int(written)} of {cases} cases were exported")
    return int(peak) / _KILOBYTES


def _export(file: str, folder: str) -> None:
    """Write everything that there is, with names, and print how many cases, and the most memory in kilobytes."""
    database = Database(f"sqlite:///{file}")
    written, after = 0, None
    with Files(Path(folder), Wish(_EVER, [*What], named=True)) as files:
        while True:
            page, after = _next(database, files, after)
            written += page
            if after is None:
                break
    print(written, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _next(database: Database, files: Files, after: After | None) -> tuple[int, After | None]:
    with database.begin(writes=False) as session:
        return files.write(session, TEAM, after)


if __name__ == "__main__":
    _export(*sys.argv[1:])
