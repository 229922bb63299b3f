"""What accounts write to people by mail. Each holds one link at most, and names nobody but its reader and who asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.errors import Invalid
from hub.outbound import mail

FOOT = "If you did not expect this mail, leave it: nothing happens. It comes from {hub}\n"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def post(session: Session, user: User, letter: Letter, *, prompt: bool = True) -> bool:
    """Mail a letter to a person; False when the hub sends no mail, or their address is one that no mail can carry."""
    try:
        return bool(mail.send(session, [user.email], letter.subject, letter.text, prompt=prompt))
    except Invalid:
        return False


def invitation(user: User, address: str, *, by: User | None, days: int, hub: str) -> Letter:
    """To somebody who has never been in."""
    who = f"{by.name} invites you" if by else "You are invited"
    return Letter(
        f"{who} to Hub",
        f"Hello {user.name},\n\n{who} to Hub, where what sells is found: stories, slides, recordings.\n\n"
        f"Come in by this link. It works once, within {days} days:\n{address}\n\n"
        f"Then set a password in your profile.\n\n--\n{FOOT.format(hub=hub)}",
    )


def reset(user: User, address: str, *, hub: str) -> Letter:
    """To who has forgotten their password, or somebody who says so."""
    return Letter(
        "Set a new password for Hub",
        f"Hello {user.name},\n\nsomebody asked for a new password for {user.email}. If it was you, set one here. "
        f"The link works once, within an hour:\n{address}\n\n"
        f"Your password stays as it is until then.\n\n--\n{FOOT.format(hub=hub)}",
    )


def password_changed(user: User, *, hub: str) -> Letter:
    """To who has a new password, in case it was not they who set it."""
    return Letter(
        "Your password for Hub was changed",
        f"Hello {user.name},\n\nthe password of {user.email} was changed, and every device was signed out.\n\n"
        f"If it was not you, set another one at once, or tell an administrator:\n{hub}/sign-in/forgotten\n",
    )
