"""A bulk change and its items: what was asked, and of each asset what it was before and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, Word, now

if TYPE_CHECKING:
    from hub.accounts.models import User


class Stage(Word):
    """How far a bulk change is."""

    PLANNED = "planned"  # chosen, nothing is done yet; swept after a day
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Outcome(Word):
    """What became of one asset of a bulk change."""

    WAITING = "waiting"
    CHANGED = "changed"
    SAME = "same"  # it was so already
    REFUSED = "refused"  # `reason` says why
    RESTORED = "restored"  # by undo, all of it
    LEFT = "left"  # by undo, some or all of it: somebody changed it since; `reason` says what


class BulkChange(PublicId, Base):
    """One change to many assets, by one person."""

    __tablename__ = "bulk_changes"
    __table_args__ = (Index("ix_bulk_changes_stage_at", "stage", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    stage: Mapped[Stage] = mapped_column(Stage.column_type(), default=Stage.PLANNED)
    at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str] = mapped_column(String(500), default="")
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)  # a `change.Change`
    summary: Mapped[str] = mapped_column(Text, default="")  # the same in words, as it was when it was done
    total: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]

    user: Mapped[User] = relationship("User", foreign_keys=[user_id])
    undone_by: Mapped[User | None] = relationship("User", foreign_keys=[undone_by_id])


class BulkItem(Base):
    """One asset of a bulk change. `before` and `after` hold only what the change touched.

    Under `standing`, `before` keeps what an asset loses with the state it leaves, as `bulk.standing` says.
    """

    __tablename__ = "bulk_items"
    __table_args__ = (Index("ix_bulk_items_change_id_outcome", "change_id", "outcome"),)

    change_id: Mapped[int] = mapped_column(ForeignKey("bulk_changes.id"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True, index=True)
    outcome: Mapped[Outcome] = mapped_column(Outcome.column_type(), default=Outcome.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)  # of the asset, once it was changed
    undone_version: Mapped[int] = mapped_column(default=0)  # of the asset, once that was undone
    move_id: Mapped[int | None] = mapped_column(ForeignKey("asset_moves.id"), index=True)  # to another state
