"""The shipped playbooks: lines that somebody would say aloud, enough of them, and none of them twice."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.app import playbook_files, template_roots
from bot.coaching import playbooks
from bot.coaching.playbooks import Playbook

BOOKS = playbooks.load(playbook_files(template_roots()))
STEPS = [(book.name, key) for book in BOOKS.values() for key in book.steps]
WAYS_LEAST = 3
WORDS_MOST = 35

# What no line may do: claim something about the speaker's life or about other people, press, or sound like a script.
FORBIDDEN = [
    r"\bI (once )?(cancelled|canceled|nearly|almost) ",
    r"\bI('ve| have)? (felt|been in) (the same|exactly|your)",
    r"\bwhen I (bought|cancelled|canceled)\b",
    r"\bmost (people|customers|buyers|clients)\b",
    r"\b(every(body|one)|nobody|no one)\b(?! else)",
    r"\b(lots|plenty|hundreds|thousands) of (people|customers|others)\b",
    r"\b\d+ (out )?of \d+\b|\bper ?cent\b|%",
    r"(?<!no )\bhurry\b|\blast chance\b|\bonly today\b|\btoday only\b|\bact now\b|\bbefore it'?s too late\b",
    r"\bfinal offer\b|\bspecial (offer|price)\b|\bdiscount\b|\bregret\b|\bmiss out\b|\blose (your|this|it)\b",
    r"\btrust me\b|\bto be honest\b|\bhonestly\b|\bvalued customer\b|\bI understand your (frustration|concern)s?\b",
    r"\*\*|__|<|\{|\[",
]


def spoken() -> Iterator[str]:
    """Everything that a rep may say, book by book and step by step."""
    for book in BOOKS.values():
        for step in book.steps.values():
            yield from step.say
            yield from step.ask
            yield from (remedy.say for remedy in step.remedies)


def written() -> Iterator[str]:
    """Everything that a rep reads of it."""
    for book in BOOKS.values():
        yield from book.attitude
        for step in book.steps.values():
            yield from (step.title, step.aim)
            yield from step.listen
            yield from (remedy.label for remedy in step.remedies)
    yield from spoken()


@pytest.mark.parametrize(
    ("book", "route", "gates"),
    [
        ("sale", ["empathise", "why", "mission", "story", "future", "agree"], ["why", "deeper", "cost"]),
        ("order", ["care", "reason", "mission", "story", "future", "agree"], ["reason", "deeper", "cost"]),
    ],
)
def test_the_way_has_the_steps_of_the_method_in_their_order(book: str, route: list[str], gates: list[str]) -> None:
    assert BOOKS[book].route(None) == route
    assert [key for key, step in BOOKS[book].steps.items() if step.gate] == gates


@pytest.mark.parametrize(("book", "key"), STEPS)
def test_every_step_has_at_least_three_ways_to_say_and_to_ask(book: str, key: str) -> None:
    step = BOOKS[book].steps[key]

    assert len({plainly(line) for line in step.say}) >= WAYS_LEAST
    assert len({plainly(line) for line in step.ask}) >= WAYS_LEAST
    assert step.listen
    assert step.aim
    assert all("?" in line for line in step.ask), "what is asked is a question"


def test_a_line_can_be_said_in_one_breath() -> None:
    assert [line for line in spoken() if len(line.split()) > WORDS_MOST] == []


def test_no_two_lines_are_alike() -> None:
    assert [line for line, count in Counter(map(plainly, spoken())).items() if count > 1] == []


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_line_claims_presses_or_shouts(pattern: str) -> None:
    assert [line for line in spoken() if re.search(pattern, line, re.IGNORECASE)] == []


def test_nothing_is_marked_up_or_shouted() -> None:
    assert [text for text in written() if re.search(r"\*|`|!|\b[A-Z]{4,}\b", text)] == []


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_money_comes_last_among_the_remedies(book: Playbook) -> None:
    assert [remedy.key for remedy in book.remedies()] == ["fix", "session", "heard", "time", "billing"]


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_the_last_lines_of_a_parting_sell_nothing(book: Playbook) -> None:
    goodbye = book.steps[book.goodbye]
    pushes = r"\bstay\b|\bkeep\b|\breconsider\b|\brethink\b|\bchange your mind\b|\boffer\b|\binstead\b"

    assert not goodbye.gate
    assert not goodbye.remedies
    assert [line for line in (*goodbye.say, *goodbye.ask) if re.search(pushes, line, re.IGNORECASE)] == []


def plainly(line: str) -> str:
    return " ".join(re.findall(r"[a-z']+", line.casefold().replace("’", "'")))
