"""Proofreading: every fault in a team's words and the shipped ones, with file and line.

What stops a start is a fault, and so is what Slack would refuse; what only sounds wrong is a doubt.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, meta, nodes
from pydantic import BaseModel

from bot.coaching import prose
from bot.coaching.languages import FALLBACK, is_language, locale_of, ways
from bot.coaching.prose import PlaybookError
from bot.surfaces import words
from bot.surfaces.blocks import Cut
from bot.surfaces.limits import message_problems, view_problems
from bot.surfaces.shapes import Problem, problem
from bot.surfaces.stage import Specimen
from bot.surfaces.words import WordsError

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
# Far enough to meet every form that a language has for a whole number.
_COUNTS = range(201)
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


def proofread(roots: Sequence[Path], playbooks: Mapping[str, Sequence[Path]]) -> Sequence[Fault]:
    """Everything there is to say of the words below `roots`, of which the last ships, and of each language's playbooks.

    The first of the languages is the one that the others translate.
    """
    shipped, (originals, *_) = roots[-1], playbooks.values()
    translated = {language: [each for each in paths if each not in originals] for language, paths in playbooks.items()}
    folders = [root / language for root in roots for language in playbooks if (root / language).is_dir()]
    found = [
        *_strangers(roots),
        *(fault for folder in folders for path in _templates(folder) for fault in _template(path, folder, shipped)),
        *(fault for folder in folders for fault in _labels(folder / "labels.toml", shipped)),
        *_spoken(originals, roots, FALLBACK),
        *(fault for language, paths in translated.items() for fault in _spoken(paths, roots, language)),
        *_other_keys([path for paths in translated.values() for path in paths], originals),
    ]
    return sorted(dict.fromkeys(found), key=lambda fault: (fault.doubt, fault.path, fault.line))


def measure(specimen: Specimen) -> Sequence[Problem]:
    """Why Slack would refuse a surface, as far as we know, and every text on it that does not find room."""
    if specimen.fault:
        return [problem("", f"cannot be shown: {specimen.fault}")]
    built = specimen.built
    refused = view_problems(built) if specimen.is_view else message_problems(built)
    # What a screen reader reads says it all once more, and is cut with it.
    cut = [*_cuts(built.get("blocks"), "/blocks")] or [*_cuts(built, "")]
    return [*refused, *(problem(where, "has no room for all of this text") for where in cut)]


def told(found: Iterable[tuple[Specimen, Problem]], playbooks: Mapping[str, Sequence[Path]]) -> Sequence[str]:
    """What is wrong with surfaces, in sentences; for lines of a playbook with the file and the line of their step.

    A text that is refused wherever it stands is told once: in the first of the languages that speak it.
    """
    places: dict[tuple[str, str], list[tuple[Specimen, Problem]]] = {}
    for specimen, each in found:
        standing = places.setdefault((each.what, _at(specimen.built, each.where)), [])
        if not standing or standing[0][0].language == specimen.language:
            standing.append((specimen, each))
    files = {(language, path.stem): path for language, paths in playbooks.items() for path in paths}
    return [_sentence(what, text, standing, files) for (what, text), standing in places.items()]


def _sentence(
    what: str, text: str, standing: Sequence[tuple[Specimen, Problem]], files: Mapping[tuple[str, str], Path]
) -> str:
    first, found = standing[0]
    path = files.get((first.language, first.playbook or ""))
    # What stands on several steps is none of their lines.
    of_one_step = len({(each.playbook, each.step) for each, _ in standing}) == 1
    place = f"{path}:{_line_of_step(path, first.step)}: " if path and of_one_step else ""
    spoken = "" if place or first.language == FALLBACK else f"{first.language}: "
    more = f" (and on {len(standing) - 1} more)" if len(standing) > 1 else ""
    quoted = f": “{text if len(text) <= _QUOTED_MOST else f'{text[:_QUOTED_MOST]}…'}”" if text else ""
    return f"{place}{spoken}{first.name}{more}: {' '.join(filter(None, (found.where, what)))}{quoted}"


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


def _strangers(roots: Sequence[Path]) -> Iterator[Fault]:
    """Folders with words that nobody is ever shown."""
    for folder in (each for root in roots for each in sorted(root.iterdir()) if words.has_words(each)):
        if not is_language(folder.name):
            yield Fault(folder, 1, "this is the code of no language; a folder is called en, de, pt-BR, and the like")


def _house(roots: Sequence[Path], language: str) -> _House:
    """The rules of a language; what English doubts is of English words, but nobody has more breath than another."""
    locale = locale_of(language)
    paths = [root / each / "proofreading.toml" for each in ways(locale) for root in roots]
    path = next(each for each in paths if each.is_file())
    house = _House.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    is_ours = locale_of(path.parent.name).language == locale.language
    return house if is_ours else _House(words_most=house.words_most, doubt=[])


def _other_keys(translated: Sequence[Path], originals: Sequence[Path]) -> Iterator[Fault]:
    """Where a translated playbook has other keys than its original. What cannot be read at all stops a start."""
    try:
        books = prose.load(originals)
        for path in translated:
            yield from (Fault(path, each.line, each.what) for each in prose.differences(path, books))
    except PlaybookError:
        return


def _templates(folder: Path) -> Sequence[Path]:
    return sorted((folder / "messages").rglob("*.j2"))


def _template(path: Path, folder: Path, shipped: Path) -> Iterator[Fault]:
    text = path.read_text(encoding="utf-8-sig")
    yield from _raw_bold(path, text)
    try:
        tree = words.environment().parse(text)
    except TemplateSyntaxError as error:
        yield Fault(path, error.lineno, error.message or "cannot be read")
        return
    for joined in tree.find_all(nodes.Concat):
        yield Fault(path, joined.lineno, "“~” brings HTML’s own escapes back: put the parts side by side instead")
    for compared in tree.find_all(nodes.Compare):
        if _singles_one_out(compared):
            yield Fault(
                path, compared.lineno, "other languages count otherwise: ask plural(…) instead of comparing with 1"
            )
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "plural":
            forms = [each.key for each in call.kwargs]
            yield from (Fault(path, call.lineno, *what) for what in _ways_to_count(forms, folder.name))
    original = shipped / FALLBACK / path.relative_to(folder)
    if not original.is_file():
        yield Fault(path, 1, "no text of this name is ever shown", doubt=True)
        return
    known = _known_to(original, shipped)
    unknown = meta.find_undeclared_variables(tree) - known
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield Fault(path, name.lineno, f"“{name.name}” is not known here; known are {', '.join(sorted(known))}")


def _singles_one_out(compared: nodes.Compare) -> bool:
    """Whether something is asked to be one, or not to be: what English alone would ask of a count."""
    sides = (compared.expr, *(each.expr for each in compared.ops))
    is_asked = any(each.op in ("eq", "ne") for each in compared.ops)
    return is_asked and any(
        isinstance(side, nodes.Const) and type(side.value) is int and side.value == 1 for side in sides
    )


@cache
def _known_to(template: Path, shipped: Path) -> frozenset[str]:
    """The variables that a shipped template, with all it includes, is given."""
    tree = words.environment().parse(template.read_text(encoding="utf-8"))
    included = [shipped / FALLBACK / "messages" / str(each) for each in meta.find_referenced_templates(tree)]
    theirs = (_known_to(each, shipped) for each in included)
    return frozenset(words.CALLABLE).union(meta.find_undeclared_variables(tree), *theirs)


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
        for what, doubt in _wrong_with(key, label, known.get(key), path.parent.name):
            yield Fault(path, _line_of(text, key), f"{key}: {what}", doubt)


def _wrong_with(
    key: str, label: str | words.Forms, shipped: str | words.Forms | None, language: str
) -> Iterator[tuple[str, bool]]:
    """What is wrong with a label, and whether it is only a doubt."""
    forms = {words.OTHER: label} if isinstance(label, str) else label
    most, longest = _most(key), max(map(len, forms.values()))
    if shipped is None:
        yield "no label of this name is ever shown", False
    elif isinstance(shipped, str) and not isinstance(label, str):
        yield "no count decides this label", False
    elif most and longest > most:
        yield f"Slack takes {most} characters at most here, and this has {longest}", False
    yield from _ways_to_count([*forms], language)


def _ways_to_count(forms: Sequence[str], language: str) -> Iterator[tuple[str, bool]]:
    """What is wrong with the forms that a count chooses among, and whether it is only a doubt."""
    for form in forms:
        if form not in words.CATEGORIES:
            yield f"“{form}” is no way to count; what is are {', '.join(words.CATEGORIES)}", False
    if words.OTHER not in forms:
        yield f"what a count decides needs its form “{words.OTHER}”", False
    # A single form is meant for every count.
    told_apart = {locale_of(language).plural_form(count) for count in _COUNTS} if len(forms) > 1 else set()
    for form in sorted(told_apart - {*forms, words.OTHER}):
        yield f"this language has a form “{form}” too", True


def _most(key: str) -> int | None:
    table, _, name = key.partition(".")
    return _MODAL_MOST if table == "form" and _MODAL.search(name) else _LABEL_MOST.get(table)


def _line_of(text: str, key: str) -> int:
    table, _, name = key.partition(".")
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            inside = line.strip() == f"[{table}]"
        elif inside and re.match(rf"\s*{re.escape(name)}\s*[.=]", line):
            return number
    return 1


def _raw_bold(path: Path, text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), start=1):
        if _RAW_BOLD.search(line):
            yield Fault(path, number, "Slack shows ** as it stands; *one star* on either side makes bold")


def _spoken(paths: Sequence[Path], roots: Sequence[Path], language: str) -> Iterator[Fault]:
    """Lines that nobody should say, or that are said twice: in one playbook or in two."""
    house = _house(roots, language)
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
