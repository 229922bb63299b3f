"""searches are tuned

Revision: 0837b5ce07d4
Follows: 024ac31776b4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0837b5ce07d4"
down_revision = "024ac31776b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_synonyms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("folded", sa.String(length=80), nullable=False),
        sa.Column("means", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_search_synonyms_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonyms")),
        sa.UniqueConstraint("folded", name=op.f("uq_search_synonyms_folded")),
        sa.UniqueConstraint("public_id", name=op.f("uq_search_synonyms_public_id")),
    )
    op.create_table(
        "search_placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(8), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_search_placements_asset_id_assets")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_search_placements_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_placements")),
        sa.UniqueConstraint("folded", "asset_id", name=op.f("uq_search_placements_folded_asset_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_search_placements_public_id")),
    )
    with op.batch_alter_table("search_placements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_placements_asset_id"), ["asset_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("search_placements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_placements_asset_id"))

    op.drop_table("search_placements")
    op.drop_table("search_synonyms")
