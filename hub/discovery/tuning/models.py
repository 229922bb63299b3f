"""Assets put first or last for a search, and words that mean the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.models import User
from hub.db import Base, PublicId, Word, now
from hub.library.models import Asset


class Effect(Word, length=8):
    """Where an asset goes in the results of a search."""

    FIRST = "first"
    LAST = "last"


class Placement(PublicId, Base):
    """An asset that comes first, or last, when somebody looks for these words."""

    __tablename__ = "search_placements"
    __table_args__ = (UniqueConstraint("folded", "asset_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(200))  # as they were written
    folded: Mapped[str] = mapped_column(String(200))  # as they are compared: `hub.usage.searches.folded`
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    effect: Mapped[Effect] = mapped_column(Effect.column_type())
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    asset: Mapped[Asset] = relationship(Asset)
    by: Mapped[User] = relationship(User)


class Synonym(PublicId, Base):
    """A word or phrase that people type, and what else it may stand as."""

    __tablename__ = "search_synonyms"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(80), unique=True)
    means: Mapped[list[Any]] = mapped_column(default=list)  # words or phrases
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    by: Mapped[User] = relationship(User)
