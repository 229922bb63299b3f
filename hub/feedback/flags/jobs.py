"""Jobs of flags: nobody waits for an answer for ever."""

from __future__ import annotations

from datetime import timedelta

from hub.db import unit_of_work
from hub.feedback.flags import service
from hub.jobs import job

ENQUEUES = service.ENQUEUES


@job("flags.late", every=timedelta(hours=1))
def late() -> None:
    """Tell marketers of flags whose owner has left, or has not answered within seven days."""
    with unit_of_work() as session:
        service.tell_marketers(session)
