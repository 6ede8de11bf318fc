"""Translations: a playbook in another language tells the same conversation, so its keys are those of its original."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.coaching.playbooks import Cause, Playbook, Step


class Difference(NamedTuple):
    """A key that the other does not have, or has otherwise, with the line to look at.

    Where it `loses` a case, somebody who reads it in another language would be led another way.
    """

    line: int
    what: str
    loses: bool = True


def differences(book: Playbook, original: Playbook, text: str) -> Iterator[Difference]:
    """Every key in which `book`, read from `text`, is another than its original."""
    here, there = _ways(book), _ways(original)
    for name in there:
        if here[name] != there[name]:
            yield Difference(_line_of_setting(text, name), f"{name}: the original says {_told(there[name])}")
    for key in original.steps:
        if key not in book.steps:
            yield Difference(1, f"the step “{key}” of the original is missing")
    for key, step in book.steps.items():
        line = _line_of_step(text, key)
        if key in original.steps:
            yield from (each._replace(line=line) for each in _of_step(step, original.steps[key]))
        else:
            yield Difference(line, f"the original has no step “{key}”")


def _ways(book: Playbook) -> Mapping[str, object]:
    """What leads through a playbook, by the names of its settings."""
    return {
        "kind": str(book.kind),
        "start": list(book.start),
        "fear": list(book.branches[Cause.FEAR]),
        "legitimate": list(book.branches[Cause.LEGITIMATE]),
        **{name: getattr(book, name) for name in ("deeper", "cost", "goodbye", "reply", "answered")},
        "after": dict(book.after),
    }


def _of_step(step: Step, original: Step) -> Iterator[Difference]:
    for name in ("gate", "beside", "brings", "without", "field", "follow"):
        if getattr(step, name) != getattr(original, name):
            told = _told(getattr(original, name))
            yield Difference(1, f"{name}: the original says {told} of the step “{step.key}”")
    here, there = ([draft.key for draft in each.write] for each in (step, original))
    for key in there:
        if key not in here:
            yield Difference(1, f"the draft “{key}” of the original is missing in the step “{step.key}”", loses=False)
    for key in here:
        if key not in there:
            yield Difference(1, f"the original has no draft “{key}” in the step “{step.key}”", loses=False)


def _told(value: object) -> str:
    match value:
        case list():
            return ", ".join(map(str, value)) or "nothing"
        case dict():
            return ", ".join(f"{name} = {key}" for name, key in value.items()) or "nothing"
    return str(value or "nothing")


def _line_of_setting(text: str, name: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if re.match(rf"\[?{name}\b", line)), 1)


def _line_of_step(text: str, key: str) -> int:
    heading = re.compile(rf"## .* \{{#{key}\}}\s*")
    return next((number for number, line in enumerate(text.splitlines(), start=1) if heading.fullmatch(line)), 1)
