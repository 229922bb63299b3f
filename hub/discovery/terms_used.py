"""Which terms people told as their interests or keep searches by: the taxonomy asks before it removes some."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.discovery.models import Interest
from hub.discovery.saving.models import SavedSearch
from hub.library import taxonomy
from hub.library.models import Term


def terms_used(session: Session, terms: Sequence[Term]) -> set[int]:
    """Those of these that are somebody's interest, or that a search somebody keeps is narrowed to."""
    of_people = select(Interest.term_id).where(Interest.term_id.in_([term.id for term in terms]))
    used = set(session.scalars(of_people.distinct()))
    named = taxonomy.catalogue(session)
    keys = {term.id: (term.facet, set(named.keys(term.facet, term.key))) for term in terms}
    for filters in session.scalars(select(SavedSearch.filters).execution_options(yield_per=500)):
        used |= {term_id for term_id, (facet, own) in keys.items() if own & set(filters.get(facet, ()))}
    return used
