"""Whose names a reader of figures may see: managers those of the teams they lead, all others who may see figures everybody's."""

from __future__ import annotations

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


def teams_with_members(session: Session, user: User) -> dict[int, tuple[Team, frozenset[int]]]:
    """The teams that this person sees, by id, each with the ids of its people, as they are today."""
    query = (
        select(Team, TeamMember.user_id)
        .outerjoin(TeamMember, TeamMember.team_id == Team.id)
        .where(team_seen(user))
    )
    found: dict[int, tuple[Team, set[int]]] = {}
    for team, user_id in session.execute(query):
        _, members = found.setdefault(team.id, (team, set()))
        if user_id is not None:
            members.add(user_id)
    return {team_id: (team, frozenset(members)) for team_id, (team, members) in found.items()}
