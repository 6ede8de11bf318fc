"""weekly summaries: the channels that get one, and the step at which a conversation was lost"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_HELD = "kind = 'held' AND dropped_at IS NULL"


def upgrade() -> None:
    op.add_column("case", sa.Column("lost_at", sa.String(), nullable=True))
    op.create_index(
        "ix_task_held",
        "task",
        ["team_id", "done_at", "due_at"],
        sqlite_where=sa.text(_HELD),
        postgresql_where=sa.text(_HELD),
    )
    op.create_table(
        "subscription",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("switched_on_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "channel"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind IN ('summary', 'summary_thread')")
    op.drop_table("subscription")
    op.drop_index("ix_task_held", "task")
    op.drop_column("case", "lost_at")
