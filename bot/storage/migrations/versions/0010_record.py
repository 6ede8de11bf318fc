"""the record: what happened in a case, files that were asked for, and customers that were forgotten"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("trail", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("case", sa.Column("response_url", sa.String(), nullable=True))
    op.add_column("case", sa.Column("forgotten_at", sa.DateTime(), nullable=True))
    op.add_column("task", sa.Column("stood_in", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "export",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("message_ts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_export_member", "export", ["team_id", "asked_by"])
    op.create_table(
        "shared_file",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("customers", sa.JSON(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shared_file_sent", "shared_file", ["team_id", "sent_at"])
    op.create_table(
        "erasure",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    # What the version before could not send any more.
    op.execute("DELETE FROM outbox WHERE kind IN ('export', 'page', 'forgotten', 'reminder_redrawn', 'home', 'file')")
    op.drop_table("erasure")
    op.drop_index("ix_shared_file_sent", "shared_file")
    op.drop_table("shared_file")
    op.drop_index("ix_export_member", "export")
    op.drop_table("export")
    op.drop_column("task", "stood_in")
    op.drop_column("case", "forgotten_at")
    op.drop_column("case", "response_url")
    op.drop_column("case", "trail")
