"""What the pages of terms show: each term with how much is filed under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.errors import NotFound
from hub.library.models import FACETS, Asset, AssetTerm, State, Term
from hub.library.taxonomy import removing
from hub.library.taxonomy.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Filed:
    """A term and how many assets carry it: published ones, and all others."""

    term: Term
    published: int
    others: int


@dataclass(frozen=True, slots=True)
class Overview:
    """One facet as its page shows it; `sizes` are how many terms each facet offers."""

    facet: str
    offered: Sequence[Filed]
    retired: Sequence[Filed]
    merged: Sequence[tuple[Term, Term]]
    removable: Sequence[Term]
    removed: Sequence[Term]
    sizes: dict[str, int]


def overview(session: Session, facet: str) -> Overview:
    """The terms of a facet.

    Raises:
        NotFound: there is no such facet.
    """
    if facet not in FACETS:
        raise NotFound("There is no such facet.", "It is one of: " + ", ".join(FACETS) + ".")
    found = catalogue(session)
    offered = found.offered()
    counts = _counts(session, facet)
    filed = [Filed(term, *counts.get(term.id, (0, 0))) for term in found.shown()[facet]]
    return Overview(
        facet=facet,
        offered=[one for one in filed if one.term.retired_at is None],
        retired=[one for one in filed if one.term.retired_at is not None],
        merged=[(old, into) for old, into in found.merged() if old.facet == facet and not into.removed_at],
        removable=removing.removable(session, facet),
        removed=found.removed(facet),
        sizes={name: len(terms) for name, terms in offered.items()},
    )


def one(session: Session, facet: str, key: str) -> Filed:
    """One term; by the key of a merged one, what it was merged into.

    Raises:
        NotFound: there is none.
    """
    term = catalogue(session).find(facet, key)
    if term is None:
        raise NotFound("There is no such term.", "Go back to the list of terms.")
    return Filed(term, *_counts(session, facet).get(term.id, (0, 0)))


def _counts(session: Session, facet: str) -> dict[int, tuple[int, int]]:
    published = func.count().filter(Asset.state == State.PUBLISHED)
    query = (
        select(AssetTerm.term_id, published, func.count())
        .join(Asset, Asset.id == AssetTerm.asset_id)
        .join(Term, Term.id == AssetTerm.term_id)
        .where(Term.facet == facet)
        .group_by(AssetTerm.term_id)
    )
    return {term_id: (live, every - live) for term_id, live, every in session.execute(query)}
