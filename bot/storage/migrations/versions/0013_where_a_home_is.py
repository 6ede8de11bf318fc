"""to where somebody has paged on their Home"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_PLACES = ("home_tasks", "home_cases")


def upgrade() -> None:
    for name in _PLACES:
        op.add_column("member", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in _PLACES:
        op.drop_column("member", name)
