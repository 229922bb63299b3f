"""The rows of "What is used": one asset each, with its figures in the range, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select
from sqlalchemy.orm import Session, aliased, joinedload, load_only, selectinload

from hub.accounts.models import User
from hub.analytics.scope import Scope
from hub.analytics.use import on_span
from hub.feedback.models import Rating
from hub.library.models import Asset
from hub.usage.models import SpanUse
from hub.usage.spans import ALL_TIME, WINDOWS
from hub.web.pagination import Page

PAGE = 50
CHUNK = 500  # assets read at once for a download

USUAL_SORT = "-people"
UNUSED_SORT = "published"
# What one may sort by; a leading "-" in the address means largest first.
SORTS = (
    "title", "people", "opened", "trend", "played", "watched", "copied", "downloaded", "rated", "helped", "last", "published",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one asset in the range; `before` are the opens of the range before, `last` is ever."""

    asset_id: int
    people: int
    opened: int
    opened_people: int
    played: int
    played_people: int
    watched_ms: int
    read_ms: int
    copied: int
    copied_people: int
    downloaded: int
    downloaded_people: int
    before: int
    rated: int
    stars: float | None
    yes: int
    no: int
    last: date | None

    @property
    def trend(self) -> int:
        return self.opened - self.before

    @property
    def minutes(self) -> float:
        return self.watched_ms / 60_000


@dataclass(frozen=True, slots=True)
class Row:
    """An asset (owner and terms loaded) with its figures."""

    asset: Asset
    figures: Figures


def used(session: Session, user: User, scope: Scope, end_day: date, *, sort: str, page: int) -> Page[Row]:
    """One page of the chosen assets; those that nobody used stand among them, with zeros."""
    total = session.scalar(select(func.count(Asset.id)).where(*scope.assets(user))) or 0
    return _page(session, _query(user, scope, end_day, sort), total, page)


def unused(session: Session, user: User, scope: Scope, end_day: date, *, sort: str, page: int) -> Page[Row]:
    """One page of the chosen assets that nobody used in the range."""
    query = _query(user, scope, end_day, sort, only_unused=True)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return _page(session, query, total, page)


def every(
    session: Session, user: User, scope: Scope, end_day: date, *, sort: str, only_unused: bool = False
) -> list[Row]:
    """All rows, for a download."""
    figures = [
        Figures(*row) for row in session.execute(_query(user, scope, end_day, sort, only_unused=only_unused))
    ]
    return [
        row for at in range(0, len(figures), CHUNK) for row in _with_assets(session, figures[at : at + CHUNK])
    ]


def sort_of(text: str | None, usual: str = USUAL_SORT) -> str:
    """The order an address asks for, the usual one where it makes no sense."""
    return text if text and text.removeprefix("-") in SORTS else usual


def _page(session: Session, query: Select[Any], total: int, number: int) -> Page[Row]:
    page: Page[Row] = Page((), total, number, PAGE)
    number = min(number, page.last)
    found = session.execute(query.limit(PAGE).offset((number - 1) * PAGE))
    return Page(_with_assets(session, [Figures(*row) for row in found]), total, number, PAGE)


def _with_assets(session: Session, figures: Sequence[Figures]) -> list[Row]:
    shown = load_only(
        Asset.public_id,
        Asset.kind,
        Asset.state,
        Asset.title,
        Asset.for_everyone,
        Asset.published_at,
        Asset.updated_at,
    )
    query = (
        select(Asset)
        .where(Asset.id.in_([row.asset_id for row in figures]))
        .options(shown, joinedload(Asset.owner), selectinload(Asset.terms))
    )
    assets = {asset.id: asset for asset in session.scalars(query)}
    return [Row(assets[row.asset_id], row) for row in figures]


def _query(user: User, scope: Scope, end_day: date, sort: str, *, only_unused: bool = False) -> Select[Any]:
    now, before, ever = aliased(SpanUse), aliased(SpanUse), aliased(SpanUse)
    ratings = said(scope, end_day)
    opens_before: ColumnElement[Any] = (
        literal(0) if scope.span_before is None else func.coalesce(before.opened, 0)
    )
    columns = _columns(now, ratings)
    columns |= {"before": opens_before, "last": ever.last_day.expression}
    columns["trend"] = trend(columns["opened"], opens_before)
    query = (
        select(Asset.id, *(columns[name] for name in Figures.__slots__[1:]))
        .outerjoin(now, on_span(scope.span, end_day, now))
        .outerjoin(ever, on_span(WINDOWS[ALL_TIME], end_day, ever))
        .outerjoin(ratings, ratings.c.asset_id == Asset.id)
        .where(*scope.assets(user))
    )
    if scope.span_before is not None:
        query = query.outerjoin(before, on_span(scope.span_before, end_day, before))
    if only_unused:
        query = query.where(func.coalesce(now.people, 0) == 0)
    return query.order_by(*_order(sort, columns))


def _columns(now: type[SpanUse], ratings: Subquery) -> dict[str, ColumnElement[Any]]:
    of_span = [name for name in Figures.__slots__ if hasattr(SpanUse, name) and name != "asset_id"]
    columns: dict[str, ColumnElement[Any]] = {name: func.coalesce(getattr(now, name), 0) for name in of_span}
    columns |= {name: func.coalesce(ratings.c[name], 0) for name in ("rated", "yes", "no")}
    return columns | {"stars": ratings.c.stars}


def said(scope: Scope, end_day: date) -> Subquery:
    """Rated and helped: people who gave stars, their mean, and who said that it helped or did not, as said in the range."""
    query = select(
        Rating.asset_id,
        func.count(Rating.stars).label("rated"),
        func.avg(Rating.stars).label("stars"),
        func.count().filter(Rating.helped.is_(True)).label("yes"),
        func.count().filter(Rating.helped.is_(False)).label("no"),
    )
    begins = scope.begins(end_day)
    if begins is not None:
        query = query.where(Rating.updated_at >= begins)
    return query.group_by(Rating.asset_id).subquery()


def trend(opened: ColumnElement[Any], before: ColumnElement[Any]) -> ColumnElement[Any]:
    """Trend: opens in the range, less opens in as many days before."""
    return opened - before


def _order(sort: str, columns: dict[str, ColumnElement[Any]]) -> tuple[Any, ...]:
    name = sort.removeprefix("-")
    own: dict[str, ColumnElement[Any]] = {
        "title": func.lower(Asset.title),
        "watched": columns["watched_ms"],
        "helped": columns["yes"],
        "last": func.coalesce(columns["last"], date.min),
        "published": func.coalesce(Asset.published_at, Asset.created_at),
    }
    chosen = own.get(name, columns.get(name))
    if chosen is None:
        raise ValueError(f"there is no order {sort}")
    return (chosen.desc() if sort.startswith("-") else chosen.asc(), func.lower(Asset.title), Asset.id)
