"""Languages: which words a member reads, by their locale as Slack names it ("de-DE")."""

from collections.abc import Container, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

# What is not translated is read in this one.
FALLBACK = "en"
# Whoever Slack has said nothing of, and a channel, are spoken to as they are in this one.
DEFAULT = "en-US"
# Where Slack calls a locale otherwise than everybody: the Spanish of Latin America, not that of Laos.
_SLACKS_OWN = {"es-LA": "es-419"}


@lru_cache(maxsize=256)
def locale_of(name: str) -> Locale:
    """The locale of that name, or its language alone; the default one where nobody knows either."""
    name = name.replace("_", "-")
    for known in (_SLACKS_OWN.get(name, name), name.partition("-")[0]):
        try:
            return Locale.parse(known, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(DEFAULT, sep="-")


def ways(locale: Locale) -> Sequence[str]:
    """Where words are looked for, one after the other: "pt-BR", "pt" and "en", by the names of their folders."""
    whole = "-".join(filter(None, (locale.language, locale.territory)))
    return list(dict.fromkeys((whole, locale.language, FALLBACK)))


def nearest(locale: Locale, found: Container[str]) -> str:
    """The first of these ways that there is; in English there always are words."""
    return next(name for name in ways(locale) if name == FALLBACK or name in found)


def is_language(name: str) -> bool:
    """Whether words in a folder of that name are ever read: "de" or "pt-BR", but not "german"."""
    try:
        return name in ways(Locale.parse(name, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False
