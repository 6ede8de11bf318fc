"""Playbooks: prose in Markdown, the way through it in TOML front matter.

A file is read once, at start. What is wrong with it is said with file and line, and nothing starts until it is right.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError


class Cause(StrEnum):
    """Why they want to leave, as far as anybody knows."""

    FEAR = "fear"
    LEGITIMATE = "legitimate"


class PlaybookError(Exception):
    """A playbook that cannot be used, with the file and the line to look at."""


@dataclass(frozen=True)
class Remedy:
    """Something that may help, and how to offer it aloud."""

    key: str
    label: str
    say: str


@dataclass(frozen=True)
class Step:
    """One step: what to say, what to ask, what to listen for.

    `gate` steps ask for the cause. A step `beside` another is shown as part of it. `brings` names what comes back
    here (mission, story), and the lines of `without` stand in while there is none. `field` names what the rep may
    write down.
    """

    key: str
    title: str
    aim: str
    say: Sequence[str]
    ask: Sequence[str]
    listen: Sequence[str]
    remedies: Sequence[Remedy] = ()
    gate: bool = False
    beside: str | None = None
    brings: str | None = None
    without: str | None = None
    field: str | None = None

    def line(self, lines: Sequence[str], variant: int) -> str | None:
        """The way to say it that comes `variant` presses after the first."""
        return lines[variant % len(lines)] if lines else None


@dataclass(frozen=True)
class Playbook:
    """A way through one kind of cancellation. Any of its `words`, typed before the customer's name, picks it."""

    name: str
    title: str
    kind: str
    words: Sequence[str]
    attitude: Sequence[str]
    steps: Mapping[str, Step]
    start: Sequence[str]
    branches: Mapping[Cause, Sequence[str]]
    deeper: str
    cost: str
    goodbye: str
    after: Mapping[str, str] = field(default_factory=dict)

    def route(self, cause: Cause | None) -> Sequence[str]:
        """The counted steps for `cause`; while it is unknown, the longer way with its hope."""
        return [*self.start, *self.branches[cause or Cause.FEAR]]

    def place(self, key: str, cause: Cause | None) -> tuple[int, int] | None:
        """Where a step stands, as (3, 6) for "3 of 6"; None for steps that are not counted."""
        route = self.route(cause)
        counted = self.steps[key].beside or key
        return (route.index(counted) + 1, len(route)) if counted in route else None

    def nearest(self, key: str, cause: Cause | None, *, letting_go: bool) -> str:
        """The step of that key; where the playbook has it no longer, the one that is closest to it."""
        if key in self.steps:
            return key
        return self.goodbye if letting_go else (self.branches[cause] if cause else self.start)[0]

    def following(self, key: str, cause: Cause | None) -> str:
        """The step after this one; the last one has itself after it."""
        return self._beside(key, cause, +1)

    def preceding(self, key: str, cause: Cause | None) -> str:
        """The step before this one; the first one has itself before it."""
        return self._beside(key, cause, -1)

    def _beside(self, key: str, cause: Cause | None, by: int) -> str:
        route = self.route(cause)
        main = self.steps[key].beside or key
        if main not in route:
            return key
        if by < 0 and main != key:
            return main
        return route[min(max(route.index(main) + by, 0), len(route) - 1)]

    def remedies(self) -> Sequence[Remedy]:
        """Everything this playbook may offer, in its own order: discounts last."""
        return [remedy for step in self.steps.values() for remedy in step.remedies]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _StepSettings(_Strict):
    gate: bool = False
    beside: str | None = None
    brings: Literal["mission", "story"] | None = None
    without: str | None = None
    field: str | None = None


class _FrontMatter(_Strict):
    title: str
    kind: str
    words: list[Annotated[str, StringConstraints(pattern=r"^[^\s]+$", to_lower=True)]] = []
    start: list[str]
    fear: list[str]
    legitimate: list[str]
    deeper: str
    cost: str
    goodbye: str
    steps: dict[str, _StepSettings] = {}
    after: dict[str, str] = {}


_STEP = re.compile(r"^## (?P<title>.+?) \{#(?P<key>[a-z][a-z0-9-]*)\}$")
_REMEDY = re.compile(r"^(?P<label>.+?) \{#(?P<key>[a-z][a-z0-9-]*)\}: (?P<say>.+)$")
_PARTS = {"Say": "say", "Ask": "ask", "Listen for": "listen", "What may help": "remedies"}
_FENCE = "+++"


@dataclass
class _Draft:
    """A step while its lines are being read."""

    title: str
    line: int
    aim: list[str] = field(default_factory=list)
    parts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def texts(self, part: str) -> list[str]:
        return [text for _, text in self.parts.get(part, [])]


def load(paths: Iterable[Path]) -> Mapping[str, Playbook]:
    """Read every playbook, by its file's name. Raises `PlaybookError` for the first that cannot be used."""
    books: dict[str, Playbook] = {}
    for path in paths:
        book = parse(text := _read(path), path)
        for word in book.words:
            taken = next((other.name for other in books.values() if word in other.words), None)
            if taken:
                _refuse(path, _line_of(text, word) - 1, f"words: “{word}” picks the playbook “{taken}” already")
        books[path.stem] = book
    return books


def parse(text: str, path: Path) -> Playbook:
    """Read one playbook. Raises `PlaybookError` naming `path` and the line."""
    front, body, first = _split(text, path)
    settings = _settings(front, path)
    attitude, drafts = _read_body(body, first, path)
    steps = {key: _finish(key, draft, settings.steps.get(key, _StepSettings()), path) for key, draft in drafts.items()}
    _check_ways(settings, steps, front, path)
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
        after=settings.after,
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


def _settings(front: str, path: Path) -> _FrontMatter:
    try:
        return _FrontMatter.model_validate(tomllib.loads(front))
    except tomllib.TOMLDecodeError as error:
        # TOML counts from below the opening fence; its "end of document" is the closing one.
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else front.count("\n") + 1
        _refuse(path, line + 1, re.sub(r" \(at [^()]*\)$", "", str(error)))
    except ValidationError as error:
        fault = error.errors()[0]
        keys = [part for part in fault["loc"] if isinstance(part, str)]
        _refuse(path, _line_of(front, keys[-1]), f"{'.'.join(keys)}: {fault['msg']}")


def _line_of(front: str, key: str) -> int:
    """The line of the file (counting its opening fence) on which a setting stands; its first line if it is missing."""
    for number, line in enumerate(front.splitlines(), start=2):
        if re.search(rf"\b{re.escape(key)}\b", line):
            return number
    return 1


def _read_body(body: Sequence[str], first: int, path: Path) -> tuple[list[str], dict[str, _Draft]]:
    attitude: list[str] = []
    drafts: dict[str, _Draft] = {}
    step: _Draft | None = None
    part: str | None = None
    for number, line in enumerate((raw.strip() for raw in body), start=first):
        if not line:
            continue
        if line.startswith("### "):
            part = _PARTS.get(line[4:])
            if step is None or part is None:
                _refuse(path, number, f"“{line[4:]}” is no part of a step; a step has {', '.join(_PARTS)}")
            step.parts.setdefault(part, [])
        elif line.startswith("## "):
            heading = _STEP.match(line) or _refuse(path, number, "a step's heading reads: ## Title {#key}")
            if heading["key"] in drafts:
                _refuse(path, number, f"the step “{heading['key']}” stands here twice")
            step = drafts[heading["key"]] = _Draft(heading["title"], number)
            part = None
        elif line.startswith("- "):
            if step is None:
                attitude.append(line[2:])
            elif part is None:
                _refuse(path, number, "a line stands under Say, Ask, Listen for or What may help")
            else:
                step.parts[part].append((number, line[2:]))
        elif step is not None and part is None:
            step.aim.append(line)
        else:
            _refuse(path, number, "a line here begins with “- ”")
    if not drafts:
        _refuse(path, first, "a playbook needs at least one step")
    return attitude, drafts


def _finish(key: str, draft: _Draft, settings: _StepSettings, path: Path) -> Step:
    if not draft.texts("say"):
        _refuse(path, draft.line, f"the step “{key}” has nothing to say")
    return Step(
        key=key,
        title=draft.title,
        aim=" ".join(draft.aim),
        say=draft.texts("say"),
        ask=draft.texts("ask"),
        listen=draft.texts("listen"),
        remedies=[_remedy(number, text, path) for number, text in draft.parts.get("remedies", [])],
        gate=settings.gate,
        beside=settings.beside,
        brings=settings.brings,
        without=settings.without,
        field=settings.field,
    )


def _remedy(number: int, text: str, path: Path) -> Remedy:
    found = _REMEDY.match(text) or _refuse(path, number, "a remedy reads: - Label {#key}: what to say")
    return Remedy(found["key"], found["label"], found["say"])


def _check_ways(settings: _FrontMatter, steps: Mapping[str, Step], front: str, path: Path) -> None:
    """Every step that the settings name must be there, or a rep would press into nothing."""
    named = [
        *settings.start,
        *settings.fear,
        *settings.legitimate,
        settings.deeper,
        settings.cost,
        settings.goodbye,
        *settings.after.values(),
        *settings.steps,
        *(way for step in settings.steps.values() for way in (step.beside, step.without) if way),
    ]
    for key in named:
        if key not in steps:
            _refuse(path, _line_of(front, key), f"the settings name a step “{key}” that the playbook does not have")
    for name, way in (("start", settings.start), ("fear", settings.fear), ("legitimate", settings.legitimate)):
        if not way:
            _refuse(path, _line_of(front, name), f"{name}: a way needs at least one step")
