"""Who owns what an import brings in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.accounts.roles import Permission, Role, may
from hub.errors import Invalid
from hub.library.taxonomy import fold


@dataclass(frozen=True)
class Roster:
    """People and teams that a table may name: ids of people by e-mail, public ids of teams by folded name and by id."""

    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> Roster:
        """Everybody who may keep a draft, and every team."""
        people = session.execute(select(User.email, User.id, User.role).where(User.active))
        teams = session.execute(select(Team.public_id, Team.name)).all()
        return cls(
            {email.lower(): id_ for email, id_, role in people if may(role, Permission.DRAFT)},
            {public_id: public_id for public_id, _ in teams}
            | {fold(name): public_id for public_id, name in teams},
        )


def importer(session: Session, email: str) -> User:
    """Who will own what comes in: the person of this address, else the first marketer or administrator.

    Raises:
        Invalid: there is nobody, or they may not publish.
    """
    query = select(User).where(User.active).order_by(User.id)
    if email:
        user = session.scalars(query.where(User.email == email.strip().lower())).one_or_none()
        if user is None:
            raise Invalid(
                "as", f"Nobody with the address {email} may sign in.", "Name a marketer or an administrator."
            )
        if not may(user.role, Permission.PUBLISH):
            raise Invalid(
                "as",
                f"{user.name} is a {user.role.label.lower()} and keeps no library.",
                "Name a marketer or an administrator.",
            )
        return user
    roles = (Role.MARKETER, Role.ADMINISTRATOR)
    found = session.scalars(query.where(User.role.in_(roles)).limit(1)).one_or_none()
    if found is None:
        remedy = "Add somebody first: python -m hub user add EMAIL --role marketer."
        raise Invalid("as", "There is no marketer and no administrator to own what comes in.", remedy)
    return found
