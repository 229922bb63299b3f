"""A person demands to be forgotten: the searches they kept go, and what they work in."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub.discovery.models import Interest
from hub.discovery.saving.models import SavedSearch


def forget(session: Session, user_id: int) -> None:
    for model in (SavedSearch, Interest):
        session.execute(delete(model).where(model.user_id == user_id))
