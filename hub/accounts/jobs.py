"""Jobs of accounts."""

from __future__ import annotations

from datetime import timedelta

from hub.accounts import sessions
from hub.db import unit_of_work
from hub.jobs import job


@job("accounts.tidy", every=timedelta(days=1))
def tidy() -> None:
    """Forget sessions that have run out."""
    with unit_of_work() as session:
        sessions.tidy(session)
