"""Money as people type it: "1.2k", "€1,200", "CHF 80", by the habits of their locale."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
    get_territory_currencies,
    is_currency,
)

_DEFAULT_CURRENCY = "USD"
_MOST_MINOR = 10**15
# What a sign means where the locale itself says nothing of it.
_SIGNS = {
    "$": _DEFAULT_CURRENCY,
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
}
_SCALES = {"k": 1_000, "m": 1_000_000}
_TYPED = re.compile(r"(?P<number>[\d.,'’ ]*\d) ?(?P<scale>[km])?", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]{3}")


class NotMoneyError(ValueError):
    """Text that cannot be read as an amount of money."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units of `currency` (ISO 4217)."""

    minor: int
    currency: str

    def shown(self, locale: Locale) -> str:
        """The amount as `locale` writes it."""
        precision = get_currency_precision(self.currency)
        return str(format_currency(Decimal(self.minor).scaleb(-precision), self.currency, locale=locale))


def read_money(text: str, locale: Locale) -> Money:
    """Read an amount by `locale`; without a sign or code the currency is that of the locale's country.

    Raises `NotMoneyError` for anything that is not one amount, zero or more, with no more decimals than the currency
    has: "1.200" may mean two things.
    """
    currency, rest = _currency(_tidy(text), locale)
    typed = _TYPED.fullmatch(rest)
    if not typed:
        raise NotMoneyError(text)
    number, scale = _number(typed["number"], locale), _SCALES.get((typed["scale"] or "").lower(), 1)
    precision = get_currency_precision(currency)
    minor = (number * scale).scaleb(precision)
    if minor > _MOST_MINOR or (scale == 1 and _decimals(number) > precision):
        raise NotMoneyError(text)
    return Money(int(minor), currency)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _tidy(text: str) -> str:
    """The same text with plain digits, signs and spaces, and without the marks that only steer its direction."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Cf").split())


def _currency(text: str, locale: Locale) -> tuple[str, str]:
    for code in _CODE.findall(text):
        if is_currency(code):
            return code, text.replace(code, "", 1).strip()
    for sign, code in _signs(locale).items():
        if sign in text:
            return code, text.replace(sign, "", 1).strip()
    return _own_currency(locale), text


@lru_cache(maxsize=256)
def _signs(locale: Locale) -> Mapping[str, str]:
    """What each sign stands for, the longest first: "$" is in every "CA$"."""
    shown = {_tidy(sign): code for code, sign in locale.currency_symbols.items()}
    signs = {**_SIGNS, **shown}
    return {sign: signs[sign] for sign in sorted(signs, key=len, reverse=True)}


def _own_currency(locale: Locale) -> str:
    currencies = get_territory_currencies(locale.territory) if locale.territory else []
    return str(currencies[0]) if currencies else _DEFAULT_CURRENCY


def _number(typed: str, locale: Locale) -> Decimal:
    point, group = (re.escape(_tidy(sign)) for sign in (get_decimal_symbol(locale), get_group_symbol(locale)))
    between = f"[{group} '’]"
    whole = rf"\d*|\d{{1,3}}(?:{between}\d{{2,3}})*{between}\d{{3}}"
    if re.fullmatch(rf"(?:{whole})(?:{point}\d+)?", typed):
        return Decimal(re.sub(between, "", typed).replace(_tidy(get_decimal_symbol(locale)), "."))
    # "1.2" beside "k", or "1200.50" in a country of decimal commas: plain once nothing else can be meant.
    if re.fullmatch(r"\d+[.,]\d{1,2}", typed):
        return Decimal(typed.replace(",", "."))
    raise NotMoneyError(typed)
