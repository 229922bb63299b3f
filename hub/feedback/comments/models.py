"""Comments on assets, and whom they mention."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.models import User
from hub.db import Base, PublicId, now
from hub.library.models import Asset, StoredFile


class Comment(PublicId, Base):
    """What one person says of an asset, or in reply to a comment. Seen by whoever sees the asset, unless hidden or withdrawn."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_asset_id_created_at", "asset_id", "created_at"),
        Index("ix_comments_author_id_created_at", "author_id", "created_at"),
        Index("ix_comments_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id"), index=True
    )  # the comment that a reply belongs to; None: it begins a thread
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    file_id: Mapped[int | None] = mapped_column(
        ForeignKey("files.id"), index=True
    )  # the recording it is about
    second: Mapped[int | None]  # the moment of that recording
    text: Mapped[str] = mapped_column(Text)  # plain; empty once withdrawn
    created_at: Mapped[datetime] = mapped_column(default=now)
    changes: Mapped[int] = mapped_column(default=0)  # how often its author changed it
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    hidden_reason: Mapped[str] = mapped_column(String(500), default="")

    asset: Mapped[Asset] = relationship(Asset)
    author: Mapped[User] = relationship(User, foreign_keys=[author_id])
    hidden_by: Mapped[User | None] = relationship(User, foreign_keys=[hidden_by_id])
    file: Mapped[StoredFile | None] = relationship(StoredFile)
    mentions: Mapped[list[CommentMention]] = relationship(cascade="all, delete-orphan")

    @property
    def stands(self) -> bool:
        """Whether everybody who sees the asset may read it."""
        return self.withdrawn_at is None and self.hidden_at is None


class CommentMention(Base):
    """Somebody whom a comment mentions, by the name that stands in its text."""

    __tablename__ = "comment_mentions"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(200))

    user: Mapped[User] = relationship(User)
