"""People: adding them, finding them, and changing their role, state and password."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from hub.accounts import identity, letters, links, passwords, sessions, teams
from hub.accounts.audit import Action, audit
from hub.accounts.models import Team, User, WelcomeLink
from hub.accounts.roles import Role
from hub.errors import Conflict, Invalid, NotFound
from hub.jobs import enqueue
from hub.web.pagination import Page

ENQUEUES = ("search.owned",)
PAGE = 50
NOWHERE = "forgotten.invalid"  # a domain that no mail reaches, by RFC 2606; in the place of the address of who is forgotten


def add(
    session: Session,
    email: str,
    name: str,
    role: Role,
    *,
    teams_in: Collection[Team] = (),
    password_hash: str | None = None,
    hired_on: date | None = None,
    by: User | None = None,
) -> User:
    """Add a person. They get in by a link (`links.make`) or by the password that `passwords.keep` hashed.

    Raises:
        Invalid: field `email` or `name`.
        Conflict: field `email`; somebody has it already.
    """
    email = identity.email(email)
    user = User(
        email=email, name=identity.name(name), role=role, password_hash=password_hash, hired_on=hired_on
    )
    # The door for the first administrator closes behind the first person, however they came in.
    session.execute(delete(WelcomeLink))
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise Conflict(
            f"{email} is here already.",
            remedy="Find them in the list and make a sign-in link.",
            field="email",
        ) from error
    audit(session, Action.USER_ADDED, by=by, subject=user.public_id, detail=role.value)
    teams.put(session, user, teams_in, by=by)
    return user


def by_public_id(session: Session, public_id: str) -> User:
    """The person with this id.

    Raises:
        NotFound: nobody has it.
    """
    query = select(User).where(User.public_id == public_id).options(selectinload(User.teams))
    user = session.scalars(query).one_or_none()
    if user is None:
        raise NotFound("There is nobody here by that address.", "Go back to the list of people.")
    return user


def by_email(session: Session, email: str) -> User:
    """The person with this e-mail address, whatever its case.

    Raises:
        Invalid: field `email`; it is none, or nobody's.
    """
    query = select(User).where(User.email == identity.email(email)).options(selectinload(User.teams))
    user = session.scalars(query).one_or_none()
    if user is None:
        raise Invalid(
            "email", "Nobody here has that e-mail address.", "Add the person first, on the page People."
        )
    return user


def find(session: Session, text: str = "", *, page: int = 1) -> Page[User]:
    """People whose name or e-mail holds the text, those who may sign in first, then by name."""
    wanted: list[ColumnElement[bool]] = []
    if text := " ".join(text.replace("\0", "").split())[: identity.LONGEST_EMAIL]:
        held = User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True)
        wanted.append(or_(*held))
    total = session.scalar(select(func.count()).select_from(User).where(*wanted)) or 0
    order = (User.active.desc(), func.lower(User.name), User.id)
    query = select(User).where(*wanted).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    rows: Sequence[User] = session.scalars(query.options(selectinload(User.teams))).all()
    return Page(rows, total, page, PAGE)


def rename(session: Session, user: User, *, name: str, timezone: str) -> None:
    """Change what a person says of themselves.

    Raises:
        Invalid: field `name` or `timezone`.
    """
    user.timezone = identity.time_zone(timezone)
    _call(session, user, identity.name(name), by=user)
    session.flush()


def change(
    session: Session,
    user: User,
    *,
    email: str,
    name: str,
    role: Role,
    teams_in: Collection[Team],
    hired_on: date | None,
    by: User | None,
) -> None:
    """Change what an administrator says of a person; teams that are not named are left.

    Raises:
        Invalid: field `email` or `name`.
        Conflict: field `role`; the last administrator would be lost. Field `email`; somebody else has it. The person demanded
            to be forgotten.
    """
    _not_forgotten(user)
    email, name = identity.email(email), identity.name(name)
    set_role(session, user, role, by=by)
    if email != user.email:
        _set_email(session, user, email, by=by)
    _call(session, user, name, by=by)
    if hired_on != user.hired_on:
        detail = f"hired: {user.hired_on or 'not said'} → {hired_on or 'not said'}"
        audit(session, Action.USER_CHANGED, by=by, subject=user.public_id, detail=detail)
        user.hired_on = hired_on
    teams.put(session, user, teams_in, by=by)


def _call(session: Session, user: User, name: str, *, by: User | None) -> None:
    """The name before goes on record, where forgetting finds it; what they own is found by their name too."""
    if name != user.name:
        detail = f"name: {user.name} → {name}"
        audit(session, Action.USER_CHANGED, by=by, subject=user.public_id, detail=detail)
        user.name = name
        enqueue(session, "search.owned", user_id=user.id)


def _set_email(session: Session, user: User, email: str, *, by: User | None) -> None:
    """Links that were mailed to the address before end with it; sessions go on."""
    detail = f"e-mail: {user.email} → {email}"
    try:
        with session.begin_nested():
            user.email = email
    except IntegrityError as error:
        raise Conflict(
            f"{email} is somebody else's here.", remedy="Find them in the list of people.", field="email"
        ) from error
    links.end(session, user)
    audit(session, Action.USER_CHANGED, by=by, subject=user.public_id, detail=detail)


def set_role(session: Session, user: User, role: Role, *, by: User | None) -> None:
    """Give a person another role.

    Raises:
        Conflict: field `role`; the last administrator would be lost.
    """
    if role is user.role:
        return
    _keep_an_administrator(session, user, field="role")
    audit(session, Action.ROLE_CHANGED, by=by, subject=user.public_id, detail=f"{user.role} → {role}")
    user.role = role
    session.flush()


def is_forgotten(user: User) -> bool:
    """Whether a pseudonym stands in this person's place: `hub.accounts.forgetting`."""
    return user.email.endswith(f"@{NOWHERE}")


def _not_forgotten(user: User) -> None:
    if is_forgotten(user):
        raise Conflict("They are forgotten, for good.", remedy="Give them a new account.")


def set_active(session: Session, user: User, active: bool, *, by: User | None) -> None:
    """Let a person in or out. Going out ends their sessions and links; what they made stays.

    Raises:
        Conflict: the last administrator would be lost, or somebody is let in who demanded to be forgotten.
    """
    if user.active == active:
        return
    if active:
        _not_forgotten(user)
    else:
        _keep_an_administrator(session, user)
        links.end(session, user)
    user.active = active
    sessions.end_all(session, user)
    action = Action.USER_REACTIVATED if active else Action.USER_DEACTIVATED
    audit(session, action, by=by, subject=user.public_id)
    session.flush()


def set_password(session: Session, me: User, password: str) -> User:
    """Set one's own password; every session and every link one has ends.

    Raises:
        Invalid: field `password`.
    """
    kept = passwords.keep(
        passwords.acceptable(password, email=me.email)
    )  # long: before the transaction begins
    user = by_public_id(session, me.public_id)
    put_password(session, user, kept)
    return user


def put_password(session: Session, user: User, kept: str) -> None:
    """Give a person the password that `passwords.keep` hashed, and tell them so; sessions and links end."""
    if user.password_hash is not None:
        letters.post(session, user, letters.password_changed(user, hub=current_app.config["HUB_URL"]))
    user.password_hash = kept
    sessions.end_all(session, user)
    links.end(session, user)
    audit(session, Action.PASSWORD_SET, by=user, subject=user.public_id)
    session.flush()


def end_sessions(session: Session, user: User, *, by: User) -> None:
    """End every session a person has."""
    sessions.end_all(session, user)
    audit(session, Action.SESSIONS_ENDED, by=by, subject=user.public_id)
    session.flush()


def _keep_an_administrator(session: Session, user: User, field: str = "") -> None:
    if user.role is not Role.ADMINISTRATOR:
        return
    # Locked, so that two administrators who demote each other at the same moment do not both succeed.
    query = (
        select(User.id)
        .where(User.role == Role.ADMINISTRATOR, User.active)
        .order_by(User.id)
        .with_for_update()
    )
    if set(session.scalars(query)) <= {user.id}:
        raise Conflict(
            f"{user.name} is the last administrator.",
            remedy="Make somebody else an administrator first.",
            field=field,
        )
