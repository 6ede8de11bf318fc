"""Money as people type it: "1.2k", "€1,200", "CHF 80", by the habits of their locale."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.localedata import locale_identifiers
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

    @property
    def _major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def shown(self, locale: Locale) -> str:
        """The amount as `locale` writes it."""
        return str(format_currency(self._major, self.currency, locale=locale))

    def typed(self, locale: Locale, own: str | None = None) -> str:
        """The amount as it stands in a field, where `read_money` reads it as what it is: "$80" may be of several."""
        shown = self.shown(locale)
        with suppress(NotMoneyError):
            if read_money(shown, locale, own) == self:
                return shown
        return str(format_currency(self._major, self.currency, "¤¤ #,##0.00", locale=locale))


def read_money(text: str, locale: Locale, own: str | None = None) -> Money:
    """Read an amount by `locale`; without a sign or code it is of the `own` currency, else of the locale's country.

    A sign that several currencies share ("$") is the own one's, where that has it.

    Raises `NotMoneyError` for anything that is not one amount, zero or more, with no more decimals than the currency
    has: "1.200" may mean two things.
    """
    currency, rest = _currency(_tidy(text), locale, own)
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


def currency_of(text: str, locale: Locale) -> str | None:
    """The currency (ISO 4217) that somebody means by its code or its sign; None for anything else."""
    typed = _tidy(text)
    return typed.upper() if is_currency(typed.upper()) else _signs(locale).get(typed)


def _currency(text: str, locale: Locale, own: str | None) -> tuple[str, str]:
    for code in _CODE.findall(text):
        if is_currency(code):
            return code, text.replace(code, "", 1).strip()
    for sign, code in _signs(locale, own).items():
        if sign in text:
            return code, text.replace(sign, "", 1).strip()
    return own or _currency_there(locale), text


@lru_cache(maxsize=256)
def _signs(locale: Locale, own: str | None = None) -> Mapping[str, str]:
    """What each sign stands for, the longest first: "$" is in every "CA$"."""
    shown = {_tidy(sign): code for code, sign in locale.currency_symbols.items()}
    signs = {**_SIGNS, **shown, **(dict.fromkeys(_signs_at_home(own), own) if own else {})}
    return {sign: signs[sign] for sign in sorted(signs, key=len, reverse=True)}


def _signs_at_home(currency: str) -> Iterator[str]:
    """By what sign a currency is written in its own country, whose code its own begins with (ISO 4217)."""
    for name in locale_identifiers():
        if name.endswith(f"_{currency[:2]}"):
            sign = _tidy(Locale.parse(name).currency_symbols.get(currency, currency))
            if sign != currency:
                yield sign


def _currency_there(locale: Locale) -> str:
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
