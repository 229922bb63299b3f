"""Signing in with e-mail and password.

Each step has a transaction of its own: what is counted outlives a refusal, and none is open while a
password is being checked, which takes long.
"""

from __future__ import annotations

from sqlalchemy import select, update

from hub.accounts import passwords, throttle
from hub.accounts.audit import Action, audit
from hub.accounts.models import User
from hub.db import unit_of_work
from hub.errors import Invalid

WRONG = "That e-mail address and password do not go together."


def by_password(email: str, password: str, address: str | None) -> User:
    """The person with this e-mail address and password, who may now be signed in.

    Raises:
        Invalid: they do not go together; the same words whether or not the account exists.
        TooMany: tried too often.
    """
    user = _proven(email, password, address)
    if user is None:
        raise Invalid("", WRONG, "Check both, or ask an administrator for a sign-in link.")
    with unit_of_work() as session:
        audit(session, Action.SIGNED_IN, by=user, subject=user.public_id, detail="by password")
    return user


def confirm(user: User, password: str, address: str | None) -> None:
    """Check the password of somebody who is signed in, with the same brake on guessing.

    Raises:
        Invalid: field `current`.
        TooMany: tried too often.
    """
    if _proven(user.email, password, address) is None:
        raise Invalid(
            "current",
            "That is not your present password.",
            "Try again, or sign in by a link to set a new one.",
        )


def _proven(email: str, password: str, address: str | None) -> User | None:
    with unit_of_work() as session:
        throttle.begin(session, email, address)
    with unit_of_work(write=False) as session:
        user = session.scalars(select(User).where(User.email == email)).one_or_none()
    right = passwords.matches(user.password_hash if user else None, password)
    if user is None or user.password_hash is None or not right or not user.active:
        return None
    fresh = passwords.keep(password) if passwords.outdated(user.password_hash) else None
    with unit_of_work() as session:
        throttle.forget(session, email)
        if fresh:  # unless somebody has set another password meanwhile
            unchanged = (User.id == user.id, User.password_hash == user.password_hash)
            session.execute(update(User).where(*unchanged).values(password_hash=fresh))
    return user
