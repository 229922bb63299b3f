"""Jobs of writing."""

from __future__ import annotations

from datetime import timedelta

from hub.db import unit_of_work
from hub.jobs import job
from hub.library.writing import keeping


@job("writing.sweep", every=timedelta(hours=12))
def sweep() -> None:
    """Forget unsaved writing that nobody came back to for a month."""
    with unit_of_work() as session:
        keeping.sweep(session)
