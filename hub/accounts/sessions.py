"""The browsers in which people are signed in: begun, listed, and ended, which holds from the next request."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from flask import current_app
from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from config import Settings
from hub.accounts import devices
from hub.accounts.audit import Action, audit
from hub.accounts.models import User, UserSession
from hub.db import Database, make_public_id, now
from hub.errors import NotFound

log = logging.getLogger(__name__)

COARSE = timedelta(minutes=5)  # the moment somebody was last seen is written no more often
SHOWN = 100


def begin(session: Session, user: User, *, way: str, address: str | None, agent: str) -> UserSession:
    """Sign this person in from a browser, as far as the database goes.

    `user` carries the stamp that was read when they proved who they are: whatever ended their sessions since then
    ends this one too.
    """
    begun = UserSession(
        user_id=user.id,
        stamp=user.session_stamp,
        way=way[:80],
        address=(address or "unknown")[:64],
        browser=devices.words(agent),
    )
    session.add(begun)
    session.flush()
    return begun


def life() -> timedelta:
    """How long somebody stays signed in: the cookie's life, and the row's, since a cookie is made anew now and then."""
    settings: Settings = current_app.extensions["hub.settings"]
    return timedelta(days=settings.session_days)


def find(session: Session, key: str) -> tuple[User, UserSession] | None:
    """Who is signed in by this key, with their teams; None when nobody is, or no longer."""
    values = {"key": key, "begun_after": now() - life()}
    found = session.execute(_signed_in(), values).unique().one_or_none()
    return (found[0], found[1]) if found else None


@cache
def _signed_in() -> Select[User, UserSession]:
    """Asked by each request, hence made once."""
    return (
        select(User, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.public_id == bindparam("key"), UserSession.stamp == User.session_stamp, User.active
        )
        .where(UserSession.created_at > bindparam("begun_after"))
        .options(joinedload(User.teams))
    )


def listed(session: Session, user: User) -> Sequence[UserSession]:
    """Where this person is signed in, the one seen last first."""
    good = (
        UserSession.user_id == user.id,
        UserSession.stamp == user.session_stamp,
        UserSession.created_at > now() - life(),
    )
    order = (UserSession.seen_at.desc(), UserSession.id.desc())
    return session.scalars(select(UserSession).where(*good).order_by(*order).limit(SHOWN)).all()


def end(session: Session, user: User, public_id: str, *, by: User) -> UserSession:
    """End one session of this person.

    Raises:
        NotFound: they have none by that id; it may have ended meanwhile.
    """
    query = select(UserSession).where(UserSession.public_id == public_id, UserSession.user_id == user.id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("That session has ended already.", "Go back to see which are left.")
    session.delete(found)
    audit(session, Action.SESSION_ENDED, by=by, subject=user.public_id, detail=found.browser)
    session.flush()
    return found


def leave(session: Session, key: str) -> None:
    """Sign out: the cookie of this browser is worth nothing any more, even if somebody kept it."""
    session.execute(delete(UserSession).where(UserSession.public_id == key))


def end_all(session: Session, user: User) -> None:
    """End every session of this person, those too that are just being begun."""
    user.session_stamp = make_public_id()
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    session.flush()


def is_due(row: UserSession) -> bool:
    """Whether it is time to write down that somebody is still there."""
    return now() - row.seen_at > COARSE


def seen(database: Database, session_id: int) -> None:
    """Write down that somebody is there. Called when their answer has been sent, so that nobody waits for it."""
    moment = now()
    mark = update(UserSession).where(UserSession.id == session_id, UserSession.seen_at < moment - COARSE)
    try:
        with database.unit_of_work() as session:
            session.execute(mark.values(seen_at=moment).execution_options(synchronize_session=False))
    except OperationalError as error:
        log.warning("when somebody was last seen could not be written: %s", error.orig)


def tidy(session: Session) -> None:
    """Forget sessions that have run out."""
    session.execute(delete(UserSession).where(UserSession.created_at < now() - life()))
