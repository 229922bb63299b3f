"""The rules of care, as the settings say them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from config import Settings

USUAL_UNUSED = 180  # days without use that the page asks about where no rule archives


@dataclass(frozen=True, slots=True)
class Rules:
    """`warn`: how long before something ends its owner is told. `escalate`: how long after a review was due
    marketers are. `unused`: how long without use until the hub archives; None, never."""

    warn: timedelta
    escalate: timedelta
    unused: timedelta | None


def rules() -> Rules:
    """The rules of this hub."""
    settings: Settings = current_app.extensions["hub.settings"]
    unused = settings.archive_unused_days
    return Rules(
        warn=timedelta(days=settings.warn_days),
        escalate=timedelta(days=settings.escalate_days),
        unused=timedelta(days=unused) if unused else None,
    )


def unused_for() -> timedelta:
    """How long nobody used what counts as unused."""
    return rules().unused or timedelta(days=USUAL_UNUSED)
