"""What many words come to: stars drawn towards the mean of the kind while they are few, and how surely it helped."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from hub.db import fetch
from hub.feedback.models import Rating
from hub.library.kinds import Kind
from hub.library.models import Asset

WEIGHT = 5  # the mean of the kind counts as much as this many people
Z95 = 1.959963984540054  # standard normal quantile of a 95 % interval
MEANS_FOR_S = (
    60.0  # lists show means of kinds at most this old: they move slowly, and counting them reads every rating
)

_recent: WeakKeyDictionary[Any, tuple[float, dict[Kind, float]]] = WeakKeyDictionary()  # by engine


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """What people said of one asset.

    `stars`: (5·m + Σ stars) / (5 + n), m the mean of all ratings of its kind; `mean`: Σ stars / n; both None without ratings.
    `n`: people who gave stars. `helped_yes`, `helped_no`: people who answered. `helped_low`: lower end of the Wilson 95 %
    interval of the share of yes, 0 to 1, None without answers.
    """

    stars: float | None = None
    mean: float | None = None
    n: int = 0
    helped_yes: int = 0
    helped_no: int = 0
    helped_low: float | None = None


def summary(session: Session, asset_ids: Collection[int]) -> dict[int, RatingSummary]:
    """The summary of each of these assets, in two queries."""
    rows = _sums(session, asset_ids)
    return _summaries(asset_ids, rows, _means(session, {row.kind for row in rows if row.n}))


def summary_for_list(session: Session, asset_ids: Collection[int]) -> dict[int, RatingSummary]:
    """As `summary`, in one query most times: the means of kinds may be a minute old."""
    rows = _sums(session, asset_ids)
    return _summaries(asset_ids, rows, _recent_means(session, {row.kind for row in rows if row.n}))


def of_all(session: Session) -> dict[int, RatingSummary]:
    """The summary of every asset that anybody rated or answered for, in two queries."""
    rows = _sums(session, None)
    return _summaries(
        [row.asset_id for row in rows], rows, _recent_means(session, {row.kind for row in rows if row.n})
    )


def _summaries(
    asset_ids: Collection[int], rows: Collection[_Sums], means: Mapping[Kind, float]
) -> dict[int, RatingSummary]:
    found = dict.fromkeys(asset_ids, RatingSummary())
    for row in rows:
        found[row.asset_id] = RatingSummary(
            stars=drawn(means[row.kind], row.stars, row.n) if row.n else None,
            mean=row.stars / row.n if row.n else None,
            n=row.n,
            helped_yes=row.yes,
            helped_no=row.no,
            helped_low=wilson_low(row.yes, row.yes + row.no),
        )
    return found


def drawn(kind_mean: float, total: int, n: int) -> float:
    """The Bayesian average: (C·m + Σ stars) / (C + n)."""
    return (WEIGHT * kind_mean + total) / (WEIGHT + n)


def wilson_low(yes: int, n: int) -> float | None:
    """Lower end of the Wilson 95 % interval of yes/n; None when nobody answered."""
    if n == 0:
        return None
    share, z2 = yes / n, Z95**2
    spread = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = (share + z2 / (2 * n) - spread) / (1 + z2 / n)
    # At the very ends rounding leaves a hair on the wrong side.
    return min(max(low, 0.0), share)


@dataclass(frozen=True, slots=True)
class _Sums:
    asset_id: int
    kind: Kind
    n: int
    stars: int
    yes: int
    no: int


# Asked by each list of assets, hence made once.
_OF_ALL = (
    select(
        Rating.asset_id,
        Asset.kind,
        func.count(Rating.stars),
        func.sum(func.coalesce(Rating.stars, 0)),
        func.count().filter(Rating.helped.is_(True)),
        func.count().filter(Rating.helped.is_(False)),
    )
    .join(Asset, Asset.id == Rating.asset_id)
    .group_by(Rating.asset_id, Asset.kind)
)
_OF_SOME = _OF_ALL.where(Rating.asset_id.in_(bindparam("ids", expanding=True)))


def _sums(session: Session, asset_ids: Collection[int] | None) -> list[_Sums]:
    """Of these assets; None: of all."""
    if asset_ids is not None and not asset_ids:
        return []
    rows = fetch(session, _OF_ALL) if asset_ids is None else fetch(session, _OF_SOME, ids=list(asset_ids))
    return [_Sums(*row) for row in rows]


def _means(session: Session, kinds: Collection[Kind]) -> dict[Kind, float]:
    if not kinds:
        return {}
    query = (
        select(Asset.kind, func.avg(Rating.stars))
        .join(Asset, Asset.id == Rating.asset_id)
        .where(Rating.stars.is_not(None), Asset.kind.in_(kinds))
        .group_by(Asset.kind)
    )
    return {kind: float(mean) for kind, mean in session.execute(query)}


def _recent_means(session: Session, kinds: Collection[Kind]) -> Mapping[Kind, float]:
    """Means of at least these kinds. A kind that was rated for the first time since is not waited for."""
    counted, means = _recent.get(session.get_bind(), (0.0, {}))
    if time.monotonic() - counted > MEANS_FOR_S or not means.keys() >= set(kinds):
        means = _means(session, list(Kind))
        _recent[session.get_bind()] = (time.monotonic(), means)
    return means
