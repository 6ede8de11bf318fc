"""reminders of a day: how many a member was brought, whatever became of them since"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("brought_on", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("brought", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("member", "brought")
    op.drop_column("member", "brought_on")
