"""an index of assets by state, kind and title, for figures over all of them

Revision: c83f0d62b9e4
Follows: e15e4a5a874a
"""

from __future__ import annotations

from alembic import op

revision = "c83f0d62b9e4"
down_revision = "e15e4a5a874a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index("ix_assets_state_kind_title", ["state", "kind", "title"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.drop_index("ix_assets_state_kind_title")
