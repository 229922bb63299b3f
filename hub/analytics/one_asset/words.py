"""What people say of one asset, month by month, and their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hub.feedback.models import Rating

MONTHS = 12
SENTENCES = 20


@dataclass(slots=True)
class Month:
    """What was said in one month and still stands."""

    first_day: date
    rated: int = 0
    stars: int = 0
    yes: int = 0
    no: int = 0

    @property
    def mean(self) -> float | None:
        return self.stars / self.rated if self.rated else None


def by_month(session: Session, asset_id: int, end_day: date) -> list[Month]:
    """Ratings by month: people whose stars, as they stand now, were given or last changed in the month (UTC), their plain mean,
    and who said that it helped or did not; the last 12 months."""
    number = end_day.year * 12 + end_day.month - 1
    months = {n: Month(date(n // 12, n % 12 + 1, 1)) for n in range(number - MONTHS + 1, number + 1)}
    query = select(Rating.updated_at, Rating.stars, Rating.helped).where(Rating.asset_id == asset_id)
    for at, stars, helped in session.execute(query):
        month = months.get(at.year * 12 + at.month - 1)
        if month is None:
            continue
        month.rated += stars is not None
        month.stars += stars or 0
        month.yes += helped is True
        month.no += helped is False
    return list(months.values())


def sentences(session: Session, asset_id: int) -> tuple[Sequence[Rating], int]:
    """The newest sentences, and how many there are."""
    said = select(Rating).where(
        Rating.asset_id == asset_id, Rating.sentence != "", Rating.hidden_at.is_(None)
    )
    total = session.scalar(select(func.count()).select_from(said.subquery())) or 0
    newest = said.order_by(Rating.updated_at.desc(), Rating.id.desc()).limit(SENTENCES)
    return session.scalars(newest.options(joinedload(Rating.user))).all(), total
