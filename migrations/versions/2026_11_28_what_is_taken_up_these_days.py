"""what is taken up these days

Revision: d9c86bafcdfd
Follows: 7c2f5d80b9e3
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d9c86bafcdfd"
down_revision = "7c2f5d80b9e3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_trends",
        sa.Column("asset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_usage_trends")),
    )


def downgrade() -> None:
    op.drop_table("usage_trends")
