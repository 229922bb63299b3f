"""Jobs of gaps."""

from __future__ import annotations

from datetime import timedelta

from hub.analytics.gaps import running
from hub.db import database, now
from hub.jobs import job


@job("gaps.count", every=timedelta(minutes=5), lane="long")
def count() -> None:
    """Counts what was searched in vain since the last time, for the page Gaps."""
    running.bring_up_to_date(database(), now())


@job("gaps.rebuild", lane="long")
def rebuild() -> None:
    """Makes every count of searches anew from the searches that are kept."""
    running.rebuild(database(), now())
