"""links have a purpose; asking for a new password by mail is counted

Revision: 4e7b9c1d2a60
Follows: 4d0e7b92c6fa
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4e7b9c1d2a60"
down_revision = "4d0e7b92c6fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("purpose", sa.String(length=20), nullable=False, server_default="sign in")
        )
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.alter_column("purpose", server_default=None)
    op.create_table(
        "password_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_requests")),
    )
    with op.batch_alter_table("password_requests", schema=None) as batch_op:
        batch_op.create_index("ix_password_requests_at", ["at"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_links WHERE purpose <> 'sign in'")  # they would sign in
    op.drop_table("password_requests")
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.drop_column("purpose")
