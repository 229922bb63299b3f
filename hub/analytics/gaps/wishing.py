"""A content request from a gap, and the requests that gaps have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.gaps.dismissing import of_key
from hub.analytics.gaps.models import Gap, GapWords
from hub.errors import Conflict
from hub.feedback.requests import asking
from hub.feedback.requests.asking import FACETS, SEARCHES_MOST, TITLE_MOST, Wish
from hub.feedback.requests.models import ContentRequest, RequestSearch, Standing
from hub.library import taxonomy
from hub.usage.searches import without_conditions

FILED_SHARE = 0.5  # of its searches that chose a term make it a term of the request


def ask(session: Session, user: User, key: str) -> ContentRequest:
    """Ask for what a group of searches looked for in vain: titled as most people typed it, conditions aside, filed under the
    terms that it names or that half of its searches chose, about every way in which it was looked for.

    Raises:
        NotFound: there is no such group.
        Conflict: somebody asked for it already.
    """
    gap = of_key(session, key)
    known = of_keys(session, [gap.key]).get(gap.key)
    if known is not None and known.state is not Standing.DECLINED:
        raise Conflict(
            "There is a request for it already.", remedy=f"It is called “{known.title}”. Second it."
        )
    title = (without_conditions(gap.words) or gap.words)[:TITLE_MOST]
    why = (
        f"{gap.people} people looked for this in vain."
        if gap.people > 1
        else "Somebody looked for this in vain."
    )
    wish = Wish(title=title, why=why, terms=terms_of(session, gap), searches=gap.folded[:SEARCHES_MOST])
    return asking.ask(session, user, wish)


def terms_of(session: Session, gap: Gap) -> list[str]:
    """The stages and verticals that it names or that half of its searches chose, as long as they are offered."""
    chosen: dict[str, int] = {}
    for filed, times in gap.filed.items():
        for term in filed.split():
            chosen[term] = chosen.get(term, 0) + times
    found = [term for term in gap.key.split() if term.partition(":")[0] in FACETS]
    found += [term for term, times in chosen.items() if times >= FILED_SHARE * gap.times]
    terms = taxonomy.terms(session)
    offered = {f"{facet}:{term.key}" for facet in FACETS for term in terms[facet]}
    return [term for term in dict.fromkeys(found) if term in offered]


def of_keys(session: Session, keys: Collection[str]) -> Mapping[str, ContentRequest]:
    """By key of the group: the request about one of its searches; of several one that waits first, then the newest."""
    query = (
        select(GapWords.key, ContentRequest)
        .join(RequestSearch, RequestSearch.folded == GapWords.folded)
        .join(ContentRequest, ContentRequest.id == RequestSearch.request_id)
        .where(GapWords.key.in_(keys), ContentRequest.state != Standing.MERGED)
    )
    order = list(Standing)
    found: dict[str, ContentRequest] = {}
    for key, request in session.execute(query):
        known = found.get(key)
        if known is None or (order.index(request.state), -request.id) < (order.index(known.state), -known.id):
            found[key] = request
    return found
