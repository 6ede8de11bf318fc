"""a team's own reasons, and its currency"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("team", sa.Column("currency", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("team", "currency")
    op.drop_column("team", "reasons")
