"""searches in sight: a search through the stories stands on a screen too, by no address but what was asked"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sight") as sight:
        sight.add_column(sa.Column("asked", sa.JSON(), nullable=True))
        sight.alter_column("response_url", existing_type=sa.String(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM sight WHERE response_url IS NULL")
    with op.batch_alter_table("sight") as sight:
        sight.alter_column("response_url", existing_type=sa.String(), nullable=False)
        sight.drop_column("asked")
