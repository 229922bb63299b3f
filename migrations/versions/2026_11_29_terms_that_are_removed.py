"""terms that are removed

Revision: d41f8e6a0b93
Follows: 4e7a90c2d5b8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d41f8e6a0b93"
down_revision = "4e7a90c2d5b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("terms") as table:
        table.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("terms") as table:
        table.drop_column("removed_at")
