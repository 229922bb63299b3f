"""gaps

Revision: 39cc91dc3c9e
Follows: 51c0e7a9d2b4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "39cc91dc3c9e"
down_revision = "51c0e7a9d2b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_spans",
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("demand", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("days", name=op.f("pk_gap_spans")),
    )
    op.create_table(
        "gap_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_state")),
    )
    op.create_table(
        "gap_words",
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("folded", name=op.f("pk_gap_words")),
    )
    op.create_index(op.f("ix_gap_words_key"), "gap_words", ["key"])

    op.create_table(
        "gaps",
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("folded", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("filed", sa.JSON(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("days", "key", name=op.f("pk_gaps")),
    )
    op.create_table(
        "search_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filed", sa.String(length=300), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("led", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "folded", "user_id", "filed", name=op.f("pk_search_days")),
    )
    op.create_index("ix_search_days_folded", "search_days", ["folded"])

    op.create_table(
        "search_days_left_out",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("machine", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.Column("wordless", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_search_days_left_out")),
    )
    op.create_table(
        "gap_dismissals",
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_gap_dismissals_by_id_users")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_gap_dismissals")),
    )
    op.create_index(op.f("ix_gap_dismissals_by_id"), "gap_dismissals", ["by_id"])

    op.create_index("ix_search_uses_at", "search_uses", ["at"])


def downgrade() -> None:
    op.drop_index("ix_search_uses_at", "search_uses")
    op.drop_table("gap_dismissals")
    op.drop_table("search_days_left_out")
    op.drop_table("search_days")
    op.drop_table("gaps")
    op.drop_table("gap_words")
    op.drop_table("gap_state")
    op.drop_table("gap_spans")
