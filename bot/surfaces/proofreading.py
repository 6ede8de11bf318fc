"""Proofreading: every fault in a team's words and the shipped ones, with file and line.

What stops a start is a fault, and so is what Slack would refuse; what only sounds wrong is a doubt.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, meta, nodes
from pydantic import BaseModel

from bot.surfaces import words
from bot.surfaces.blocks import Cut
from bot.surfaces.limits import message_problems, view_problems
from bot.surfaces.shapes import Problem, problem
from bot.surfaces.stage import Specimen
from bot.surfaces.words import FALLBACK, WordsError

# Slack's limits on what a label becomes (docs.slack.dev/reference/block-kit), by the table it stands in.
_LABEL_MOST = {
    **dict.fromkeys(("press", "manage"), 75),
    **dict.fromkeys(("kind", "outcome", "reason", "heard_through", "told_by"), 75),
    **dict.fromkeys(("check", "sureness", "consent", "fit", "settings"), 75),
    **dict.fromkeys(("verdict", "story_source", "story_consent"), 75),
    **dict.fromkeys(("placeholder", "home"), 150),
    **dict.fromkeys(("field", "hint"), 2000),
}
_MODAL_MOST = 24
_MODAL = re.compile(r"_(title|submit)$|^close$|^understood$")
_QUOTED_MOST = 60
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


def measure(specimen: Specimen) -> Sequence[Problem]:
    """Why Slack would refuse a surface, as far as we know, and every text on it that does not find room."""
    if specimen.fault:
        return [problem("", f"cannot be shown: {specimen.fault}")]
    built = specimen.built
    refused = view_problems(built) if specimen.is_view else message_problems(built)
    # What a screen reader reads says it all once more, and is cut with it.
    cut = [*_cuts(built.get("blocks"), "/blocks")] or [*_cuts(built, "")]
    return [*refused, *(problem(where, "has no room for all of this text") for where in cut)]


def told(found: Iterable[tuple[Specimen, Problem]], playbooks: Sequence[Path]) -> Sequence[str]:
    """What is wrong with surfaces, in sentences; for lines of a playbook with the file and the line of their step.

    A text that is refused wherever it stands is told once.
    """
    places: dict[tuple[str, str], list[tuple[Specimen, Problem]]] = {}
    for specimen, each in found:
        places.setdefault((each.what, _at(specimen.built, each.where)), []).append((specimen, each))
    files = {path.stem: path for path in playbooks}
    return [_sentence(what, text, standing, files) for (what, text), standing in places.items()]


def _sentence(what: str, text: str, standing: Sequence[tuple[Specimen, Problem]], files: Mapping[str, Path]) -> str:
    first, found = standing[0]
    path = files.get(first.playbook or "")
    # What stands on several steps is none of their lines.
    of_one_step = len({(each.playbook, each.step) for each, _ in standing}) == 1
    place = f"{path}:{_line_of_step(path, first.step)}: " if path and of_one_step else ""
    more = f" (and on {len(standing) - 1} more)" if len(standing) > 1 else ""
    quoted = f": “{text if len(text) <= _QUOTED_MOST else f'{text[:_QUOTED_MOST]}…'}”" if text else ""
    return f"{place}{first.name}{more}: {' '.join(filter(None, (found.where, what)))}{quoted}"


def _line_of_step(path: Path, step: str | None) -> int:
    lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1)
    return next((number for number, line in lines if line.startswith("## ") and f"{{#{step}}}" in line), 1)


def _cuts(value: object, where: str) -> Iterator[str]:
    """The pointers to every text that was cut, however deep."""
    if isinstance(value, Cut):
        yield where
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from _cuts(part, f"{where}/{name}")


def _at(value: object, where: str) -> str:
    """The text at a JSON pointer; nothing where there is none."""
    for name in where.split("/")[1:]:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return ""
    return " ".join(value.split()) if isinstance(value, str) else ""


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
    unknown = meta.find_undeclared_variables(tree) - known
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
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
