"""Money as people type it, in their own country's way."""

import pytest
from babel import Locale

from bot.coaching.money import Money, NotMoneyError, read_money


@pytest.mark.parametrize(
    ("typed", "locale", "minor", "currency"),
    [
        ("1200", "en_US", 1_200_00, "USD"),
        ("1,200", "en_US", 1_200_00, "USD"),
        ("1,200.50", "en_US", 1_200_50, "USD"),
        ("1200.5", "en_US", 1_200_50, "USD"),
        (" $1,200 ", "en_US", 1_200_00, "USD"),
        ("US$ 80", "en_US", 80_00, "USD"),
        ("0", "en_US", 0, "USD"),
        (".5", "en_US", 50, "USD"),
        ("1.2k", "en_US", 1_200_00, "USD"),
        ("1.2 K", "en_US", 1_200_00, "USD"),
        ("€1.2k", "en_US", 1_200_00, "EUR"),
        ("2m", "en_US", 2_000_000_00, "USD"),
        ("€1,200", "en_US", 1_200_00, "EUR"),
        ("CHF 80", "en_US", 80_00, "CHF"),
        ("CA$80", "en_US", 80_00, "CAD"),
        ("¥500", "en_US", 500, "JPY"),
        ("1 200", "en_US", 1_200_00, "USD"),
        ("１２００", "en_US", 1_200_00, "USD"),
        ("$80", "en_CA", 80_00, "CAD"),
        ("$80", "es_MX", 80_00, "MXN"),
        ("$80", "de_DE", 80_00, "USD"),
        ("80", "en_GB", 80_00, "GBP"),
        ("1.200,50 €", "de_DE", 1_200_50, "EUR"),
        ("1.200", "de_DE", 1_200_00, "EUR"),
        ("1200.50", "de_DE", 1_200_50, "EUR"),
        ("1,2k", "de_DE", 1_200_00, "EUR"),
        ("1.2k", "de_DE", 1_200_00, "EUR"),
        ("1’200.50", "de_CH", 1_200_50, "CHF"),
        ("1'200", "de_CH", 1_200_00, "CHF"),
        ("1\u202f200,50\u00a0€", "fr_FR", 1_200_50, "EUR"),
        ("1 200 kr", "sv_SE", 1_200_00, "SEK"),
        ("80 zł", "pl_PL", 80_00, "PLN"),
        ("12,34,567", "en_IN", 12_34_567_00, "INR"),
        ("1,234,567", "en_IN", 12_34_567_00, "INR"),
        ("¥80", "zh_CN", 80_00, "CNY"),
        ("￥500", "ja_JP", 500, "JPY"),
        ("9,999,999,999,999.99", "en_US", 999_999_999_999_999, "USD"),
    ],
)
def test_an_amount_is_understood(typed: str, locale: str, minor: int, currency: str) -> None:
    assert read_money(typed, Locale.parse(locale)) == Money(minor, currency)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "abc",
        "12 all",
        "1.200",
        "€1.200",
        "1200.999",
        "k",
        "$",
        "-5",
        "€-5",
        "1e9",
        "0x10",
        "NaN",
        "Infinity",
        "1_000",
        "1,,200",
        "1.2.3",
        "12 34",
        "5.",
        "12-13",
        "80/month",
        "about 80",
        "80 or 90",
        "€80 £90",
        "1200%",
        "9" * 17,
        "9" * 3_000,
        "99999999999m",
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(NotMoneyError):
        read_money(typed, Locale.parse("en_US"))


# Every locale that Slack offers and babel knows, and some whose money is written in ways of its own.
LOCALES = [
    *("de_DE", "en_GB", "en_US", "es_ES", "fr_FR", "it_IT", "ja_JP", "ko_KR", "pt_BR", "ru_RU", "zh_CN", "zh_TW"),
    *("ar_EG", "cs_CZ", "da_DK", "de_CH", "en_CA", "en_IN", "en_ZA", "es_CL", "es_MX", "fr_CA", "he_IL", "hu_HU"),
    *("mr_IN", "nl_NL", "pl_PL", "pt_PT", "sv_SE", "tr_TR"),
]
CURRENCIES = [
    *("USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF", "CAD", "MXN"),
    *("SEK", "DKK", "PLN", "BRL", "ILS", "EGP", "CLP", "KWD", "XOF"),
]
AMOUNTS = (0, 7, 100, 1_234_56, 12_34_567_00, 10**15)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_amount_reads_the_same_after_it_was_shown(locale: str) -> None:
    """A form comes prefilled with what was kept, and is sent back as it stands."""
    here = Locale.parse(locale)
    kept = [Money(minor, currency) for currency in CURRENCIES for minor in AMOUNTS]
    assert [read_money(money.shown(here), here) for money in kept] == kept


@pytest.mark.parametrize("own", ["CAD", "USD", "SGD", "EUR", "CNY", "NOK"])
@pytest.mark.parametrize("locale", LOCALES)
def test_an_amount_in_a_field_reads_the_same_whatever_the_team_counts_in(locale: str, own: str) -> None:
    here = Locale.parse(locale)
    kept = [Money(minor, currency) for currency in (own, *CURRENCIES) for minor in AMOUNTS]
    assert [read_money(money.typed(here, own), here, own) for money in kept] == kept


@pytest.mark.parametrize(
    ("typed", "locale", "own", "minor", "currency"),
    [
        ("80", "en_US", "EUR", 80_00, "EUR"),
        ("$80", "en_US", "EUR", 80_00, "USD"),
        ("$80", "en_US", "CAD", 80_00, "CAD"),
        ("$1.2k", "en_US", "SGD", 1_200_00, "SGD"),
        ("US$80", "en_US", "AUD", 80_00, "USD"),
        ("USD 80", "en_US", "AUD", 80_00, "USD"),
        ("$80", "de_DE", "MXN", 80_00, "MXN"),
        ("¥500", "en_US", "CNY", 500_00, "CNY"),
        ("80 kr", "en_US", "NOK", 80_00, "NOK"),
        ("1.2k", "de_CH", "JPY", 1200, "JPY"),
    ],
)
def test_a_team_counts_in_its_own_currency(typed: str, locale: str, own: str, minor: int, currency: str) -> None:
    assert read_money(typed, Locale.parse(locale), own) == Money(minor, currency)
