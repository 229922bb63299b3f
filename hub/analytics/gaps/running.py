"""Keeping the counts of gaps up to date. A run cut short is done again by the next one; what the page shows changes at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.analytics.gaps import counting, spans
from hub.analytics.gaps.models import GapState
from hub.db import Database, insert_into

STATE = 1


def bring_up_to_date(database: Database, moment: datetime) -> None:
    """Count the days that changed since the last run; then the ranges, when anything did, or when a new day or word is there."""
    with database.unit_of_work() as session:
        state = _locked(session)
        as_of, end_day, digest = state.as_of, state.end_day, state.digest
    with database.unit_of_work(write=False) as session:
        days = counting.touched(session, as_of)
    changed = [day for day in days if _count(database, day)]
    with database.unit_of_work(write=False) as session:
        same = not changed and as_of is not None and end_day == moment.date()
        made = None if same and spans.digest(session) == digest else spans.make(session, moment.date())
    with database.unit_of_work() as session:
        state = _locked(session)
        if state.as_of != as_of:
            return  # another run was faster
        if made is not None:
            spans.put(session, made)
            state.digest = made.digest
        state.as_of, state.end_day = moment, moment.date()


def rebuild(database: Database, moment: datetime) -> None:
    """Count every day anew of which searches are kept; what was counted of earlier days stays."""
    with database.unit_of_work() as session:
        _locked(session).as_of = None
    bring_up_to_date(database, moment)


def as_of(session: Session) -> tuple[datetime, date] | None:
    """Up to when searches are counted, and the day that ranges end with; None before the first count."""
    state = session.get(GapState, STATE)
    if state is None or state.as_of is None or state.end_day is None:
        return None
    return state.as_of, state.end_day


def counted_until(session: Session, moment: datetime) -> datetime | None:  # noqa: ARG001 - as all who read events
    """All searches that came in before this are counted; None before the first count."""
    state = as_of(session)
    return None if state is None else state[0]


def _count(database: Database, day: date) -> bool:
    with database.unit_of_work() as session:
        _locked(session)
        return counting.count(session, day)


def _locked(session: Session) -> GapState:
    """The state, held to the end of the transaction, so that two runs do not write the same rows."""
    first = insert_into(session, GapState).values(id=STATE, as_of=None, end_day=None, digest="")
    session.execute(first.on_conflict_do_nothing(index_elements=["id"]))
    held = select(GapState).where(GapState.id == STATE).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()
