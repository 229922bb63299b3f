"""Jobs of accounts."""

from __future__ import annotations

from datetime import timedelta

from hub.accounts import leaving, people, reset, sessions
from hub.db import unit_of_work
from hub.jobs import job
from hub.jobs.models import Lane

ENQUEUES = (*reset.ENQUEUES, *leaving.ENQUEUES, *people.ENQUEUES, "mail.send")


@job("accounts.tidy", every=timedelta(days=1))
def tidy() -> None:
    """Forget sessions that have run out, and who asked for a new password."""
    with unit_of_work() as session:
        sessions.tidy(session)
        reset.tidy(session)


@job("accounts.mail_reset", lane=Lane.SHORT)
def mail_reset(email: str) -> None:
    """Mail a link to set a new password to whoever has this address."""
    with unit_of_work() as session:
        reset.mail_link(session, email)
