"""How far the learning record store has been told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class XapiState(Base):
    """One row. Every event up to (`received_at`, `event_id`) has been told, refused or left out."""

    __tablename__ = "xapi_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_at: Mapped[datetime | None]
    event_id: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)  # statements that the store has
    refused: Mapped[int] = mapped_column(default=0)  # statements that it will not take
    failures: Mapped[int] = mapped_column(default=0)  # one after the other
    wait_until: Mapped[datetime | None]  # before the next try
    said: Mapped[str] = mapped_column(Text, default="")  # why the last try failed
