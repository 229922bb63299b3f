"""one asset's use by day and by person in bands, the words by which it was found: what its page reads

Revision: 8c41d7f0a2e6
Follows: 5d0b7e93c1f6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8c41d7f0a2e6"
down_revision = "5d0b7e93c1f6"
branch_labels = None
depends_on = None

CLUSTERED = {"sqlite_with_rowid": False}
NUMBERS = ("people", "opened", "played", "copied", "downloaded")


def upgrade() -> None:
    op.create_table(
        "usage_daily_totals",
        _number("asset_id"),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        sa.Column("watched_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", "day", name=op.f("pk_usage_daily_totals")),
        **CLUSTERED,
    )
    op.create_table(
        "usage_found_spans",
        sa.Column("end_day", sa.Date(), nullable=False),
        _number("oldest"),
        _number("asset_id"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("end_day", "oldest", "asset_id", name=op.f("pk_usage_found_spans")),
        **CLUSTERED,
    )
    _make_span_people("who", "used", "watched")
    # Counted from events, and from what is kept by day where these are no longer held: `hub.usage.held`.
    op.execute("DELETE FROM usage_rollup")  # so that the next minute makes every count anew


def downgrade() -> None:
    op.drop_table("usage_daily_totals")
    op.drop_table("usage_found_spans")
    _make_span_people("who")
    op.execute("DELETE FROM usage_rollup")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _make_span_people(*packed: str) -> None:
    """Empty: it is filled by the count that follows."""
    op.drop_table("usage_span_people")
    op.create_table(
        "usage_span_people",
        sa.Column("end_day", sa.Date(), nullable=False),
        *(_number(name) for name in ("youngest", "oldest", "asset_id")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in packed),
        sa.PrimaryKeyConstraint(
            "end_day", "youngest", "oldest", "asset_id", name=op.f("pk_usage_span_people")
        ),
        **CLUSTERED,
    )
