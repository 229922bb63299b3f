"""Jobs of outbound: send mail, forget old mail."""

from __future__ import annotations

from datetime import timedelta

from hub.jobs import job
from hub.outbound import mail

ENQUEUES = mail.ENQUEUES


@job("mail.send", attempts=12)  # a server that is away has some six hours to come back
def send(mail_id: int) -> None:
    """Hand one mail to the mail server."""
    mail.deliver(mail_id)


@job("mail.prune", every=timedelta(hours=24))
def prune() -> None:
    """Forget mail of more than two weeks ago."""
    mail.prune()
