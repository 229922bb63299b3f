"""which file an upload is, and what is loose in storage

Revision: a41c7e90d5b2
Follows: b31c5e09a7d4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a41c7e90d5b2"
down_revision = "b31c5e09a7d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loose_objects",
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_loose_objects")),
    )
    with op.batch_alter_table("loose_objects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loose_objects_at"), ["at"], unique=False)
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.alter_column("asset_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("made_asset", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("path", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("modified", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("fingerprint", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        for name in ("made_asset", "path", "fingerprint"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM uploads WHERE asset_id IS NULL")
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        for name in ("cleared_at", "fingerprint", "modified", "path", "made_asset"):
            batch_op.drop_column(name)
        batch_op.alter_column("asset_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("loose_objects")
