"""Proofreading: every fault in a team's words and the shipped ones, with file and line.

What stops a start is a fault; what only sounds wrong is a doubt.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, meta, nodes
from pydantic import BaseModel

from bot.surfaces import words
from bot.surfaces.words import FALLBACK, WordsError

# Slack's limits on what a label becomes (docs.slack.dev/reference/block-kit), by the table it stands in.
_LABEL_MOST = {"press": 75, "placeholder": 150, "outcome": 75, "reason": 75, "heard_through": 75, "hint": 2000}
_MODAL_MOST = 24
_MODAL = re.compile(r"_(title|submit)$|^close$|^understood$")
_RAW_BOLD = re.compile(r"\*\*\S")
_SPOKEN = ("### Say", "### Ask")


class Fault(NamedTuple):
    """What is wrong, and where. A `doubt` can be used as it is, and deserves a second look."""

    path: Path
    line: int
    what: str
    doubt: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class _Doubt(BaseModel):
    pattern: str
    because: str


class _House(BaseModel):
    """The house rules for spoken lines."""

    words_most: int
    doubt: list[_Doubt]


def proofread(roots: Sequence[Path], playbooks: Sequence[Path]) -> Sequence[Fault]:
    """Everything there is to say of the words below `roots`, of which the last ships, and of these playbooks."""
    *own, shipped = roots
    found = [
        *(fault for root in roots for path in _templates(root) for fault in _template(path, root, shipped)),
        *(fault for root in own for fault in _labels(root / FALLBACK / "labels.toml", shipped)),
        *_labels(shipped / FALLBACK / "labels.toml", shipped),
        *_spoken(playbooks, _house(shipped)),
    ]
    return sorted(found, key=lambda fault: (fault.doubt, fault.path, fault.line))


def _house(shipped: Path) -> _House:
    return _House.model_validate(tomllib.loads((shipped / FALLBACK / "proofreading.toml").read_text(encoding="utf-8")))


def _templates(root: Path) -> Sequence[Path]:
    return sorted((root / FALLBACK / "messages").rglob("*.j2"))


def _template(path: Path, root: Path, shipped: Path) -> Iterator[Fault]:
    text = path.read_text(encoding="utf-8-sig")
    yield from _raw_bold(path, text)
    try:
        tree = words.environment().parse(text)
    except TemplateSyntaxError as error:
        yield Fault(path, error.lineno, error.message or "cannot be read")
        return
    for joined in tree.find_all(nodes.Concat):
        yield Fault(path, joined.lineno, "“~” brings HTML’s own escapes back: put the parts side by side instead")
    original = shipped / path.relative_to(root)
    if not original.is_file():
        yield Fault(path, 1, "no text of this name is ever shown", doubt=True)
        return
    known = _known_to(original, shipped)
    for name in tree.find_all(nodes.Name):
        if name.name in meta.find_undeclared_variables(tree) - known:
            yield Fault(path, name.lineno, f"“{name.name}” is not known here; known are {', '.join(sorted(known))}")


def _known_to(template: Path, shipped: Path) -> set[str]:
    """The variables that a shipped template, with all it includes, is given."""
    tree = words.environment().parse(template.read_text(encoding="utf-8"))
    known = meta.find_undeclared_variables(tree)
    for included in meta.find_referenced_templates(tree):
        known |= _known_to(shipped / FALLBACK / "messages" / str(included), shipped)
    return known | {"mention"}


def _labels(path: Path, shipped: Path) -> Iterator[Fault]:
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8-sig")
    try:
        labels = words.labels_of(path)
        known = words.labels_of(shipped / FALLBACK / "labels.toml")
    except WordsError as error:
        _, number, what = str(error).removeprefix(str(path)).split(":", 2)
        yield Fault(path, int(number), what.strip())
        return
    yield from _raw_bold(path, text)
    for key, label in labels.items():
        line = _line_of(text, key)
        most = _most(key)
        if key not in known:
            yield Fault(path, line, f"{key}: no label of this name is ever shown")
        elif most and len(label) > most:
            yield Fault(path, line, f"{key}: Slack takes {most} characters at most here, and this has {len(label)}")


def _most(key: str) -> int | None:
    table, _, name = key.partition(".")
    return _MODAL_MOST if table == "form" and _MODAL.search(name) else _LABEL_MOST.get(table)


def _line_of(text: str, key: str) -> int:
    table, _, name = key.partition(".")
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            inside = line.strip() == f"[{table}]"
        elif inside and re.match(rf"\s*{re.escape(name)}\s*=", line):
            return number
    return 1


def _raw_bold(path: Path, text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), start=1):
        if _RAW_BOLD.search(line):
            yield Fault(path, number, "Slack shows ** as it stands; *one star* on either side makes bold")


def _spoken(paths: Sequence[Path], house: _House) -> Iterator[Fault]:
    """Lines that nobody should say, or that are said twice: in one playbook or in two."""
    said: dict[str, str] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8-sig")
        yield from _raw_bold(path, text)
        for number, line in _lines(text):
            yield from (Fault(path, number, what, doubt=True) for what in _doubts(line, house))
            before = said.setdefault(_plainly(line), f"{path.name}:{number}")
            if before != f"{path.name}:{number}":
                yield Fault(path, number, f"the same line stands in {before}", doubt=True)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    part = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            part = line.strip()
        elif line.startswith("- ") and part in _SPOKEN:
            yield number, line[2:].strip()


def _doubts(line: str, house: _House) -> Iterator[str]:
    count = len(line.split())
    if count > house.words_most:
        yield f"{count} words are more than anybody says in one breath; {house.words_most} are enough"
    for doubt in house.doubt:
        if re.search(doubt.pattern, line, re.IGNORECASE):
            yield f"this line {doubt.because}"


def _plainly(line: str) -> str:
    return " ".join(re.findall(r"\w+", line.casefold()))
