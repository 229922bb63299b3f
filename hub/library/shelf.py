"""The marketer's list: assets one may keep, by state, with what needs a hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hub.accounts.models import Team, User
from hub.accounts.roles import Permission, may
from hub.library.kinds import Kind
from hub.library.models import Asset, FileState, State, StoredFile
from hub.library.visibility import editable_by
from hub.web.pagination import Page

PAGE_SIZE = 50

TABS: tuple[tuple[str, str], ...] = (
    ("all", "All"),
    ("draft", "Drafts"),
    ("published", "Published"),
    ("trouble", "Needs a hand"),
    ("archived", "Archived"),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the list, and how many assets each tab holds."""

    page: Page[Asset]
    counts: dict[str, int]


def shelf(
    session: Session, user: User, *, tab: str, words: str, kind: Kind | None, mine: bool, page: int
) -> Shelf:
    """The assets this person keeps, newest change first. `words` are looked for in titles alone; search looks inside."""
    keeps = [editable_by(user)]
    if mine:
        keeps.append(Asset.owner_id == user.id)
    for word in words.replace("\0", "").split()[:8]:  # PostgreSQL takes no NUL
        keeps.append(Asset.title.icontains(word, autoescape=True))
    if kind is not None:
        keeps.append(Asset.kind == kind)
    conditions = {name: _condition(name) for name, _ in TABS}
    columns = [func.count().filter(condition).label(name) for name, condition in conditions.items()]
    counts = session.execute(select(*columns).select_from(Asset).where(*keeps)).one()
    total = int(getattr(counts, tab))
    rows = session.scalars(
        select(Asset)
        .where(*keeps, conditions[tab])
        .options(joinedload(Asset.owner), selectinload(Asset.terms), selectinload(Asset.files))
        .order_by(Asset.updated_at.desc(), Asset.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Shelf(Page(rows, total, page, PAGE_SIZE), {name: int(getattr(counts, name)) for name, _ in TABS})


def teams_for(session: Session, user: User) -> list[Team]:
    """The teams this person may make an asset for."""
    query = select(Team).order_by(Team.name)
    if not may(user.role, Permission.PUBLISH):
        query = query.where(Team.id.in_([team.id for team in user.teams]))
    return list(session.scalars(query))


def _condition(tab: str) -> ColumnElement[bool]:
    if tab == "trouble":
        troubled = exists(
            select(StoredFile.id).where(
                StoredFile.asset_id == Asset.id,
                StoredFile.replaced_at.is_(None),
                StoredFile.state.in_([FileState.FAILED, FileState.PARTIAL]),
            )
        )
        return and_(Asset.state != State.ARCHIVED, troubled)
    if tab == "all":
        return Asset.state != State.ARCHIVED
    if tab == "draft":
        return or_(Asset.state == State.DRAFT, Asset.state == State.IN_REVIEW)
    return Asset.state == State(tab)
