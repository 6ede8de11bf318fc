"""The schema's history: one line, up and down, and what stands in the tables stays there."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import anyio
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import TableClause, inspect
from sqlmodel import SQLModel, select

from bot.storage.database import Database, migrations_config
from bot.storage.models import Approval, Case, Remedy, Sight, Task, Team

# One row of every table as the first version had it, without the models: they will have moved on.
FIRST_ROWS = {
    "customer": {"team_id": "T1", "id": 1, "name": "Ada", "name_key": "ada", "created_at": "2026-11-24 15:00:00"},
    "member": {"team_id": "T1", "user_id": "U1", "timezone": "Europe/Paris", "cues_only": True},
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
        "letting_go": False,
        "words": '{"note": "Señora"}',
        "value_minor": 1_000_000_000_000_000,
        "currency": "USD",
        "soft_yes": False,
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

# What 0006 asks of them beside that.
LATER_COLUMNS = {
    "case": {
        "kind": "sale",
        "writing": False,
        "slots": "[]",
        "agreed": False,
        "passed_over": "[]",
        "gave_story": False,
        "before": "[]",
    },
}

# What a later version says of them otherwise.
NOW = {**FIRST_ROWS, "outbox": {**FIRST_ROWS["outbox"], "key": "card:1:U1"}}


@pytest.fixture
def bare(new_database: Callable[..., str]) -> Iterator[Database]:
    """A database that nobody has touched yet."""
    database = Database(new_database(migrated=False))
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
        found = {table: session.execute(sa.select(as_it_was(table))).mappings().one() for table in FIRST_ROWS}
    return {table: {name: plain(value) for name, value in row.items()} for table, row in found.items()}


def plain(value: object) -> object:
    """A value as it is written above: some drivers make more of it."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, datetime) else value


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
    assert (task.sale_id, task.facts, task.stood_in) == (None, {}, [])
    assert (case.trail, case.response_url, case.forgotten_at) == ([], None, None)
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


PROMISES = {1: ("U1", None), 2: ("U1", None), 3: ("U1", "2026-11-25 09:00:00"), 4: ("U2", None), 5: ("U1", None)}
RUNG_AT = {1: "2026-11-27 15:00:00", 2: "2026-11-25 15:00:00", 3: "2026-11-24 15:00:00", 4: "2026-11-30 15:00:00"}


def each_with_a_reminder_of_its_own(database: Database) -> None:
    """Promises of two members as the version before alarms kept them: one is done, and of one nobody is reminded."""
    with database.begin() as session:
        for table in ("customer", "case"):
            session.execute(sa.insert(as_it_was(table)).values(FIRST_ROWS[table]))
        for task_id, (owner, done_at) in PROMISES.items():
            session.execute(
                sa.text(
                    "INSERT INTO task (team_id, id, case_id, owner_id, kind, facts, due_at, created_at, done_at) "
                    "VALUES ('T1', :id, 1, :owner, 'hello', '{}', "
                    "'2026-11-25 10:00:00', '2026-11-24 15:01:00', :done_at)"
                ),
                {"id": task_id, "owner": owner, "done_at": done_at},
            )
        for task_id, due_at in RUNG_AT.items():
            owner, _ = PROMISES[task_id]
            session.execute(
                sa.text(
                    "INSERT INTO outbox (team_id, key, kind, user_id, subject_id, due_at, status, attempts) "
                    "VALUES ('T1', :key, 'reminder', :owner, :id, :due_at, 'pending', 2)"
                ),
                {"key": f"reminder:{task_id}", "owner": owner, "id": task_id, "due_at": due_at},
            )


def reminders_due(database: Database) -> list[tuple[str, int | None, str]]:
    with database.begin(writes=False) as session:
        found = session.execute(
            sa.text("SELECT key, subject_id, due_at FROM outbox WHERE status = 'pending' ORDER BY due_at")
        ).all()
    return [(key, subject_id, str(due_at).removesuffix(".000000")) for key, subject_id, due_at in found]


def test_the_reminders_of_each_member_become_one_alarm_that_rings_at_the_first_of_them(bare: Database) -> None:
    bare.migrate("0004")
    each_with_a_reminder_of_its_own(bare)
    bare.migrate("0005")

    assert reminders_due(bare) == [("alarm:U1", None, RUNG_AT[2]), ("alarm:U2", None, RUNG_AT[4])]
    with bare.begin(writes=False) as session:
        tasks = session.execute(sa.text("SELECT id, remind_at, exact, times FROM task ORDER BY id")).all()
    rings = {task_id: remind_at and str(remind_at).removesuffix(".000000") for task_id, remind_at, _, _ in tasks}
    assert rings == {1: RUNG_AT[1], 2: RUNG_AT[2], 3: None, 4: RUNG_AT[4], 5: None}, "what is done never rings"
    assert {(bool(exact), times) for _, _, exact, times in tasks} == {(False, 0)}


def test_going_back_gives_each_promise_its_reminder_and_leaves_out_what_had_no_place(bare: Database) -> None:
    bare.migrate("0004")
    each_with_a_reminder_of_its_own(bare)
    bare.migrate("0005")
    with bare.begin() as session:
        session.execute(
            sa.text(
                "INSERT INTO task (team_id, id, customer_id, owner_id, kind, facts, due_at, remind_at, created_at) "
                "VALUES ('T1', 6, 1, 'U1', 'reconnect', '{}', '2026-11-26 10:00:00', '2026-11-26 10:00:00', "
                "'2026-11-24 15:01:00')"
            )
        )
    bare.migrate("-1")

    assert reminders_due(bare) == [(f"reminder:{task_id}", task_id, RUNG_AT[task_id]) for task_id in (2, 1, 4)]
    with bare.begin(writes=False) as session:
        assert session.execute(sa.text("SELECT id FROM task ORDER BY id")).scalars().all() == [1, 2, 3, 4, 5]


def test_a_team_and_its_remedies_go_on_without_limits_and_back(bare: Database) -> None:
    bare.migrate("0006")
    with bare.begin() as session:
        for table in ("customer", "case"):
            columns = {**FIRST_ROWS[table], **LATER_COLUMNS.get(table, {})}
            session.execute(sa.insert(sa.table(table, *map(sa.column, columns))).values(columns))
        session.execute(
            sa.text(
                "INSERT INTO remedy (team_id, id, case_id, key, follow, worth_minor, currency, agreed_by, agreed_at) "
                "VALUES ('T1', 1, 1, 'discount', 'discount', 5000, 'USD', 'U1', '2026-11-24 15:00:00')"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO team (team_id, withdrawal_kinds, story_months, story_revision, customer_kinds) "
                "VALUES ('T1', '[]', 12, 0, '[]')"
            )
        )
    bare.migrate()
    with bare.begin(writes=False) as session:
        team, remedy = session.exec(select(Team)).one(), session.exec(select(Remedy)).one()
    assert (team.policies, team.reasons, team.currency) == ({}, [], None)
    assert (remedy.percent, remedy.months, remedy.worth_minor) == (None, None, 5000)

    with bare.begin() as session:
        session.add(
            Approval(
                team_id="T1",
                case_id=1,
                key="discount",
                follow="discount",
                asked_by="U1",
                asked_at=datetime(2026, 11, 24, tzinfo=UTC),
            )
        )
        for kind in ("approval", "approval_next", "approval_slow", "card"):
            session.execute(
                sa.text(
                    "INSERT INTO outbox (team_id, key, kind, user_id, due_at, status, attempts) "
                    "VALUES ('T1', :kind, :kind, 'U1', '2026-11-24 15:00:00', 'pending', 0)"
                ),
                {"kind": kind},
            )
    bare.migrate("-6")
    with bare.begin(writes=False) as session:
        assert session.execute(sa.text("SELECT kind FROM outbox")).scalars().all() == ["card"]
        assert session.execute(sa.text("SELECT worth_minor FROM remedy")).scalars().all() == [5000]


def test_without_summaries_nothing_of_them_waits_to_be_sent(bare: Database) -> None:
    bare.migrate("0006")
    with bare.begin() as session:
        for kind in ("summary", "summary_thread", "card"):
            session.execute(
                sa.text(
                    "INSERT INTO outbox (team_id, key, kind, user_id, due_at, status, attempts) "
                    "VALUES ('T1', :kind, :kind, 'U1', '2026-11-24 15:00:00', 'pending', 0)"
                ),
                {"kind": kind},
            )
    bare.migrate("-1")

    with bare.begin(writes=False) as session:
        assert session.execute(sa.text("SELECT kind FROM outbox")).scalars().all() == ["card"]


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
    with bare.engine.begin() as other:
        other.execute(sa.text("CREATE TABLE task (id INTEGER)"))

    with pytest.raises(Exception, match=r'task"? already exists'):
        bare.migrate()

    assert tables(bare) == {"task"}


@pytest.mark.postgresql_only
async def test_of_several_processes_that_start_at_once_one_migrates(bare: Database) -> None:
    url = bare.url.render_as_string(hide_password=False)
    migrate = [sys.executable, "-c", f"from bot.storage.database import Database; Database({url!r}).migrate()"]
    async with anyio.create_task_group() as processes:
        for _ in range(4):
            processes.start_soon(anyio.run_process, migrate)

    with bare.begin(writes=False) as session:
        assert len(session.execute(sa.text("SELECT version_num FROM alembic_version")).all()) == 1
    assert tables(bare) == set(SQLModel.metadata.tables)
