"""Lines of comma-separated values (CSV, RFC 4180, in UTF-8) of which a spreadsheet runs nothing.

A cell that a spreadsheet would take for a formula is written behind an apostrophe, its guard, which is taken off again
when it is read (OWASP: owasp.org/www-community/attacks/CSV_Injection). So is what stands behind a semicolon, a tab or
the end of a line, where some programs begin a cell. Apostrophes before such a character get one more, so that what was
written is read exactly.
"""

import csv
import re
from collections.abc import Sequence

# Where a cell begins, or would for a program that splits a line elsewhere than at its commas.
_BEGINS = r"(?:^|(?<=[;\t\r\n]))"
_RISKY = re.compile(_BEGINS + r"(?='*[=+\-@\t\r])")
_GUARD = re.compile(_BEGINS + r"'(?='*[=+\-@\t\r])")
_FIRST = frozenset("'=+-@\t\r")
_SPLITS = frozenset(";\t\r\n")


class _Encoded:
    """Hands what is written back to whoever asked for it."""

    def write(self, text: str) -> bytes:
        return text.encode()


def row(cells: Sequence[str]) -> bytes:
    """One line of a file."""
    # One for each line: several threads may write at once.
    line: bytes = csv.writer(_Encoded(), quoting=csv.QUOTE_ALL).writerow([_guarded(cell) for cell in cells])
    return line


def _guarded(cell: str) -> str:
    # Most cells have none of these, which is seen sooner than a pattern is tried.
    return _RISKY.sub("'", cell) if cell[:1] in _FIRST or not _SPLITS.isdisjoint(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before it was written."""
    return _GUARD.sub("", cell)
