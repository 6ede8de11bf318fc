"""made-up customers, messages that cases come from, and what members want to be told"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("team_id", "user_id", "form", "about")),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", "form", "about"),
    )
    op.add_column("case", sa.Column("made_up", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("source_channel", "source_ts", "source_link"):
        op.add_column("case", sa.Column(name, sa.String(), nullable=True))
    op.create_index("ix_case_source", "case", ["team_id", "source_channel", "source_ts"])
    op.add_column("post", sa.Column("thread_ts", sa.String(), nullable=True))
    op.add_column("member", sa.Column("own_timezone", sa.String(), nullable=True))
    op.add_column("member", sa.Column("unwanted", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("member", sa.Column("welcomed_at", sa.DateTime(), nullable=True))
    op.add_column("member", sa.Column("home_seen_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    # What the version before could not send any more.
    op.execute("DELETE FROM outbox WHERE kind IN ('welcome', 'homes', 'meanwhile')")
    for name in ("home_seen_at", "welcomed_at", "unwanted", "own_timezone"):
        op.drop_column("member", name)
    op.drop_column("post", "thread_ts")
    op.drop_table("draft")
    op.drop_index("ix_case_source", "case")
    for name in ("source_link", "source_ts", "source_channel", "made_up"):
        op.drop_column("case", name)
