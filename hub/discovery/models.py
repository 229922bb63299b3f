"""What people told of themselves so that finding fits them."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class Interest(Base):
    """A stage or vertical that somebody works in: one of their own terms."""

    __tablename__ = "interests"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)
