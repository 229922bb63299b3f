"""the number of a deleted team is never another's

Revision: 7c2f5d80b9e3
Follows: e61c2d90a7b5
"""

from __future__ import annotations

from alembic import op

revision = "7c2f5d80b9e3"
down_revision = "e61c2d90a7b5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_anew(used_once=True)


def downgrade() -> None:
    _make_anew(used_once=False)


def _make_anew(*, used_once: bool) -> None:
    """SQLite gives the highest number out again, unless the table is made with AUTOINCREMENT; PostgreSQL never does."""
    if op.get_bind().dialect.name == "sqlite":
        kept = {"sqlite_autoincrement": used_once}
        with op.batch_alter_table("teams", schema=None, recreate="always", table_kwargs=kept):
            pass
