"""Words are read over before a rep meets them: faults with file and line, and doubts about lines that sound wrong."""

from pathlib import Path

import pytest

from bot.app import playbook_files_by_language, template_roots
from bot.surfaces.proofreading import Fault, proofread


def found(own: Path) -> list[str]:
    roots = template_roots(own)
    return [_short(fault, own) for fault in proofread(roots, playbook_files_by_language(roots))]


def _short(fault: Fault, own: Path) -> str:
    return str(fault).removeprefix(f"{own}/en/")


def write(own: Path, name: str, text: str) -> None:
    path = own / "en" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_shipped_words_give_no_cause() -> None:
    roots = template_roots()

    assert proofread(roots, playbook_files_by_language(roots)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("One\n{{ comand }}\n", "2: “comand” is not known here; known are books, channel, command, mention, plural"),
        ("One\n\n{% if command %}\n", "Unexpected end of template"),
        ("**Bold** move\n", "1: Slack shows ** as it stands"),
        ("One\n{{ command ~ '!' }}\n", "2: “~” brings HTML’s own escapes back"),
        ("One\n{{ 'has' if books | length == 1 else 'have' }}\n", "2: other languages count otherwise: ask plural(…)"),
        ("One\n{% if 1 != books | count %}s{% endif %}\n", "2: other languages count otherwise: ask plural(…)"),
    ],
)
def test_a_faulty_template_is_named_with_file_and_line(tmp_path: Path, text: str, fault: str) -> None:
    write(tmp_path, "messages/cases/help.j2", text)

    (said,) = found(tmp_path)
    assert said.startswith("messages/cases/help.j2:")
    assert fault in said


def test_every_fault_is_told_not_the_first_alone(tmp_path: Path) -> None:
    write(tmp_path, "messages/cases/help.j2", "{{ one }}\n{{ two }}\n")
    write(tmp_path, "messages/cases/notice.j2", "**{{ notice }}**\n")
    write(tmp_path, "labels.toml", '[press]\nnext = "On"\nnexxt = "On"\n')

    assert [each.partition(": ")[0] for each in found(tmp_path)] == [
        "labels.toml:3",
        "messages/cases/help.j2:1",
        "messages/cases/help.j2:2",
        "messages/cases/notice.j2:1",
    ]


def test_a_text_that_nobody_shows_is_a_doubt(tmp_path: Path) -> None:
    write(tmp_path, "messages/cases/hepl.j2", "{{ command }}\n")

    assert found(tmp_path) == ["messages/cases/hepl.j2:1: no text of this name is ever shown"]


@pytest.mark.parametrize(
    ("key", "table", "most"),
    [("next", "press", 75), ("details_title", "form", 24), ("why", "placeholder", 150), ("left", "outcome", 75)],
)
def test_a_label_over_slacks_limit_is_a_fault_and_one_at_it_is_none(
    tmp_path: Path, key: str, table: str, most: int
) -> None:
    write(tmp_path, "labels.toml", f'[{table}]\n{key} = "{"x" * most}"\n')
    assert found(tmp_path) == []

    write(tmp_path, "labels.toml", f'[{table}]\n\n{key} = "{"x" * (most + 1)}"\n')
    (said,) = found(tmp_path)
    assert said.startswith(f"labels.toml:3: {table}.{key}: Slack takes {most} characters")


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("I nearly cancelled mine last year, you know.", "whoever reads it aloud may not have lived it"),
        ("Most people feel that way at first.", "claims something of others"),
        ("This price is only today, so let’s act now.", "presses"),
        (" ".join(["word"] * 36), "36 words are more than anybody says in one breath"),
        ("Only you can say what’s best here.", "the same line stands in order.md:"),
    ],
)
def test_a_line_that_nobody_should_say_is_worth_another_look(tmp_path: Path, line: str, because: str) -> None:
    (shipped,) = template_roots()
    sale = (shipped / "en" / "playbooks" / "sale.md").read_text(encoding="utf-8")
    write(tmp_path, "playbooks/sale.md", sale.replace("### Say\n", f"### Say\n- {line}\n", 1))

    (fault,) = proofread(roots := template_roots(tmp_path), playbook_files_by_language(roots))
    assert fault.doubt
    assert because in fault.what
    assert fault.path == tmp_path / "en" / "playbooks" / "sale.md"


def in_german(own: Path, name: str, text: str) -> list[str]:
    """What is said of a file in a folder of German words."""
    path = own / "de" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    roots = template_roots(own)
    return [str(fault).removeprefix(f"{own}/") for fault in proofread(roots, playbook_files_by_language(roots))]


def test_every_language_is_read_over_in_its_own_folder(tmp_path: Path) -> None:
    assert in_german(tmp_path, "labels.toml", '[press]\nnexxt = "Weiter"\n') == [
        "de/labels.toml:2: press.nexxt: no label of this name is ever shown"
    ]
    assert in_german(tmp_path, "messages/cases/help.j2", "{{ befehl }}\n")[1].startswith(
        "de/messages/cases/help.j2:1: “befehl” is not known here"
    )


def test_a_form_that_a_language_has_too_is_a_doubt_and_one_that_none_has_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "pl/messages/home").mkdir(parents=True)
    counted = '{{ plural(more, one="Jeszcze 1", other="Jeszcze {number}") }}'
    (tmp_path / "pl/messages/home/waiting_rest.j2").write_text(counted, encoding="utf-8")
    said = in_german(tmp_path, "messages/home/waiting_rest.j2", '{{ plural(more, eins="1") }}')

    assert [each.partition(": ")[2] for each in said] == [
        "“eins” is no way to count; what is are zero, one, two, few, many, other",
        "what a count decides needs its form “other”",
        "this language has a form “few” too",
        "this language has a form “many” too",
    ]


def test_a_translated_playbook_is_told_which_keys_differ(tmp_path: Path) -> None:
    sale = (template_roots()[-1] / "en/playbooks/sale.md").read_text(encoding="utf-8")
    line = sale.partition("{#why}")[0].count("\n") + 1
    changed = (
        sale.replace("{#empathise}", "{#mitgefuehl}")
        .replace('"empathise"', '"mitgefuehl"')
        .replace("[steps.empathise]", "[steps.mitgefuehl]")
    )

    said = in_german(tmp_path, "playbooks/sale.md", changed)

    start = sale[: sale.index("\nstart")].count("\n") + 2
    assert any(each.startswith(f"de/playbooks/sale.md:{start}: start: the original says empathise, ") for each in said)
    assert "de/playbooks/sale.md:1: the step “empathise” of the original is missing" in said
    assert f"de/playbooks/sale.md:{line - 19}: the original has no step “mitgefuehl”" in said


def test_a_folder_that_is_no_language_is_named(tmp_path: Path) -> None:
    (tmp_path / "german" / "messages").mkdir(parents=True)

    assert in_german(tmp_path, "labels.toml", "") == [
        "german:1: this is the code of no language; a folder is called en, de, pt-BR, and the like"
    ]
