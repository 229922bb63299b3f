"""captions of recordings

Revision: 891873052a08
Follows: 61bc9c70d371
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "891873052a08"
down_revision = "61bc9c70d371"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caption_tracks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_caption_tracks_file_id_files")),
        sa.ForeignKeyConstraint(["source_id"], ["files.id"], name=op.f("fk_caption_tracks_source_id_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption_tracks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_caption_tracks_public_id")),
    )
    with op.batch_alter_table("caption_tracks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_caption_tracks_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_caption_tracks_source_id"), ["source_id"], unique=False)

    op.create_table(
        "caption_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("cues", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_caption_versions_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["caption_tracks.id"], name=op.f("fk_caption_versions_track_id_caption_tracks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption_versions")),
        sa.UniqueConstraint("track_id", "number", name=op.f("uq_caption_versions_track_id_number")),
    )
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("track_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_passages_track_id"), ["track_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_passages_track_id_caption_tracks"), "caption_tracks", ["track_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_passages_track_id_caption_tracks"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_passages_track_id"))
        batch_op.drop_column("track_id")

    op.drop_table("caption_versions")
    with op.batch_alter_table("caption_tracks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_caption_tracks_source_id"))
        batch_op.drop_index(batch_op.f("ix_caption_tracks_file_id"))

    op.drop_table("caption_tracks")
