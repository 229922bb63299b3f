"""Ratings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.models import User
from hub.db import Base, now
from hub.library.models import Asset


class Rating(Base):
    """One person's word on one asset: stars and whether it helped their deal, each optional, both changeable."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("asset_id", "user_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    stars: Mapped[int | None]
    helped: Mapped[bool | None]
    sentence: Mapped[str] = mapped_column(String(1000), default="")
    deal_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    deal_hundredths: Mapped[int | None] = mapped_column(BigInteger)  # the amount of that deal
    deal_currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    hidden_at: Mapped[datetime | None]  # the sentence, from readers; stars count all the same
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    hidden_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(User, foreign_keys=[user_id])
    hidden_by: Mapped[User | None] = relationship(User, foreign_keys=[hidden_by_id])
    asset: Mapped[Asset] = relationship(Asset)
