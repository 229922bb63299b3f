"""What somebody is typing and has not saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
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
