"""The schema's history: one line, up and down, and what stands in the tables stays there."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import TableClause, inspect
from sqlmodel import SQLModel, select

from bot.storage.database import Database, migrations_config
from bot.storage.models import Case, Sight, Task, Team

# One row of every table as the first version had it, without the models: they will have moved on.
FIRST_ROWS = {
    "customer": {"team_id": "T1", "id": 1, "name": "Ada", "name_key": "ada", "created_at": "2026-11-24 15:00:00"},
    "member": {"team_id": "T1", "user_id": "U1", "timezone": "Europe/Paris", "cues_only": 1},
    "case": {
        "team_id": "T1",
        "id": 1,
        "customer_id": 1,
        "rep_id": "U1",
        "playbook": "sale",
        "step": "why",
        "variant": 1,
        "revision": 3,
        "noes": 1,
        "letting_go": 0,
        "words": '{"note": "Señora"}',
        "value_minor": 1_000_000_000_000_000,
        "currency": "USD",
        "soft_yes": 0,
        "opened_at": "2026-11-24 15:00:00",
        "touched_at": "2026-11-24 15:01:00",
    },
    "mission": {
        "team_id": "T1",
        "id": 1,
        "customer_id": 1,
        "case_id": 1,
        "words": "Quiet Sundays",
        "heard_by": "U1",
        "heard_at": "2026-11-24 15:01:00",
    },
    "task": {
        "team_id": "T1",
        "id": 1,
        "case_id": 1,
        "owner_id": "U1",
        "kind": "hello",
        "due_at": "2026-11-25 10:00:00",
        "created_at": "2026-11-24 15:01:00",
    },
    "outbox": {
        "team_id": "T1",
        "id": 1,
        "key": "card:1",
        "kind": "card",
        "user_id": "U1",
        "subject_id": 1,
        "due_at": "2026-11-24 15:03:00",
        "status": "pending",
        "attempts": 0,
    },
}

# What a later version says of them otherwise.
NOW = {**FIRST_ROWS, "outbox": {**FIRST_ROWS["outbox"], "key": "card:1:U1"}}


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Database]:
    """A database that nobody has touched yet."""
    database = Database(f"sqlite:///{tmp_path / 'bare.db'}")
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def as_it_was(table: str) -> TableClause:
    """A table with the columns of its first row."""
    return sa.table(table, *map(sa.column, FIRST_ROWS[table]))


def fill(database: Database) -> None:
    with database.begin() as session:
        for table, row in FIRST_ROWS.items():
            session.execute(sa.insert(as_it_was(table)).values(row))


def kept(database: Database) -> dict[str, dict[str, object]]:
    """What the columns of the first rows hold now."""
    with database.begin(writes=False) as session:
        return {table: dict(session.execute(sa.select(as_it_was(table))).mappings().one()) for table in FIRST_ROWS}


def test_there_is_one_line_of_history() -> None:
    script = ScriptDirectory.from_config(migrations_config())

    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in script.walk_revisions()][-1] == "0001"


def test_the_first_rows_are_of_every_table_the_first_version_had(bare: Database) -> None:
    bare.migrate("0001")

    assert tables(bare) == set(FIRST_ROWS)


def test_rows_of_the_first_version_are_all_there_in_this_one(bare: Database) -> None:
    bare.migrate("0001")
    fill(bare)
    bare.migrate()

    assert kept(bare) == NOW


def test_what_a_filled_database_gains_has_sensible_values(bare: Database) -> None:
    bare.migrate("0001")
    fill(bare)
    with bare.begin() as session:
        session.execute(sa.text("UPDATE \"case\" SET playbook = 'order'"))
    bare.migrate()

    with bare.begin(writes=False) as session:
        case, task = session.exec(select(Case)).one(), session.exec(select(Task)).one()
    assert (case.kind, case.writing, case.slots, case.in_touch) == ("order", False, [], None)
    assert (task.sale_id, task.facts) == (None, {})
    assert (case.story_id, case.passed_over, case.landed, case.gave_story) == (None, [], None, False)


def test_what_a_team_has_set_stays_and_its_stories_last_a_year(bare: Database) -> None:
    bare.migrate("0002")
    with bare.begin() as session:
        session.execute(
            sa.text("INSERT INTO team (team_id, help_channel, withdrawal_kinds) VALUES ('T1', 'C1', '[\"sale\"]')")
        )
    bare.migrate()

    with bare.begin(writes=False) as session:
        team = session.exec(select(Team)).one()
    assert (team.help_channel, team.withdrawal_kinds) == ("C1", ["sale"])
    assert (team.story_months, team.story_revision, team.customer_kinds, team.verifier_id) == (12, 0, [], None)


def test_a_card_in_sight_stays_in_sight_and_a_search_goes_with_its_version(bare: Database) -> None:
    card = (
        "INSERT INTO sight (team_id, place, user_id, case_id, stories, response_url, seen_at) "
        "VALUES ('T1', 'card:1', 'U1', 1, '[3]', 'https://example.com', '2026-11-24 15:00:00')"
    )
    search = (
        "INSERT INTO sight (team_id, place, user_id, stories, asked, seen_at) "
        "VALUES ('T1', 'stories:1', 'U1', '[3]', '{}', '2026-11-24 15:00:00')"
    )
    bare.migrate("0003")
    with bare.begin() as session:
        session.execute(sa.text(card))
    bare.migrate("0004")
    with bare.begin() as session:
        session.execute(sa.text(search))
        seen = [(sight.place, sight.stories, sight.asked) for sight in session.exec(select(Sight)).all()]
    assert seen == [("card:1", [3], None), ("stories:1", [3], {})]

    bare.migrate("-1")
    with bare.begin(writes=False) as session:
        assert session.execute(sa.text("SELECT place, response_url FROM sight")).all() == [
            ("card:1", "https://example.com")
        ]


def test_going_back_keeps_the_copy_of_whoever_has_the_case(bare: Database) -> None:
    bare.migrate("0001")
    fill(bare)
    bare.migrate("0002")
    with bare.begin() as session:
        session.execute(sa.text("UPDATE \"case\" SET rep_id = 'U2'"))
        session.execute(
            sa.text(
                "INSERT INTO outbox (team_id, id, key, kind, user_id, subject_id, due_at, status, attempts) "
                "VALUES ('T1', 2, 'card:1:U2', 'card', 'U2', 1, '2026-11-24 15:04:00', 'pending', 0)"
            )
        )
    bare.migrate("-1")

    with bare.begin(writes=False) as session:
        assert session.execute(sa.text("SELECT key FROM outbox")).scalars().all() == ["card:1"]


def test_a_filled_database_goes_down_to_nothing_and_up_again(bare: Database) -> None:
    bare.migrate("0001")
    fill(bare)
    bare.migrate()
    everything = tables(bare)

    bare.migrate("base")
    assert tables(bare) == set()
    bare.migrate()
    assert tables(bare) == everything


def test_migrating_twice_changes_nothing(bare: Database) -> None:
    bare.migrate("0001")
    fill(bare)
    bare.migrate()
    bare.migrate()

    assert kept(bare) == NOW


def test_every_step_down_and_up_again_is_walked(bare: Database) -> None:
    steps = len(list(ScriptDirectory.from_config(migrations_config()).walk_revisions()))
    bare.migrate()
    everything = tables(bare)
    for _ in range(steps):
        bare.migrate("-1")
    assert tables(bare) == set()
    for _ in range(steps):
        bare.migrate("+1")

    assert tables(bare) == everything


def test_the_models_and_the_migrations_agree(bare: Database) -> None:
    bare.migrate()
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []


def test_every_table_begins_with_its_team(bare: Database) -> None:
    bare.migrate()
    look = inspect(bare.engine)

    assert {look.get_columns(table)[0]["name"] for table in tables(bare)} == {"team_id"}


def test_a_migration_that_fails_leaves_the_schema_as_it_was(bare: Database) -> None:
    """Another program made a table of that name: nothing of ours is left beside it."""
    with sqlite3.connect(str(bare.url.database)) as other:
        other.execute("CREATE TABLE task (id INTEGER)")
    other.close()

    with pytest.raises(Exception, match="task already exists"):
        bare.migrate()

    assert tables(bare) == {"task"}
