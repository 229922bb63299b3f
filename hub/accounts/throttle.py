"""Guessing passwords is made slow: failed tries, for one e-mail and from one address, double the wait."""

from __future__ import annotations

import ipaddress
import math
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from hub.accounts.audit import Action, audit
from hub.accounts.models import FailedSignIn
from hub.db import now
from hub.errors import TooMany

WINDOW = timedelta(hours=1)
FREE_FOR_EMAIL = 5
FREE_FOR_ADDRESS = 20  # an office shares one
FIRST_WAIT = 4.0  # seconds
LONGEST_WAIT = 900.0


def place(address: str | None) -> str:
    """Where a request comes from, as counted: an IPv4 address, or the /64 that one IPv6 customer holds."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def begin(session: Session, email: str, address: str | None) -> None:
    """Count a try before it is judged, so that many at once do not slip through; `forget` takes it back.

    Raises:
        TooMany: it comes too early. It is not counted then: waiting always helps.
    """
    moment = now()
    where = place(address)
    counted = or_(FailedSignIn.email == email, FailedSignIn.address == where)
    # Of tries that come at once the second waits for the first, and then counts it.
    session.execute(select(FailedSignIn.id).where(counted).order_by(FailedSignIn.id).with_for_update())
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < moment - WINDOW))
    brakes = (
        _brake(session, FailedSignIn.email == email, FREE_FOR_EMAIL, moment),
        _brake(session, FailedSignIn.address == where, FREE_FOR_ADDRESS, moment),
    )
    seconds = max(math.ceil(wait) for _, wait in brakes)
    if seconds > 0:
        raise TooMany(
            "That was tried too often.",
            retry_after=seconds,
            remedy=f"Wait {in_words(seconds)}, or ask an administrator for a sign-in link; it works now.",
        )
    session.add(FailedSignIn(email=email, address=where, at=moment))
    if any(braked for braked, _ in brakes):
        audit(session, Action.SIGN_IN_HELD_BACK, by=None, detail=f"{email} from {where}")
    session.flush()


def forget(session: Session, email: str) -> None:
    """The person got in: their failed tries no longer count."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.email == email))


def _brake(session: Session, whose: ColumnElement[bool], free: int, moment: datetime) -> tuple[bool, float]:
    """Whether tries are too many to be slips, and how many seconds the next one has to wait from now."""
    failures, last = session.execute(select(func.count(), func.max(FailedSignIn.at)).where(whose)).one()
    if failures < free:
        return False, 0.0
    pause = min(FIRST_WAIT * 2 ** min(failures - free, 20), LONGEST_WAIT)
    return True, max(0.0, pause - (moment - last).total_seconds())


def in_words(seconds: int) -> str:
    """`40 seconds`, `3 minutes`."""
    return f"{seconds} seconds" if seconds <= 90 else f"{math.ceil(seconds / 60)} minutes"
