"""Jobs of links: each is looked at once a week, a few at a time."""

from __future__ import annotations

from datetime import timedelta

from hub.jobs import job
from hub.library.links import checking

ENQUEUES = checking.ENQUEUES


@job("links.due", every=timedelta(minutes=1))
def due() -> None:
    """Ask for a check of the few links whose turn it is."""
    checking.queue_due()


@job("links.check", attempts=2, lane="long")
def check(asset_id: int) -> None:
    """See whether one link still works."""
    checking.check(asset_id)
