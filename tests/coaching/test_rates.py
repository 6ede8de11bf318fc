"""Rates: what may be said of few, and of many."""

import pytest

from bot.coaching.rates import Rate


# The ends as they are published for 95 in 100: R. G. Newcombe, Statistics in Medicine 17 (1998), table I.
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    rate = Rate(part, whole)

    assert (rate.low, rate.high) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (0, 1), (1, 1), (7, 7), (0, 90_000), (90_000, 90_000)])
def test_no_end_lies_beyond_nothing_and_all(part: int, whole: int) -> None:
    rate = Rate(part, whole)

    assert 0 <= rate.low <= rate.high <= 1
    assert (rate.low, rate.high) == (0, 1) or whole


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, None), (4, 4, None), (4, 5, 80), (1, 8, 13), (2, 6, 33), (4, 6, 67), (0, 5, 0), (5, 5, 100)],
)
def test_of_fewer_than_five_there_is_no_percentage(part: int, whole: int, percent: int | None) -> None:
    rate = Rate(part, whole)

    assert (rate.percent, rate.is_small) == (percent, percent is None)


@pytest.mark.parametrize(
    ("part", "whole", "is_most"), [(4, 4, False), (3, 5, True), (3, 6, False), (4, 6, True), (0, 0, False)]
)
def test_most_is_more_than_half_of_five_or_more(part: int, whole: int, is_most: bool) -> None:
    assert Rate(part, whole).is_most is is_most
