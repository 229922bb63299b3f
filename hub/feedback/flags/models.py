"""Flags on assets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.models import User
from hub.db import Base, PublicId, Word, now
from hub.library.models import Asset

OPEN = text("closed_at IS NULL")


class FlagKind(Word):
    """What is wrong with an asset."""

    OUT_OF_DATE = "out_of_date"
    WRONG = "wrong"
    CANNOT_OPEN = "cannot_open"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    FlagKind.OUT_OF_DATE: "Out of date",
    FlagKind.WRONG: "Wrong",
    FlagKind.CANNOT_OPEN: "Cannot be opened",
}


class Flag(PublicId, Base):
    """One person's word that something is the matter with an asset, until somebody answers."""

    __tablename__ = "flags"
    __table_args__ = (
        # One that is open of each person, asset and kind.
        Index(
            "ix_flags_open",
            "asset_id",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_flags_closed_at_created_at", "closed_at", "created_at"),
        Index("ix_flags_asset_id_created_at", "asset_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[FlagKind] = mapped_column(FlagKind.column_type())
    sentence: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int]  # of the asset, when it was flagged
    created_at: Mapped[datetime] = mapped_column(default=now)
    marketers_told_at: Mapped[datetime | None]  # its owner has left, or did not answer in time
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    answer: Mapped[str] = mapped_column(Text, default="")

    asset: Mapped[Asset] = relationship(Asset)
    user: Mapped[User] = relationship(User, foreign_keys=[user_id])
    closed_by: Mapped[User | None] = relationship(User, foreign_keys=[closed_by_id])
