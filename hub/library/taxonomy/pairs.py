"""Assets by stage and vertical: what a map of the library counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from hub.library.models import Asset, AssetTerm, Term

Pair = tuple[int | None, int | None]  # ids of a stage and a vertical; None: whatever it is
Counts = Mapping[Pair, int]


def counts(session: Session, conditions: list[ColumnElement[bool]]) -> Counts:
    """Assets by (stage, vertical), by (stage, none) and by (none, vertical); an asset counts once in each.

    The database says how many assets carry which terms together, which are few rows; the pairs are made here. A join of that with
    itself has no statistics: PostgreSQL takes it for one row and compares everything with everything.
    """
    facets = {"stage": 0, "vertical": 1}
    terms = select(Term.id, Term.facet).where(Term.facet.in_(facets))
    sides = {term_id: facets[facet] for term_id, facet in session.execute(terms)}
    together = (
        select(func.aggregate_strings(cast(AssetTerm.term_id, String), ",").label("terms"))
        .join(Asset, Asset.id == AssetTerm.asset_id)
        .where(AssetTerm.term_id.in_(sides), *conditions)
        .group_by(AssetTerm.asset_id)
        .subquery()
    )
    found: Counter[Pair] = Counter()
    for carried, assets in session.execute(select(together.c.terms, func.count()).group_by(together.c.terms)):
        filed: tuple[list[int | None], list[int | None]] = [None], [None]
        for term_id in map(int, carried.split(",")):
            filed[sides[term_id]].append(term_id)
        for pair in product(*filed):
            found[pair] += assets
    del found[None, None]
    return found
