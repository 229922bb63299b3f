"""A person demands to be forgotten: the words they looked for and the deals they named go, every count stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Select, SelectBase, select, update
from sqlalchemy.orm import Session

from hub.usage import found, found_spans, held, people
from hub.usage.models import DailyUse, Found, Search, SearchUse, UsageEvent
from hub.usage.searches import REMOVED, has_words

WORDS = ("search", "deal")  # of an event's data

TypedByOthers = Callable[[int], SelectBase]


def typed_by_others(user_id: int) -> Select[str]:
    """What anybody but this person looked for, folded, in the searches that are held."""
    return select(Search.folded).where(Search.user_id != user_id)


def forget(session: Session, user_id: int, typed_by_others: TypedByOthers) -> None:
    """Remove what this person typed. What somebody else looked for too stays, in the words that alike searches share, so
    that it still counts there; by which of the other words an asset was found is told no more, how often is.

    `typed_by_others`: what others looked for, also on days whose searches are no longer held.
    """
    first, elsewhere = held.fixed(session), typed_by_others(user_id)
    theirs = update(Search).where(Search.user_id == user_id, Search.folded != "")
    still = {"synchronize_session": False}
    alone = theirs.where(Search.folded.not_in(elsewhere))
    said = session.scalars(select(Search.folded).where(Search.user_id == user_id).distinct())
    wordless = [folded for folded in said if not has_words(folded)]  # which REMOVED would count among words
    session.execute(
        alone.where(Search.folded.in_(wordless)).values(words="", folded=""), execution_options=still
    )
    session.execute(alone.values(words=REMOVED, folded=REMOVED), execution_options=still)
    session.execute(theirs.values(words=Search.folded), execution_options=still)
    _clear_events(session, user_id)
    led_to = set(session.scalars(select(SearchUse.asset_id).where(SearchUse.user_id == user_id)))
    found.refresh(session, sorted(led_to), since=first)
    if first is not None:
        led_to |= _clear_counts(session, user_id, first, elsewhere)
    found_spans.refresh_all(session, sorted(led_to))
    session.expire_all()


def _clear_events(session: Session, user_id: int) -> None:
    for event in session.scalars(select(UsageEvent).where(UsageEvent.user_id == user_id)).yield_per(1000):
        if any(name in event.data for name in WORDS):
            event.data = {name: REMOVED if name in WORDS else value for name, value in event.data.items()}
    session.flush()


def _clear_counts(session: Session, user_id: int, first: date, elsewhere: SelectBase) -> set[int]:
    """Where assets were found before the first day that can be counted anew: the same, in what is counted; returns the assets."""
    used = select(DailyUse.asset_id).where(DailyUse.user_id == user_id, DailyUse.day < first)
    alone = select(Found).where(
        Found.asset_id.in_(used),
        Found.day < first,
        Found.who == people.pack(people.member(user_id)),
        Found.folded != REMOVED,
        Found.folded.not_in(elsewhere),
    )
    changed = set()
    for row in session.scalars(alone).all():
        changed.add(row.asset_id)
        session.delete(row)
        session.flush()
        kept = session.get(Found, (row.asset_id, row.day, REMOVED))
        if kept is None:
            kept = Found(
                asset_id=row.asset_id, day=row.day, folded=REMOVED, times=0, ranks=0, who=people.pack(0)
            )
            session.add(kept)
        kept.times += row.times
        kept.ranks += row.ranks
        kept.who = people.pack(people.unpack(kept.who) | people.unpack(row.who))
    session.flush()
    return changed
