"""Every text that people read comes out of `templates/`: with those marked, nothing plain is left but data."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import playbook_files_by_language, template_roots
from bot.coaching import prose
from bot.coaching.languages import FALLBACK, locale_of
from bot.playground.pseudo import LANGUAGE, LOCALE, marked_copy, unmark
from bot.surfaces import blocks, made_up
from bot.surfaces.words import Words, unescape
from tests.surfaces import (
    library_states,
    playbook_states,
    policy_states,
    reminder_states,
    sale_states,
    scenes,
    states,
    story_states,
)
from tests.surfaces.scenes import Built, Scene
from tests.surfaces.states import STATES

# Where the rows are made up that surfaces are built from.
MADE_UP = (
    scenes,
    states,
    playbook_states,
    library_states,
    policy_states,
    reminder_states,
    sale_states,
    story_states,
    made_up,
)

# Data of one word, beside what the states say in several.
SINGLE = (
    "0f3a9c1e",
    "Corner",
    "Ada",
    "Care",
    "Mary",
    "and in the wrong co",
    "account_inactive",
    "America/New_York",
    "not_in_channel",
    "sales-leads",
    "EUR",
)

# What Slack reads, and what is typed as it stands.
_SLACKS_OWN = re.compile(r"<[@!#][^>]*>|https?://[^\s|>]+|`[^`]*`")
_COMMAND = re.compile(r"(?<!\w)/[a-z][a-z-]*")
_PLAIN_WORD = re.compile(r"[A-Za-z]+")


@pytest.fixture(scope="session")
def marked(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The scene with every word of the templates marked."""
    own = marked_copy(template_roots(), tmp_path_factory.mktemp("pseudo"))
    return in_words_of(scene, template_roots(own), LANGUAGE)


@pytest.fixture(scope="session")
def plain(scene: Scene) -> Scene:
    """The same scene with the words as they ship."""
    return in_words_of(scene, template_roots(), FALLBACK)


def in_words_of(scene: Scene, roots: Sequence[Path], language: str) -> Scene:
    """The scene spoken in one of the languages below `roots`, with days and amounts of the pseudo-locale."""
    spoken = Words(roots).voice(language, scene.voice.zone).language
    voice = replace(scene.voice, language=spoken, locale=locale_of(LOCALE))
    books = prose.load_languages(playbook_files_by_language(roots))[language]
    return replace(scene, voice=voice, playbook=books[scene.playbook.name], books=books)


def read_by_people(built: Any) -> Iterator[str]:
    """Every text that a reader of a surface sees, or hears."""
    if isinstance(built, list):
        for each in built:
            yield from read_by_people(each)
    elif isinstance(built, Mapping):
        for name, value in built.items():
            if name in ("text", "initial_value", "description", "long_description", "usage_hint", "errors"):
                yield from _strings(value)
            yield from read_by_people(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping) and "type" not in value:
        yield from map(str, value.values())


def data() -> list[str]:
    """What the states put on surfaces as data: names, products, what somebody typed. The longest first."""
    sources = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in MADE_UP]
    nodes = (node for source in sources for node in ast.walk(ast.parse(source)))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    phrases = {" ".join(text.split()) for text in texts if isinstance(text, str) and len(text.split()) > 1}
    return sorted([*phrases, *SINGLE], key=len, reverse=True)


def plain_words(text: str, typed: Sequence[str], known: Sequence[str]) -> list[str]:
    """The words of a text that are neither marked nor data."""
    left = " ".join(unescape(_SLACKS_OWN.sub(" ", text.replace("\n> ", "\n"))).split())
    for each in known:
        left = left.replace(each, " ")
    after = "|".join(map(re.escape, typed))
    left = re.sub(rf"{_COMMAND.pattern}( ({after})\b)?", " ", left)
    return _PLAIN_WORD.findall(left)


def leftovers(scene: Scene) -> Mapping[str, list[str]]:
    """The texts with plain words, by the surface they stand on."""
    known = data()
    found = {
        name: [text for text in read_by_people(build(scene)) if plain_words(text, scene.playbook.words, known)]
        for name, build in STATES.items()
    }
    return {name: texts for name, texts in found.items() if texts}


def test_everything_people_read_comes_out_of_the_templates(marked: Scene) -> None:
    assert leftovers(marked) == {}


def test_a_text_written_into_the_code_is_found(marked: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    context = blocks.context
    monkeypatch.setattr(blocks, "context", lambda text: context(f"{text} Good luck!"))

    # In a voice of its own, so that all is built anew.
    found = leftovers(replace(marked, voice=replace(marked.voice)))

    assert "card_first" in found
    assert all(" Good luck!" in text for texts in found.values() for text in texts)


@pytest.mark.parametrize("name", STATES)
def test_marking_changes_nothing_but_the_letters(name: str, plain: Scene, marked: Scene) -> None:
    def written(built: Built) -> str:
        # A draft carries a checksum of its own text.
        return re.sub(r"(words\.draft-[a-z-]+)\.[0-9a-f]+", r"\1", json.dumps(built, ensure_ascii=False))

    assert unmark(written(STATES[name](marked))) == written(STATES[name](plain))
