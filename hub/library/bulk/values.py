"""The values of many assets read in a few queries, without their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.library.bulk.change import Values
from hub.library.collections.models import CollectionItem
from hub.library.models import Asset, AssetAudience, AssetTerm, State


def values_in(session: Session, ids: Sequence[int]) -> Iterator[tuple[int, str, Values]]:
    """Id, title and what a bulk change can touch of each of these assets, as `change.values_of` says it."""
    terms = _by_asset(session, AssetTerm.asset_id, AssetTerm.term_id, ids)
    teams = _by_asset(session, AssetAudience.asset_id, AssetAudience.team_id, ids)
    collections = collections_of(session, ids)
    columns = (
        Asset.id,
        Asset.title,
        Asset.owner_id,
        Asset.review_by,
        Asset.expires_on,
        Asset.external,
        Asset.for_everyone,
        Asset.state,
    )
    for row in session.execute(select(*columns).where(Asset.id.in_(ids)).order_by(Asset.id)):
        yield (
            row.id,
            row.title,
            {
                "terms": sorted(terms.get(row.id, ())),
                "owner": row.owner_id,
                "review_by": _written(row.review_by),
                "expires_on": _written(row.expires_on),
                "external": row.external,
                "audience": [] if row.for_everyone else sorted(teams.get(row.id, ())),
                "state": State(row.state).value,
                "collections": sorted(collections.get(row.id, ())),
            },
        )


def values_of(asset: Asset, collections: Iterable[int]) -> Values:
    """The same of an asset at hand; `collections` are those it stands in."""
    return {
        "terms": sorted(term.id for term in asset.terms),
        "owner": asset.owner_id,
        "review_by": _written(asset.review_by),
        "expires_on": _written(asset.expires_on),
        "external": asset.external,
        "audience": [] if asset.for_everyone else sorted(team.id for team in asset.audience),
        "state": State(asset.state).value,
        "collections": sorted(collections),
    }


def collections_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[int]]:
    """Which collections these assets stand in."""
    return _by_asset(session, CollectionItem.asset_id, CollectionItem.collection_id, ids)


def _by_asset(
    session: Session,
    key: InstrumentedAttribute[int],
    value: InstrumentedAttribute[int],
    ids: Sequence[int],
) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for asset_id, other in session.execute(select(key, value).where(key.in_(ids))):
        found.setdefault(asset_id, []).append(other)
    return found


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def day_of(written: Any) -> date | None:
    """A day as values keep it."""
    return date.fromisoformat(written) if written else None
