"""The page of contributors, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from hub.accounts.models import User
from hub.analytics.contributors import thanks
from hub.analytics.formula import formulas
from hub.analytics.ranges import Counting, Range, counting, days_of
from hub.analytics.use import on_span
from hub.analytics.who_is_seen import person_seen
from hub.library.models import Asset, State
from hub.library.visibility import visible_to
from hub.usage import people
from hub.usage.models import SpanUse
from hub.usage.spans import Span
from hub.web.pagination import Page

PAGE = 50
NAME, NEWEST = "name", "newest"
ORDERS = {NAME: "By name", NEWEST: "Newest first"}


@dataclass(frozen=True, slots=True)
class Asked(Range):
    """`order`: one of ORDERS. There is no order by a figure, on purpose."""

    order: str = NAME

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        order = args.get("order", NAME)
        return cls(days_of(args), order if order in ORDERS else NAME)

    def params(self) -> dict[str, Any]:
        return Range.params(self) | ({"order": self.order} if self.order != NAME else {})

    def page(self, number: int) -> str:
        return url_for("contributors.overview", **self.params() | ({"page": number} if number > 1 else {}))


@dataclass(slots=True)
class Brought:
    """What one person brought and how it is used; `most` is the id of what most people used."""

    user_id: int
    assets: int = 0
    recent: int = 0
    newest: datetime | None = None
    newest_id: int = 0
    opened: int = 0
    copied: int = 0
    who: int = 0
    most: int = 0
    most_people: int = 0

    @property
    def people(self) -> int:
        return people.count(self.who)


@dataclass(frozen=True, slots=True)
class Row:
    """A contributor with what they brought; `used_most` and `newest` may not be there; `thanked`: by the reader, for it."""

    user: User
    brought: Brought
    used_most: Asset | None
    newest: Asset | None
    thanked: bool


@dataclass(frozen=True, slots=True)
class Contributors:
    """All that the page shows."""

    counting: Counting
    page: Page[Row]
    assets: int
    used: int
    people: int
    hidden: int = field(default=0)


def brought(
    session: Session, user: User, span: Span, end_day: date, begins: datetime | None
) -> dict[int, Brought]:
    """Brought: published assets that a person owns, and that you may see; “new” are those published in the range. Who owns an
    asset today has its use, also that of former days."""
    query = (
        select(
            Asset.owner_id, Asset.id, Asset.published_at,
            SpanUse.opened, SpanUse.copied, SpanUse.people, SpanUse.who,
        )
        .outerjoin(SpanUse, on_span(span, end_day))
        .where(Asset.state == State.PUBLISHED, visible_to(user))
        .order_by(Asset.id)
    )  # fmt: skip
    found: dict[int, Brought] = {}
    for owner_id, asset_id, published, *use in session.connection().execute(query).all():
        one = found.setdefault(owner_id, Brought(owner_id))
        one.assets += 1
        one.recent += begins is None or (published is not None and published >= begins)
        if published is not None and (one.newest is None or published > one.newest):
            one.newest, one.newest_id = published, asset_id
        _add_use(one, asset_id, use)
    return found


def _add_use(one: Brought, asset_id: int, use: Sequence[Any]) -> None:
    """Used: different people who used any of these assets in the range, and their opens and copies; owners' own use and machines
    are left out. Used most: what most people used."""
    opened, copied, number, who = use
    if not number:
        return
    one.opened += opened
    one.copied += copied
    one.who |= people.unpack(who)
    if number > one.most_people:
        one.most, one.most_people = asset_id, number


FORMULAS = formulas(brought, _add_use)


def contributors(session: Session, user: User, asked: Asked, page: int) -> Contributors | None:
    """The page, or None while nothing has been counted yet."""
    state = counting(session)
    if state is None:
        return None
    found = brought(session, user, asked.span, state.end_day, asked.begins(state.end_day))
    persons = _ordered(session, user, asked, found)
    number = min(page, Page((), len(persons), page, PAGE).last)
    shown = persons[(number - 1) * PAGE : number * PAGE]
    whole = list(found.values())
    return Contributors(
        counting=state,
        page=Page(_rows(session, user, shown, found), len(persons), number, PAGE),
        assets=sum(one.assets for one in whole),
        used=sum(1 for one in whole if one.who),
        people=people.count(people.unite(one.who for one in whole)),
        hidden=len(found) - len(persons),
    )


def _ordered(session: Session, user: User, asked: Asked, found: Mapping[int, Brought]) -> list[User]:
    """The contributors whose names the reader may see."""
    query = select(User).where(User.id.in_(found), person_seen(user))
    persons = sorted(session.scalars(query), key=lambda one: (one.name.lower(), one.id))
    if asked.order == NEWEST:
        persons.sort(key=lambda one: found[one.id].newest_id)
        persons.sort(key=lambda one: _moment(found[one.id].newest), reverse=True)
    return persons


def _moment(newest: datetime | None) -> float:
    return newest.timestamp() if newest else 0.0


def _rows(session: Session, user: User, shown: Sequence[User], found: Mapping[int, Brought]) -> list[Row]:
    wanted = {i for one in shown for i in (found[one.id].most, found[one.id].newest_id) if i}
    assets = _assets(session, wanted)
    thanked = thanks.thanked(session, user, [assets[i].public_id for i in wanted])
    rows = []
    for one in shown:
        most = assets.get(found[one.id].most)
        done = most is not None and (one.id, most.public_id) in thanked
        rows.append(Row(one, found[one.id], most, assets.get(found[one.id].newest_id), done))
    return rows


def _assets(session: Session, ids: Iterable[int]) -> dict[int, Asset]:
    query = select(Asset).where(Asset.id.in_(list(ids)))
    columns = load_only(Asset.public_id, Asset.title, Asset.kind, Asset.state)
    return {asset.id: asset for asset in session.scalars(query.options(columns))}


HEADER = (
    "Person",
    "Assets",
    "New in the range",
    "Newest on",
    "People who used them",
    "Opens",
    "Copies",
    "Used most",
)


def sheet(session: Session, user: User, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every contributor whose name the reader may see."""
    state = counting(session)
    if state is None:
        return
    found = brought(session, user, asked.span, state.end_day, asked.begins(state.end_day))
    for row in _rows(session, user, _ordered(session, user, asked, found), found):
        one = row.brought
        newest = one.newest.date().isoformat() if one.newest else ""
        most = row.used_most.title if row.used_most else ""
        yield (row.user.name, one.assets, one.recent, newest, one.people, one.opened, one.copied, most)
