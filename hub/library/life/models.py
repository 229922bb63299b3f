"""What is kept of an asset's life: its moves, what was said of its drafts, whom the hub has reminded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, now
from hub.library.models import State

if TYPE_CHECKING:
    from hub.accounts.models import User


class Move(Base):
    """An asset went from one state to another: who did it, when and why. Without `by_id`, the hub did by its rules.

    `undoes_id`: the move that this one takes back, so that the asset stands as it did before that one.
    """

    __tablename__ = "asset_moves"
    __table_args__ = (Index("ix_asset_moves_asset_id_at", "asset_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    before: Mapped[State] = mapped_column(State.column_type())
    after: Mapped[State] = mapped_column(State.column_type())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str] = mapped_column(Text, default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("asset_moves.id"), index=True)

    by: Mapped[User | None] = relationship("User")


class Touch(Base):
    """Somebody changed, by hand, what no version keeps: the owner or a day. `version`: that of the asset then."""

    __tablename__ = "asset_touches"
    __table_args__ = (Index("ix_asset_touches_asset_id_version", "asset_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    name: Mapped[str] = mapped_column(String(20))  # of `touches.NAMES`
    version: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Remark(PublicId, Base):
    """A comment on a draft, or an answer to one. For its owner and those who publish; readers never see it."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("remarks.id"), index=True)  # what it answers
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int]  # what lay before them
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    author: Mapped[User] = relationship("User", foreign_keys=[author_id])
    resolved_by: Mapped[User | None] = relationship("User", foreign_keys=[resolved_by_id])


class Reminder(Base):
    """What people were told of a day of an asset, so that nobody is told twice: `about` what, due `day`."""

    __tablename__ = "asset_reminders"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
