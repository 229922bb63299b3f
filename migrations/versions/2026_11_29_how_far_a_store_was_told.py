"""how far a learning record store was told

Revision: e81d4b7a6c25
Follows: c2ab9c104eee
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e81d4b7a6c25"
down_revision = "c2ab9c104eee"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "xapi_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_state")),
    )


def downgrade() -> None:
    op.drop_table("xapi_state")
