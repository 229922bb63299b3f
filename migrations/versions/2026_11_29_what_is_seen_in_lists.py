"""what is seen in lists

Revision: a3f19c8e5d07
Follows: 39cc91dc3c9e
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a3f19c8e5d07"
down_revision = "39cc91dc3c9e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "impressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_impressions_asset_id_assets")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_impressions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impressions")),
        sa.UniqueConstraint("client_id", name=op.f("uq_impressions_client_id")),
    )
    op.create_index("ix_impressions_asset_id_at", "impressions", ["asset_id", "at"], unique=False)
    op.create_index("ix_impressions_received_at", "impressions", ["received_at"], unique=False)
    op.create_table(
        "usage_seen",
        sa.Column("asset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", "day", name=op.f("pk_usage_seen")),
        sqlite_with_rowid=False,
    )
    for name in ("impression", "impression_people"):
        op.add_column("usage_spans", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        for name in ("impression", "impression_people"):
            op.alter_column("usage_spans", name, server_default=None)


def downgrade() -> None:
    for name in ("impression_people", "impression"):
        op.drop_column("usage_spans", name)
    op.drop_table("usage_seen")
    op.drop_table("impressions")
