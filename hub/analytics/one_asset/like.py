"""One asset beside others filed under the same stage or vertical."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.medians import Medians, figure_columns, of_rows
from hub.analytics.use import on_span
from hub.library.models import FACETS, Asset, AssetTerm, State, Term
from hub.library.visibility import visible_to
from hub.usage.models import SpanUse
from hub.usage.spans import Span

SHOWN = ("stage", "vertical")


@dataclass(frozen=True, slots=True)
class UnderTerm:
    """What is filed under one of its terms: the medians there, all opens there, and which part of these are of this asset."""

    facet: str
    term: Term
    medians: Medians
    opened: int
    share: float | None


def by_terms(
    session: Session, user: User, asset: Asset, opened: int, span: Span, end_day: date
) -> list[UnderTerm]:
    """Share of its stage or vertical: opens of this asset in the range, divided by all opens of published assets filed there
    that you may see, itself included."""
    terms = [term for term in asset.terms if term.facet in SHOWN]
    query = (
        select(AssetTerm.term_id, Asset.id, *figure_columns())
        .join(Asset, Asset.id == AssetTerm.asset_id)
        .outerjoin(SpanUse, on_span(span, end_day))
        .where(AssetTerm.term_id.in_([term.id for term in terms]))
        .where(Asset.state == State.PUBLISHED, visible_to(user))
    )
    rows: dict[int, list[tuple[int, ...]]] = {term.id: [] for term in terms}
    itself: set[int] = set()
    found_rows = session.connection().execute(query).all()  # past the mappers, at once: thousands of rows
    for term_id, asset_id, *figures in found_rows:
        rows[term_id].append(tuple(figures))
        if asset_id == asset.id:
            itself.add(term_id)
    found = []
    for term in terms:
        every = sum(row[1] for row in rows[term.id])
        share = opened / every if every and term.id in itself else None
        found.append(UnderTerm(FACETS[term.facet], term, of_rows(rows[term.id]), every, share))
    return found
