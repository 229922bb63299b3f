"""Whom of the hub a provider's word makes somebody: found by issuer and subject, linked by e-mail, or made anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from hub.accounts import people
from hub.accounts.audit import Action, audit
from hub.accounts.models import Identity, User
from hub.accounts.openid import groups
from hub.accounts.openid.claims import LONGEST_SUBJECT, Claims
from hub.accounts.openid.options import Options
from hub.accounts.openid.refusals import Refused, unproven
from hub.accounts.roles import Role
from hub.db import now
from hub.errors import Conflict, NotFound


def enter(session: Session, options: Options, claims: Claims) -> User:
    """The person that these claims are of, who may now be signed in; linked or made anew where the settings allow.

    Raises:
        Refused: they may not come in.
    """
    if not claims.subject or len(claims.subject) > LONGEST_SUBJECT:
        raise unproven(options.name, "the subject is empty or too long")
    fit = groups.fitting(options, claims)
    link = _identity(session, claims)
    user = None if link else _by_email(session, options, claims)
    if user is not None:
        link = _identity(session, claims)  # another browser of theirs may have made both since we looked
    if link is not None:
        user = _person(session, link.user_id)
    elif user is None:
        user = _new(session, options, claims, groups.role_of(fit) or options.role)
    else:
        _refuse_linking(options, claims, user)
    _refuse_deactivated(user)
    link = link or _link(session, options, claims, user)
    link.used_at, link.email = now(), claims.email
    groups.apply(session, user, options, fit)
    audit(session, Action.SIGNED_IN, by=user, subject=user.public_id, detail=f"by {options.name}")
    session.flush()
    return user


def connect(session: Session, options: Options, claims: Claims, public_id: str) -> User:
    """Link who came back from the provider with the person who went there, signed in by other means.

    Raises:
        Refused: that identity is somebody else's, or the person has another one.
    """
    user = people.by_public_id(session, public_id)
    _refuse_deactivated(user)
    link = _identity(session, claims)
    if link is not None and link.user_id != user.id:
        raise Refused(
            f"That account at {options.name} belongs to somebody else here.",
            "Sign out there, sign in as yourself, and connect again.",
        )
    if link is None:
        _link(session, options, claims, user)
    return user


def listed(session: Session, user: User) -> Sequence[Identity]:
    """The identities of a person, the oldest first."""
    query = select(Identity).where(Identity.user_id == user.id).order_by(Identity.id)
    return session.scalars(query).all()


def unlink(session: Session, user: User, public_id: str, *, by: User) -> None:
    """Take an identity from a person: it signs nobody in any more.

    Raises:
        NotFound: they have none by that id.
    """
    mine = (Identity.public_id == public_id, Identity.user_id == user.id)
    link = session.scalars(select(Identity).where(*mine)).one_or_none()
    if link is None:
        raise NotFound("That connection is gone already.", "Go back to see which are left.")
    session.delete(link)
    audit(session, Action.IDENTITY_UNLINKED, by=by, subject=user.public_id, detail=_said(link))
    session.flush()


def _identity(session: Session, claims: Claims) -> Identity | None:
    same = (Identity.issuer == claims.issuer, Identity.subject == claims.subject)
    return session.scalars(select(Identity).where(*same)).one_or_none()


def _person(session: Session, user_id: int) -> User:
    return session.scalars(select(User).where(User.id == user_id).options(selectinload(User.teams))).one()


def _by_email(session: Session, options: Options, claims: Claims) -> User | None:
    """The person with this address, if the provider vouches for it."""
    if not claims.verified:
        raise Refused(
            f"{options.name} does not say that your e-mail address is yours.",
            "Sign in with your password and connect the two on your profile, or ask an administrator.",
            reason=f"e-mail not verified: {claims.email or 'none'}",
        )
    query = select(User).where(User.email == claims.email).options(selectinload(User.teams))
    return session.scalars(query).one_or_none()


def _refuse_linking(options: Options, claims: Claims, user: User) -> None:
    """Unless the hub lets an address that the provider vouches for count."""
    _refuse_deactivated(user)
    if not options.link_by_email:
        raise Refused(
            f"Your account here is not connected with {options.name}.",
            "Sign in with your password and connect the two on your profile, or ask an administrator.",
            reason=f"not connected: {claims.email}",
        )


def _new(session: Session, options: Options, claims: Claims, role: Role) -> User:
    if not options.create:
        raise Refused(
            "You have no account here yet.",
            "Ask an administrator to add you.",
            reason=f"nobody has {claims.email}",
        )
    return people.add(session, claims.email, claims.name, role)


def _link(session: Session, options: Options, claims: Claims, user: User) -> Identity:
    """Who has an identity of this provider gets no second one: an address may have passed to somebody else."""
    if any(link.issuer == claims.issuer for link in listed(session, user)):
        raise Refused(
            f"Your account here is connected with another account at {options.name}.",
            "Ask an administrator to disconnect that one first.",
            reason=f"a second identity for {user.email}",
        )
    link = Identity(user_id=user.id, issuer=claims.issuer, subject=claims.subject, email=claims.email)
    try:
        with session.begin_nested():
            session.add(link)
    except IntegrityError as error:
        raise Conflict("Somebody was faster.", remedy="Try again.") from error
    audit(session, Action.IDENTITY_LINKED, by=user, subject=user.public_id, detail=_said(link))
    return link


def _refuse_deactivated(user: User) -> None:
    if not user.active:
        raise Refused(
            "Your account here is deactivated.",
            "Ask an administrator if you should be able to come in.",
            reason=f"deactivated: {user.email}",
        )


def _said(link: Identity) -> str:
    return f"{link.subject} at {link.issuer}"
