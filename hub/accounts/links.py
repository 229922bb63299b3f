"""One-time sign-in links. The address is built from HUB_URL alone; the table holds a hash of the secret."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, selectinload

from hub.accounts import throttle
from hub.accounts.audit import Action, audit
from hub.accounts.models import SignInLink, User
from hub.db import now
from hub.errors import Conflict, HubError

FIRST = timedelta(days=7)  # to somebody who has never been in
LATER = timedelta(hours=1)
SIGN_IN, RESET = "sign in", "new password"  # purposes; a link does what it was made for, and nothing else


class Spent(HubError):
    """The link was used, has expired, was replaced by a newer one, or never existed: one answer for all."""

    status = 410
    code = "spent"

    def __init__(
        self,
        message: str = "This sign-in link no longer works.",
        remedy: str = "Each link works once and for a limited time. Ask an administrator for a new one.",
    ) -> None:
        super().__init__(message, remedy=remedy)


def address(endpoint: str, secret: str) -> str:
    """The full address of a page that takes a secret: from HUB_URL, never from what a request claims."""
    path = current_app.url_map.bind("hub", script_name="/").build(endpoint, {"secret": secret})
    return f"{current_app.config['HUB_URL']}{path}"


def new_secret() -> tuple[str, str]:
    """A secret of 256 bits, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, kept(secret)


def kept(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make(session: Session, user: User, *, by: User | None = None) -> str:
    """The address of a new link for this person; older ones stop working.

    Raises:
        Conflict: the person is deactivated.
    """
    if not user.active:
        raise Conflict(f"{user.name} is deactivated.", remedy="Reactivate them first.")
    been_in = session.scalar(
        select(SignInLink.id).where(SignInLink.user_id == user.id, SignInLink.used_at.is_not(None))
    )
    secret = _begin(session, user, SIGN_IN, LATER if user.password_hash or been_in else FIRST)
    audit(session, Action.LINK_MADE, by=by, subject=user.public_id)
    session.flush()
    return address("accounts.link", secret)


def make_reset(session: Session, user: User) -> str:
    """The address where this person may set a new password; older ones stop working, links to sign in do not."""
    secret = _begin(session, user, RESET, LATER)
    audit(session, Action.LINK_MADE, by=None, subject=user.public_id, detail="to set a new password")
    session.flush()
    return address("accounts.new_password", secret)


def _begin(session: Session, user: User, purpose: str, life: timedelta) -> str:
    end(session, user, purpose)
    secret, secret_hash = new_secret()
    session.add(
        SignInLink(user_id=user.id, purpose=purpose, secret_hash=secret_hash, expires_at=now() + life)
    )
    return secret


def end(session: Session, user: User, *purposes: str) -> None:
    """Stop the links of this person that have not been used: of some purposes, or all."""
    moment = now()
    waiting = [SignInLink.user_id == user.id, SignInLink.used_at.is_(None), SignInLink.expires_at > moment]
    if purposes:
        waiting.append(SignInLink.purpose.in_(purposes))
    session.execute(update(SignInLink).where(*waiting).values(expires_at=moment))


def holder(session: Session, secret: str, purpose: str = SIGN_IN) -> User:
    """Whom a link is for, without using it.

    Raises:
        Spent: nobody.
    """
    query = (
        select(User)
        .join(SignInLink, SignInLink.user_id == User.id)
        .where(*_good(secret, purpose, now()), User.active)
    )
    user = session.scalars(query.options(selectinload(User.teams))).one_or_none()
    if user is None:
        raise Spent
    return user


def use(session: Session, secret: str, purpose: str = SIGN_IN) -> User:
    """Use a link up; of several at the same moment, one wins.

    Raises:
        Spent: it signs nobody in.
    """
    user = holder(session, secret, purpose)
    moment = now()
    mark = update(SignInLink).where(*_good(secret, purpose, moment)).values(used_at=moment)
    won = session.execute(mark.returning(SignInLink.id)).first()
    if won is None:
        raise Spent
    throttle.forget(session, user.email)
    audit(session, Action.SIGNED_IN, by=user, subject=user.public_id, detail="by link")
    session.flush()
    return user


def _good(secret: str, purpose: str, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInLink.secret_hash == kept(secret),
        SignInLink.purpose == purpose,
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > moment,
    )
