"""What an object of Slack's must look like, said as data: rules for values, and shapes for objects made of them.

A rule looks at a value and tells, with the JSON pointer to it, everything for which Slack would refuse it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

INVALID_BLOCKS = "invalid_blocks"


class Problem(NamedTuple):
    """What Slack would refuse: its name for it, where it stands, and what is wrong."""

    error: str
    where: str
    what: str


Rule: TypeAlias = Callable[[object, str], Iterator[Problem]]


class Shape(NamedTuple):
    """What an object must have (`needs`), may have (`fields`, each with its rule), and must have one of (`either`)."""

    needs: Sequence[str]
    fields: Mapping[str, Rule]
    either: Sequence[str] = ()


def problem(where: str, what: str) -> Problem:
    """A problem by the name that Slack gives it in blocks."""
    return Problem(INVALID_BLOCKS, where, what)


def type_of(value: object) -> str:
    """What an object says that it is; "None" where it does not say."""
    return str(value.get("type") if isinstance(value, Mapping) else None)


def listed(value: object, name: str) -> Sequence[object]:
    """What an object lists under a name; nothing where it lists nothing."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def string(most: int, least: int = 1) -> Rule:
    """Text of so many characters."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield problem(where, "must be a string")
        elif not least <= len(value) <= most:
            yield problem(where, f"must be {least} to {most} characters, and has {len(value)}")

    return check


def whole(least: int, most: int) -> Rule:
    """A number without a fraction."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if type(value) is not int or not least <= value <= most:
            yield problem(where, f"must be a whole number from {least} to {most}")

    return check


def number(above: float = -math.inf) -> Rule:
    """A number that JSON has, greater than this one."""

    def check(value: object, where: str) -> Iterator[Problem]:
        # To Python True is a number, and so are those that JSON has not.
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
            yield problem(where, "must be a number")
        elif value <= above:
            yield problem(where, f"must be greater than {above}")

    return check


def items(rule: Rule, least: int, most: int) -> Rule:
    """A list of so many values, each of which keeps a rule."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            yield problem(where, "must be a list")
            return
        if not least <= len(value) <= most:
            yield problem(where, f"must have {least} to {most} items, and has {len(value)}")
        for index, item in enumerate(value):
            yield from rule(item, f"{where}/{index}")

    return check


def among(*values: object) -> Rule:
    """One of these values."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if value not in values:
            yield problem(where, f"must be one of {', '.join(map(str, values))}")

    return check


def or_null(rule: Rule) -> Rule:
    """A value that keeps a rule, or none."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if value is not None:
            yield from rule(value, where)

    return check


def kind(wanted: type) -> Rule:
    """A value of exactly this type, as JSON has it."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if type(value) is not wanted:
            yield problem(where, f"must be a {wanted.__name__}")

    return check


def shaped(shape: Shape) -> Rule:
    """An object of this shape."""

    def check(value: object, where: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield problem(where, "must be an object")
            return
        for name in shape.needs:
            if value.get(name) is None:
                yield problem(f"{where}/{name}", "is missing")
        if shape.either and all(value.get(name) is None for name in shape.either):
            yield problem(where, f"needs {' or '.join(shape.either)}")
        for name, given in value.items():
            rule = shape.fields.get(name)
            if rule is None:
                yield problem(f"{where}/{name}", "is not a field of this object")
            elif given is not None:
                yield from rule(given, f"{where}/{name}")

    return check


def by_type(rules: Mapping[str, Rule]) -> Rule:
    """An object that keeps the rule of its type."""

    def check(value: object, where: str) -> Iterator[Problem]:
        rule = rules.get(type_of(value))
        if rule is None:
            yield problem(f"{where}/type", f"must be one of {', '.join(rules)}")
        else:
            yield from rule(value, where)

    return check


_OWN_FIELDS = {"plain_text": {"emoji": kind(bool)}, "mrkdwn": {"verbatim": kind(bool)}}


def text(most: int, *kinds: str) -> Rule:
    """A text object of one of these kinds (Slack: docs.slack.dev/reference/block-kit/composition-objects)."""
    shapes = {
        each: shaped(Shape(("text",), {"type": kind(str), "text": string(most), **_OWN_FIELDS[each]})) for each in kinds
    }

    def check(value: object, where: str) -> Iterator[Problem]:
        rule = shapes.get(type_of(value))
        if rule is None:
            yield problem(where, f"must be a text object of type {' or '.join(kinds)}")
        else:
            yield from rule(value, where)

    return check


def plain(most: int) -> Rule:
    """Text shown as it stands."""
    return text(most, "plain_text")


def any_text(most: int) -> Rule:
    """Text, formatted or not."""
    return text(most, "plain_text", "mrkdwn")


def anything(_value: object, _where: str) -> Iterator[Problem]:
    """Whatever it is."""
    yield from ()
