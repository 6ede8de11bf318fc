"""Specimens show everything that the words can make, so that `check` sees it before a rep does."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from bot.app import playbook_files, template_roots
from bot.coaching import prose
from bot.coaching.calendar import zone
from bot.coaching.outcomes import OF_APPOINTMENTS, OF_CANCELLATIONS, UNCOUNTED
from bot.coaching.playbooks import Follow, Kind, Playbook
from bot.coaching.reminders import TaskKind
from bot.surfaces import ids
from bot.surfaces.proofreading import measure, told
from bot.surfaces.specimens import specimens
from bot.surfaces.stage import Specimen
from bot.surfaces.words import FALLBACK, Language, Voice, Words, labels_of

# Labels that a rep types, that stand beside a field that was refused, and that are asked for as a whole table.
NOT_SHOWN = (
    "manifest.",
    "heard_words.",
    "stop_words.",
    "worry_words.",
    "reason_short.",
    "error.",
    "file_cells.",
    "hint.",
)


class Listener(Language):
    """A language that remembers what was said in it."""

    def __init__(self, roots: Sequence[Path]) -> None:
        super().__init__(roots)
        self.said: set[str] = set()

    def label(self, key: str) -> str:
        self.said.add(key)
        return super().label(key)

    def counted(self, key: str, count: int) -> str:
        self.said.add(key)
        return super().counted(key, count)

    def text(self, template: str, locale: Locale, /, **facts: object) -> str:
        self.said.add(template)
        return super().text(template, locale, **facts)


@pytest.fixture(scope="session")
def shown(voice: Voice, books: Mapping[str, Playbook]) -> Sequence[Specimen]:
    """The shipped words, on every surface."""
    return [*specimens(voice, books)]


def test_the_shipped_words_find_room_on_every_surface(shown: Sequence[Specimen]) -> None:
    assert {each.name: found for each in shown if (found := measure(each))} == {}


def test_no_two_are_of_one_name(shown: Sequence[Specimen]) -> None:
    assert len({each.name for each in shown}) == len(shown)


def test_every_step_is_there_in_each_of_the_ways_it_is_said(
    shown: Sequence[Specimen], books: Mapping[str, Playbook]
) -> None:
    cards = {(each.playbook, each.step) for each in shown}
    for book in books.values():
        for step in book.steps.values():
            # Stories are not kept yet, so that what stands in for one is all that anybody sees.
            told_instead = step.without if step.brings == "story" else None
            if book.kind is Kind.SOLIDIFY:
                assert all(read(said, shown) for said in (*step.say, *step.ask)), step.key
            else:
                assert (book.name, told_instead or step.key) in cards
                assert all(read(draft.text.split("\n")[-1], shown) for draft in step.write), step.key


def read(line: str, shown: Sequence[Specimen]) -> bool:
    """Whether a line can be read somewhere, as far as its first gap."""
    return any(line.partition("{")[0] in text for each in shown for text in texts(each.built))


def texts(built: Any) -> Iterator[str]:
    if isinstance(built, str):
        yield built
    elif isinstance(built, Mapping | list):
        for part in built.values() if isinstance(built, Mapping) else built:
            yield from texts(part)


def test_every_ending_of_every_playbook_is_there(shown: Sequence[Specimen], books: Mapping[str, Playbook]) -> None:
    names = {each.name for each in shown}
    for book in books.values():
        ends = OF_APPOINTMENTS if book.kind is Kind.APPOINTMENT else OF_CANCELLATIONS
        if book.kind is not Kind.SOLIDIFY:
            assert {f"card {book.name} {outcome}" for outcome in (*ends, *UNCOUNTED)} <= names


def test_every_reminder_is_there(shown: Sequence[Specimen]) -> None:
    assert {f"reminder {kind}" for kind in TaskKind} <= {each.name for each in shown}


def test_every_form_is_there_and_one_for_each_thing_that_may_follow(shown: Sequence[Specimen]) -> None:
    known = {form for name, form in vars(ids).items() if name.endswith("_FORM")}
    assert {each.built["callback_id"] for each in shown if each.is_view and "callback_id" in each.built} == known

    agreed = [each.built for each in shown if each.built.get("callback_id") == ids.REMEDY_FORM]
    assert {json.loads(str(form["private_metadata"]))["follow"] for form in agreed} == set(Follow)


def test_every_text_that_ships_is_on_one_of_them(voice: Voice, books: Mapping[str, Playbook]) -> None:
    """A new surface is one whose template or label no specimen speaks."""
    (shipped,) = template_roots()
    language = Listener([shipped / FALLBACK])
    list(specimens(replace(voice, language=language), books))

    templates = {name for name in language.names if f'include "{name}.j2"' not in sources(shipped)}
    assert templates - language.said == set()
    labels = {key for key in labels_of(shipped / FALLBACK / "labels.toml") if not key.startswith(NOT_SHOWN)}
    assert labels - language.said == set()


def sources(root: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (root / FALLBACK / "messages").rglob("*.j2"))


def complaints(own: Path) -> list[str]:
    """What is said of the surfaces of a team's own words."""
    roots = template_roots(own)
    files = {FALLBACK: playbook_files(roots)}
    words = Words(roots)
    shown = specimens(words.voice(None, zone(None)), prose.load(files[FALLBACK], words.heard_words()))
    said = told(((each, problem) for each in shown for problem in measure(each)), files)
    return [each.removeprefix(f"{own}/{FALLBACK}/") for each in said]


def write(own: Path, name: str, text: str) -> None:
    path = own / FALLBACK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def shipped_playbook(name: str) -> str:
    return (template_roots()[-1] / FALLBACK / "playbooks" / f"{name}.md").read_text(encoding="utf-8")


def line_after(text: str) -> int:
    """The number of the line on which a text ends."""
    return text.count("\n") + 1


@pytest.mark.parametrize("part", ["Say", "Ask"])
def test_a_line_that_finds_no_room_is_told_with_the_line_of_its_step(tmp_path: Path, part: str) -> None:
    before, here, after = shipped_playbook("order").partition("{#reason}")
    heading = f"### {part}\n"
    longer = after.replace(heading, f"{heading}- Short.\n- {'long ' * 800}\n", 1)
    write(tmp_path, "playbooks/order.md", before + here + longer)

    (said,) = complaints(tmp_path)

    assert said.startswith(
        f"playbooks/order.md:{line_after(before)}: card order/reason, in its longest words: /blocks/"
    )
    assert "has no room for all of this text: “*Say*" in said


def test_a_draft_that_finds_no_room_is_told(tmp_path: Path) -> None:
    before, here, after = shipped_playbook("sale").partition("{#reply}")
    write(tmp_path, "playbooks/sale.md", before + here + after.replace("Hello {name}", "Hello {name}" + "o" * 3000, 1))

    (said,) = complaints(tmp_path)

    assert said.startswith(f"playbooks/sale.md:{line_after(before)}: card sale/reply in writing")
    assert "“Hello Ottoline Specimen" in said


def test_a_title_too_long_for_its_menu_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/sale.md", shipped_playbook("sale").replace("Save a sale", "Save " * 20, 1))

    (said,) = complaints(tmp_path)

    assert "no room" in said
    assert "more): /blocks/" in said
    assert "“Save Save" in said
    assert ".md:" not in said


def test_a_text_that_cannot_be_filled_in_is_told(tmp_path: Path) -> None:
    write(tmp_path, "messages/home/task.j2", "{{ name.first }}\n")
    write(tmp_path, "labels.toml", '[case]\nknown_since = "Since {date}"\n')

    namesakes, home = complaints(tmp_path)

    assert namesakes == "card of one of several: cannot be shown: KeyError: 'date'"
    assert home.startswith("home of a new manager (and on 3 more): cannot be shown: UndefinedError: ")


def test_a_page_with_too_much_on_it_is_told(tmp_path: Path) -> None:
    write(tmp_path, "messages/cases/help.j2", "`{{ command }}`\n\n" + "A word of advice.\n" * 200)

    assert complaints(tmp_path) == [
        "help: /blocks/0/text/text has no room for all of this text: “"
        + ("`/cancel` " + "A word of advice. " * 4)[:60]
        + "…”"
    ]
