"""The job of the weekly mail."""

from __future__ import annotations

from datetime import timedelta

from hub.analytics.weekly import sending
from hub.jobs import job

ENQUEUES = sending.ENQUEUES


@job("insights.weekly", lane="long", every=timedelta(minutes=15))
def weekly() -> None:
    """Mails each marketer their week, on Monday morning where they are."""
    sending.send_due()
