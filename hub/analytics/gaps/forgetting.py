"""A person demands to be forgotten: what nobody else typed goes, and what they wrote on gaps; what is counted stays."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import CompoundSelect, delete, insert, select, union, update
from sqlalchemy.orm import Session

from hub.analytics.gaps.models import GapDismissal, GapState, SearchDay
from hub.usage import forgetting as usage
from hub.usage.searches import REMOVED


def typed_by_others(user_id: int) -> CompoundSelect[tuple[str]]:
    """What anybody but this person looked for, folded: in the searches that are held, and in what is counted of all days."""
    counted = select(SearchDay.folded).where(SearchDay.user_id != user_id)
    return union(usage.typed_by_others(user_id), counted)


def forget(session: Session, user_id: int) -> None:
    """Put REMOVED in the place of words that only this person looked for. Their searches still count, but are no gap; the job
    makes what the page shows anew within minutes. `searches` is not touched: whoever removes words there puts REMOVED too.
    """
    others = typed_by_others(user_id)
    theirs = SearchDay.user_id == user_id, SearchDay.folded != "", SearchDay.folded.not_in(others)
    sums: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in session.scalars(select(SearchDay).where(*theirs)):
        was = sums[row.day, row.filed]
        sums[row.day, row.filed] = [was[0] + row.times, was[1] + row.empty, was[2] + row.led]
        session.expunge(row)
    session.execute(delete(SearchDay).where(*theirs).execution_options(synchronize_session=False))
    rows = [
        {"day": day, "folded": REMOVED, "user_id": user_id, "filed": filed, "words": REMOVED}
        | dict(zip(("times", "empty", "led"), figures, strict=True))
        for (day, filed), figures in sums.items()
    ]
    if rows:
        session.execute(insert(SearchDay), rows)
    said = update(GapDismissal).where(GapDismissal.by_id == user_id)
    session.execute(said.values(reason=REMOVED).execution_options(synchronize_session=False))
    session.execute(update(GapState).values(digest="").execution_options(synchronize_session=False))
