"""life of assets: moves, remarks, reminders; dates of assets; files that replace others

Revision: 7a5f0c1e9d24
Follows: 891873052a08
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "7a5f0c1e9d24"
down_revision = "891873052a08"
branch_labels = None
depends_on = None

# Added one by one: a table that others point to is better not made anew.
POINTERS = (
    ("assets", "reviewer_id", "users"),
    ("assets", "scheduled_by_id", "users"),
    ("files", "first_id", "files"),
    ("uploads", "replaces_id", "files"),
)
DATES = ("expires_on", "consent_until", "review_by", "archive_on")


def upgrade() -> None:
    op.create_table(
        "asset_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(12), nullable=False),
        sa.Column("after", sa.String(12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_moves_asset_id_assets")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_asset_moves_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_moves")),
    )
    op.create_index("ix_asset_moves_asset_id_at", "asset_moves", ["asset_id", "at"])
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_remarks_asset_id_assets")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_remarks_author_id_users")),
        sa.ForeignKeyConstraint(["parent_id"], ["remarks.id"], name=op.f("fk_remarks_parent_id_remarks")),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["users.id"], name=op.f("fk_remarks_resolved_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_remarks_public_id")),
    )
    op.create_index(op.f("ix_remarks_asset_id"), "remarks", ["asset_id"])
    op.create_index(op.f("ix_remarks_parent_id"), "remarks", ["parent_id"])
    op.create_table(
        "asset_reminders",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_reminders_asset_id_assets")),
        sa.PrimaryKeyConstraint("asset_id", "about", "day", name=op.f("pk_asset_reminders")),
    )
    for table, column, to in POINTERS:
        name = op.f(f"fk_{table}_{column}_{to}")
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {to} (id)")
    op.add_column("assets", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assets", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assets", sa.Column("review_every", sa.Integer(), nullable=False, server_default="180"))
    for column in DATES:
        op.add_column("assets", sa.Column(column, sa.Date(), nullable=True))
    for column in ("reviewer_id", "publish_at", *DATES):
        op.create_index(op.f(f"ix_assets_{column}"), "assets", [column])
    op.create_index(op.f("ix_files_first_id"), "files", ["first_id"])
    _mirror_consent()


def _mirror_consent() -> None:
    """Days of consent that stories carry already go into the column."""
    assets = sa.table(
        "assets",
        sa.column("id", sa.Integer),
        sa.column("fields", sa.JSON),
        sa.column("consent_until", sa.Date),
    )
    connection = op.get_bind()
    for id_, fields in connection.execute(sa.select(assets.c.id, assets.c.fields)).all():
        if until := (fields or {}).get("consent_until"):
            day = date.fromisoformat(until)
            connection.execute(assets.update().where(assets.c.id == id_).values(consent_until=day))


def downgrade() -> None:
    op.drop_index(op.f("ix_files_first_id"), "files")
    for column in ("reviewer_id", "publish_at", *DATES):
        op.drop_index(op.f(f"ix_assets_{column}"), "assets")
    for column in (*DATES, "review_every", "reviewed_at", "publish_at"):
        op.drop_column("assets", column)
    for table, column, _ in reversed(POINTERS):
        if table == "uploads":  # made anew since, so SQLite has its foreign keys at the table
            with op.batch_alter_table(table) as batch_op:
                batch_op.drop_column(column)
        else:
            op.drop_column(table, column)
    op.drop_table("asset_reminders")
    op.drop_table("remarks")
    op.drop_table("asset_moves")
