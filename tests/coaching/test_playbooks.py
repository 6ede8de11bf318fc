"""Playbooks are prose that anybody may edit: what is wrong with one is said with its file and line."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.coaching import playbooks, prose
from bot.coaching.playbooks import Cause, Draft, Follow, Kind, Playbook
from bot.coaching.prose import PlaybookError, parse

HERE = Path("short.md")

SHORT = """\
+++
title = "A short way"
kind = "sale"
start = ["hello"]
fear = ["hope"]
legitimate = ["mend"]
deeper = "deeper"
cost = "deeper"
goodbye = "parting"

[steps.hello]
field = "note"

[steps.deeper]
beside = "hello"
gate = true

[steps.fix]
beside = "mend"
follow = "fix"

[steps.cheaper]
beside = "mend"
follow = "discount"

[steps.session]
beside = "mend"
follow = "session"

[after]
left = "parting"
+++

- Breathe out first.

## Say hello {#hello}

Be kind.
And be brief.

### Say
- Hello.
- Good morning.

### Ask
- How are you?

### Listen for
- A sigh

## Look deeper {#deeper}

### Say
- One question.

## Hope {#hope}

### Say
- Tell me.

## Mend it {#mend}

### Say
- Let us see.

## Have it mended {#fix}

It is broken.

### Say
- I will have it mended.

### Write
- Offer to mend it {#offer}: Hello {name},

  we would like to mend it.
  Would that help?

- Only a word {#word}: Mended.

## Less {#cheaper}

### Say
- It could be less.

## A session {#session}

### Say
- Let me show you.

## Part well {#parting}

### Say
- Goodbye.
"""


def line_of(text: str) -> int:
    return SHORT.splitlines().index(text) + 1


def test_a_playbook_is_read_as_it_is_written() -> None:
    playbook = parse(SHORT, HERE)

    assert (playbook.name, playbook.title, playbook.kind) == ("short", "A short way", "sale")
    assert playbook.attitude == ("Breathe out first.",)
    assert list(playbook.steps) == ["hello", "deeper", "hope", "mend", "fix", "cheaper", "session", "parting"]
    hello = playbook.steps["hello"]
    assert (hello.title, hello.aim, hello.field, hello.gate) == ("Say hello", "Be kind. And be brief.", "note", False)
    assert (hello.say, hello.ask, hello.listen) == (["Hello.", "Good morning."], ["How are you?"], ["A sigh"])
    assert playbook.steps["deeper"].gate
    assert playbook.after == {"left": "parting"}
    assert playbook.steps["fix"].write == [
        Draft("offer", "Offer to mend it", "Hello {name},\n\nwe would like to mend it.\nWould that help?"),
        Draft("word", "Only a word", "Mended."),
    ]


def test_remedies_are_chosen_at_the_step_they_stand_beside_and_discounts_stand_last() -> None:
    playbook = parse(SHORT, HERE)

    assert playbook.help == "mend"
    assert [step.key for step in playbook.remedies("mend")] == ["fix", "session", "cheaper"]
    assert [step.follow for step in playbook.remedies()] == [Follow.FIX, Follow.SESSION, Follow.DISCOUNT]
    assert playbook.remedies("hello") == []


def test_what_is_missing_leaves_its_line_out_and_a_name_only_itself() -> None:
    lines = ["Would {first} suit you?", "Shall we find a day, {name}?"]

    assert playbooks.filled("Hello {name},", {"name": "Ada"}) == "Hello Ada,"
    assert playbooks.filled("Hello {name},", {"name": None}) == "Hello,"
    assert playbooks.line(lines, 0, {"name": None, "first": None}) == "Shall we find a day,?"
    assert [playbooks.line(lines, turn, {"first": "Monday"}) for turn in (0, 2)] == ["Would Monday suit you?"] * 2


@pytest.mark.parametrize("kind", [Kind.APPOINTMENT, Kind.SOLIDIFY])
def test_what_is_no_cancellation_needs_no_gate(kind: Kind) -> None:
    text = SHORT.replace('kind = "sale"', f'kind = "{kind}"').replace("gate = true", "gate = false")
    playbook = parse(text.replace('fear = ["hope"]\n', "").replace('legitimate = ["mend"]\n', ""), HERE)

    assert playbook.route(None) == ["hello"]


def test_every_press_brings_another_way_to_say_it_and_then_the_first_again() -> None:
    hello = parse(SHORT, HERE).steps["hello"]

    assert [playbooks.line(hello.say, variant, {}) for variant in range(3)] == ["Hello.", "Good morning.", "Hello."]
    assert playbooks.line([], 1, {}) is None


def test_where_a_step_stands_is_counted_along_the_way_taken() -> None:
    playbook = parse(SHORT, HERE)

    assert playbook.route(None) == playbook.route(Cause.FEAR) == ["hello", "hope"]
    assert playbook.route(Cause.LEGITIMATE) == ["hello", "mend"]
    assert playbook.place("deeper", None) == playbook.place("hello", None) == (1, 2)
    assert playbook.place("mend", Cause.LEGITIMATE) == (2, 2)
    assert playbook.place("parting", None) is None


@pytest.mark.parametrize("ending", ["\r\n", "  \n"])
def test_an_editor_of_any_kind_may_have_written_it(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "short.md"
    path.write_bytes(b"\xef\xbb\xbf" + SHORT.replace("\n", ending).encode())

    assert prose.load([path]) == {"short": parse(SHORT, HERE)}


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        (SHORT, "", 1, "begins with +++"),
        ("+++\ntitle", "title", 1, "begins with +++"),
        ("+++\n\n- Breathe", "\n- Breathe", 1, "no closing +++"),
        ('title = "A short way"', 'title = "A short way', 2, "Illegal character"),
        ('kind = "sale"', "kind = sale", 3, "Invalid value"),
        ('left = "parting"', "left = [", 32, "Invalid value"),
        ('kind = "sale"', 'title = "Again"', 3, "Cannot overwrite"),
        ("[after]", "[steps.hello]", 30, "twice"),
        ('kind = "sale"\n', "", 1, "kind: Field required"),
        ('kind = "sale"', "kind = 3", 3, "kind: "),
        ('kind = "sale"', 'kind = "wedding"', 3, "kind: "),
        ('start = ["hello"]', 'start = ["hello", 7]', 4, "start: "),
        ('kind = "sale"', 'kind = "sale"\ncolour = "red"', 4, "colour: Extra inputs"),
        ("gate = true", "gates = true", 16, "steps.deeper.gates: Extra inputs"),
        ('field = "note"', 'field = "budget"', 12, "steps.hello.field: "),
        ('left = "parting"', 'safed = "parting"', 31, "after.safed"),
        ('title = "A short way"', 'title = ""', 2, "title: "),
        ('beside = "hello"', 'beside = "deeper"', 14, "the step “deeper” stands beside itself"),
        ('kind = "sale"', 'kind = "appointment"', 14, "a playbook of the kind “appointment” has no causes"),
        ('field = "note"', 'brings = "flowers"', 12, "steps.hello.brings: "),
        ('start = ["hello"]', "start = []", 4, "start: a way needs at least one step"),
        ('fear = ["hope"]', "fear = []", 5, "fear: a playbook of the kind “sale” needs it"),
        ('legitimate = ["mend"]', "legitimate = []", 6, "legitimate: a playbook of the kind “sale” needs it"),
        ('deeper = "deeper"\n', "", 7, "deeper: a playbook of the kind “sale” needs it"),
        ('goodbye = "parting"\n', "", 1, "goodbye: a playbook of the kind “sale” needs it"),
        ('fear = ["hope"]', 'fear = ["deeper"]', 14, "the gate “deeper” leads back to itself"),
        ('beside = "mend"\nfollow = "fix"', 'follow = "fix"', 18, "the remedy “fix” needs the step it is chosen at"),
        ('follow = "fix"', 'follow = "lawyer"', 20, "steps.fix.follow: "),
        ('start = ["hello"]', 'start = ["hallo"]', 4, "“hallo”"),
        ('legitimate = ["mend"]', 'legitimate = ["mend", "sell"]', 6, "“sell”"),
        ('cost = "deeper"', 'cost = "price"', 8, "“price”"),
        ('goodbye = "parting"', 'goodbye = "bye"', 9, "“bye”"),
        ("[steps.hello]", "[steps.howdy]", 11, "“howdy”"),
        ('beside = "hello"', 'beside = "hullo"', 15, "“hullo”"),
        ('field = "note"', 'without = "nothing"', 12, "“nothing”"),
        ('left = "parting"', 'left = "thanks"', 31, "“thanks”"),
        ("### Listen for", "### Hear", line_of("### Listen for"), "“Hear” is no part of a step"),
        ("- Breathe", "### Say\n- Breathe", line_of("- Breathe out first."), "“Say” is no part of a step"),
        ("## Hope {#hope}", "## Hope", line_of("## Hope {#hope}"), "## Title {#key}"),
        ("## Hope {#hope}", "## Hope {#Hope}", line_of("## Hope {#hope}"), "## Title {#key}"),
        ("## Hope {#hope}", "## Hope {#hello}", line_of("## Hope {#hope}"), "“hello” stands here twice"),
        ("Be kind.", "- Be kind.", line_of("Be kind."), "stands under Say, Ask, Listen for"),
        ("- Good morning.", "Good morning.", line_of("- Good morning."), "begins with “- ”"),
        ("- Breathe out first.", "Breathe out first.", line_of("- Breathe out first."), "begins with “- ”"),
        ("### Say\n- Tell me.\n", "", line_of("## Hope {#hope}"), "“hope” has nothing to say"),
        ("- Tell me.\n", "", line_of("## Hope {#hope}"), "“hope” has nothing to say"),
        ("{#word}: M", "{#word} M", line_of("- Only a word {#word}: Mended."), "a draft reads"),
        ("word {#word}", "word", line_of("- Only a word {#word}: Mended."), "a draft reads"),
        (
            "{#word}",
            "{#offer}",
            line_of("- Only a word {#word}: Mended."),
            "the draft “offer” stands in this step twice",
        ),
        ("- Tell me.", "- Tell {who}.", line_of("- Tell me."), "“{who}” cannot be filled in"),
        (SHORT[SHORT.index("## Say") :], "", line_of("- Breathe out first.") - 1, "at least one step"),
    ],
)
def test_a_fault_is_named_with_file_and_line(right: str, wrong: str, line: int, said: str) -> None:
    assert right in SHORT
    with pytest.raises(PlaybookError) as fault:
        parse(SHORT.replace(right, wrong, 1), HERE)

    where, _, what = str(fault.value).partition(": ")
    assert where == f"short.md:{line}"
    assert said in what
    assert " (at " not in what, "TOML's own line is counted from elsewhere"


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "short.md"
    path.write_bytes(SHORT.replace("Hello.", "Señora?").encode("latin-1"))

    with pytest.raises(PlaybookError, match=rf"short\.md:{line_of('- Hello.')}: .*UTF-8"):
        prose.load([path])


def in_two_languages(tmp_path: Path, german: str) -> Mapping[str, Mapping[str, Playbook]]:
    files = {}
    for language, text in {"en": SHORT, "de": german}.items():
        path = tmp_path / language / "short.md"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        files[language] = [path]
    return prose.load_languages(files)


def test_a_translation_has_the_ways_and_keys_of_its_original(tmp_path: Path) -> None:
    books = in_two_languages(tmp_path, SHORT.replace("Hello.", "Guten Tag."))

    assert books["de"]["short"].steps.keys() == books["en"]["short"].steps.keys()
    assert books["de"]["short"].steps["hello"].say[0] == "Guten Tag."


def test_a_translation_that_would_lose_a_case_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match=r"de/short\.md:\d+: the original has no step “gruss”"):
        in_two_languages(tmp_path, SHORT + "\n## Noch ein Gruß {#gruss}\n\n### Say\n- Guten Tag.\n")
