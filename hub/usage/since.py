"""Whether an asset was used, for features below that cannot know of events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from hub.library.models import Asset
from hub.usage.models import UsageEvent


def used_since(moment: datetime) -> ColumnElement[bool]:
    """The condition on `Asset` for what somebody used since: by the events themselves, without owners and machines."""
    return exists(
        select(UsageEvent.id).where(
            UsageEvent.asset_id == Asset.id,
            UsageEvent.at >= moment,
            UsageEvent.own.is_(False),
            UsageEvent.machine.is_(False),
        )
    )
