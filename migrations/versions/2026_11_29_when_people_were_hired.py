"""when people were hired

Revision: a47e2c91d05b
Follows: c83f0d62b9e4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a47e2c91d05b"
down_revision = "c83f0d62b9e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("hired_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("users") as table:
        table.drop_column("hired_on")
