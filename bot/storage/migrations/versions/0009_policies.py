"""policies: what reps may offer, and what was asked for above that"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("policies", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("remedy", sa.Column("percent", sa.Integer(), nullable=True))
    op.add_column("remedy", sa.Column("months", sa.Integer(), nullable=True))
    op.create_table(
        "approval",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("follow", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("worth_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_of", sa.JSON(), nullable=False),
        sa.Column("slow_at", sa.DateTime(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("word", sa.String(), nullable=True),
        sa.Column("less_percent", sa.Integer(), nullable=True),
        sa.Column("less_months", sa.Integer(), nullable=True),
        sa.Column("less_minor", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_approval_case", "approval", ["team_id", "case_id"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind IN ('approval', 'approval_next', 'approval_slow')")
    op.execute("DELETE FROM task WHERE kind = 'call_back'")
    op.drop_index("ix_approval_case", "approval")
    op.drop_table("approval")
    op.drop_column("remedy", "months")
    op.drop_column("remedy", "percent")
    op.drop_column("team", "policies")
