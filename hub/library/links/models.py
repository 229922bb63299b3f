"""What was found behind a link, the last time the hub looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, Word, now

PATIENCE = timedelta(minutes=10)  # how long a page says that a check is under way


class LinkState(Word):
    """What is known of a link."""

    WAITING = "waiting"  # nothing yet
    WORKS = "works"
    MOVED = "moved"  # it works, at another address for good
    UNSURE = "unsure"  # something answers, but does not show a machine what is there
    AWAY = "away"  # no answer; asked again soon, and broken if that stays
    BROKEN = "broken"


class LinkCheck(Base):
    """The state of one asset's link."""

    __tablename__ = "link_checks"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    state: Mapped[LinkState] = mapped_column(LinkState.column_type(), default=LinkState.WAITING, index=True)
    address: Mapped[str] = mapped_column(Text, default="")  # what was looked at
    status: Mapped[int | None]  # of HTTP; None: no answer
    words: Mapped[str] = mapped_column(String(500), default="")  # for people: what was found
    moved_to: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(default=now)  # when a check was last wanted
    checked_at: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(default=now, index=True)
    failures: Mapped[int] = mapped_column(default=0)  # checks in a row without what is linked
    failing_since: Mapped[datetime | None]
    told: Mapped[bool] = mapped_column(default=False)  # its owner knows that it is broken

    @property
    def under_way(self) -> bool:
        """Whether a check was asked for and has not come back."""
        waits = self.checked_at is None or self.checked_at < self.asked_at
        return waits and self.asked_at > now() - PATIENCE
