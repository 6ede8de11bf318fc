"""Lines of comma-separated values (CSV, RFC 4180, in UTF-8) of which a spreadsheet runs nothing.

A cell that a spreadsheet would take for a formula is written behind an apostrophe, its guard, which is taken off again
when it is read (OWASP: owasp.org/www-community/attacks/CSV_Injection). One that begins with apostrophes before such a
character gets one more, so that what was written is read exactly.
"""

import csv
import re
from collections.abc import Sequence

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_FIRST = frozenset("'=+-@\t\r")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


class _Encoded:
    """Hands what is written back to whoever asked for it."""

    def write(self, text: str) -> bytes:
        return text.encode()


def row(cells: Sequence[str]) -> bytes:
    """One line of a file."""
    # One for each line: several threads may write at once.
    line: bytes = csv.writer(_Encoded()).writerow([_guarded(cell) for cell in cells])
    return line


def _guarded(cell: str) -> str:
    # Most cells are told by their first character.
    return f"'{cell}" if cell[:1] in _FIRST and _RISKY.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before it was written."""
    return cell[1:] if _GUARDED.match(cell) else cell
