"""Reading playbooks: prose in Markdown, the way through it in TOML front matter.

A file is read once, at start. What is wrong with it is said with file and line, and nothing starts until it is right.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.coaching import translations
from bot.coaching.playbooks import VARIABLE, VARIABLES, Cause, Draft, Follow, Kind, Playbook, Step
from bot.coaching.translations import Difference


class PlaybookError(Exception):
    """A playbook that cannot be used, with the file and the line to look at."""


# What is decided, or awaited, that a step may speak after.
_After = Literal[
    "saved",
    "paused",
    "changed_plan",
    "left",
    "cool_off",
    "rescheduled",
    "not_now",
    "misfit",
    "no_show",
    "waiting",
    "rest",
]
# What a command understands before it looks for a playbook.
_RESERVED = ("help", "list")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepSettings(_Strict):
    """What a playbook may say of one step."""

    gate: bool = False
    beside: str | None = None
    brings: Literal["mission", "story"] | None = None
    without: str | None = None
    field: Literal["thought", "why", "mission", "future", "note"] | None = None
    follow: Follow | None = None


class FrontMatter(_Strict):
    """What a playbook says of itself, before its steps."""

    title: Annotated[str, StringConstraints(min_length=1)]
    kind: Kind
    words: list[Annotated[str, StringConstraints(pattern=r"^[^\s]+$", to_lower=True)]] = []
    start: list[str]
    fear: list[str] = []
    legitimate: list[str] = []
    deeper: str | None = None
    cost: str | None = None
    goodbye: str | None = None
    reply: str | None = None
    answered: str | None = None
    steps: dict[str, StepSettings] = {}
    after: dict[_After, str] = {}


_STEP = re.compile(r"^## (?P<title>.+?) \{#(?P<key>[a-z][a-z0-9-]*)\}$")
_DRAFT = re.compile(r"^(?P<label>.+?) \{#(?P<key>[a-z][a-z0-9-]*)\}: (?P<text>.+)$", re.DOTALL)
_PARTS = {"Say": "say", "Ask": "ask", "Listen for": "listen", "Write": "write"}
# A worry and a change each need a way to go from a gate; what cannot be parted from needs a goodbye.
_NEEDED = {
    Kind.SALE: ("fear", "legitimate", "deeper", "cost", "goodbye"),
    Kind.ORDER: ("fear", "legitimate", "deeper", "cost", "goodbye"),
    Kind.APPOINTMENT: ("deeper", "goodbye"),
    Kind.SOLIDIFY: (),
}
_FENCE = "+++"


@dataclass
class _Reading:
    """A step while its lines are being read."""

    title: str
    line: int
    aim: list[str] = field(default_factory=list)
    parts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def texts(self, part: str) -> list[str]:
        return [text for _, text in self.parts.get(part, [])]

    def goes_on(self, part: str, line: str) -> None:
        """A draft may have several paragraphs: what is indented belongs to it."""
        number, text = self.parts[part][-1]
        self.parts[part][-1] = (number, f"{text}\n{line}")


def load(paths: Iterable[Path], taken: Iterable[str] = ()) -> Mapping[str, Playbook]:
    """Read every playbook, by its file's name. Raises `PlaybookError` for the first that cannot be used.

    No two are picked by one word, and none by a word of `taken`.
    """
    return _load(paths, _picked_already(taken))


def load_languages(
    files: Mapping[str, Sequence[Path]], taken: Iterable[str] = ()
) -> Mapping[str, Mapping[str, Playbook]]:
    """The same for every language; the first is the one that the others translate.

    What is translated has the steps and the ways of its original, since a case goes on in whatever language it is
    read. A word picks one playbook in all of them.
    """
    picked = _picked_already(taken)
    (first, originals), *others = files.items()
    books = {first: _load(originals, picked)}
    for language, paths in others:
        translated = [path for path in paths if path not in originals]
        for path in translated:
            _refuse_other_ways(path, books[first])
        books[language] = {**books[first], **_load(translated, picked)}
    return books


def _refuse_other_ways(path: Path, originals: Mapping[str, Playbook]) -> None:
    for difference in differences(path, originals):
        if difference.loses:
            _refuse(path, difference.line, difference.what)


def _picked_already(taken: Iterable[str]) -> dict[str, str]:
    return {**dict.fromkeys(taken, "how they told us"), **dict.fromkeys(_RESERVED, "what the command itself does")}


def _load(paths: Iterable[Path], picked: dict[str, str]) -> Mapping[str, Playbook]:
    """Playbooks by their names; what their words pick is added to `picked`."""
    books: dict[str, Playbook] = {}
    for path in paths:
        book = parse(text := _read(path), path)
        here = f"the playbook “{book.name}”"
        for word in book.words:
            if picked.setdefault(word, here) != here:
                _refuse(path, _line_of(text, word) - 1, f"words: “{word}” picks {picked[word]} already")
        books[path.stem] = book
    return books


def differences(path: Path, originals: Mapping[str, Playbook]) -> Sequence[Difference]:
    """In what the translation at `path` is another than its original. Raises `PlaybookError` for one without sense."""
    book = parse(text := _read(path), path)
    if book.name not in originals:
        return [Difference(1, "no playbook of this name is there to be translated")]
    return [*translations.differences(book, originals[book.name], text)]


def parse(text: str, path: Path) -> Playbook:
    """Read one playbook. Raises `PlaybookError` naming `path` and the line."""
    front, body, first = _split(text, path)
    settings = _settings(front, path)
    attitude, readings = _read_body(body, first, path)
    steps = {
        key: _finish(key, reading, settings.steps.get(key, StepSettings()), path) for key, reading in readings.items()
    }
    _check_ways(settings, steps, front, path)
    _check_variables(body, first, path)
    return Playbook(
        name=path.stem,
        title=settings.title,
        kind=settings.kind,
        words=tuple(settings.words),
        attitude=tuple(attitude),
        steps=steps,
        start=tuple(settings.start),
        branches={Cause.FEAR: tuple(settings.fear), Cause.LEGITIMATE: tuple(settings.legitimate)},
        deeper=settings.deeper,
        cost=settings.cost,
        goodbye=settings.goodbye,
        reply=settings.reply,
        answered=settings.answered,
        after=dict(settings.after.items()),
    )


def _refuse(path: Path, line: int, what: str) -> NoReturn:
    raise PlaybookError(f"{path}:{line}: {what}")


def _read(path: Path) -> str:
    written = path.read_bytes()
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(path, written.count(b"\n", 0, error.start) + 1, "this line is not written in UTF-8")


def _split(text: str, path: Path) -> tuple[str, list[str], int]:
    lines = [line.rstrip() for line in text.splitlines()]
    if not lines or lines[0] != _FENCE:
        _refuse(path, 1, f"a playbook begins with {_FENCE} and its settings")
    try:
        end = lines.index(_FENCE, 1)
    except ValueError:
        _refuse(path, 1, f"the settings have no closing {_FENCE}")
    return "".join(f"{line}\n" for line in lines[1:end]), lines[end + 1 :], end + 2


def _settings(front: str, path: Path) -> FrontMatter:
    try:
        return FrontMatter.model_validate(tomllib.loads(front))
    except tomllib.TOMLDecodeError as error:
        # TOML counts from below the opening fence; its "end of document" is the closing one.
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else front.count("\n") + 1
        _refuse(path, line + 1, re.sub(r" \(at [^()]*\)$", "", str(error)))
    except ValidationError as error:
        fault = error.errors()[0]
        keys = [part for part in fault["loc"] if isinstance(part, str) and part != "[key]"]
        _refuse(path, _line_of(front, keys[-1]), f"{'.'.join(keys)}: {fault['msg']}")


def _line_of(front: str, key: str) -> int:
    """The line of the file (counting its opening fence) on which a setting stands; its first line if it is missing."""
    for number, line in enumerate(front.splitlines(), start=2):
        if re.search(rf"\b{re.escape(key)}\b", line):
            return number
    return 1


def _read_body(body: Sequence[str], first: int, path: Path) -> tuple[list[str], dict[str, _Reading]]:
    attitude: list[str] = []
    readings: dict[str, _Reading] = {}
    step: _Reading | None = None
    part: str | None = None
    for number, raw in enumerate(body, start=first):
        line = raw.strip()
        if step is not None and part == "write" and step.parts[part] and (raw.startswith("  ") or not line):
            step.goes_on(part, line)
        elif not line:
            continue
        elif line.startswith("### "):
            part = _PARTS.get(line[4:])
            if step is None or part is None:
                _refuse(path, number, f"“{line[4:]}” is no part of a step; a step has {', '.join(_PARTS)}")
            step.parts.setdefault(part, [])
        elif line.startswith("## "):
            heading = _STEP.match(line) or _refuse(path, number, "a step's heading reads: ## Title {#key}")
            if heading["key"] in readings:
                _refuse(path, number, f"the step “{heading['key']}” stands here twice")
            step = readings[heading["key"]] = _Reading(heading["title"], number)
            part = None
        elif line.startswith("- "):
            if step is None:
                attitude.append(line[2:])
            elif part is None:
                _refuse(path, number, f"a line stands under {', '.join(_PARTS)}")
            else:
                step.parts[part].append((number, line[2:]))
        elif step is not None and part is None:
            step.aim.append(line)
        else:
            _refuse(path, number, "a line here begins with “- ”")
    if not readings:
        _refuse(path, first, "a playbook needs at least one step")
    return attitude, readings


def _finish(key: str, reading: _Reading, settings: StepSettings, path: Path) -> Step:
    drafts = _drafts(reading, path)
    if not reading.texts("say") and not drafts and not reading.texts("listen"):
        _refuse(path, reading.line, f"the step “{key}” has nothing to say")
    return Step(
        key=key,
        title=reading.title,
        aim=" ".join(reading.aim),
        say=reading.texts("say"),
        ask=reading.texts("ask"),
        listen=reading.texts("listen"),
        write=drafts,
        **settings.model_dump(),
    )


def _drafts(reading: _Reading, path: Path) -> Sequence[Draft]:
    found: dict[str, Draft] = {}
    for number, text in reading.parts.get("write", []):
        read = _DRAFT.match(text) or _refuse(path, number, "a draft reads: - Label {#key}: what to write")
        if read["key"] in found:
            _refuse(path, number, f"the draft “{read['key']}” stands in this step twice")
        found[read["key"]] = Draft(read["key"], read["label"], read["text"].strip())
    return list(found.values())


def _check_variables(body: Sequence[str], first: int, path: Path) -> None:
    for number, line in enumerate(body, start=first):
        for name in VARIABLE.findall(line):
            if name not in VARIABLES:
                known = ", ".join(f"{{{each}}}" for each in sorted(VARIABLES))
                _refuse(path, number, f"“{{{name}}}” cannot be filled in; what can be is {known}")


def _check_ways(settings: FrontMatter, steps: Mapping[str, Step], front: str, path: Path) -> None:
    """Every step that the settings name must be there, or a rep would press into nothing."""
    for name in _NEEDED[settings.kind]:
        if not getattr(settings, name):
            _refuse(path, _line_of(front, name), f"{name}: a playbook of the kind “{settings.kind}” needs it")
    if not settings.start:
        _refuse(path, _line_of(front, "start"), "start: a way needs at least one step")
    named = [
        *settings.start,
        *settings.fear,
        *settings.legitimate,
        *(settings.deeper, settings.cost, settings.goodbye, settings.reply, settings.answered),
        *settings.after.values(),
        *settings.steps,
        *(way for step in settings.steps.values() for way in (step.beside, step.without)),
    ]
    for key in filter(None, named):
        if key not in steps:
            _refuse(path, _line_of(front, key), f"the settings name a step “{key}” that the playbook does not have")
    for key, step in steps.items():
        for what in _misplaced(key, step, settings):
            _refuse(path, _line_of(front, f"steps.{key}"), what)


def _misplaced(key: str, step: Step, settings: FrontMatter) -> Iterator[str]:
    """What is wrong with where a step stands."""
    if step.gate and not (settings.fear and settings.legitimate):
        yield f"the gate “{key}” leads nowhere: name a way for fear and one for legitimate"
    if step.gate and settings.kind in (Kind.APPOINTMENT, Kind.SOLIDIFY):
        yield f"the gate “{key}” leads nowhere: a playbook of the kind “{settings.kind}” has no causes"
    if step.beside == key:
        yield f"the step “{key}” stands beside itself"
    if step.gate and key in (*settings.fear, *settings.legitimate):
        yield f"the gate “{key}” leads back to itself"
    if step.follow and not step.beside:
        yield f"the remedy “{key}” needs the step it is chosen at: beside = …"
