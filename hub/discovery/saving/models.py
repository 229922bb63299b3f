"""Searches that people keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, PublicId, Word, now


class Every(Word, length=8):
    """How often its owner hears of what is new."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class SavedSearch(PublicId, Base):
    """What somebody looks for again and again."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(500), default="")
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)  # facet: keys, as they were called then
    order: Mapped[str] = mapped_column(String(12))
    every: Mapped[Every] = mapped_column(Every.column_type(), default=Every.NEVER)
    created_at: Mapped[datetime] = mapped_column(default=now)
    looked_at: Mapped[datetime] = mapped_column(default=now)  # what was published before it is known
    look_next: Mapped[datetime | None] = mapped_column(index=True)  # when its owner hears again; None: never
    told: Mapped[list[Any]] = mapped_column(default=list)  # ids of assets of which the last notice told
