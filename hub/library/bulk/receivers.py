"""Who an asset shall go to, an owner or teams: they may be gone by the time that a change is done, or undone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.errors import Conflict
from hub.library.bulk.change import Difference

TEAM_GONE = "A team that it would be for is not here any more."


def owner(session: Session, user_id: int) -> User:
    """Who shall own it. What other assets of the batch hold is not read again.

    Raises:
        Conflict: they may not sign in any more.
    """
    user = session.get_one(User, user_id)
    if not user.active:
        raise Conflict(_left(user), remedy="Choose another owner.")
    return user


def teams(session: Session, ids: Sequence[int]) -> list[Team]:
    """Whom it shall be for.

    Raises:
        Conflict: one of them is not here any more; without it the asset could be for nobody.
    """
    found = _teams(session, ids)
    if len(found) < len(ids):
        raise Conflict(TEAM_GONE, remedy="Choose another audience.")
    return found


def still_there(session: Session, difference: Difference) -> tuple[Difference, list[str]]:
    """A difference without those who are gone, and a sentence about each of them.

    Of several teams, those that are left get it back; when none is left, the audience stays as it is.
    """
    said = []
    if "owner" in difference.after:
        user = session.get_one(User, difference.after["owner"])
        if not user.active:
            said.append(_left(user))
            difference = difference.without("owner")
    if wanted := difference.after.get("audience"):
        there = [team.id for team in _teams(session, wanted)]
        if len(there) < len(wanted):
            said.append(TEAM_GONE)
            difference = difference.ending(audience=there) if there else difference.without("audience")
    return difference, said


def _teams(session: Session, ids: Sequence[int]) -> list[Team]:
    return [team for team in (session.get(Team, one) for one in ids) if team is not None]


def _left(user: User) -> str:
    return f"{user.name} is deactivated and cannot own it."
