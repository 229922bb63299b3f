"""The page of adoption, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, TeamMember, User
from hub.analytics.adoption import coming, weekly
from hub.analytics.adoption.asked import Asked, Weeks
from hub.analytics.adoption.coming import Away, Beginnings
from hub.analytics.adoption.weekly import Did
from hub.analytics.formula import formulas
from hub.analytics.ranges import Counting, counting
from hub.analytics.who_is_seen import TeamSeen, person_seen, teams_with_members
from hub.usage import weeks
from hub.usage.models import PersonWeek
from hub.web.pagination import Page

FORMULAS = formulas(
    weekly.by_person,
    weekly.searches,
    weekly.opens,
    weekly.copies,
    weekly.by_week,
    coming.away,
    coming.beginnings,
)


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The figures of one team's people of today, in the range and in the one before."""

    team: Team
    size: int  # of whom may sign in, and of who left and did something in the range
    did: Did
    before: Did | None


@dataclass(frozen=True, slots=True)
class Adoption:
    """All that the page shows."""

    counting: Counting
    weeks: Weeks
    accounts: int
    did: Did
    before: Did | None
    by_week: Sequence[tuple[date, Did]]
    teams: Sequence[OfTeam]
    choices: Sequence[tuple[str, str]]
    away: Page[Away]
    beginnings: Beginnings


def adoption(session: Session, user: User, asked: Asked, page: int) -> Adoption | None:
    """The page, or None while nothing has been counted yet."""
    state = counting(session)
    if state is None:
        return None
    end, seen = state.end_day, _seen(user, asked)
    weekly_seen = PersonWeek.user_id.in_(select(User.id).where(seen))
    before = asked.weeks_before(end)
    did = weekly.by_person(session, weekly_seen, asked.weeks(end))
    was = weekly.by_person(session, weekly_seen, before) if before else None
    teams = teams_with_members(session, user)
    return Adoption(
        counting=state,
        weeks=asked.weeks(end),
        accounts=session.scalar(select(func.count(User.id)).where(seen, User.active)) or 0,
        did=weekly.total(did),
        before=None if was is None else weekly.total(was),
        by_week=weekly.by_week(session, weekly_seen, asked.shown(end, weekly.oldest(session))),
        teams=_by_team(teams, asked, did, was),
        choices=sorted(
            ((seen.team.public_id, seen.team.name) for seen in teams.values()), key=lambda one: one[1].lower()
        ),
        away=coming.away(session, seen, end, page),
        beginnings=coming.beginnings(session, seen),
    )


def _seen(user: User, asked: Asked) -> ColumnElement[bool]:
    """The condition on `User` for those that the page is about."""
    if not asked.team:
        return person_seen(user)
    members = select(TeamMember.user_id).join(Team, Team.id == TeamMember.team_id)
    return person_seen(user) & User.id.in_(members.where(Team.public_id == asked.team))


def _by_team(
    teams: Mapping[int, TeamSeen],
    asked: Asked,
    did: Mapping[int, Did],
    was: Mapping[int, Did] | None,
) -> list[OfTeam]:
    """The teams that the reader sees, by name."""
    found = [
        OfTeam(
            seen.team,
            seen.size(did),
            weekly.total(did, seen.people),
            None if was is None else weekly.total(was, seen.people),
        )
        for seen in teams.values()
        if not asked.team or seen.team.public_id == asked.team
    ]
    return sorted(found, key=lambda row: row.team.name.lower())


HEADER = ("Week of", "Team", "People", "Searches", "Opens", "Copies")
EVERYBODY = "Everybody"


def sheet(session: Session, user: User, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Each week of the chart, for everybody the page is about and for each of its teams."""
    state = counting(session)
    if state is None:
        return
    span = asked.shown(state.end_day, weekly.oldest(session))
    teams = teams_with_members(session, user)
    query = select(
        PersonWeek.week, PersonWeek.user_id, PersonWeek.searched, PersonWeek.opened, PersonWeek.copied
    )
    query = query.join(User, User.id == PersonWeek.user_id).where(_seen(user, asked))
    by_week: dict[int, dict[int, Did]] = {week: {} for week in range(span.first, span.last + 1)}
    for week, user_id, *counts in session.execute(
        query.where(PersonWeek.week.between(span.first, span.last))
    ):
        by_week[week][user_id] = Did(1, *counts)
    rows = _by_team(teams, asked, {}, None)
    for week, persons in by_week.items():
        day = weeks.monday(week).isoformat()
        yield _cells(day, EVERYBODY, weekly.total(persons))
        for row in rows:
            yield _cells(day, row.team.name, weekly.total(persons, teams[row.team.id].people))


def _cells(day: str, name: str, did: Did) -> tuple[object, ...]:
    return (day, name, did.people, did.searched, did.opened, did.copied)
