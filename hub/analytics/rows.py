"""The rows of "What is used": one asset each, with its figures in the range, in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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


OF_SPAN = tuple(name for name in Figures.__slots__ if hasattr(SpanUse, name) and name != "asset_id")
SHOWN = (
    Asset.public_id, Asset.kind, Asset.state, Asset.title, Asset.for_everyone, Asset.published_at, Asset.updated_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """An asset (owner and terms loaded) with its figures."""

    asset: Asset
    figures: Figures


def page_of(
    session: Session,
    user: User,
    scope: Scope,
    end_day: date,
    *,
    sort: str,
    only_unused: bool,
    total: int,
    page: int,
) -> Page[Row]:
    """One page of the chosen assets, or of those that nobody used in the range; `total`: how many there are.

    Which assets stand on the page is asked first, then their figures, for these alone.
    """
    sheet = _Sheet(scope, end_day)
    number = min(page, Page((), total, page, PAGE).last)
    ids = sheet.ids(user, sort, only_unused=only_unused).limit(PAGE).offset((number - 1) * PAGE)
    return Page(_rows(session, sheet, session.scalars(ids).all()), total, number, PAGE)


def every(
    session: Session, user: User, scope: Scope, end_day: date, *, sort: str, only_unused: bool = False
) -> Iterator[Row]:
    """All rows, for a download."""
    sheet = _Sheet(scope, end_day)
    ids = session.scalars(sheet.ids(user, sort, only_unused=only_unused)).all()
    for start in range(0, len(ids), CHUNK):
        yield from _rows(session, sheet, ids[start : start + CHUNK])


def sort_of(text: str | None, usual: str = USUAL_SORT) -> str:
    """The order an address asks for, the usual one where it makes no sense."""
    return text if text and text.removeprefix("-") in SORTS else usual


def _rows(session: Session, sheet: _Sheet, ids: Sequence[int]) -> list[Row]:
    figures = {row[0]: Figures(*row) for row in session.execute(sheet.figures(ids))}
    assets = select(Asset).where(Asset.id.in_(ids))
    loaded = assets.options(load_only(*SHOWN), joinedload(Asset.owner), selectinload(Asset.terms))
    found = {asset.id: asset for asset in session.scalars(loaded)}
    return [Row(found[asset_id], figures[asset_id]) for asset_id in ids]


class _Sheet:
    """The columns of the table over one scope, and where they come from."""

    def __init__(self, scope: Scope, end_day: date) -> None:
        self._scope, self._end_day = scope, end_day
        self._spans = {"now": scope.span, "before": scope.span_before, "ever": WINDOWS[ALL_TIME]}
        self._uses = {name: aliased(SpanUse) for name in self._spans}

    def ids(self, user: User, sort: str, *, only_unused: bool) -> Select[int]:
        """The chosen assets in this order; only what the order needs is joined."""
        ratings = said(self._scope, self._end_day).subquery()
        source, order = self._order(sort.removeprefix("-"), ratings)
        needed = {*source, "now"} if only_unused else source
        query = self._join(select(Asset.id).where(*self._scope.assets(user)), needed, ratings)
        if only_unused:
            query = query.where(func.coalesce(self._uses["now"].people, 0) == 0)
        chosen = order.desc() if sort.startswith("-") else order.asc()
        ties = [func.coalesce(self._uses["now"].opened, 0).desc()] if "now" in needed else []
        return query.order_by(chosen, *ties, func.lower(Asset.title), Asset.id)

    def figures(self, ids: Sequence[int]) -> Select[Any]:
        """The figures of these assets, in the order of the fields of `Figures`."""
        ratings = said(self._scope, self._end_day).where(Rating.asset_id.in_(ids)).subquery()
        now: Any = self._uses["now"]
        columns: dict[str, Any] = {name: func.coalesce(getattr(now, name), 0) for name in OF_SPAN}
        columns |= {name: func.coalesce(ratings.c[name], 0) for name in ("rated", "yes", "no")}
        columns |= {"stars": ratings.c.stars, "before": self._before(), "last": self._uses["ever"].last_day}
        query = select(Asset.id, *(columns[name] for name in Figures.__slots__[1:])).where(Asset.id.in_(ids))
        return self._join(query, {"now", "before", "ever", "ratings"}, ratings)

    def _before(self) -> ColumnElement[Any]:
        return literal(0) if self._spans["before"] is None else func.coalesce(self._uses["before"].opened, 0)

    def _order(self, name: str, ratings: Subquery) -> tuple[set[str], ColumnElement[Any]]:
        """What an order needs joined, and the expression it goes by."""
        now, ever = self._uses["now"], self._uses["ever"]
        orders: dict[str, Callable[[], tuple[set[str], ColumnElement[Any]]]] = {
            "title": lambda: (set(), func.lower(Asset.title)),
            "published": lambda: (set(), func.coalesce(Asset.published_at, Asset.created_at)),
            "trend": lambda: ({"now", "before"}, trend(func.coalesce(now.opened, 0), self._before())),
            "watched": lambda: ({"now"}, func.coalesce(now.watched_ms, 0)),
            "rated": lambda: ({"ratings"}, func.coalesce(ratings.c.rated, 0)),
            "helped": lambda: ({"ratings"}, func.coalesce(ratings.c.yes, 0)),
            "last": lambda: ({"ever"}, func.coalesce(ever.last_day, date.min)),
        }
        return orders[name]() if name in orders else ({"now"}, func.coalesce(getattr(now, name), 0))

    def _join(self, query: Select[Any], sources: set[str], ratings: Subquery) -> Select[Any]:
        for name, span in self._spans.items():
            if name in sources and span is not None:
                query = query.outerjoin(self._uses[name], on_span(span, self._end_day, self._uses[name]))
        return query.outerjoin(ratings, ratings.c.asset_id == Asset.id) if "ratings" in sources else query


def said(scope: Scope, end_day: date) -> Select[Any]:
    """Rated and helped: people who gave stars in the range, the plain mean of these, and who said that it helped or did not."""
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
    return query.group_by(Rating.asset_id)


def trend(opened: ColumnElement[Any], before: ColumnElement[Any]) -> ColumnElement[Any]:
    """Trend: opens in the range, less opens in as many days before."""
    return opened - before
