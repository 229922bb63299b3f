"""A person demands to be forgotten: their inbox goes, and how they wanted to hear of things."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub.notices.models import Notice, NoticeChoice, QuietHours


def forget(session: Session, user_id: int) -> None:
    for model in (Notice, NoticeChoice, QuietHours):
        session.execute(delete(model).where(model.user_id == user_id))
