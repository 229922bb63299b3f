"""Requests like one that is being asked: to second that one instead.

Two are alike when what they are called, or a search that they are about, shares most of its words: (2 · words in both) /
(words of one + words of the other) is at least one half. Words are compared by their stems, without those that every text has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.db import now
from hub.feedback.requests.models import WANTED, ContentRequest, RequestSearch, Standing
from hub.search.language import compose, tokens

ENOUGH = 0.5
MOST = 5
LOOKED_THROUGH = 500  # the newest
ANSWERED_WITHIN = timedelta(days=365)


def alike(session: Session, texts: Iterable[str], *, but: int = 0) -> Sequence[ContentRequest]:
    """The requests most like any of these texts that wait, or were answered within a year; at most five, the likest first."""
    wanted = [words for text in texts if (words := stems(text))]
    if not wanted:
        return []
    found = _candidates(session, but)
    said = _said(session, found)
    scored = [
        (max(likeness(words, other) for words in wanted for other in said[one.id]), one) for one in found
    ]
    best = sorted((pair for pair in scored if pair[0] >= ENOUGH), key=lambda pair: (-pair[0], -pair[1].id))
    return [one for _, one in best[:MOST]]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of their words two texts share, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def stems(text: str) -> frozenset[str]:
    """The words of a text by their stems, without common ones."""
    return frozenset(term for token in tokens(compose(text[:500])) for term in token.terms)


def _candidates(session: Session, but: int) -> Sequence[ContentRequest]:
    answered = ContentRequest.settled_at >= now() - ANSWERED_WITHIN
    query = (
        select(ContentRequest)
        .where(
            ContentRequest.id != but,
            or_(
                ContentRequest.state.in_(WANTED),
                (ContentRequest.state == Standing.ANSWERED) & answered,
            ),
        )
        .order_by(ContentRequest.id.desc())
        .limit(LOOKED_THROUGH)
    )
    return session.scalars(query).all()


def _said(session: Session, found: Sequence[ContentRequest]) -> dict[int, list[frozenset[str]]]:
    said: dict[int, list[frozenset[str]]] = defaultdict(list)
    for one in found:
        said[one.id].append(stems(one.title))
    query = select(RequestSearch.request_id, RequestSearch.folded).where(RequestSearch.request_id.in_(said))
    for request_id, words in session.execute(query):
        said[request_id].append(stems(words))
    return said
