"""what an undo asks: who touched what no version keeps, which move it takes back

Revision: 6b2d9f84c1e7
Follows: d3a150c93014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6b2d9f84c1e7"
down_revision = "d3a150c93014"
branch_labels = None
depends_on = None

POINTERS = (("asset_moves", "undoes_id"), ("bulk_items", "move_id"))


def upgrade() -> None:
    op.create_table(
        "asset_touches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_touches_asset_id_assets")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_asset_touches_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_touches")),
    )
    op.create_index("ix_asset_touches_asset_id_version", "asset_touches", ["asset_id", "version"])
    for table, column in POINTERS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_{column}_asset_moves"), "asset_moves", [column], ["id"]
            )
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table, column in reversed(POINTERS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_{column}_asset_moves"), type_="foreignkey")
            batch_op.drop_column(column)
    op.drop_index("ix_asset_touches_asset_id_version", "asset_touches")
    op.drop_table("asset_touches")
