"""The marketer's list: assets one may keep, by state, narrowed and sorted, with what needs a hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from hub.accounts.models import Team, User
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.library import taxonomy
from hub.library.models import Asset, Term
from hub.library.shelf_filter import TABS, ShelfFilter, on_tab
from hub.library.visibility import editable_by
from hub.web.pagination import Page

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the list, and how many assets each tab holds."""

    page: Page[Asset]
    counts: dict[str, int]
    today: date


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed by: owners of something in it, terms of each facet, teams."""

    owners: Sequence[User]
    terms: Mapping[str, Sequence[Term]]
    teams: Sequence[Team]


def shelf(session: Session, user: User, wanted: ShelfFilter, *, page: int) -> Shelf:
    """The assets this person keeps. `words` are looked for in titles alone; search looks inside."""
    keeps = [editable_by(user), *wanted.conditions(user)]
    columns = [func.count().filter(on_tab(name)).label(name) for name, _ in TABS]
    counts = session.execute(select(*columns).select_from(Asset).where(*keeps)).one()
    total = int(getattr(counts, wanted.tab))
    rows = session.scalars(
        select(Asset)
        .join(Asset.owner)
        .where(*keeps, on_tab(wanted.tab))
        .options(
            defer(Asset.body),
            joinedload(Asset.owner),
            selectinload(Asset.terms),
            selectinload(Asset.audience),
            selectinload(Asset.files),
            joinedload(Asset.link_check),
        )
        .order_by(*wanted.order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Shelf(
        Page(rows, total, page, PAGE_SIZE),
        {name: int(getattr(counts, name)) for name, _ in TABS},
        now().date(),
    )


def choices(session: Session, user: User) -> Choices:
    """What this person's list can be narrowed by."""
    owning = select(Asset.owner_id).where(editable_by(user))
    owners = select(User).where(User.id.in_(owning)).order_by(func.lower(User.name), User.id)
    return Choices(
        session.scalars(owners).all(), taxonomy.catalogue(session).shown(), teams_for(session, user)
    )


def teams_for(session: Session, user: User) -> list[Team]:
    """The teams this person may make an asset for."""
    query = select(Team).order_by(Team.name)
    if not may(user.role, Permission.PUBLISH):
        query = query.where(Team.id.in_([team.id for team in user.teams]))
    return list(session.scalars(query))
