"""What accounts write to people by mail. Each holds one link at most, and names nobody but its reader and who asked."""

from __future__ import annotations

from dataclasses import dataclass

from hub.accounts.models import User

FOOT = "This mail was sent by {hub}. If you did not expect it, leave it: nothing happens.\n"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def invitation(user: User, address: str, *, by: User | None, days: int, hub: str) -> Letter:
    """To somebody who has never been in."""
    who = f"{by.name} invites you" if by else "You are invited"
    return Letter(
        f"{who} to Hub",
        f"Hello {user.name},\n\n{who} to Hub, where what sells is found: stories, slides, recordings.\n\n"
        f"Come in by this link. It works once, within {days} days:\n{address}\n\n"
        f"Then set a password in your profile.\n\n--\n{FOOT.format(hub=hub)}",
    )
