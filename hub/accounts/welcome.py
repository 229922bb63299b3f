"""The first administrator: on a hub without anybody, whoever holds the link that was printed at start."""

from __future__ import annotations

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from hub.accounts import links, passwords, people
from hub.accounts.models import User, WelcomeLink
from hub.accounts.roles import Role


class Closed(links.Spent):
    """There is somebody already, or the link is an older one."""

    def __init__(self) -> None:
        super().__init__(
            "This welcome link no longer works.",
            remedy="Ask an administrator for a sign-in link. If there is none yet, restart the hub for a new link.",
        )


def open_door(session: Session) -> str | None:
    """The address that makes the first administrator, or None when there is anybody. Earlier ones end."""
    if session.scalar(select(exists().select_from(User))):
        return None
    secret, secret_hash = links.new_secret()
    session.merge(WelcomeLink(id=1, secret_hash=secret_hash))
    session.flush()
    return links.address("accounts.welcome", secret)


def check(session: Session, secret: str) -> None:
    """Whether a link opens the door, without using it.

    Raises:
        Closed: it does not.
    """
    if session.scalar(select(WelcomeLink.id).where(WelcomeLink.secret_hash == links.kept(secret))) is None:
        raise Closed


def enter(session: Session, secret: str, *, email: str, name: str, password: str) -> User:
    """Make the first administrator; of several at the same moment, one wins.

    Raises:
        Closed: the link does not work, or somebody was faster.
        Invalid: fields `email`, `name`, `password`.
    """
    kept = passwords.keep(
        passwords.acceptable(password, email=email)
    )  # takes long: before the transaction begins
    door = delete(WelcomeLink).where(WelcomeLink.secret_hash == links.kept(secret)).returning(WelcomeLink.id)
    if session.execute(door).first() is None:
        raise Closed
    return people.add(session, email, name, Role.ADMINISTRATOR, password_hash=kept)
