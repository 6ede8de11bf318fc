"""Two sides of one question, timed in turns."""

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


def in_turns(
    rounds: Sequence[Sequence[T]], *sides: Callable[[T], object], afterwards: Callable[[], object] | None = None
) -> Sequence[float]:
    """The seconds that each side takes for one, at the median of all rounds after the first, which warms up.

    They take turns at each, and the order turns round each time: what else the machine does falls on all alike.
    What has to be tidied up `afterwards` is not timed.
    """
    took: list[list[float]] = [[] for _ in sides]
    for turn, given in enumerate(rounds):
        for each in given:
            for side, seconds in list(zip(sides, took, strict=True))[:: 1 if turn % 2 else -1]:
                started = perf_counter()
                side(each)
                ended = perf_counter()
                if afterwards:
                    afterwards()
                if turn:
                    seconds.append(ended - started)
    return [median(seconds) for seconds in took]
