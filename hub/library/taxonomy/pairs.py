"""Assets by stage and vertical: what a map of the library counts."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, func, null, select, union_all
from sqlalchemy.orm import Session, aliased

from hub.library.models import Asset, AssetTerm, Term

Pair = tuple[int | None, int | None]  # ids of a stage and a vertical; None: whatever it is
Counts = Mapping[Pair, int]


def counts(session: Session, conditions: list[ColumnElement[bool]]) -> Counts:
    """Assets by (stage, vertical), by (stage, none) and by (none, vertical); an asset counts once in each.

    What the person may see is found once: the carried terms of both facets come from it alone."""
    seen = select(Asset.id).where(*conditions).cte("seen")
    carried = (
        select(AssetTerm.asset_id, AssetTerm.term_id, Term.facet)
        .join(Term, Term.id == AssetTerm.term_id)
        .where(Term.facet.in_(("stage", "vertical")), AssetTerm.asset_id.in_(select(seen.c.id)))
        .cte("carried")
    )
    stage, vertical = aliased(carried, name="of_stage"), aliased(carried, name="of_vertical")
    pairs: Select[int, int, int] = (
        select(stage.c.term_id, vertical.c.term_id, func.count())
        .join(vertical, vertical.c.asset_id == stage.c.asset_id)
        .where(stage.c.facet == "stage", vertical.c.facet == "vertical")
        .group_by(stage.c.term_id, vertical.c.term_id)
    )
    of_stage = select(carried.c.term_id, null(), func.count()).where(carried.c.facet == "stage")
    of_vertical = select(null(), carried.c.term_id, func.count()).where(carried.c.facet == "vertical")
    every = union_all(pairs, of_stage.group_by(carried.c.term_id), of_vertical.group_by(carried.c.term_id))
    return {(stage_id, vertical_id): count for stage_id, vertical_id, count in session.execute(every)}
