"""Card numbers are never written down (the method, part E), whichever field they are typed into."""

import re

from bot.coaching.errors import Declined, Reason

# ISO/IEC 7812: 12 to 19 digits; people group them with spaces, dots or dashes.
_CANDIDATE = re.compile(r"(?<!\d)\d(?:[ .\-\u00a0\u2010-\u2015]?\d){11,18}(?!\d)")


def refuse_card_numbers(*texts: str | None) -> None:
    """Raise `Declined` if any text holds what looks like a card number."""
    if any(looks_like_card_number(text) for text in texts if text):
        raise Declined(Reason.CARD_NUMBER)


def looks_like_card_number(text: str) -> bool:
    """Whether a run of 12 to 19 digits in `text` carries a valid check digit (Luhn)."""
    return any(_luhn([int(sign) for sign in run if sign.isdigit()]) for run in _CANDIDATE.findall(text))


def _luhn(digits: list[int]) -> bool:
    if not any(digits):
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
