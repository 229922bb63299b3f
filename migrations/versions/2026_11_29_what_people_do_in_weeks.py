"""what people do in weeks, how far recordings are watched, where assets are found

Revision: 51c0e7a9d2b4
Follows: 730ad7ebfaf0
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "51c0e7a9d2b4"
down_revision = "730ad7ebfaf0"
branch_labels = None
depends_on = None

BEFORE = ("opened", "played", "copied", "downloaded")
NEW = ("read", "presented", "shared_outside", "sent", "attached")
CLUSTERED = {"sqlite_with_rowid": False}


def upgrade() -> None:
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE searches SET received_at = at")
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.alter_column("received_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index("ix_searches_received_at", ["received_at"], unique=False)
    op.create_index("ix_usage_daily_user_id_day", "usage_daily", ["user_id", "day"], unique=False)
    op.drop_table("usage_spans")
    _make_spans((*BEFORE, *NEW), ended=True)
    op.create_table(
        "usage_span_people",
        *_of_span(),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "end_day", "youngest", "oldest", "asset_id", name=op.f("pk_usage_span_people")
        ),
        **CLUSTERED,
    )
    op.create_table(
        "usage_watched",
        _number("asset_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _number("version"),
        sa.Column("viewers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", "day", "version", name=op.f("pk_usage_watched")),
        **CLUSTERED,
    )
    op.create_table(
        "usage_found",
        _number("asset_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("ranks", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", "day", "folded", name=op.f("pk_usage_found")),
        **CLUSTERED,
    )
    op.create_table(
        "usage_people_weekly",
        _number("week"),
        _number("user_id"),
        *(sa.Column(kind, sa.Integer(), nullable=False) for kind in (*BEFORE, *NEW, "searched")),
        sa.PrimaryKeyConstraint("week", "user_id", name=op.f("pk_usage_people_weekly")),
        **CLUSTERED,
    )
    op.create_table(
        "usage_people",
        _number("user_id"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("first_use", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_usage_people")),
    )
    op.execute("DELETE FROM usage_rollup")  # so that the next minute makes every count anew


def downgrade() -> None:
    for table in ("usage_people", "usage_people_weekly", "usage_found", "usage_watched", "usage_span_people"):
        op.drop_table(table)
    op.drop_table("usage_spans")
    _make_spans(BEFORE, ended=False)
    op.drop_index("ix_usage_daily_user_id_day", "usage_daily")
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.drop_index("ix_searches_received_at")
        batch_op.drop_column("received_at")
    op.execute("DELETE FROM usage_rollup")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _of_span() -> list[sa.Column[object]]:
    """The columns that say which span of which asset a row is about."""
    return [
        sa.Column("end_day", sa.Date(), nullable=False),
        _number("youngest"),
        _number("oldest"),
        _number("asset_id"),
    ]  # type: ignore[list-item]


def _make_spans(kinds: tuple[str, ...], *, ended: bool) -> None:
    numbers = [*kinds, "people", *(f"{kind}_people" for kind in kinds), *(["ended_people"] if ended else [])]
    op.create_table(
        "usage_spans",
        *_of_span(),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.Column("read_ms", sa.BigInteger(), nullable=False),
        sa.Column("watched_ms", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("machine", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("end_day", "youngest", "oldest", "asset_id", name=op.f("pk_usage_spans")),
        **CLUSTERED,
    )
