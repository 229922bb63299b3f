"""sources of sound bites

Revision: e61c2d90a7b5
Follows: 4e7b9c1d2a60
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e61c2d90a7b5"
down_revision = "4e7b9c1d2a60"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_sources",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_sources_asset_id_assets")),
        sa.ForeignKeyConstraint(["source_id"], ["assets.id"], name=op.f("fk_asset_sources_source_id_assets")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_asset_sources")),
    )
    with op.batch_alter_table("asset_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_sources_source_id"), ["source_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("asset_sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_sources_source_id"))

    op.drop_table("asset_sources")
