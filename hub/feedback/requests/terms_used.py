"""Which terms requests are about: the taxonomy asks before it removes some."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.feedback.requests.models import RequestTerm
from hub.library.models import Term


def terms_used(session: Session, terms: Sequence[Term]) -> set[int]:
    """Those of these that a request names, whatever became of it."""
    named = select(RequestTerm.term_id).where(RequestTerm.term_id.in_([term.id for term in terms]))
    return set(session.scalars(named.distinct()))
