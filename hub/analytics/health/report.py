"""The page of content health, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload, selectinload

from hub.accounts.models import User
from hub.analytics.formula import formulas
from hub.analytics.health.problems import PROBLEMS, UNUSED_DAYS, Asking
from hub.analytics.ranges import Counting, counting
from hub.analytics.scope import Scope
from hub.analytics.use import on_span
from hub.library.kinds import KINDS
from hub.library.models import Asset
from hub.usage import counts
from hub.usage.models import SpanUse
from hub.usage.spans import WINDOWS
from hub.web.pagination import Page

PAGE = 50
USUAL_SORT = "changed"
PEOPLE = func.coalesce(SpanUse.people, 0)
SORTS: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "title": func.lower(Asset.title),
    "owner": func.lower(User.name),
    "changed": Asset.updated_at,
    "people": PEOPLE,
}
# Orders as choices, for phones.
ORDERS = (
    ("changed", "Changed longest ago"), ("-changed", "Changed last"), ("people", "Fewest people first"),
    ("-people", "Most people first"), ("title", "By title"), ("owner", "By owner"),
)  # fmt: skip

FORMULAS = formulas(*(problem.which for problem in PROBLEMS.values()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a problem ("": the first that there is), of which assets, in which order."""

    problem: str
    scope: Scope
    sort: str

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        problem, sort = args.get("problem", ""), args.get("sort", "")
        return cls(
            problem if problem in PROBLEMS else "",
            replace(Scope.of(args), state=""),
            sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
        )

    @property
    def params(self) -> dict[str, Any]:
        """What must stand in an address that asks for this."""
        scope = {name: getattr(self.scope, name) for name in ("kind", "stage", "vertical")}
        params = {name: value for name, value in scope.items() if value} | {"problem": self.problem}
        return params if self.sort == USUAL_SORT else params | {"sort": self.sort}

    def page(self, number: int) -> str:
        return url_for("content_health.overview", **self.params | ({"page": number} if number > 1 else {}))

    def tab(self, problem: str) -> str:
        return replace(self, problem=problem).page(1)

    def sorted_by(self, name: str) -> str:
        return replace(self, sort=f"-{name}" if self.sort == name else name).page(1)

    def direction(self, name: str) -> str:
        if self.sort.removeprefix("-") != name:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"


@dataclass(frozen=True, slots=True)
class Row:
    """An asset with its use in the last 90 days and the last day of use ever."""

    asset: Asset
    people: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Health:
    """All that the page shows."""

    counting: Counting
    asked: Asked
    counts: Mapping[str, int]
    page: Page[Row]
    assets: int


def health(session: Session, user: User, asked: Asked, page: int) -> Health | None:
    """The page, or None while nothing has been counted yet."""
    state = counting(session)
    if state is None:
        return None
    asking = Asking(user, state.end_day)
    found, assets = _counts(session, asking, asked.scope)
    if not asked.problem:
        asked = replace(asked, problem=next((name for name, count in found.items() if count), "stale"))
    total = found[asked.problem]
    number = min(page, Page((), total, page, PAGE).last)
    ids = session.scalars(_ids(asking, asked).limit(PAGE).offset((number - 1) * PAGE)).all()
    return Health(state, asked, found, Page(_rows(session, ids), total, number, PAGE), assets)


def _counts(session: Session, asking: Asking, scope: Scope) -> tuple[dict[str, int], int]:
    """How many assets have which problem, and how many were looked at, in one statement."""
    columns = [func.count().filter(problem.which(asking)).label(name) for name, problem in PROBLEMS.items()]
    query = select(func.count(), *columns).select_from(Asset).where(*scope.assets(asking.user))
    every, *numbers = session.execute(query).one()
    return dict(zip(PROBLEMS, map(int, numbers), strict=True)), int(every)


def _ids(asking: Asking, asked: Asked) -> Any:
    column = SORTS[asked.sort.removeprefix("-")]
    return (
        select(Asset.id)
        .join(Asset.owner)
        .outerjoin(SpanUse, on_span(WINDOWS[UNUSED_DAYS], asking.end_day))
        .where(*asked.scope.assets(asking.user), PROBLEMS[asked.problem].which(asking))
        .order_by(column.desc() if asked.sort.startswith("-") else column.asc(), Asset.id)
    )


def _rows(session: Session, ids: Sequence[int]) -> list[Row]:
    query = select(Asset).where(Asset.id.in_(ids)).options(defer(Asset.body), joinedload(Asset.owner))
    query = query.options(joinedload(Asset.link_check), selectinload(Asset.files))
    assets = {asset.id: asset for asset in session.scalars(query)}
    used = counts.counts(session, ids, days=UNUSED_DAYS)
    last = counts.last_used(session, ids)
    return [Row(assets[i], used[i].people, last[i]) for i in ids]


def all_of(session: Session, user: User, asked: Asked) -> list[str]:
    """The public ids of all assets that have the problem, for a change to all of them."""
    state = counting(session)
    if state is None or not asked.problem:
        return []
    ids = _ids(Asking(user, state.end_day), asked).with_only_columns(
        Asset.public_id, maintain_column_froms=True
    )
    return list(session.scalars(ids))


HEADER = (
    "Asset",
    "Id",
    "Kind",
    "State",
    "Owner",
    "Changed",
    "Review by",
    "Expires on",
    "People in 90 days",
    "Last used",
)
CHUNK = 500


def sheet(session: Session, user: User, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every asset that has the problem, as HEADER names the cells."""
    state = counting(session)
    if state is None or not asked.problem:
        return
    ids = list(session.scalars(_ids(Asking(user, state.end_day), asked)))
    for start in range(0, len(ids), CHUNK):
        for row in _rows(session, ids[start : start + CHUNK]):
            asset, last = row.asset, row.last.isoformat() if row.last else ""
            yield (
                asset.title, asset.public_id, KINDS[asset.kind].label, asset.state.value, asset.owner.name,
                asset.updated_at.date().isoformat(), asset.review_by or "", asset.expires_on or "", row.people, last,
            )  # fmt: skip
