"""`import stories` and `export stories`: what an installer brings in, and what becomes of it."""

import csv
import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, inspect
from sqlmodel import SQLModel, select
from typer.testing import CliRunner, Result

from bot import transfer
from bot.__main__ import cli
from bot.coaching import ledger, stories
from bot.coaching.calendar import SystemClock
from bot.coaching.stories import What
from bot.coaching.story_files import AUTHOR, FACTS
from bot.storage.database import Database
from bot.storage.models import Member, Story, StoryDecision, Team
from bot.surfaces.words import Voice
from tests.conversations.office import Office, Rep
from tests.conversations.test_as_a_process import PATIENCE, environment
from tests.conversations.test_true_stories import comes_to_the_story
from tests.true_stories import MARY

NOW = SystemClock().now()
KEPT_NOTHING = "Nothing was kept. Please mend the file, and import it again."


def runs(database: Database, *command: object) -> Result:
    """A command that ends by itself, on this database."""
    return CliRunner().invoke(
        cli, [*map(str, command)], env={"DATABASE_URL": database.url.render_as_string(hide_password=False)}
    )


def a_file(folder: Path, *before: str, **given: str) -> Path:
    """Stories of Mary's as a file, one for each worry of hers."""
    path = folder / "stories.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*FACTS, AUTHOR))
        writer.writeheader()
        for each in before:
            facts = {name: getattr(MARY, name) for name in FACTS}
            writer.writerow({**facts, AUTHOR: "U0SAM", "before": each, **given})
    return path


def rows(database: Database, kind: type[SQLModel]) -> Sequence[SQLModel]:
    with database.begin(writes=False) as session:
        return session.exec(select(kind).order_by(*inspect(kind).primary_key)).all()


def stories_of(database: Database) -> Sequence[Story]:
    return [row for row in rows(database, Story) if isinstance(row, Story)]


async def test_what_was_brought_in_is_told_only_after_somebody_has_verified_it(
    office: Office, rosa: Rep, sam: Rep, manager: Rep, tmp_path: Path
) -> None:
    file = a_file(tmp_path, MARY.before, "She feared the payments.", author=sam.id)
    brought = runs(office.bot.database, "import", "stories", file)
    assert (brought.exit_code, brought.output) == (
        0,
        "Stories kept: 2. None of them is verified by that: they wait for somebody to verify them.\n",
    )
    await comes_to_the_story(rosa)
    rosa.sees("No true story fits").does_not_see(MARY.before)

    await manager.opens_home()
    manager.sees("2 stories wait", MARY.before, "She feared the payments.")
    await manager.presses("Verify")
    await comes_to_the_story(rosa)
    rosa.sees(MARY.before)


def test_the_ledger_keeps_who_wrote_and_who_brought_in_a_story(database: Database, tmp_path: Path) -> None:
    runs(database, "import", "stories", a_file(tmp_path, "One."), "--team", "T1", "--author", "U0MINA")

    (story,) = stories_of(database)
    (decision,) = rows(database, StoryDecision)
    assert isinstance(decision, StoryDecision)
    assert (story.author_id, story.status, story.told, story.landed) == ("U0SAM", ledger.Status.WAITING, 0, 0)
    assert (decision.what, decision.by, decision.told["before"]) == (What.IMPORTED, "U0MINA", "One.")
    with database.begin(writes=False) as session:
        assert ledger.tellable(session, "T1", NOW) == []


def test_one_bad_line_of_three_keeps_nothing(database: Database, tmp_path: Path) -> None:
    file = a_file(tmp_path, "One.", "Mary was afraid.", "Three.")
    refused = runs(database, "import", "stories", file, "--team", "T1")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        f"{file}:3: before: They did not agree to be named, so please leave their name out.",
        KEPT_NOTHING,
    ]
    assert (rows(database, Story), rows(database, StoryDecision)) == ([], [])


@pytest.mark.sqlite_only
def test_what_fails_at_the_last_moment_keeps_nothing(database: Database, tmp_path: Path) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON story_decision WHEN NEW.story_id = 2"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    refused = runs(database, "import", "stories", a_file(tmp_path, "One.", "Two."), "--team", "T1")

    assert "the disk is full" in str(refused.exception)
    assert stories_of(database) == []


def test_a_story_that_is_there_already_is_refused_by_its_line(database: Database, tmp_path: Path) -> None:
    runs(database, "import", "stories", a_file(tmp_path, "One.", "Two."), "--team", "T1")
    file = a_file(tmp_path, "New.", "TWO.", "new.")
    refused = runs(database, "import", "stories", file)

    assert refused.stderr.splitlines() == [
        f"{file}:3: That story is in the ledger already. Please leave it out.",
        f"{file}:4: That is the story of line 2 again. Please keep one of them.",
        KEPT_NOTHING,
    ]
    assert len(stories_of(database)) == 2


def test_a_worry_is_one_of_the_teams_reasons(database: Database, tmp_path: Path) -> None:
    file = a_file(tmp_path, "One.", "Two.", worry="A rival was cheaper")
    refused = runs(database, "import", "stories", file, "--team", "T1")
    possible = "worry, cost, unused, broken, missing, moved, somebody_else, other"
    assert refused.stderr.splitlines()[0] == f"{file}:2: worry: Please write one of these: {possible}."
    assert stories_of(database) == []

    with database.begin() as session:
        session.add(Team(team_id="T1", reasons=["cost", "A rival was cheaper"]))
    assert runs(database, "import", "stories", file, "--team", "T1").exit_code == 0
    assert {each.worry for each in stories_of(database)} == {"A rival was cheaper"}


def test_fifty_mistakes_are_told_and_the_others_counted(database: Database, tmp_path: Path) -> None:
    file = a_file(tmp_path, *(f"Worry {number}." for number in range(62)), source="gossip")
    said = runs(database, "import", "stories", file, "--team", "T1").stderr.splitlines()

    assert said[0] == f"{file}:2: source: Please write one of these: case, recording, letter, rep."
    assert said[49].startswith(f"{file}:51: source: ")
    assert said[50:] == ["… and 12 more", KEPT_NOTHING]


def test_a_file_without_stories_changes_nothing(database: Database, tmp_path: Path) -> None:
    only_columns, empty = a_file(tmp_path), tmp_path / "empty.csv"
    empty.touch()
    nothing = runs(database, "import", "stories", only_columns, "--team", "T1")
    less = runs(database, "import", "stories", empty, "--team", "T1")

    assert (nothing.exit_code, nothing.output) == (
        0,
        f"{only_columns} has no story below its columns yet, so nothing was changed.\n",
    )
    columns = ", ".join((*FACTS, AUTHOR))
    assert (less.exit_code, less.stderr.splitlines()[0]) == (
        1,
        f"{empty}:1: There is nothing in it. Its first line names the columns: {columns}",
    )


def test_what_was_exported_is_imported_exactly_into_another_database(
    database: Database, new_database: Callable[[], str], tmp_path: Path
) -> None:
    lines = ['=1+1, "so"', "'@ home", "Two\nlines: Zoë — 🌱", "-"]
    given = [(f"U{number}", replace(MARY, before=each, proof="+1 555")) for number, each in enumerate(lines)]
    with database.begin() as session:
        told, *_ = stories.add_all(session, "T1", given, What.ADDED, "U1", NOW)
        told.status, told.told, told.landed, told.expires_at = "verified", 3, 2, NOW
    file, other = tmp_path / "out.csv", Database(new_database())
    assert runs(database, "export", "stories", file).stdout == "Stories written: 4.\n"

    assert runs(other, "import", "stories", file, "--team", "T2").exit_code == 0
    here, there = stories_of(database), stories_of(other)
    assert [each.before for each in there] == lines
    assert [facts_of(each) for each in there] == [facts_of(each) for each in here]
    assert here[0].told == 3
    assert {(each.team_id, each.status, each.told, each.expires_at) for each in there} == {("T2", "waiting", 0, None)}
    other.dispose()


def facts_of(story: Story) -> Sequence[object]:
    return [story.author_id, *(getattr(story, name) for name in FACTS)]


def test_another_workspace_is_neither_changed_nor_written_out(database: Database, tmp_path: Path) -> None:
    with database.begin() as session:
        (theirs,) = stories.add_all(session, "T2", [("U1", MARY)], What.ADDED, "U1", NOW)
    as_it_was = theirs.model_dump()
    file = a_file(tmp_path, MARY.before)
    assert runs(database, "import", "stories", file, "--team", "T1").exit_code == 1, "the database knows T2 alone"
    with database.begin() as session:
        session.add(Member(team_id="T1", user_id="U0SAM"))

    assert runs(database, "import", "stories", file, "--team", "T1").exit_code == 0
    assert [each.model_dump() for each in stories_of(database) if each.team_id == "T2"] == [as_it_was]
    written = runs(database, "export", "stories", "--team", "T1").stdout
    assert [row["author"] for row in csv.DictReader(io.StringIO(written))] == ["U0SAM"]


def test_the_workspace_has_to_be_named_where_there_is_not_exactly_one(database: Database, tmp_path: Path) -> None:
    file, say = a_file(tmp_path, "One."), "Say which one you mean with --team T…, its id in Slack."
    for command in (("import", "stories", file), ("export", "stories")):
        refused = runs(database, *command)
        assert (refused.exit_code, refused.output) == (1, f"The database does not know your workspace yet. {say}\n")

    with database.begin() as session:
        session.add_all([Member(team_id="T1", user_id="U1"), Member(team_id="T1", user_id="U2")])
    assert runs(database, "import", "stories", file).exit_code == 0
    assert [each.team_id for each in stories_of(database)] == ["T1"]

    with database.begin() as session:
        session.add(Member(team_id="T2", user_id="U1"))
    several = f"The database has several workspaces: T1, T2. {say}\n"
    assert runs(database, "export", "stories").stderr == several
    unknown = runs(database, "export", "stories", "--team", "T3")
    assert (unknown.exit_code, unknown.stderr) == (
        1,
        "The database does not know the workspace T3. It knows: T1, T2.\n",
    )


@pytest.mark.sqlite_only
def test_what_cannot_be_opened_is_said(database: Database, tmp_path: Path) -> None:
    nowhere, named = tmp_path / "nowhere" / "out.csv", ("--team", "T1")
    for said, command in {
        f"{nowhere} cannot be read: No such file or directory.\n": ("import", "stories", nowhere, *named),
        f"{tmp_path} cannot be read: Is a directory.\n": ("import", "stories", tmp_path, *named),
        f"{nowhere} cannot be written: No such file or directory.\n": ("export", "stories", nowhere, *named),
    }.items():
        refused = runs(database, *command)
        assert (refused.exit_code, refused.output) == (1, said)
    who = runs(database, "import", "stories", a_file(tmp_path, "One."), *named, "--author", "sam")
    assert (who.exit_code, who.output.startswith("--author sam: That is no member id of Slack.")) == (1, True)

    missing = Database(f"sqlite:///{tmp_path}/nowhere/bot.db")
    refused = runs(missing, "export", "stories")
    assert (refused.exit_code, refused.output) == (
        1,
        "The database cannot be used: unable to open database file.\n",
    )


def test_many_stories_take_no_more_questions_than_a_few(database: Database, voice: Voice, tmp_path: Path) -> None:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("INSERT"):
            asked.append(statement)

    counts = []
    event.listen(database.engine, "before_cursor_execute", count)
    for many in (2, 90):
        file = a_file(tmp_path, *(f"Worry {number} of {many}." for number in range(many)))
        transfer.import_stories(database, voice, file, "T1", None, NOW)
        counts.append(len(asked))
        asked.clear()

    assert counts[0] == counts[1]
    assert len(stories_of(database)) == 92


def test_a_terminal_shows_how_far_it_is_and_a_pipe_gets_the_stories_alone(tmp_path: Path) -> None:
    a_file(tmp_path, "One.", "Zoë feared it.")
    ours, theirs = pty.openpty()
    # Where nothing was shown there is nothing to wait for.
    os.set_blocking(ours, False)
    try:
        as_a_process(tmp_path, "import", "stories", "stories.csv", "--team", "T1", stderr=theirs)
        shown = os.read(ours, 65_536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert (shown.count("100%"), "Reading" in shown, "Keeping" in shown) == (2, True, True)

    written = as_a_process(tmp_path, "export", "stories")
    assert written.stderr == b""
    header, _, zoe, end = written.stdout.decode().split("\r\n")
    assert next(csv.reader([header])) == [*FACTS, AUTHOR, "status", "told", "landed", "expires_at"]
    assert ("Zoë feared it." in zoe, zoe.endswith(',"U0SAM","waiting","0","0",""'), end) == (True, True, "")


def as_a_process(folder: Path, *command: str, stderr: int = subprocess.PIPE) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *command],
        env=environment(folder),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=stderr,
        timeout=PATIENCE,
        check=True,
    )
