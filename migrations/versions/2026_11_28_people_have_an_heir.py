"""people have an heir

Revision: 6d0a921a0d37
Follows: 404eefe02cb9
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6d0a921a0d37"
down_revision = "404eefe02cb9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heir_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_users_heir_id"), ["heir_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_users_heir_id_users"), "users", ["heir_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_users_heir_id_users"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_users_heir_id"))
        batch_op.drop_column("heir_id")
