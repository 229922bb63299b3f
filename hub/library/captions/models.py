"""Tracks of captions, and each of their versions kept whole."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, now
from hub.library.models import StoredFile
from hub.media.cues import Cue

if TYPE_CHECKING:
    from hub.accounts.models import User


class CaptionTrack(PublicId, Base):
    """The captions of one recording in one language. Removed, never deleted: removing can be undone."""

    __tablename__ = "caption_tracks"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)  # the recording
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("files.id"), index=True
    )  # the file it was made from, if any
    language: Mapped[str] = mapped_column(String(20))  # "en", "pt-BR": as browsers name it
    label: Mapped[str] = mapped_column(String(80))  # as the player's menu says it
    chosen: Mapped[bool] = mapped_column(default=False)  # shown unless a person chooses another
    version: Mapped[int] = mapped_column(default=1)  # number of the current version
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(StoredFile, foreign_keys=[file_id])


class CaptionVersion(Base):
    """The cues of a track at one moment: [start, end, text], times in milliseconds."""

    __tablename__ = "caption_versions"
    __table_args__ = (UniqueConstraint("track_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("caption_tracks.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str] = mapped_column(String(200), default="")
    cues: Mapped[list[Any]]

    author: Mapped[User] = relationship("User")

    def read(self) -> list[Cue]:
        """The cues, in their order."""
        return [Cue(*cue) for cue in self.cues]
