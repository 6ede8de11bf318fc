"""Rates, with how much can be known of each from so few or so many."""

from dataclasses import dataclass
from math import sqrt

# Of fewer than so many nobody is shown a percentage.
ENOUGH = 5
# Of the normal distribution, for 95 in 100.
_Z = 1.96


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The two ends of Wilson's interval, for 95 in 100; from 0 to 1 where nothing is known (whole = 0).

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if not whole:
        return 0.0, 1.0
    rate, z2 = part / whole, _Z * _Z
    spread = _Z * sqrt(rate * (1 - rate) / whole + z2 / (4 * whole * whole))
    middle, scale = rate + z2 / (2 * whole), 1 + z2 / whole
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    part: int
    whole: int

    @property
    def is_small(self) -> bool:
        """Whether these are too few for a percentage."""
        return self.whole < ENOUGH

    @property
    def percent(self) -> int | None:
        """In 100, half a one rounded up; None where these are too few to say."""
        return None if self.is_small else (200 * self.part + self.whole) // (2 * self.whole)

    @property
    def low(self) -> float:
        """The lower end of what the true rate may be, from 0 to 1."""
        return wilson(self.part, self.whole)[0]

    @property
    def high(self) -> float:
        """The upper end of what the true rate may be, from 0 to 1."""
        return wilson(self.part, self.whole)[1]

    @property
    def is_most(self) -> bool:
        """Whether it is more than half, of enough to say so."""
        return not self.is_small and 2 * self.part > self.whole
