"""Mail that waits to be sent, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, PublicId, now


class Mail(PublicId, Base):
    """One mail to one address. Its words are forgotten as soon as it is sent: they may hold a link that signs in."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")  # empty: text alone
    preferences: Mapped[str] = mapped_column(
        String(1000), default=""
    )  # where one says that one wants no more
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]
