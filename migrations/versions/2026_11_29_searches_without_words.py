"""searches without words

Revision: 4e7a90c2d5b8
Follows: b9d3507c1e62
"""

from __future__ import annotations

from alembic import op

revision = "4e7a90c2d5b8"
down_revision = "b9d3507c1e62"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Conditions that are typed are no words any more, and filters alone that find nothing count on the map: the job counts
    all searches that are held anew."""
    op.execute("UPDATE gap_state SET as_of = NULL")


def downgrade() -> None:
    """Nor without that."""
    op.execute("UPDATE gap_state SET as_of = NULL")
