"""Assets by stage and vertical: what a map of the library counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import product

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from hub.library.models import Asset, AssetTerm, Term

Pair = tuple[int | None, int | None]  # ids of a stage and a vertical; None: whatever it is
Counts = Mapping[Pair, int]


def counts(session: Session, conditions: list[ColumnElement[bool]]) -> Counts:
    """Assets by (stage, vertical), by (stage, none) and by (none, vertical); an asset counts once in each.

    The database says what each asset carries; the pairs are made here. A join of that with itself has no statistics: PostgreSQL
    takes it for one row and compares everything with everything.
    """
    facets = {"stage": 0, "vertical": 1}
    terms = select(Term.id, Term.facet).where(Term.facet.in_(facets))
    sides = {term_id: facets[facet] for term_id, facet in session.execute(terms)}
    carried = (
        select(AssetTerm.asset_id, AssetTerm.term_id)
        .join(Asset, Asset.id == AssetTerm.asset_id)
        .where(AssetTerm.term_id.in_(sides), *conditions)
    )
    by_asset: dict[int, tuple[list[int | None], list[int | None]]] = defaultdict(lambda: ([None], [None]))
    for asset_id, term_id in session.connection().execute(carried):
        by_asset[asset_id][sides[term_id]].append(term_id)
    found = Counter(pair for stages, verticals in by_asset.values() for pair in product(stages, verticals))
    del found[None, None]
    return found
