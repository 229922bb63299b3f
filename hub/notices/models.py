"""Notices, how each person wants them, and when not to send mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, PublicId, now
from hub.notices.topics import Delivery

UNREAD = text("read_at IS NULL")


class Notice(PublicId, Base):
    """One thing that one person is told."""

    __tablename__ = "notices"
    __table_args__ = (
        # Counts what is unread, and keeps what is told twice one row.
        Index(
            "ix_notices_unread", "user_id", "key", unique=True, sqlite_where=UNREAD, postgresql_where=UNREAD
        ),
        Index("ix_notices_user_id_at", "user_id", "at"),
        Index("ix_notices_delivery_mailed_at", "delivery", "mailed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    topic: Mapped[str] = mapped_column(String(40))  # a `Topic`, or that of another version of the hub
    text: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(500), default="")  # what it is about, in this hub
    asset: Mapped[str] = mapped_column(
        String(12), default=""
    )  # public id: its title is shown to whom it may be
    key: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    delivery: Mapped[Delivery] = mapped_column(Delivery.column_type())  # as its person wanted it then
    mailed_at: Mapped[datetime | None]


class NoticeChoice(Base):
    """How a person wants to hear of a topic, where that is not the usual way."""

    __tablename__ = "notice_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    delivery: Mapped[Delivery] = mapped_column(Delivery.column_type())


class QuietHours(Base):
    """Whole hours, in the person's zone, in which no mail about notices is sent. `begins` after `ends`: over midnight."""

    __tablename__ = "quiet_hours"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    begins: Mapped[int]
    ends: Mapped[int]
