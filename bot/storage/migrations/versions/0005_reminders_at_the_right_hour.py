"""reminders at the right hour: one alarm for each member, working hours, and what became of each promise"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OPEN = "done_at IS NULL AND dropped_at IS NULL AND remind_at IS NOT NULL"


def _hours() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("work_days", sa.JSON(), nullable=True),
        sa.Column("work_from", sa.String(), nullable=True),
        sa.Column("work_to", sa.String(), nullable=True),
        sa.Column("daily_most", sa.Integer(), nullable=True),
    )


def _added() -> dict[str, tuple[sa.Column[object], ...]]:
    """The new columns, by table. Rows that are there already need a value in each that is never empty."""
    return {
        "task": (
            sa.Column("customer_id", sa.Integer(), nullable=True),
            sa.Column("remind_at", sa.DateTime(), nullable=True),
            sa.Column("exact", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("reminded_at", sa.DateTime(), nullable=True),
            sa.Column("times", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("message_ts", sa.String(), nullable=True),
            sa.Column("handed_by", sa.String(), nullable=True),
            sa.Column("handed_at", sa.DateTime(), nullable=True),
            sa.Column("handed_ts", sa.String(), nullable=True),
            sa.Column("dropped_why", sa.String(), nullable=True),
        ),
        "member": (*_hours(), sa.Column("away_until", sa.DateTime(), nullable=True)),
        "team": _hours(),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "ix_task_remind",
        "task",
        ["team_id", "owner_id", "remind_at"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index("ix_task_message", "task", ["team_id", "message_ts"])
    op.create_index("ix_task_handed", "task", ["team_id", "handed_ts"])
    op.create_index("ix_task_customer", "task", ["team_id", "customer_id"])
    # Each task had a row of its own. Now its owner has one, which rings at the first of them.
    op.execute(
        "UPDATE task SET remind_at = (SELECT due_at FROM outbox WHERE outbox.team_id = task.team_id "
        "AND outbox.kind = 'reminder' AND outbox.subject_id = task.id AND outbox.status = 'pending') "
        "WHERE done_at IS NULL AND dropped_at IS NULL"
    )
    op.execute("DELETE FROM outbox WHERE kind = 'reminder' AND status = 'pending'")
    op.execute(
        "INSERT INTO outbox (team_id, key, kind, user_id, due_at, status, attempts) "
        "SELECT team_id, 'alarm:' || owner_id, 'reminder', owner_id, MIN(remind_at), 'pending', 0 FROM task "
        "WHERE done_at IS NULL AND dropped_at IS NULL AND remind_at IS NOT NULL GROUP BY team_id, owner_id"
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind = 'reminder'")
    op.execute(
        "INSERT INTO outbox (team_id, key, kind, user_id, subject_id, due_at, status, attempts) "
        "SELECT team_id, 'reminder:' || id, 'reminder', owner_id, id, remind_at, 'pending', 0 FROM task "
        "WHERE done_at IS NULL AND dropped_at IS NULL AND remind_at IS NOT NULL"
    )
    for index in ("ix_task_customer", "ix_task_handed", "ix_task_message", "ix_task_remind"):
        op.drop_index(index, "task")
    # A promise about a customer alone has no place in the version before.
    op.execute(
        "DELETE FROM outbox WHERE kind = 'reminder' "
        "AND subject_id IN (SELECT id FROM task WHERE case_id IS NULL AND sale_id IS NULL)"
    )
    op.execute("DELETE FROM task WHERE case_id IS NULL AND sale_id IS NULL")
    for table, columns in reversed(_added().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
