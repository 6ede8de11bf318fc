"""The table at the end: ours, theirs, and whether the mark was reached."""

from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = ("what", "ours", "beside what", "theirs", "ratio", "to reach", "reached")
_GAP = "  "


@dataclass(frozen=True)
class Row:
    """Two medians of one unit. `to_reach` is the least ratio of ours to theirs; None where nothing was promised."""

    what: str
    ours: float
    beside: str
    theirs: float
    unit: str
    to_reach: float | None = None

    @property
    def ratio(self) -> float:
        """Ours as a multiple of theirs."""
        return self.ours / self.theirs

    @property
    def cells(self) -> Sequence[str]:
        """The row as it is read."""
        promise = ("", "") if self.to_reach is None else (f"{self.to_reach:g}", self._reached(self.to_reach))
        return (
            self.what,
            f"{self.ours:,.0f} {self.unit}",
            self.beside,
            f"{self.theirs:,.0f} {self.unit}",
            f"{self.ratio:.2f}",
            *promise,
        )

    def _reached(self, least: float) -> str:
        return "yes" if self.ratio >= least else "no"


def show(rows: Sequence[Row]) -> str:
    """The rows under their heads, aligned."""
    lines = [_HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
