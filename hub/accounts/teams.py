"""Teams: naming them, and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sql
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.accounts import identity
from hub.accounts.audit import Action, audit
from hub.accounts.models import Team, TeamMember, User
from hub.accounts.roles import Permission, may
from hub.errors import Conflict, Forbidden, NotFound

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Listed:
    """A team in the list of teams, with how many people of it may sign in, and who of them lead it."""

    team: Team
    members: int
    leads: Sequence[str]


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team."""

    user: User
    lead: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """A team one is in: who else leads it, and whether one does oneself."""

    team: Team
    leads: Sequence[str]
    lead: bool


def every(session: Session) -> Sequence[Team]:
    """All teams, by name."""
    return session.scalars(select(Team).order_by(func.lower(Team.name), Team.id)).all()


def listed(session: Session) -> list[Listed]:
    """All teams, by name, with their sizes."""
    counts = (
        select(TeamMember.team_id, func.count().label("members"))
        .join(User, User.id == TeamMember.user_id)
        .where(User.active)
        .group_by(TeamMember.team_id)
        .subquery()
    )
    query = select(Team, func.coalesce(counts.c.members, 0)).outerjoin(counts, counts.c.team_id == Team.id)
    rows = session.execute(query.order_by(func.lower(Team.name), Team.id)).all()
    leads = _leads(session)
    return [Listed(team, size, [lead.name for lead in leads.get(team.id, [])]) for team, size in rows]


def by_public_id(session: Session, public_id: str) -> Team:
    """The team with this id.

    Raises:
        NotFound: there is none.
    """
    team = session.scalars(select(Team).where(Team.public_id == public_id)).one_or_none()
    if team is None:
        raise NotFound("There is no such team.", "Go back to the list of teams.")
    return team


def in_charge_of(session: Session, public_id: str, user: User) -> Team:
    """The team with this id, for who says who is in it: those who lead it, and administrators.

    Raises:
        NotFound: there is none, or it is not theirs to say.
    """
    team = by_public_id(session, public_id)
    member = session.get(TeamMember, (team.id, user.id))
    if not may(user.role, Permission.OPERATE) and not (member and member.lead):
        raise NotFound("There is no such team.", "Go back to the list of teams.")
    return team


def mine(session: Session, user: User) -> list[Mine]:
    """The teams a person is in, by name, and who leads each."""
    own = select(TeamMember.team_id).where(TeamMember.user_id == user.id)
    found = _leads(session, TeamMember.team_id.in_(own))
    query = select(Team).where(Team.id.in_(own)).order_by(func.lower(Team.name), Team.id)
    return [
        Mine(
            team,
            leads=[lead.name for lead in found.get(team.id, []) if lead.id != user.id],
            lead=any(lead.id == user.id for lead in found.get(team.id, [])),
        )
        for team in session.scalars(query)
    ]


def members(session: Session, team: Team) -> list[Member]:
    """Who is in a team, those who lead it first, then by name."""
    query = (
        select(User, TeamMember.lead)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.team_id == team.id)
        .order_by(TeamMember.lead.desc(), func.lower(User.name), User.id)
    )
    return [Member(user, lead) for user, lead in session.execute(query)]


def make(session: Session, name: str, *, by: User | None = None) -> Team:
    """Make a team.

    Raises:
        Invalid: field `name`.
        Conflict: field `name`; another team has it.
    """
    team = Team()
    _name(session, team, _free(session, name))
    audit(session, Action.TEAM_MADE, by=by, subject=team.public_id, detail=team.name)
    return team


def rename(session: Session, team: Team, name: str, *, by: User | None = None) -> None:
    """Give a team another name. What its people may see does not change.

    Raises:
        Invalid: field `name`.
        Conflict: field `name`; another team has it.
    """
    name = _free(session, name, Team.id != team.id)
    detail = f"{team.name} → {name}"
    _name(session, team, name)
    audit(session, Action.TEAM_RENAMED, by=by, subject=team.public_id, detail=detail)


def delete(session: Session, team: Team, *, by: User | None = None) -> None:
    """Delete a team that nothing is for. Whoever is in it stays here.

    Raises:
        Conflict: something of the library is for it. Deleted, that would be for everyone, or for nobody.
    """
    name, public_id = team.name, team.public_id
    rows = (
        sql.delete(TeamMember).where(TeamMember.team_id == team.id),
        sql.delete(Team).where(Team.id == team.id),
    )
    try:
        with session.begin_nested():
            for row in rows:
                session.execute(row.execution_options(synchronize_session=False))
    except IntegrityError as error:
        raise Conflict(
            f"Assets, collections or pins are for {name}, so it stays.",
            remedy="Choose another audience for them first, or rename the team and change who is in it.",
        ) from error
    session.expunge(team)
    audit(session, Action.TEAM_DELETED, by=by, subject=public_id, detail=name)
    session.flush()


def put(session: Session, user: User, teams_in: Collection[Team], *, by: User | None = None) -> None:
    """Put a person into exactly these teams. Whether they lead one they stay in does not change."""
    wanted = {team.id: team for team in teams_in}
    held = set(session.scalars(select(TeamMember.team_id).where(TeamMember.user_id == user.id)))
    for team_id in wanted.keys() - held:
        session.add(TeamMember(team_id=team_id, user_id=user.id))
        audit(session, Action.TEAM_JOINED, by=by, subject=user.public_id, detail=wanted[team_id].name)
    for team in session.scalars(select(Team).where(Team.id.in_(held - wanted.keys()))):
        _leave(session, user, team, by=by)
    session.flush()
    session.refresh(user, ["teams"])


def join(session: Session, user: User, team: Team, *, by: User | None = None) -> None:
    """Put a person into one more team; being in it already is fine."""
    if session.get(TeamMember, (team.id, user.id)) is not None:
        return
    try:
        with session.begin_nested():
            session.add(TeamMember(team_id=team.id, user_id=user.id))
    except IntegrityError:  # by somebody else, at the same moment
        return
    audit(session, Action.TEAM_JOINED, by=by, subject=user.public_id, detail=team.name)
    session.flush()


def leave(session: Session, user: User, team: Team, *, by: User | None = None) -> None:
    """Take a person out of a team; not being in it is fine.

    Raises:
        Forbidden: they lead it, and whoever takes them out is no administrator.
    """
    member = session.get(TeamMember, (team.id, user.id))
    if member is None:
        return
    if member.lead and by is not None and not may(by.role, Permission.OPERATE):
        raise Forbidden(f"{user.name} leads {team.name}.", "Ask an administrator to take them out.")
    _leave(session, user, team, by=by)
    session.flush()


def set_lead(session: Session, user: User, team: Team, lead: bool, *, by: User | None = None) -> None:
    """Say whether a member leads the team.

    Raises:
        NotFound: the person is not in the team.
    """
    member = session.get(TeamMember, (team.id, user.id))
    if member is None:
        raise NotFound(f"{user.name} is not in {team.name}.", "Add them to the team first.")
    member.lead = lead
    what = f"{'leads' if lead else 'no longer leads'} {team.name}"
    audit(session, Action.TEAM_LEAD_CHANGED, by=by, subject=user.public_id, detail=what)
    session.flush()


def _leads(session: Session, *which: ColumnElement[bool]) -> dict[int, list[User]]:
    """Who leads each team and may sign in, by name."""
    query = (
        select(TeamMember.team_id, User)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.lead, User.active, *which)
        .order_by(func.lower(User.name), User.id)
    )
    found: dict[int, list[User]] = {}
    for team_id, lead in session.execute(query):
        found.setdefault(team_id, []).append(lead)
    return found


def _leave(session: Session, user: User, team: Team, *, by: User | None) -> None:
    session.execute(
        sql.delete(TeamMember).where(TeamMember.user_id == user.id, TeamMember.team_id == team.id)
    )
    audit(session, Action.TEAM_LEFT, by=by, subject=user.public_id, detail=team.name)


def _free(session: Session, name: str, *others: ColumnElement[bool]) -> str:
    name = identity.name(name, whose="The name of the team", longest=LONGEST_NAME)
    if session.scalar(select(Team.id).where(func.lower(Team.name) == name.lower(), *others)) is not None:
        raise _taken(name)
    return name


def _name(session: Session, team: Team, name: str) -> None:
    try:
        with session.begin_nested():
            team.name = name
            session.add(team)
    except IntegrityError as error:
        raise _taken(name) from error


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a team called {name} already.", remedy="Choose another name.", field="name")
