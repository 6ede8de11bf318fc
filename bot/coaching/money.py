"""Money as people type it: "1.2k", "€1,200", "CHF 80", by the habits of their locale."""

import re
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    format_currency,
    get_currency_precision,
    get_territory_currencies,
    is_currency,
    parse_decimal,
)

_DEFAULT_CURRENCY = "USD"
_MOST_MINOR = 10**15
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₪": "ILS"}
_SCALES = {"k": 1_000, "m": 1_000_000}
_TYPED = re.compile(r"^(?P<number>[\d.,'’\s\u00a0\u202f]*\d)\s?(?P<scale>[km])?$", re.IGNORECASE)
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

    Raises `NotMoneyError` for anything that is not one amount, zero or more.
    """
    currency, rest = _currency(text.strip(), locale)
    typed = _TYPED.match(rest)
    if not typed:
        raise NotMoneyError(text)
    amount = _number(typed["number"], locale) * _SCALES.get((typed["scale"] or "").lower(), 1)
    minor = int(amount.scaleb(get_currency_precision(currency)).to_integral_value())
    if minor > _MOST_MINOR:
        raise NotMoneyError(text)
    return Money(minor, currency)


def _currency(text: str, locale: Locale) -> tuple[str, str]:
    own = _own_currency(locale)
    for sign, code in {**_SIGNS, "$": own if own.endswith("D") else _DEFAULT_CURRENCY}.items():
        if sign in text:
            return code, text.replace(sign, "", 1).strip()
    for code in _CODE.findall(text):
        if is_currency(code.upper()):
            return code.upper(), text.replace(code, "", 1).strip()
    return own, text


def _own_currency(locale: Locale) -> str:
    currencies = get_territory_currencies(locale.territory) if locale.territory else []
    return str(currencies[0]) if currencies else _DEFAULT_CURRENCY


def _number(typed: str, locale: Locale) -> Decimal:
    try:
        return parse_decimal(re.sub(r"\s", " ", typed).strip(), locale=locale, strict=True)
    except NumberFormatError:
        # "1.2" beside "k", or "1200.50" in a country of decimal commas: plain once nothing else can be meant.
        if re.fullmatch(r"\d+([.,]\d{1,2})?", typed):
            return Decimal(typed.replace(",", "."))
        raise NotMoneyError(typed) from None
