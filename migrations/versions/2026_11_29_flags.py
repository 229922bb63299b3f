"""flags

Revision: c2ab9c104eee
Follows: 7eb526f0d801
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c2ab9c104eee"
down_revision = "7eb526f0d801"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marketers_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_flags_asset_id_assets")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_flags_closed_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_flags_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("public_id", name=op.f("uq_flags_public_id")),
    )
    op.create_index("ix_flags_asset_id_created_at", "flags", ["asset_id", "created_at"])
    op.create_index("ix_flags_closed_at_created_at", "flags", ["closed_at", "created_at"])
    op.create_index(op.f("ix_flags_closed_by_id"), "flags", ["closed_by_id"])
    op.create_index(
        "ix_flags_open",
        "flags",
        ["asset_id", "user_id", "kind"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_flags_user_id"), "flags", ["user_id"])


def downgrade() -> None:
    op.drop_table("flags")
