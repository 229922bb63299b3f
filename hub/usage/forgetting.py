"""A person demands to be forgotten: the words they looked for and the deals they named go, every count stays."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from hub.usage import found
from hub.usage.models import Search, SearchUse, UsageEvent
from hub.usage.searches import REMOVED

WORDS = ("search", "deal")  # of an event's data


def forget(session: Session, user_id: int) -> None:
    """Remove what this person typed. What somebody else looked for too stays, in the words that alike searches share, so
    that it still counts there; by which of the other words an asset was found is told no more, how often is.
    """
    other = aliased(Search)
    elsewhere = select(other.folded).where(other.user_id != user_id)
    theirs = update(Search).where(Search.user_id == user_id, Search.folded != "")
    still = {"synchronize_session": False}
    alone = theirs.where(Search.folded.not_in(elsewhere)).values(words=REMOVED, folded=REMOVED)
    session.execute(alone, execution_options=still)
    session.execute(theirs.values(words=Search.folded), execution_options=still)
    _clear_events(session, user_id)
    led_to = select(SearchUse.asset_id).where(SearchUse.user_id == user_id).distinct()
    found.refresh(session, session.scalars(led_to).all())
    session.expire_all()


def _clear_events(session: Session, user_id: int) -> None:
    for event in session.scalars(select(UsageEvent).where(UsageEvent.user_id == user_id)).yield_per(1000):
        if any(name in event.data for name in WORDS):
            event.data = {name: REMOVED if name in WORDS else value for name, value in event.data.items()}
    session.flush()
