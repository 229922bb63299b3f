"""What somebody is typing and has not saved, and where a sound bite was taken from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, PublicId, now
from hub.library.kinds import Kind


class Autosave(PublicId, Base):
    """A form as it stood a moment ago: of an asset, or of a new one when there is none. Never shown to others."""

    __tablename__ = "autosaves"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Kind.column_type())
    content: Mapped[dict[str, Any]]  # as the form sent it, unchecked
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    ended_at: Mapped[datetime | None]  # saved or dropped: what still comes for it is too late


class Source(Base):
    """Where a sound bite was taken from, and the words that stood there."""

    __tablename__ = "asset_sources"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    anchor: Mapped[str] = mapped_column(String(80), default="")  # of the source's page, as in forms.Taken
    words: Mapped[str] = mapped_column(Text, default="")  # as they were selected
    at: Mapped[datetime] = mapped_column(default=now)
