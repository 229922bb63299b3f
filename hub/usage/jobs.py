"""Jobs of usage."""

from __future__ import annotations

from datetime import timedelta

from hub.db import database, now
from hub.jobs import job
from hub.usage import rollups


@job("usage.rollup", every=timedelta(minutes=1))
def roll_up() -> None:
    """Counts what people did since the last minute, so that figures are never more than two minutes old."""
    rollups.bring_up_to_date(database(), now())


@job("usage.rebuild", lane="long")
def rebuild() -> None:
    """Makes every count of use anew from the events."""
    rollups.rebuild(database(), now())
