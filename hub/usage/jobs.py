"""Jobs of usage."""

from __future__ import annotations

from datetime import timedelta

from hub.db import database, now, today
from hub.jobs import job
from hub.usage import rollups, trends


@job("usage.rollup", every=timedelta(minutes=1))
def roll_up() -> None:
    """Counts what people did since the last minute, so that figures are never more than two minutes old."""
    rollups.bring_up_to_date(database(), now())


@job("usage.rebuild", lane="long")
def rebuild() -> None:
    """Makes every count of use anew from the events."""
    rollups.rebuild(database(), now())


@job("usage.trends", every=timedelta(minutes=10))
def trend() -> None:
    """Counts what is taken up these days, by which results can be ordered."""
    trends.bring_up_to_date(database(), today())
