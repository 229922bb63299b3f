"""From which day on single events are held. What happened before was deleted by rule, and only its counts are left.

Nothing may be counted anew from before that day. So it is written down, and committed, before the first event goes; and whoever
counts asks for it in the transaction that writes the counts.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.db import insert_into
from hub.usage.models import Held, RollupState
from hub.usage.weeks import monday, week_of

ONLY = 1


def held_from(session: Session) -> date | None:
    """The first day whose events are all there; None: every event that ever came in is."""
    return session.scalar(select(Held.held_from).where(Held.id == ONLY))


def fixed(session: Session) -> date | None:
    """The same, and it stays so until the transaction ends."""
    session.execute(select(RollupState.id).with_for_update(read=True))
    return held_from(session)


def within(session: Session, since: date | None) -> date | None:
    """`since`, but no day whose events are gone."""
    first = held_from(session)
    return first if since is None else max(since, first or since)


def week_begins(day: date) -> date:
    """Events are held by whole weeks (UTC), as some counts are made from whole ones: from the Monday on or before the day."""
    return monday(week_of(day))


def advance(session: Session, day: date) -> date:
    """Let events be held from the week of this day on; returns the first day held. It never moves back.

    The caller holds `usage_rollup`, so that nobody counts meanwhile.
    """
    wanted = week_begins(day)
    known = held_from(session)
    if known is not None and known >= wanted:
        return known
    put = insert_into(session, Held).values(id=ONLY, held_from=wanted)
    session.execute(put.on_conflict_do_update(index_elements=["id"], set_={"held_from": wanted}))
    return wanted
