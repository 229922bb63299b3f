"""What stands in one marketer's weekly mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, load_only

from hub.accounts.models import User
from hub.analytics.gaps import listing
from hub.analytics.gaps.models import Gap
from hub.analytics.health import problems
from hub.analytics.health.problems import Asking
from hub.analytics.ranges import Range
from hub.analytics.use import on_span
from hub.library.models import Asset, AssetTerm, State, Term
from hub.library.visibility import visible_to
from hub.usage.models import SpanUse

SHOWN = 5
LOOKED_AT = 200  # gaps, of which those of the marketer's verticals come first
WEEK = Range(7)


@dataclass(frozen=True, slots=True)
class Used:
    """An asset with the people who used it this week, its opens, and the people of the week before."""

    asset: Asset
    people: int
    opened: int
    before: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """One marketer's week. `stale_all`: how many went stale, of which at most five are named."""

    used: Sequence[Used]
    stale: Sequence[Asset]
    stale_all: int
    gaps: Sequence[Gap]

    def __bool__(self) -> bool:
        return bool(self.used or self.stale or self.gaps)

    @property
    def summary(self) -> str:
        """The same in a sentence that names nothing."""
        parts = [
            f"{len(self.used)} of your assets used most" if self.used else "",
            f"{self.stale_all} that went stale or are to be reviewed" if self.stale_all else "",
            f"{len(self.gaps)} searches in vain" if self.gaps else "",
        ]
        return f"Your week: {', '.join(filter(None, parts))}."


def weekly(session: Session, user: User, end_day: date, moment: datetime) -> Weekly:
    """The week of one person, of what they may see."""
    stale, stale_all = _stale(session, user, end_day)
    return Weekly(_used(session, user, end_day), stale, stale_all, _gaps(session, user, moment))


def _used(session: Session, user: User, end_day: date) -> list[Used]:
    """Published assets of theirs that most people used in the last 7 days."""
    span, before = WEEK.span, WEEK.span_before
    if before is None:
        raise ValueError("a week has a week before it")
    was = aliased(SpanUse)
    query = (
        select(Asset, SpanUse.people, SpanUse.opened, func.coalesce(was.people, 0))
        .join(SpanUse, on_span(span, end_day))
        .outerjoin(was, on_span(before, end_day, was))
        .where(
            Asset.owner_id == user.id, Asset.state == State.PUBLISHED, visible_to(user), SpanUse.people > 0
        )
        .order_by(SpanUse.people.desc(), SpanUse.opened.desc(), Asset.id)
        .options(load_only(Asset.public_id, Asset.title))
        .limit(SHOWN)
    )
    return [Used(*row) for row in session.execute(query)]


def _stale(session: Session, user: User, end_day: date) -> tuple[Sequence[Asset], int]:
    """Assets of theirs that are stale, or whose review is overdue; as content health counts them."""
    asking = Asking(user, end_day)
    which: list[Any] = [Asset.owner_id == user.id, visible_to(user)]
    which.append(or_(problems.stale(asking), problems.review(asking)))
    total = session.scalar(select(func.count(Asset.id)).where(*which)) or 0
    query = select(Asset).where(*which).order_by(Asset.updated_at, Asset.id).limit(SHOWN)
    return session.scalars(query.options(load_only(Asset.public_id, Asset.title))).all(), total


def _gaps(session: Session, user: User, moment: datetime) -> list[Gap]:
    """What most people searched in vain in the last 7 days; first what they narrowed to a vertical of this person's assets."""
    query = (
        select(Term.key)
        .join(AssetTerm, AssetTerm.term_id == Term.id)
        .join(Asset, Asset.id == AssetTerm.asset_id)
        .where(Term.facet == "vertical", Asset.owner_id == user.id, Asset.state == State.PUBLISHED)
    )
    verticals = set(session.scalars(query.distinct()))
    found = listing.waiting(session, WEEK.days, LOOKED_AT, moment)
    ours = [gap for gap in found if any(f",{key}|" in gap.cells for key in verticals)]
    return [*ours, *(gap for gap in found if gap not in ours)][:SHOWN]
