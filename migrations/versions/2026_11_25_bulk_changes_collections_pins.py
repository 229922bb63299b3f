"""bulk changes, collections, pins, files that may stand twice

Revision: b31c5e09a7d4
Follows: 7a5f0c1e9d24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b31c5e09a7d4"
down_revision = "7a5f0c1e9d24"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bulk_changes_user_id_users")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["users.id"], name=op.f("fk_bulk_changes_undone_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulk_changes_public_id")),
    )
    op.create_index("ix_bulk_changes_stage_at", "bulk_changes", ["stage", "at"])
    op.create_index(op.f("ix_bulk_changes_user_id"), "bulk_changes", ["user_id"])
    op.create_table(
        "bulk_items",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undone_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["bulk_changes.id"], name=op.f("fk_bulk_items_change_id_bulk_changes")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_bulk_items_asset_id_assets")),
        sa.PrimaryKeyConstraint("change_id", "asset_id", name=op.f("pk_bulk_items")),
    )
    op.create_index("ix_bulk_items_change_id_outcome", "bulk_items", ["change_id", "outcome"])
    op.create_index(op.f("ix_bulk_items_asset_id"), "bulk_items", ["asset_id"])
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("sharing", sa.String(10), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_collections_owner_id_users")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_collections_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("public_id", name=op.f("uq_collections_public_id")),
    )
    op.create_index(op.f("ix_collections_owner_id"), "collections", ["owner_id"])
    op.create_index(op.f("ix_collections_team_id"), "collections", ["team_id"])
    op.create_table(
        "collection_items",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_collection_items_collection_id_collections")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_collection_items_asset_id_assets")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["users.id"], name=op.f("fk_collection_items_added_by_id_users")
        ),
        sa.PrimaryKeyConstraint("collection_id", "asset_id", name=op.f("pk_collection_items")),
    )
    op.create_index(op.f("ix_collection_items_asset_id"), "collection_items", ["asset_id"])
    op.create_table(
        "pins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("collection_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pinned_by_id", sa.Integer(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.CheckConstraint("(asset_id IS NULL) <> (collection_id IS NULL)", name=op.f("ck_pins_one_thing")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_pins_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_pins_collection_id_collections")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_pins_team_id_teams")),
        sa.ForeignKeyConstraint(["pinned_by_id"], ["users.id"], name=op.f("fk_pins_pinned_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pins_public_id")),
    )
    for column in ("asset_id", "collection_id", "team_id"):
        op.create_index(op.f(f"ix_pins_{column}"), "pins", [column])
    op.add_column(
        "files", sa.Column("may_stand_twice", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("files", "may_stand_twice")
    for table in ("pins", "collection_items", "collections", "bulk_items", "bulk_changes"):
        op.drop_table(table)
