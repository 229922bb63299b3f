"""A collection and the assets in it, in their order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, Word, now

if TYPE_CHECKING:
    from hub.accounts.models import Team, User
    from hub.library.models import Asset


class Sharing(Word, length=10):
    """Who sees a collection, besides its owner."""

    PRIVATE = "private"
    TEAM = "team"
    EVERYONE = "everyone"


class Collection(PublicId, Base):
    """A person's or a team's list of assets. Archived, never deleted."""

    __tablename__ = "collections"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    sharing: Mapped[Sharing] = mapped_column(Sharing.column_type(), default=Sharing.PRIVATE)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)  # when shared with one
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]

    owner: Mapped[User] = relationship("User")
    team: Mapped[Team | None] = relationship("Team")


class CollectionItem(Base):
    """One asset of a collection; positions rise, with gaps."""

    __tablename__ = "collection_items"

    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True, index=True)
    position: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(default=now)

    asset: Mapped[Asset] = relationship("Asset")
