"""state of links

Revision: c8d20f4b7e19
Follows: 3f0c6a5be21d
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c8d20f4b7e19"
down_revision = "3f0c6a5be21d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_checks",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_link_checks_asset_id_assets")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_link_checks")),
    )
    with op.batch_alter_table("link_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_checks_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_checks_state"), ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("link_checks")
