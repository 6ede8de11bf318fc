"""true stories: the ledger, what was decided of each, where they were told, and where they stand"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _added() -> dict[str, tuple[sa.Column[object], ...]]:
    """The new columns, by table. Rows that are there already need a value in each that is never empty."""
    return {
        "case": (
            sa.Column("customer_kind", sa.String(), nullable=True),
            sa.Column("story_id", sa.Integer(), nullable=True),
            sa.Column("passed_over", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("landed", sa.Boolean(), nullable=True),
            sa.Column("gave_story", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        "team": (
            sa.Column("verifier_id", sa.String(), nullable=True),
            sa.Column("story_months", sa.Integer(), nullable=False, server_default="12"),
            sa.Column("story_revision", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("customer_kinds", sa.JSON(), nullable=False, server_default="[]"),
        ),
    }


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("whose_key", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=True),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("agreed_how", sa.String(), nullable=True),
        sa.Column("worry", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("customer_kind", sa.String(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("turned", sa.String(), nullable=False),
        sa.Column("now", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("landed", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_story_status", "story", ["team_id", "status"])
    op.create_index("ix_story_author", "story", ["team_id", "author_id"])
    op.create_index("ix_story_customer", "story", ["team_id", "customer_id"])
    op.create_index("ix_story_whose", "story", ["team_id", "whose_key"])
    op.create_table(
        "story_decision",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_story_decision_story", "story_decision", ["team_id", "story_id"])
    op.create_table(
        "telling",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.String(), nullable=False),
        sa.Column("landed", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "case_id"),
    )
    op.create_table(
        "sight",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("stories", sa.JSON(), nullable=False),
        sa.Column("response_url", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "place"),
    )
    op.create_index("ix_sight_seen", "sight", ["team_id", "seen_at"])
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_case_story", "case", ["team_id", "story_id"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind NOT IN ('card', 'reminder', 'member', 'post')")
    op.drop_index("ix_case_story", "case")
    for table, columns in reversed(_added().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
    for table in ("sight", "telling", "story_decision", "story"):
        op.drop_table(table)
