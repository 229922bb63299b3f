"""The rows of "What is used": one asset each, with its figures in the range, in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, select
from sqlalchemy.orm import Session, aliased, joinedload, load_only, selectinload

from hub.accounts.models import User
from hub.analytics.medians import Medians, people_of_kinds
from hub.analytics.scope import Scope
from hub.analytics.use import on_span
from hub.feedback.models import Rating
from hub.feedback.summaries import Z95, wilson_low
from hub.library.kinds import Kind
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
    "title", "people", "against", "opened", "trend", "played", "ended", "watched",
    "copied", "downloaded", "rated", "helped", "last", "published",
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
    ended_people: int
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
    """An asset with its figures and those that are usual for its kind."""

    asset: Asset
    figures: Figures
    medians: Medians

    @property
    def against(self) -> float:
        """Against its kind: people who used the asset in the range, less the median of its kind (see there)."""
        return self.figures.people - self.medians.people

    @property
    def helped_low(self) -> float | None:
        return wilson_low(self.figures.yes, self.figures.yes + self.figures.no)


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
    usual = people_of_kinds(session, user, scope.span, end_day)
    sheet = _Sheet(scope, end_day, usual)
    number = min(page, Page((), total, page, PAGE).last)
    ids = sheet.ids(user, sort, only_unused=only_unused).limit(PAGE).offset((number - 1) * PAGE)
    chosen = session.scalars(ids).all()
    return Page(_rows(session, sheet, chosen, whole=only_unused), total, number, PAGE)


def every(
    session: Session, user: User, scope: Scope, end_day: date, *, sort: str, only_unused: bool = False
) -> Iterator[Row]:
    """All rows, for a download."""
    sheet = _Sheet(scope, end_day, people_of_kinds(session, user, scope.span, end_day))
    ids = session.scalars(sheet.ids(user, sort, only_unused=only_unused)).all()
    for start in range(0, len(ids), CHUNK):
        yield from _rows(session, sheet, ids[start : start + CHUNK])


def sort_of(text: str | None, usual: str = USUAL_SORT) -> str:
    """The order an address asks for, the usual one where it makes no sense."""
    return text if text and text.removeprefix("-") in SORTS else usual


def _rows(session: Session, sheet: _Sheet, ids: Sequence[int], *, whole: bool = True) -> list[Row]:
    """`whole`: with owners and terms, which the page of what is used does not show."""
    figures = {row[0]: Figures(*row) for row in session.execute(sheet.figures(ids))}
    assets = select(Asset).where(Asset.id.in_(ids))
    assets = assets.options(load_only(*SHOWN))
    if whole:
        assets = assets.options(joinedload(Asset.owner), selectinload(Asset.terms))
    found = {asset.id: asset for asset in session.scalars(assets)}
    return [Row(found[i], figures[i], sheet.usual.get(found[i].kind, Medians())) for i in ids]


class _Sheet:
    """The columns of the table over one scope, and where they come from."""

    def __init__(self, scope: Scope, end_day: date, usual: Mapping[Kind, Medians]) -> None:
        self._scope, self._end_day, self.usual = scope, end_day, usual
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

    def _median(self) -> ColumnElement[Any]:
        """The median of people of each asset's kind."""
        known = [(Asset.kind == kind, literal(usual.people)) for kind, usual in self.usual.items()]
        return case(*known, else_=literal(0.0)) if known else literal(0.0)

    def _order(self, name: str, ratings: Subquery) -> tuple[set[str], ColumnElement[Any]]:
        """What an order needs joined, and the expression it goes by."""
        now, ever = self._uses["now"], self._uses["ever"]
        orders: dict[str, Callable[[], tuple[set[str], ColumnElement[Any]]]] = {
            "title": lambda: (set(), func.lower(Asset.title)),
            "published": lambda: (set(), func.coalesce(Asset.published_at, Asset.created_at)),
            "trend": lambda: ({"now", "before"}, trend(func.coalesce(now.opened, 0), self._before())),
            "watched": lambda: ({"now"}, func.coalesce(now.watched_ms, 0)),
            "rated": lambda: ({"ratings"}, func.coalesce(ratings.c.rated, 0)),
            "helped": lambda: ({"ratings"}, func.coalesce(helped_low(ratings.c.yes, ratings.c.no), -1)),
            "ended": lambda: ({"now"}, ended(now)),
            "against": lambda: ({"now"}, func.coalesce(now.people, 0) - self._median()),
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


def helped_low(yes: ColumnElement[Any], no: ColumnElement[Any]) -> ColumnElement[Any]:
    """Helped, surely at least: the lower end of the Wilson 95 % interval of the share of yes among those who said that it helped
    or did not. Few answers make it low, so that one yes of one is not above nine of ten."""
    n = func.nullif(yes + no, 0) * literal(1.0)
    share, z2 = yes / n, Z95**2
    spread = Z95 * func.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return (share + z2 / (2 * n) - spread) / (1 + z2 / n)


def ended(row: type[SpanUse]) -> ColumnElement[Any]:
    """Reached the end: different people who watched any of the last five of 100 equal parts of the recording in the range."""
    return func.coalesce(row.ended_people, 0)


def trend(opened: ColumnElement[Any], before: ColumnElement[Any]) -> ColumnElement[Any]:
    """Trend: opens in the range, less opens in as many days before."""
    return opened - before
