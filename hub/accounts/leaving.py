"""Somebody goes: they may not come in any more, and what they own becomes another's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts import people
from hub.accounts.audit import Action, audit
from hub.accounts.models import User
from hub.accounts.roles import GRANTS, Permission
from hub.errors import Invalid
from hub.jobs import enqueue

MOST = 200  # suggestions
FIELD = "heir"

ENQUEUES = ("library.hand_over", "library.pass_reviews_on")


def suggested(session: Session, user: User) -> Sequence[User]:
    """Who is likely to take over: whoever may publish, by name. Any other person can be named too."""
    roles = [role for role, granted in GRANTS.items() if Permission.PUBLISH in granted]
    fit = (User.active, User.id != user.id, User.role.in_(roles))
    return session.scalars(
        select(User).where(*fit).order_by(func.lower(User.name), User.id).limit(MOST)
    ).all()


def deactivate(session: Session, user: User, heir_email: str, *, by: User | None) -> User | None:
    """Let a person in no more, and hand over what they own; empty: it stays under their name. Returns the heir.

    Raises:
        Invalid: field `heir`; that is nobody here, or nobody who could take it.
        Conflict: the last administrator would be lost.
    """
    heir = _heir(session, user, heir_email) if heir_email.strip() else None
    people.set_active(session, user, False, by=by)
    if heir is not None:
        _ask(session, user, heir, by=by)
    else:
        enqueue(session, "library.pass_reviews_on", user_id=user.id)
    return heir


def hand_over(session: Session, user: User, heir_email: str, *, by: User | None) -> User:
    """Hand over what a person owns who has gone already. Returns the heir.

    Raises:
        Invalid: field `heir`; nobody is named, or nobody who could take it.
    """
    heir = _heir(session, user, heir_email)
    _ask(session, user, heir, by=by)
    return heir


def _ask(session: Session, user: User, heir: User, *, by: User | None) -> None:
    user.heir_id = heir.id
    enqueue(session, "library.hand_over", from_user_id=user.id, to_user_id=heir.id)
    audit(session, Action.HAND_OVER_ASKED, by=by, subject=user.public_id, detail=f"→ {heir.name}")


def _heir(session: Session, user: User, email: str) -> User:
    remedy = "Name somebody who may sign in" + (", or leave it empty." if user.active else ".")
    try:
        heir = people.by_email(session, email)
    except Invalid as error:
        raise Invalid(FIELD, error.message, remedy) from error
    if heir.id == user.id:
        raise Invalid(FIELD, f"{user.name} owns it already.", remedy)
    if not heir.active:
        raise Invalid(FIELD, f"{heir.name} is deactivated.", remedy)
    return heir
