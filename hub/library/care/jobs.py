"""Jobs of care: what is planned, what ends, what is due, what nobody uses."""

from __future__ import annotations

from datetime import timedelta

from hub.jobs import job
from hub.library.care import moving, reminding, unused

ENQUEUES = (*moving.ENQUEUES, *reminding.ENQUEUES, *unused.ENQUEUES)


@job("care.move", every=timedelta(minutes=1))
def move() -> None:
    """Publish what was planned for now, and archive what expired or lost its consent."""
    moving.publish_planned()
    moving.archive_ended()


@job("care.remind", lane="long", every=timedelta(hours=1))
def remind() -> None:
    """Tell owners of reviews that are due and of what ends soon; marketers of consent that ends and reviews that nobody made."""
    reminding.remind()


@job("care.unused", lane="long", every=timedelta(hours=6))
def archive_unused() -> None:
    """Announce and archive what nobody used for long, where a setting says how long that is."""
    unused.apply_rule()
