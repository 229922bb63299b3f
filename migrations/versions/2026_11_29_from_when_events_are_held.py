"""from which day on single events are held; that the demo's past was made, which rows that go no longer tell

Revision: 5d0b7e93c1f6
Follows: a47e2c91d05b
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d0b7e93c1f6"
down_revision = "a47e2c91d05b"
branch_labels = None
depends_on = None


DEMO = (  # a row that it wrote, and what the record says from now on: `hub.operations.demo.marks`
    ("usage_events", "15bf290d-389c-5235-9e83-a4a4906e15a4", "half a year of the demo made"),
    ("searches", "6781d6ad-02b3-54d6-924b-8338d539b2a0", "searches of the demo made"),
)


def upgrade() -> None:
    op.create_table(
        "usage_held",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_held")),
    )
    for table, client_id, action in DEMO:
        op.execute(
            "INSERT INTO audit_log (at, user_id, action, subject, detail)"  # noqa: S608 - the names above
            f" SELECT received_at, NULL, '{action}', '', '' FROM {table} WHERE client_id = '{client_id}'"
        )


def downgrade() -> None:
    op.drop_table("usage_held")
