"""Jobs of notices: mail at once, the daily mail, forgetting."""

from __future__ import annotations

from datetime import timedelta

from hub.jobs import job
from hub.notices import inbox, mailing, telling

ENQUEUES = (*telling.ENQUEUES, *mailing.ENQUEUES)


@job("notices.mail", lane="long")
def mail(user_id: int) -> None:
    """Mail one person what they want to hear of at once."""
    mailing.mail_now(user_id)


@job("notices.digests", lane="long", every=timedelta(minutes=15))
def digests() -> None:
    """Mail what the day left unread to everybody whose morning has come."""
    mailing.mail_digests()


@job("notices.prune", every=timedelta(hours=24))
def prune() -> None:
    """Forget notices read three months ago, and those nobody read within a year."""
    inbox.prune()
