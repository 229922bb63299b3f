"""What the database adds to ids: the rows of a list, in five queries whatever their number, without bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.pictures import Picture, pictures
from hub.feedback.comments import listing
from hub.feedback.service import RatingSummary, summary_for_list
from hub.library.kinds import Kind
from hub.library.models import FACETS, Asset, AssetTerm, State, Term
from hub.library.visibility import visible_to

_COLUMNS = (
    Asset.id,
    Asset.public_id,
    Asset.kind,
    Asset.state,
    Asset.title,
    Asset.summary,
    Asset.external,
    Asset.fields,
    Asset.updated_at,
)
PLACE_OF_FACET = {facet: place for place, facet in enumerate(FACETS)}


@dataclass(frozen=True, slots=True)
class RowAsset:
    """The columns of an asset that a list shows. Rows of columns are read in a third of the time that entities take."""

    id: int
    public_id: str
    kind: Kind
    state: State
    title: str
    summary: str
    external: bool
    fields: dict[str, Any]
    updated_at: datetime
    owner: RowOwner


@dataclass(frozen=True, slots=True)
class RowOwner:
    """Whose an asset is."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RowTerm:
    """A term of an asset, as a chip."""

    facet: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """An asset of a list. `terms` are in the order of the facets, then their own."""

    asset: RowAsset
    terms: Sequence[RowTerm]
    rating: RatingSummary | None
    picture: Picture | None
    comments: int = 0


def hydrate(session: Session, user: User, asset_ids: Sequence[int]) -> dict[int, Row]:
    """The rows of those of these assets that this person may see."""
    if not asset_ids:
        return {}
    query = (
        select(*_COLUMNS, User.public_id, User.name)
        .join(User, User.id == Asset.owner_id)
        .where(Asset.id.in_(asset_ids), visible_to(user))
    )
    assets = [_asset(*row) for row in session.execute(query)]
    ids = [asset.id for asset in assets]
    terms, ratings, posters = _terms(session, ids), summary_for_list(session, ids), pictures(session, ids)
    said = listing.counts(session, ids)
    return {
        asset.id: Row(
            asset,
            terms.get(asset.id, ()),
            ratings.get(asset.id),
            posters.get(asset.id),
            said.get(asset.id, 0),
        )
        for asset in assets
    }


def _asset(*values: Any) -> RowAsset:
    *own, owner_id, owner = values
    return RowAsset(*(*own, RowOwner(owner_id, owner)))


def _terms(session: Session, asset_ids: Sequence[int]) -> dict[int, list[RowTerm]]:
    query = (
        select(AssetTerm.asset_id, Term.facet, Term.label)
        .join(Term, Term.id == AssetTerm.term_id)
        .where(AssetTerm.asset_id.in_(asset_ids))
        .order_by(Term.position)
    )
    found: dict[int, list[RowTerm]] = {}
    rows = sorted(session.execute(query), key=lambda row: PLACE_OF_FACET[row[1]])  # stable: positions stay
    for asset_id, facet, label in rows:
        found.setdefault(asset_id, []).append(RowTerm(facet, label))
    return found
