"""Whose names a reader of figures may see: managers those of the teams they lead, all others who may see figures everybody's."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from hub.accounts.models import Team, TeamMember, User
from hub.accounts.roles import Role


def all_people(user: User) -> bool:
    """Whether this person sees everybody's names in figures."""
    return user.role is not Role.MANAGER


def team_seen(user: User) -> ColumnElement[bool]:
    """The condition on `Team` for those whose figures this person sees one by one."""
    if all_people(user):
        return true()
    leads = select(TeamMember.team_id).where(TeamMember.user_id == user.id, TeamMember.lead)
    return Team.id.in_(leads)


def person_seen(user: User) -> ColumnElement[bool]:
    """The condition on `User` for those whose names this person sees beside figures: their own among them."""
    if all_people(user):
        return true()
    leads = select(TeamMember.team_id).where(TeamMember.user_id == user.id, TeamMember.lead)
    theirs = select(TeamMember.user_id).where(TeamMember.team_id.in_(leads))
    return User.id.in_(theirs) | (User.id == user.id)


@dataclass(frozen=True, slots=True)
class TeamSeen:
    """A team with the ids of its people, as they are today. `gone`: those of them who may not sign in any more."""

    team: Team
    people: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def size(self, active: Container[int]) -> int:
        """How many of the team could be among the `active`: who may sign in, and of those who left the ones who are."""
        return sum(one not in self.gone or one in active for one in self.people)


def teams_with_members(session: Session, user: User) -> dict[int, TeamSeen]:
    """The teams that this person sees, by id."""
    query = (
        select(Team, User.id, User.active)
        .outerjoin(TeamMember, TeamMember.team_id == Team.id)
        .outerjoin(User, User.id == TeamMember.user_id)
        .where(team_seen(user))
    )
    found: dict[int, TeamSeen] = {}
    for team, user_id, active in session.execute(query):
        seen = found.setdefault(team.id, TeamSeen(team))
        if user_id is not None:
            seen.people.add(user_id)
            if not active:
                seen.gone.add(user_id)
    return found
