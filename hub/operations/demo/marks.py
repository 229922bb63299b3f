"""Which steps of the demo have been made, on record for good: what they wrote may be deleted by rule since."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hub.accounts.audit import audit
from hub.accounts.models import AuditEntry


class Step(StrEnum):
    """As the record says it."""

    HISTORY = "half a year of the demo made"
    SEARCHES = "searches of the demo made"


def is_made(session: Session, step: Step) -> bool:
    return session.scalar(select(exists().where(AuditEntry.action == step.value))) is True


def mark(session: Session, step: Step) -> None:
    """In the transaction that writes what the step makes."""
    audit(session, step, by=None)
