"""Languages: which one a member reads, by their locale as Slack names it ("de-DE")."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

# What is not translated is read in this one.
FALLBACK = "en"
# Whoever Slack has said nothing of, and a channel, are spoken to as they are in this one.
DEFAULT = "en-US"


@lru_cache(maxsize=256)
def locale_of(name: str) -> Locale:
    """The locale of that name; the default one where nobody knows it."""
    try:
        return Locale.parse(name.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT, sep="-")


def is_language(name: str) -> bool:
    """Whether a folder of that name is one in which a member's language is looked for: "de", but not "de-DE"."""
    try:
        return Locale.parse(name, sep="-").language == name
    except (UnknownLocaleError, ValueError):
        return False
