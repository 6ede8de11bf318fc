"""Playbooks: the lines, and the way through them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Cause(StrEnum):
    """Why they want to leave, as far as anybody knows."""

    FEAR = "fear"
    LEGITIMATE = "legitimate"


class Kind(StrEnum):
    """What a playbook is for. Appointments are in no save rate; a sale that is being made is no cancellation."""

    SALE = "sale"
    ORDER = "order"
    APPOINTMENT = "appointment"
    SOLIDIFY = "solidify"


class Follow(StrEnum):
    """What follows from a remedy that was agreed on."""

    FIX = "fix"
    SESSION = "session"
    HEARD = "heard"
    TIME = "time"
    BILLING = "billing"
    DISCOUNT = "discount"
    NOTE = "note"


# What a line or a draft may leave to be filled in.
VARIABLES = frozenset({"name", "first", "second", "booking"})
VARIABLE = re.compile(r" ?\{(\w*)\}")


@dataclass(frozen=True)
class Draft:
    """A message to a customer, to be changed and copied."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Step:
    """One step: what to say, what to ask, what to listen for, and what to write where they wrote.

    `gate` steps ask for the cause. A step `beside` another is shown as part of it. `brings` names what comes back
    here (mission, story), and the lines of `without` stand in while there is none. `field` names what the rep may
    write down. A step with a `follow` is a remedy: its aim says what it is for, and it is chosen at the step that it
    stands beside.
    """

    key: str
    title: str
    aim: str
    say: Sequence[str]
    ask: Sequence[str]
    listen: Sequence[str]
    write: Sequence[Draft] = ()
    gate: bool = False
    beside: str | None = None
    brings: str | None = None
    without: str | None = None
    field: str | None = None
    follow: Follow | None = None


def line(lines: Sequence[str], variant: int, facts: Mapping[str, str | None]) -> str | None:
    """The way to say it that comes `variant` presses after the first, of those that have all their facts."""
    complete = [text for text in (filled(each, facts) for each in lines) if text is not None]
    return complete[variant % len(complete)] if complete else None


def filled(text: str, facts: Mapping[str, str | None]) -> str | None:
    """A text with its variables filled in; None where one is missing. A missing name is merely left out."""
    if any(not facts.get(name) for name in VARIABLE.findall(text) if name != "name"):
        return None
    return VARIABLE.sub(
        lambda found: f"{found[0][: found[0].index('{')]}{fact}" if (fact := facts.get(found[1])) else "", text
    )


@dataclass(frozen=True)
class Playbook:
    """A way through one kind of cancellation. Any of its `words`, typed before the customer's name, picks it."""

    name: str
    title: str
    kind: Kind
    words: Sequence[str]
    attitude: Sequence[str]
    steps: Mapping[str, Step]
    start: Sequence[str]
    branches: Mapping[Cause, Sequence[str]]
    deeper: str | None = None
    cost: str | None = None
    goodbye: str | None = None
    reply: str | None = None
    answered: str | None = None
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def parting(self) -> str:
        """The step that helps to part well; the last one where a playbook has none of its own."""
        return self.goodbye or self.route(None)[-1]

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
        if letting_go:
            return self.parting
        return next(iter(self.branches[cause] if cause else ()), self.start[0])

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

    def remedies(self, at: str | None = None) -> Sequence[Step]:
        """Everything this playbook may offer, or what stands beside the step `at`: in its own order, discounts last."""
        found = [step for step in self.steps.values() if step.follow and at in (None, step.beside)]
        return sorted(found, key=lambda step: step.follow is Follow.DISCOUNT)

    @property
    def help(self) -> str | None:
        """The step at which remedies are chosen; None where there are none."""
        return next((step.beside for step in self.remedies()), None)


@dataclass(frozen=True)
class Books:
    """The playbooks as one language tells them, by their names."""

    all: Mapping[str, Playbook]

    @cached_property
    def worked(self) -> Mapping[str, Playbook]:
        """Those that a cancellation can follow."""
        return {name: book for name, book in self.all.items() if book.kind is not Kind.SOLIDIFY}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What those are called."""
        return {name: book.title for name, book in self.worked.items()}
