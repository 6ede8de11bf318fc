"""every list of a Home has pages"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("home_waiting", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("member", "home_waiting")
