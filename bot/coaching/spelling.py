"""Spelling: what one name, or one word, has in common with itself however somebody writes it."""

import re
import unicodedata

_KEY_LENGTH = 200

_WORD = re.compile(r"[^\W_]+")
# Words that stand in names and in everyday sentences alike.
_EVERYDAY = frozenset(
    {"the", "and", "for", "you", "will", "may", "of", "to", "in", "on", "at", "ltd", "inc", "llc", "gmbh"}
)
_INITIALS = 2
# Beyond this letter scripts may write words without blanks between them.
_LATIN_UP_TO = 0x2E80


def fold(name: str) -> str:
    """What two spellings of one name have in common: case, width and spacing left aside."""
    return fold_all(name)[:_KEY_LENGTH]


def fold_all(text: str) -> str:
    """The same for a text of any length."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def gives_away(words: str, name: str | None) -> bool:
    """Whether words give a customer away: by their whole name, or by any part of it that is no everyday word.

    What is taken for a name too often is put right in a second; a name in a channel is not.
    """
    said, called = " ".join(words_of(words)), " ".join(words_of(name or ""))
    if not called:
        return False
    whole = called if " " in called else None
    parts = {part for part in called.split() if not whole or (part not in _EVERYDAY and len(part) > _INITIALS)}
    without_spaces = any(ord(letter) > _LATIN_UP_TO for letter in called) and called.replace(" ", "") in said
    return bool(without_spaces or (whole and f" {whole} " in f" {said} ") or parts & set(said.split()))


def words_of(text: str) -> list[str]:
    """The words of a text in their order, folded and without accents."""
    letters = unicodedata.normalize("NFKD", fold_all(text))
    return _WORD.findall("".join(each for each in letters if not unicodedata.combining(each)))
