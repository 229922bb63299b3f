"""What a person used themselves, for lists of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.usage.events import Opened, Played
from hub.usage.models import UsageEvent

LOOKED_BACK = 2_000  # events


def last_opened(session: Session, user: User) -> dict[int, datetime]:
    """When this person last opened or played each asset, the latest first, among their last 2,000 uses. Their own assets too."""
    query = (
        select(UsageEvent.asset_id, UsageEvent.at, UsageEvent.kind)
        .where(UsageEvent.user_id == user.id)
        .order_by(UsageEvent.at.desc(), UsageEvent.id.desc())
        .limit(LOOKED_BACK)
    )
    found: dict[int, datetime] = {}
    for asset_id, at, kind in session.execute(query):
        if kind in {Opened.kind, Played.kind}:
            found.setdefault(asset_id, at)
    return found
