"""What many words come to: stars drawn towards the mean of the kind while they are few, and how surely it helped."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.feedback.models import Rating
from hub.library.kinds import Kind
from hub.library.models import Asset

WEIGHT = 5  # the mean of the kind counts as much as this many people
Z95 = 1.959963984540054  # standard normal quantile of a 95 % interval


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
    found = dict.fromkeys(asset_ids, RatingSummary())
    rows = _sums(session, asset_ids)
    means = _means(session, {row.kind for row in rows if row.n})
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
    return max((share + z2 / (2 * n) - spread) / (1 + z2 / n), 0.0)


@dataclass(frozen=True, slots=True)
class _Sums:
    asset_id: int
    kind: Kind
    n: int
    stars: int
    yes: int
    no: int


def _sums(session: Session, asset_ids: Collection[int]) -> list[_Sums]:
    if not asset_ids:
        return []
    query = (
        select(
            Rating.asset_id,
            Asset.kind,
            func.count(Rating.stars),
            func.sum(func.coalesce(Rating.stars, 0)),
            func.count().filter(Rating.helped.is_(True)),
            func.count().filter(Rating.helped.is_(False)),
        )
        .join(Asset, Asset.id == Rating.asset_id)
        .where(Rating.asset_id.in_(asset_ids))
        .group_by(Rating.asset_id, Asset.kind)
    )
    return [_Sums(*row) for row in session.execute(query)]


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
