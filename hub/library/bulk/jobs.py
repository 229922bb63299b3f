"""Jobs of bulk changes: do what is left of one, undo what is left to undo, forget plans nobody carried out."""

from __future__ import annotations

from datetime import timedelta

from hub.db import unit_of_work
from hub.jobs import job
from hub.library.bulk import planning, running, undoing

ENQUEUES = (*running.ENQUEUES, *undoing.ENQUEUES)


@job("library.bulk_run")
def run(change_id: int) -> None:
    """Do what is left of a change to many assets."""
    running.run_slice(change_id)


@job("library.bulk_undo")
def undo(change_id: int) -> None:
    """Undo what is left to undo of a change to many assets."""
    undoing.run_slice(change_id)


@job("library.bulk_sweep", every=timedelta(hours=6))
def sweep() -> None:
    """Forget selections for a bulk change that nobody carried out within a day."""
    with unit_of_work() as session:
        planning.sweep(session)
