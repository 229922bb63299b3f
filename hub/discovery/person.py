"""The page of a person, for every reader: who they are here, and what they own and have recorded that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from hub.accounts import people
from hub.accounts.models import Team, TeamMember, User
from hub.accounts.roles import Permission, may
from hub.discovery.rows import hydrate
from hub.discovery.showing import ShownHit, shown
from hub.library.collections import keeping
from hub.library.collections.keeping import Listed
from hub.library.kinds import KINDS, Kind, KindSpec
from hub.library.models import Asset, StoredFile
from hub.library.visibility import in_reach, visible_to
from hub.web.pagination import Page

PAGE = 20


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the page of a person shows. `email` is empty for those it is not for; `heir`: who took over, once they are gone."""

    person: User
    teams: Sequence[Team]
    leads: frozenset[int]
    email: str
    heir: User | None
    kinds: list[tuple[KindSpec, int]]
    kind: Kind | None
    total: int
    page: Page[ShownHit]
    collections: list[Listed]
    is_self: bool
    may_operate: bool


def person_page(session: Session, user: User, public_id: str, kind: str, number: int) -> PersonPage:
    """The page of one person; an unknown `kind` is all of them.

    Raises:
        NotFound: there is nobody of that id.
    """
    person = people.by_public_id(session, public_id)
    wanted = next((known for known in KINDS if known.value == kind), None)
    theirs = (in_reach(), visible_to(user), or_(Asset.owner_id == person.id, _recorded_by(person)))
    counted = select(Asset.kind, func.count()).where(*theirs).group_by(Asset.kind)
    by_kind = {of: int(count) for of, count in session.execute(counted)}
    total = sum(by_kind.values())
    conditions = [*theirs, *([Asset.kind == wanted] if wanted else [])]
    newest = (
        select(Asset.id)
        .where(*conditions)
        .order_by(func.coalesce(Asset.published_at, Asset.updated_at).desc(), Asset.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    ids = session.scalars(newest).all()
    rows = hydrate(session, user, ids)
    return PersonPage(
        person=person,
        teams=person.teams,
        leads=frozenset(
            session.scalars(
                select(TeamMember.team_id).where(TeamMember.user_id == person.id, TeamMember.lead)
            )
        ),
        email=person.email if _knows(user, person) else "",
        heir=session.get(User, person.heir_id) if person.heir_id and not person.active else None,
        kinds=[
            (spec, by_kind.get(known, 0))
            for known, spec in KINDS.items()
            if known in by_kind or known is wanted
        ],
        kind=wanted,
        total=total,
        page=Page(
            [shown(rows[id_]) for id_ in ids if id_ in rows],
            by_kind.get(wanted, 0) if wanted else total,
            number,
            PAGE,
        ),
        collections=keeping.listed(session, user, shared_by=person),
        is_self=person.id == user.id,
        may_operate=may(user.role, Permission.OPERATE),
    )


def _knows(user: User, person: User) -> bool:
    """An e-mail address is for oneself, one's teams and those who publish, who write to owners."""
    same_team = {team.id for team in user.teams} & {team.id for team in person.teams}
    return user.id == person.id or bool(same_team) or may(user.role, Permission.PUBLISH)


def _recorded_by(person: User) -> ColumnElement[bool]:
    """A pitch video in which they speak; of one that names nobody, whoever brought its file."""
    speaker = func.lower(func.trim(func.coalesce(Asset.fields["speaker"].as_string(), "")))
    brought = exists().where(
        StoredFile.asset_id == Asset.id,
        StoredFile.uploader_id == person.id,
        StoredFile.replaced_at.is_(None),
    )
    speaks = or_(speaker == func.lower(person.name.strip()), and_(speaker == "", brought))
    return and_(Asset.kind == Kind.PITCH_VIDEO, speaks)
