"""The orders of results: declared once, with what each is by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.standing import Columns, Ids, Numbers
from hub.search import Boosts, Order, Within
from hub.usage.own_use import last_opened


@dataclass(frozen=True, slots=True)
class Ordering:
    """What it is called, how the engine orders, and by which column where it orders by a value."""

    label: str
    engine: Order
    column: Callable[[Columns], Numbers] | None = None


ORDERS: Mapping[str, Ordering] = {
    "relevance": Ordering("Best match", "relevance"),
    "newest": Ordering("Newest", "newest"),
    "rated": Ordering("Best rated", "value", lambda columns: columns.stars),
    "used": Ordering("Most used", "value", lambda columns: columns.people),
    "trending": Ordering("Trending", "value", lambda columns: columns.trend),
    "opened": Ordering("Opened by me", "value"),
    "title": Ordering("A to Z", "title"),
}
USUAL = "relevance"


def value_of(ordering: Ordering, columns: Columns) -> Boosts | None:
    """The values that the engine orders by; None where it needs none."""
    if ordering.column is None:
        return None
    column = ordering.column(columns)

    def values(ids: Ids) -> Numbers:
        return column[columns.places(ids)]

    return values


def opened_by(session: Session, user: User) -> tuple[Boosts, Within]:
    """The moments at which this person last opened each asset, and which they opened at all."""
    last = last_opened(session, user)
    ids = np.array(sorted(last), np.int64)
    moments = np.array([last[asset_id].timestamp() for asset_id in ids.tolist()] or [0.0])

    def at(asked: Ids) -> Ids:
        return np.minimum(np.searchsorted(ids, asked), max(len(ids) - 1, 0))

    return lambda asked: moments[at(asked)], lambda asked: np.isin(asked, ids)


def both(one: Within | None, other: Within) -> Within:
    """What both conditions let through."""
    if one is None:
        return other
    return lambda asked: one(asked) & other(asked)
