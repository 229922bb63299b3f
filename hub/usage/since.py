"""Whether an asset was used, for features below that cannot know of events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from hub.library.models import Asset
from hub.usage.models import DailyUse, UsageEvent


def used_since(moment: datetime) -> ColumnElement[bool]:
    """The condition on `Asset` for what somebody used since, without owners and machines: by the events, which are there at once,
    and by what is counted of them, which is there for good.
    """
    event = select(UsageEvent.id).where(
        UsageEvent.asset_id == Asset.id,
        UsageEvent.at >= moment,
        UsageEvent.own.is_(False),
        UsageEvent.machine.is_(False),
    )
    later_day = select(DailyUse.asset_id).where(
        DailyUse.asset_id == Asset.id, DailyUse.day > moment.date(), DailyUse.count > 0
    )
    return or_(exists(event), exists(later_day))
