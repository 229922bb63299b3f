"""An import from a page, and mappings kept under a name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, Word, now

if TYPE_CHECKING:
    from hub.accounts.models import User


class Stage(Word):
    """How far an import is."""

    COMING = "coming"  # being sent
    LOOKING = "looking"  # the worker reads what is in it
    READY = "ready"  # to be mapped and begun
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # `reason` says why it cannot be read


class CollectionImport(PublicId, Base):
    """A table or an archive that somebody sent to be imported."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id"), unique=True)
    filename: Mapped[str] = mapped_column(String(300))
    storage_key: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(BigInteger)
    stage: Mapped[Stage] = mapped_column(Stage.column_type(), default=Stage.COMING)
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(80), default="")  # the name it goes by in later imports
    publish: Mapped[bool] = mapped_column(default=False)
    overwrite: Mapped[bool] = mapped_column(default=False)
    mapping: Mapped[str] = mapped_column(Text, default="")  # as a mapping file says it
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)  # keys with samples, the first items, counts
    done: Mapped[int] = mapped_column(default=0)  # items that the run has come to
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)  # counts, and the first problems
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    ended_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]  # what was sent is no longer kept

    user: Mapped[User] = relationship("User")


class KeptMapping(PublicId, Base):
    """A mapping under a name, for the next import."""

    __tablename__ = "import_mappings"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)
