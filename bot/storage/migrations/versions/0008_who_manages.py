"""who manages: those who were asked to, and the user group that is asked along"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("manager_group", sa.String(), nullable=True))
    op.add_column("team", sa.Column("manager_group_handle", sa.String(), nullable=True))
    op.create_table(
        "invitation",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=True),
        sa.Column("said_yes", sa.Boolean(), nullable=True),
        sa.Column("said_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "user_id"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind IN ('role', 'role_group')")
    op.drop_table("invitation")
    op.drop_column("team", "manager_group_handle")
    op.drop_column("team", "manager_group")
