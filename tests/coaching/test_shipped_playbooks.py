"""The shipped playbooks: lines that somebody would say aloud, enough of them, and none of them twice."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.app import playbook_files, template_roots
from bot.coaching import prose
from bot.coaching.playbooks import Follow, Kind, Playbook

BOOKS = prose.load(playbook_files(template_roots()))
STEPS = [(book.name, key) for book in BOOKS.values() for key in book.steps]
CANCELLATIONS = [book.name for book in BOOKS.values() if book.kind is not Kind.SOLIDIFY]
WAYS_LEAST = 3
DRAFT_WORDS_MOST = 90
# Steps of a conversation in writing, and one at a sale that only listens.
QUIET = ("reply", "waiting", "answered", "sure")
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
    r"\*\*|__|<|\[",
]


def spoken() -> Iterator[str]:
    """Everything that a rep may say, book by book and step by step."""
    for book in BOOKS.values():
        for step in book.steps.values():
            yield from step.say
            yield from step.ask


def written() -> Iterator[str]:
    """Everything that a rep reads of it."""
    for book in BOOKS.values():
        yield from book.attitude
        for step in book.steps.values():
            yield from (step.title, step.aim)
            yield from step.listen
            yield from (draft.label for draft in step.write)
    yield from spoken()
    yield from drafts()


def drafts() -> Iterator[str]:
    """Everything that a rep may send."""
    return (draft.text for book in BOOKS.values() for step in book.steps.values() for draft in step.write)


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
def test_every_step_has_several_ways_to_say_and_to_ask(book: str, key: str) -> None:
    step = BOOKS[book].steps[key]
    ways = WAYS_LEAST - 1 if step.follow else WAYS_LEAST

    assert step.aim
    assert all("?" in line for line in step.ask), "what is asked is a question"
    assert step.listen or key == "rest"
    assert key in QUIET or len({plainly(line) for line in step.say}) >= ways
    assert key in {*QUIET, "rest"} or len({plainly(line) for line in step.ask}) >= ways


@pytest.mark.parametrize("book", CANCELLATIONS)
def test_an_answer_in_writing_confirms_first_and_then_invites(book: str) -> None:
    playbook = BOOKS[book]
    confirm, invite, *_ = playbook.steps[playbook.reply or ""].write

    assert confirm.key == "confirm"
    assert re.search(r"stands|cancel|off the calendar|taken|taking", confirm.text), "their request stands"
    assert not re.search(r"\bunless\b|\bbefore we can\b|\bonly if\b|\bfirst\b(?!})", confirm.text + invite.text)
    assert not re.search(r"\bsorry to see you go\b|\bunfortunately\b", confirm.text + invite.text, re.IGNORECASE)


@pytest.mark.parametrize("book", CANCELLATIONS)
def test_every_remedy_can_be_offered_in_writing(book: str) -> None:
    assert [step.key for step in BOOKS[book].remedies() if not step.write] == []


def test_no_draft_is_longer_than_anybody_reads() -> None:
    assert [text for text in drafts() if len(text.split()) > DRAFT_WORDS_MOST] == []


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
    remedies = book.remedies()

    assert [remedy.follow for remedy in remedies] in ([], [*Follow][: len(remedies)])


@pytest.mark.parametrize("book", [BOOKS[name] for name in CANCELLATIONS], ids=CANCELLATIONS)
def test_the_last_lines_of_a_parting_sell_nothing(book: Playbook) -> None:
    goodbye, rest = book.steps[book.parting], book.steps["rest"]
    pushes = r"\bstay\b(?! in touch)|\bkeep\b|\breconsider\b|\brethink\b|\bchange your mind\b|\boffer\b|\binstead\b"

    assert not goodbye.gate
    lines = [*goodbye.say, *goodbye.ask, *rest.say, *rest.ask]
    lines += [draft.text for draft in (*goodbye.write, *rest.write)]
    assert not book.remedies(goodbye.key)
    assert [line for line in lines if re.search(pushes, line, re.IGNORECASE)] == []


def plainly(line: str) -> str:
    return " ".join(re.findall(r"[a-z']+", line.casefold().replace("’", "'")))
