"""Searches that found nothing, or nothing that anybody opened: what to tune next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, distinct, exists, func, select
from sqlalchemy.orm import Session

from hub.usage.models import Search, SearchUse

WINDOW = timedelta(days=90)
MOST = 50


@dataclass(frozen=True, slots=True)
class Failed:
    """Alike searches of the last 90 days: how many people, how often, how often nothing was found, and the last of them."""

    folded: str
    words: str
    people: int
    times: int
    empty: int
    last: datetime


def failed(session: Session, moment: datetime) -> Sequence[Failed]:
    """What was searched in vain, by most people first: first pages with words of which none was opened or copied from.

    Formula: of the searches since 90 days ago, by a person, on page 1, with words, grouped by folded words: those of which no
    use is on record. Left out: searches by machines, and words of which any search in the window led somewhere.
    """
    # Whose use it is has to be whose search it was: the id of a search comes from the page.
    of_it = and_(SearchUse.search_id == Search.client_id, SearchUse.user_id == Search.user_id)
    used = exists(select(SearchUse.id).where(of_it))
    led = select(Search.folded).join(SearchUse, of_it).where(Search.at >= moment - WINDOW).distinct()
    people = func.count(distinct(Search.user_id))
    query = (
        select(
            Search.folded,
            func.max(Search.words),
            people,
            func.count(),
            func.count().filter(Search.total == 0),
            func.max(Search.at),
        )
        .where(
            Search.at >= moment - WINDOW,
            Search.page == 1,
            Search.folded != "",
            Search.machine.is_(False),
            ~used,
            Search.folded.not_in(led),
        )
        .group_by(Search.folded)
        .order_by(people.desc(), func.count().desc(), Search.folded)
        .limit(MOST)
    )
    return [Failed(*row) for row in session.execute(query)]
