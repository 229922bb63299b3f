"""stages and verticals of ones own

Revision: 404eefe02cb9
Follows: d9c86bafcdfd
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "404eefe02cb9"
down_revision = "d9c86bafcdfd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interests",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_interests_term_id_terms")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_interests_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "term_id", name=op.f("pk_interests")),
    )
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interests_term_id"), ["term_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interests_term_id"))

    op.drop_table("interests")
