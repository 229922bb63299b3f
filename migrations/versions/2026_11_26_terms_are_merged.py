"""terms are merged

Revision: 8c1f5a7e2d04
Follows: c8d20f4b7e19
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8c1f5a7e2d04"
down_revision = "c8d20f4b7e19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_terms_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_terms_merged_into_id_terms"), "terms", ["merged_into_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_terms_merged_into_id_terms"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_terms_merged_into_id"))
        batch_op.drop_column("merged_into_id")
