"""Jobs of the terms."""

from __future__ import annotations

from hub.jobs import job
from hub.library.taxonomy import keeping, merging

ENQUEUES = (*keeping.ENQUEUES, *merging.ENQUEUES)


@job("terms.reindex", attempts=8)
def reindex(term_id: int) -> None:
    """Have every asset under a term indexed anew, after the term was renamed, merged or given other words."""
    merging.reindex(term_id)
