"""What is taken up these days: people count, and count less the longer ago it was."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.usage.models import DailyUse, Trend

HALF_LIFE_DAYS = 7
LOOKED_BACK_DAYS = 8 * HALF_LIFE_DAYS  # what is older adds less than a hundred and twenty-eighth of a person


def worth(age_days: int) -> float:
    """What one person's use is worth that many days later: 2^(-age/7), source: EVIDENCE, "Ranking by rating and use"."""
    return float(2.0 ** (-max(age_days, 0) / HALF_LIFE_DAYS))


def bring_up_to_date(database: Database, day: date) -> int:
    """Count every asset's trend as of this day (UTC); returns how many assets have one.

    Distinct people: each counts by the last day on which they used the asset. Own and machine use is left out.
    """
    with database.unit_of_work(write=False) as session:
        scores = _scores(session, day)
    with database.unit_of_work() as session:
        session.execute(delete(Trend), execution_options={"synchronize_session": False})
        if scores:
            rows = [{"asset_id": asset_id, "score": score} for asset_id, score in scores.items()]
            session.connection().execute(insert(Trend), rows)
    return len(scores)


def of_all(session: Session) -> dict[int, float]:
    """The trend of each asset that has one, at most ten minutes old."""
    return {row.asset_id: row.score for row in session.execute(select(Trend.asset_id, Trend.score))}


def _scores(session: Session, day: date) -> dict[int, float]:
    last = func.max(DailyUse.day)
    query = (
        select(DailyUse.asset_id, last)
        .where(DailyUse.count > 0, DailyUse.day > day - timedelta(days=LOOKED_BACK_DAYS), DailyUse.day <= day)
        .group_by(DailyUse.asset_id, DailyUse.user_id)
    )
    scores: defaultdict[int, float] = defaultdict(float)
    for asset_id, last_day in session.execute(query):
        scores[asset_id] += worth((day - last_day).days)
    return dict(scores)
