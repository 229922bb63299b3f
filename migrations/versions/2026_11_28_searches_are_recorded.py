"""searches are recorded

Revision: 024ac31776b4
Follows: 6d0a921a0d37
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "024ac31776b4"
down_revision = "6d0a921a0d37"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("order", sa.String(length=12), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Double(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_searches_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("client_id", name=op.f("uq_searches_client_id")),
    )
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.create_index("ix_searches_at", ["at"], unique=False)
        batch_op.create_index("ix_searches_folded_at", ["folded", "at"], unique=False)
        batch_op.create_index("ix_searches_user_id_at", ["user_id", "at"], unique=False)

    op.create_table(
        "search_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_search_uses_asset_id_assets")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_search_uses_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_uses")),
        sa.UniqueConstraint("event_id", name=op.f("uq_search_uses_event_id")),
    )
    with op.batch_alter_table("search_uses", schema=None) as batch_op:
        batch_op.create_index("ix_search_uses_asset_id_at", ["asset_id", "at"], unique=False)
        batch_op.create_index("ix_search_uses_search_id", ["search_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("search_uses", schema=None) as batch_op:
        batch_op.drop_index("ix_search_uses_search_id")
        batch_op.drop_index("ix_search_uses_asset_id_at")

    op.drop_table("search_uses")
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.drop_index("ix_searches_user_id_at")
        batch_op.drop_index("ix_searches_folded_at")
        batch_op.drop_index("ix_searches_at")

    op.drop_table("searches")
