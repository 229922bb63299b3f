"""writing is kept before it is saved

Revision: 4d0e7b92c6fa
Follows: 7b0f5a2c8d61
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4d0e7b92c6fa"
down_revision = "7b0f5a2c8d61"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "autosaves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_autosaves_asset_id_assets")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_autosaves_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autosaves")),
        sa.UniqueConstraint("public_id", name=op.f("uq_autosaves_public_id")),
    )
    with op.batch_alter_table("autosaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_autosaves_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_autosaves_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_autosaves_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("autosaves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_autosaves_user_id"))
        batch_op.drop_index(batch_op.f("ix_autosaves_at"))
        batch_op.drop_index(batch_op.f("ix_autosaves_asset_id"))

    op.drop_table("autosaves")
