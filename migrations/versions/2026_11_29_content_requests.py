"""content requests

Revision: 730ad7ebfaf0
Follows: 6b2d9f84c1e7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "730ad7ebfaf0"
down_revision = "6b2d9f84c1e7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=True),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["assets.id"], name=op.f("fk_content_requests_answer_id_assets")
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["users.id"], name=op.f("fk_content_requests_asker_id_users")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["assets.id"], name=op.f("fk_content_requests_draft_id_assets")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["content_requests.id"],
            name=op.f("fk_content_requests_merged_into_id_content_requests"),
        ),
        sa.ForeignKeyConstraint(["taker_id"], ["users.id"], name=op.f("fk_content_requests_taker_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_content_requests_public_id")),
    )
    op.create_index(op.f("ix_content_requests_answer_id"), "content_requests", ["answer_id"])
    op.create_index(op.f("ix_content_requests_asker_id"), "content_requests", ["asker_id"])
    op.create_index(op.f("ix_content_requests_draft_id"), "content_requests", ["draft_id"])
    op.create_index(op.f("ix_content_requests_merged_into_id"), "content_requests", ["merged_into_id"])
    op.create_index("ix_content_requests_state_asked_at", "content_requests", ["state", "asked_at"])
    op.create_index(op.f("ix_content_requests_taker_id"), "content_requests", ["taker_id"])

    op.create_table(
        "request_searches",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["content_requests.id"],
            name=op.f("fk_request_searches_request_id_content_requests"),
        ),
        sa.PrimaryKeyConstraint("request_id", "folded", name=op.f("pk_request_searches")),
    )
    op.create_index(op.f("ix_request_searches_folded"), "request_searches", ["folded"])

    op.create_table(
        "request_seconds",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["content_requests.id"],
            name=op.f("fk_request_seconds_request_id_content_requests"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_request_seconds_user_id_users")),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_seconds")),
    )
    op.create_index(op.f("ix_request_seconds_user_id"), "request_seconds", ["user_id"])

    op.create_table(
        "request_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_request_steps_asset_id_assets")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_request_steps_by_id_users")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["content_requests.id"], name=op.f("fk_request_steps_request_id_content_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_steps")),
    )
    op.create_index("ix_request_steps_request_id_at", "request_steps", ["request_id", "at"])

    op.create_table(
        "request_terms",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["content_requests.id"], name=op.f("fk_request_terms_request_id_content_requests")
        ),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_request_terms_term_id_terms")),
        sa.PrimaryKeyConstraint("request_id", "term_id", name=op.f("pk_request_terms")),
    )
    op.create_index(op.f("ix_request_terms_term_id"), "request_terms", ["term_id"])

    op.create_table(
        "request_told",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_request_told_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["content_requests.id"], name=op.f("fk_request_told_request_id_content_requests")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_request_told_user_id_users")),
        sa.PrimaryKeyConstraint("request_id", "asset_id", "user_id", name=op.f("pk_request_told")),
    )
    op.create_index(op.f("ix_request_told_user_id"), "request_told", ["user_id"])


def downgrade() -> None:
    op.drop_table("request_told")
    op.drop_table("request_terms")
    op.drop_table("request_steps")
    op.drop_table("request_seconds")
    op.drop_table("request_searches")
    op.drop_table("content_requests")
