"""every playbook: appointments, answers in writing, remedies, sales, and what a team has set"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _added() -> dict[str, tuple[sa.Column[object], ...]]:
    """The new columns, by table. Rows that are there already need a value in each that is never empty."""
    return {
        "case": (
            sa.Column("kind", sa.String(), nullable=False, server_default="sale"),
            sa.Column("writing", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("waiting_until", sa.Date(), nullable=True),
            sa.Column("bought_on", sa.Date(), nullable=True),
            sa.Column("link", sa.String(), nullable=True),
            sa.Column("slots", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("appointment_at", sa.DateTime(), nullable=True),
            sa.Column("met", sa.Boolean(), nullable=True),
            sa.Column("in_touch", sa.Boolean(), nullable=True),
            sa.Column("fit", sa.Boolean(), nullable=True),
            sa.Column("handed_by", sa.String(), nullable=True),
            sa.Column("handed_at", sa.DateTime(), nullable=True),
            sa.Column("agreed", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("before", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("decided_at", sa.DateTime(), nullable=True),
        ),
        "customer": (sa.Column("left_alone_since", sa.DateTime(), nullable=True),),
        "member": (
            sa.Column("heard_through", sa.String(), nullable=True),
            sa.Column("default_playbook", sa.String(), nullable=True),
            sa.Column("booking_link", sa.String(), nullable=True),
            sa.Column("told_of_writing", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("is_admin", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("manages_since", sa.DateTime(), nullable=True),
        ),
    }


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("heard_channel", sa.String(), nullable=True),
        sa.Column("help_channel", sa.String(), nullable=True),
        sa.Column("withdrawal_days", sa.Integer(), nullable=True),
        sa.Column("withdrawal_kinds", sa.JSON(), nullable=False),
        sa.Column("withdrawal_words", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("team_id"),
    )
    op.create_table(
        "product",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "name_key"),
    )
    op.create_table(
        "sale",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("sureness", sa.String(), nullable=False),
        sa.Column("sold_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sale_customer", "sale", ["team_id", "customer_id", "sold_at"])
    op.create_table(
        "remedy",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("follow", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("worth_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_remedy_case", "remedy", ["team_id", "case_id"])
    op.create_table(
        "post",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("sale_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"))
        batch.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key("fk_task_sale", "sale", ["sale_id"], ["id"])
        batch.create_index("ix_task_sale", ["team_id", "sale_id"])
    op.execute("UPDATE \"case\" SET kind = 'order' WHERE playbook = 'order'")
    op.execute('UPDATE "case" SET decided_at = coalesce(closed_at, touched_at) WHERE outcome IS NOT NULL')
    # A case can be handed on, so each of its reps has a copy of their own.
    op.execute("UPDATE outbox SET key = key || ':' || user_id WHERE kind = 'card'")


def downgrade() -> None:
    op.execute("DELETE FROM task WHERE case_id IS NULL")
    op.execute("DELETE FROM outbox WHERE kind NOT IN ('card', 'reminder', 'member')")
    _card_copies_by_case_alone()
    with op.batch_alter_table("task") as batch:
        batch.drop_index("ix_task_sale")
        batch.drop_constraint("fk_task_sale", type_="foreignkey")
        batch.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("facts")
        batch.drop_column("sale_id")
    for table, columns in reversed(_added().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
    for table in ("post", "remedy", "sale", "product", "team"):
        op.drop_table(table)


def _card_copies_by_case_alone() -> None:
    """Of the copies of a case that was handed on, its rep's own is kept."""
    outbox = sa.table("outbox", *map(sa.column, ("id", "key", "kind", "user_id", "subject_id")))
    case = sa.table("case", sa.column("id"), sa.column("rep_id"))
    of_rep = sa.select(case.c.rep_id).where(case.c.id == outbox.c.subject_id).scalar_subquery()
    op.execute(sa.delete(outbox).where(outbox.c.kind == "card", outbox.c.user_id != of_rep))
    short = sa.func.replace(outbox.c.key, sa.literal(":") + outbox.c.user_id, "")
    op.execute(sa.update(outbox).where(outbox.c.kind == "card").values(key=short))
