"""A pin: an asset or a collection on the first page."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, now

if TYPE_CHECKING:
    from hub.accounts.models import Team, User
    from hub.library.collections.models import Collection
    from hub.library.models import Asset


class Pin(PublicId, Base):
    """An asset or a collection that marketing shows first, to everyone or to one team, until a day or for good."""

    __tablename__ = "pins"
    __table_args__ = (CheckConstraint("(asset_id IS NULL) <> (collection_id IS NULL)", name="one_thing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)  # none: for everyone
    until: Mapped[date | None]  # its last day
    position: Mapped[int] = mapped_column(default=0)
    pinned_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    pinned_at: Mapped[datetime] = mapped_column(default=now)

    asset: Mapped[Asset | None] = relationship("Asset")
    collection: Mapped[Collection | None] = relationship("Collection")
    team: Mapped[Team | None] = relationship("Team")
    pinned_by: Mapped[User] = relationship("User")
