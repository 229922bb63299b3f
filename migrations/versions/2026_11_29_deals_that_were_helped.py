"""deals that were helped

Revision: e15e4a5a874a
Follows: e81d4b7a6c25
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e15e4a5a874a"
down_revision = "e81d4b7a6c25"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deal_name", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("deal_hundredths", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("deal_currency", sa.String(length=3), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hidden_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("hidden_reason", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_ratings_hidden_by_id"), ["hidden_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_ratings_hidden_by_id_users"), "users", ["hidden_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ratings_hidden_by_id_users"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_ratings_hidden_by_id"))
        batch_op.drop_column("hidden_reason")
        batch_op.drop_column("hidden_by_id")
        batch_op.drop_column("hidden_at")
        batch_op.drop_column("deal_currency")
        batch_op.drop_column("deal_hundredths")
        batch_op.drop_column("deal_name")
