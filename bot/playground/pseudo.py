"""A pseudo-locale: the English words with an accent on every letter that people read, as if they were another language.

What stays plain on a surface is either data, or a text that nobody can translate.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from string import ascii_letters

from bot.coaching.languages import FALLBACK, locale_of
from bot.playground import workspace
from bot.surfaces.words import Forms, environment, labels_of

# Days, hours, numbers and amounts are those of this one: unlike English, and with no letter that English has.
LOCALE = "el-GR"
LANGUAGE = locale_of(LOCALE).language
# The people of the workspace, had they all set Slack to it.
PEOPLE = tuple(replace(person, locale=LOCALE) for person in workspace.PEOPLE)

_ACCENTED = "áƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÁƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ"
_MARKED = str.maketrans(ascii_letters, _ACCENTED)
_PLAIN = str.maketrans(_ACCENTED, ascii_letters)
# Variables and keys, what Slack reads itself, addresses, and what is typed as it stands.
_NOT_PROSE = re.compile(r"(\{[^{}]*\}|<[@!#][^>]*>|https?://\S+|`[^`]*`)")
# Words that are typed after a command.
_TYPED = "heard_words"


def mark(text: str) -> str:
    """The text with an accent on every letter; its length stays the same."""
    parts = _NOT_PROSE.split(text)
    return "".join(part if number % 2 else part.translate(_MARKED) for number, part in enumerate(parts))


def unmark(text: str) -> str:
    """The way back."""
    return text.translate(_PLAIN)


def settings(roots: Sequence[Path], folder: Path) -> Mapping[str, str]:
    """The settings by which a bot speaks the words below `roots` marked; they are written below `folder`."""
    return {"templates_dir": str(marked_copy(roots, folder)), "default_locale": LOCALE}


def marked_copy(roots: Sequence[Path], folder: Path) -> Path:
    """Write the English words below `roots`, marked, as a language of their own below `folder`, and return that.

    A team's own stand beside it as they are: a playbook is translated where its original lies, or above it.
    """
    for own in (each for each in roots[:-1] if (each / FALLBACK).is_dir()):
        shutil.copytree(own / FALLBACK, folder / FALLBACK)
    labels: dict[str, str | Forms] = {}
    for root in reversed(roots):
        for path in sorted(each for each in (root / FALLBACK).rglob("*") if each.is_file()):
            copy = folder / LANGUAGE / path.relative_to(root / FALLBACK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.name == "labels.toml":
                labels |= labels_of(path)
                copy.write_text("".join(_labels(labels)), encoding="utf-8")
            elif path.suffix in _MARKS:
                marked = _MARKS[path.suffix](path.read_text(encoding="utf-8-sig"))
                copy.write_text("".join(marked), encoding="utf-8")
            elif path.name != "proofreading.toml":
                shutil.copy(path, copy)
    return folder


def _template(text: str) -> Iterator[str]:
    """What stands outside of the tags, and the texts that a tag shows: `{{ "one" if so else "another" }}`.

    So are the forms among which a count chooses: `{{ plural(count, one="a thing", other="{number} things") }}`.
    """
    before, ticks = "", 0
    for _, kind, value in environment().lex(text):
        if kind == "data":
            # What is typed as it stands may have a tag in it.
            for number, part in enumerate(re.split("(`)", value)):
                yield part if number % 2 or ticks % 2 else mark(part)
                ticks += number % 2
        else:
            shown = kind == "string" and before in ("{{", "{{-", "else", "=")
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


def _labels(labels: Mapping[str, str | Forms]) -> Iterator[str]:
    for key, label in labels.items():
        table, _, name = key.partition(".")
        for form, text in {"": label}.items() if isinstance(label, str) else label.items():
            shown = text if table == _TYPED else mark(text)
            place = ".".join(filter(None, (table, name, form)))
            yield f"{place} = {json.dumps(shown, ensure_ascii=False)}\n"


_MARKS = {".j2": _template, ".md": _playbook}
