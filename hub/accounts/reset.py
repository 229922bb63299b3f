"""A new password for who has forgotten theirs: a link by mail, that works once and for an hour.

What is answered does not tell who has an account: the same words for every address, in the same time, as a job does
the looking up.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from hub.accounts import letters, links, passwords, people, throttle
from hub.accounts.models import PasswordRequest, User
from hub.db import now, unit_of_work
from hub.errors import TooMany
from hub.jobs import enqueue

WINDOW = timedelta(hours=1)
MOST_FOR_EMAIL = 3
MOST_FROM_ADDRESS = 20  # an office shares one

ENQUEUES = ("accounts.mail_reset",)


def ask(session: Session, email: str, address: str | None) -> None:
    """Have a link mailed to this address, if somebody here has it.

    Raises:
        TooMany: it was asked too often, for the address or from there.
    """
    tidy(session)
    where = throttle.place(address)
    waits = (
        _wait(session, PasswordRequest.email == email, MOST_FOR_EMAIL),
        _wait(session, PasswordRequest.address == where, MOST_FROM_ADDRESS),
    )
    if wait := max(waits):
        raise TooMany(
            "That was asked too often.",
            retry_after=wait,
            remedy=f"See whether the mail has come, wait {throttle.in_words(wait)}, or ask an administrator.",
        )
    session.add(PasswordRequest(email=email, address=where))
    enqueue(session, "accounts.mail_reset", email=email)


def mail_link(session: Session, email: str) -> None:
    """Mail the link, if this is the address of somebody who may sign in. Earlier ones stop working."""
    user = session.scalars(select(User).where(User.email == email, User.active)).one_or_none()
    if user is None:
        return
    address = links.make_reset(session, user)
    letters.post(session, user, letters.reset(user, address, hub=current_app.config["HUB_URL"]))


def finish(session: Session, secret: str, password: str) -> User:
    """Set the password of whom the link is for; it is used up, and every session they have ends.

    Raises:
        Spent: the link works no more.
        Invalid: field `password`.
    """
    with unit_of_work(write=False) as reading:
        email = links.holder(reading, secret, links.RESET).email
    kept = passwords.keep(passwords.acceptable(password, email=email))  # long: before the transaction begins
    user = links.use(session, secret, links.RESET)
    people.put_password(session, user, kept)
    return user


def tidy(session: Session) -> None:
    """Forget who asked more than an hour ago."""
    session.execute(delete(PasswordRequest).where(PasswordRequest.at < now() - WINDOW))


def _wait(session: Session, whose: ColumnElement[bool], most: int) -> int:
    """Seconds until one more may be asked."""
    count, oldest = session.execute(select(func.count(), func.min(PasswordRequest.at)).where(whose)).one()
    return max(1, int((oldest + WINDOW - now()).total_seconds())) if count >= most else 0
