"""Jobs of imports from a page: look what was sent, import it, drop what is old."""

from __future__ import annotations

from datetime import timedelta

from hub.jobs import job
from hub.library.imports import keeping, looking, receiving, running
from hub.storage import storage

ENQUEUES = (*receiving.ENQUEUES, *running.ENQUEUES)


@job("imports.look", attempts=4, lane="long")
def look(import_id: int) -> None:
    """Read a collection that was sent through once, for its page."""
    looking.look(import_id, storage())


@job("imports.run", attempts=4, lane="long")
def run(import_id: int) -> None:
    """Import a collection that was sent and mapped."""
    running.run(import_id, storage())


@job("imports.sweep", every=timedelta(hours=6))
def sweep() -> None:
    """Drop collections that were sent a week ago; their reports stay."""
    keeping.sweep(storage())
