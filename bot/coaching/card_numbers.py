"""Card numbers are never written down (the method, part E), whichever field they are typed into."""

import re
from collections.abc import Iterator

from bot.coaching.errors import Declined, Reason

# ISO/IEC 7812: 12 to 19 digits. People group them with spaces, dots or dashes, on one line.
_SHORTEST, _LONGEST = 12, 19
_DIGITS = re.compile(r"\d+")
_RUN = re.compile(r"\d+(?:[^\S\n]{0,2}[.\-\u2010-\u2015\u2212]?[^\S\n]{0,2}\d+)*")
# A card's own groups have four digits or more; an expiry date or a number of items beside it has fewer.
_GROUP = 4
_MARK = "…"


def refuse_card_numbers(*texts: str | None) -> None:
    """Raise `Declined` if any text holds what looks like a card number."""
    if any(looks_like_card_number(text) for text in texts if text):
        raise Declined(Reason.CARD_NUMBER)


def without_card_numbers(text: str) -> str:
    """The text with whatever looks like a card number taken out, and a mark in its place."""
    return _RUN.sub(lambda run: _MARK if looks_like_card_number(run[0]) else run[0], text)


def looks_like_card_number(text: str) -> bool:
    """Whether 12 to 19 digits that stand together in `text` carry a valid check digit (Luhn)."""
    return any(_luhn(digits) for run in _RUN.findall(text) for digits in _candidates(_DIGITS.findall(run)))


def _candidates(groups: list[str]) -> Iterator[str]:
    """All groups together, and every stretch of them that a card could be."""
    yield "".join(groups)
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            yield digits
            if len(group) < _GROUP or len(digits) > _LONGEST:
                break


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in number]
    if not _SHORTEST <= len(digits) <= _LONGEST or not any(digits):
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
