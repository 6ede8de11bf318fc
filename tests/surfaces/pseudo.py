"""A pseudo-locale: the shipped templates with an accent on every letter that people read.

What stays plain on a surface is either data or a text that nobody can translate.
"""

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import ascii_letters

from bot.surfaces.words import FALLBACK, environment

_ACCENTED = "áƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÁƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ"
_MARKED = str.maketrans(ascii_letters, _ACCENTED)
_PLAIN = str.maketrans(_ACCENTED, ascii_letters)
# Variables and keys, what Slack reads itself, and addresses.
_NOT_PROSE = re.compile(r"(\{[^{}]*\}|<[@!#][^>]*>|https?://\S+)")
# Words that are typed after a command.
_TYPED = "heard_words"


def mark(text: str) -> str:
    """The text with an accent on every letter; its length stays the same."""
    parts = _NOT_PROSE.split(text)
    return "".join(part if number % 2 else part.translate(_MARKED) for number, part in enumerate(parts))


def unmark(text: str) -> str:
    """The way back."""
    return text.translate(_PLAIN)


def marked_copy(shipped: Path, root: Path) -> Path:
    """Write the words of `shipped` below `root`, marked, and return `root`."""
    for path in sorted(each for each in (shipped / FALLBACK).rglob("*") if each.is_file()):
        copy = root / path.relative_to(shipped)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".j2":
            copy.write_text("".join(_template(text)), encoding="utf-8")
        elif path.suffix == ".md":
            copy.write_text("".join(_playbook(text)), encoding="utf-8")
        elif path.name == "labels.toml":
            copy.write_text("".join(_labels(text)), encoding="utf-8")
        else:
            shutil.copy(path, copy)
    return root


def _template(text: str) -> Iterator[str]:
    """What stands outside of the tags, and the texts that a tag shows: `{{ "one" if so else "another" }}`."""
    before = ""
    for _, kind, value in environment().lex(text):
        shown = kind == "data" or (kind == "string" and before in ("{{", "{{-", "else"))
        yield mark(value) if shown else value
        if kind != "whitespace":
            before = value


def _playbook(text: str) -> Iterator[str]:
    """The title, and everything below the settings but the names of a step's parts."""
    fences = 0
    for line in text.splitlines(keepends=True):
        fences += line.strip() == "+++"
        if fences == 1 and line.startswith("title = "):
            yield "title = " + mark(line.removeprefix("title = "))
        else:
            yield line if fences < 2 or line.startswith("### ") else mark(line)


def _labels(text: str) -> Iterator[str]:
    for table, labels in tomllib.loads(text).items():
        yield f"[{table}]\n"
        for key, label in labels.items():
            shown = label if table == _TYPED else mark(label)
            yield f"{key} = {json.dumps(shown, ensure_ascii=False)}\n"
