"""The gaps of a range as the address narrows and sorts them, with their requests and who dismissed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hub.analytics.gaps import dismissing, wishing
from hub.analytics.gaps.asked import Asked
from hub.analytics.gaps.models import Gap, GapDismissal, GapWords
from hub.feedback.requests.models import ContentRequest, RequestSearch, Standing
from hub.web.pagination import Page

PAGE = 30
SORTS: dict[str, ColumnElement[Any]] = {
    "words": func.lower(Gap.words),
    "people": Gap.people.expression,
    "times": Gap.times.expression,
    "empty": Gap.empty.expression,
    "trend": Gap.times - Gap.before,
    "first": Gap.first_day.expression,
    "last": Gap.last_day.expression,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A gap, the request about it, and who dismissed it."""

    gap: Gap
    request: ContentRequest | None
    dismissal: GapDismissal | None


def page_of(session: Session, asked: Asked, moment: datetime, page: int) -> Page[Row]:
    """One page of what is asked for."""
    wanted = _wanted(asked, moment)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = min(page, Page((), total, page, PAGE).last)
    some = _ordered(wanted, asked).limit(PAGE).offset((number - 1) * PAGE)
    return Page(_rows(session, session.scalars(some).all(), moment), total, number, PAGE)


def every(session: Session, asked: Asked, moment: datetime) -> Sequence[Row]:
    """All of what is asked for."""
    return _rows(session, session.scalars(_ordered(_wanted(asked, moment), asked)).all(), moment)


def waiting(session: Session, days: int, most: int, moment: datetime) -> Sequence[Gap]:
    """The gaps of a range that nobody has dismissed, those of most people first: what tuning the search shows too."""
    asked = Asked(days)
    return session.scalars(_ordered(_wanted(asked, moment), asked).limit(most)).all()


def dismissed(session: Session, days: int, moment: datetime) -> int:
    """How many gaps of a range are dismissed."""
    query = select(func.count()).select_from(_wanted(Asked(days, shown="dismissed"), moment).subquery())
    return session.scalar(query) or 0


def _wanted(asked: Asked, moment: datetime) -> Select[Gap]:
    gone = select(GapDismissal.key).where(GapDismissal.until > moment)
    query = select(Gap).where(
        Gap.days == asked.days, Gap.key.in_(gone) if asked.shown == "dismissed" else Gap.key.not_in(gone)
    )
    if asked.what:
        query = query.where(Gap.empty > 0 if asked.what == "empty" else Gap.empty == 0)
    if asked.stage or asked.vertical:
        cell = f"|{asked.stage},{asked.vertical}|"
        query = query.where(Gap.cells.contains(cell, autoescape=True))
    if asked.shown in {"asked", "new"}:
        about = (
            select(GapWords.key)
            .join(RequestSearch, RequestSearch.folded == GapWords.folded)
            .join(ContentRequest, ContentRequest.id == RequestSearch.request_id)
            .where(ContentRequest.state != Standing.MERGED)
        )
        query = query.where(Gap.key.in_(about) if asked.shown == "asked" else Gap.key.not_in(about))
    return query


def _ordered(query: Select[Gap], asked: Asked) -> Select[Gap]:
    """In the order asked for; alike ones by most people, most often, then by their meaning."""
    order = SORTS[asked.sort.removeprefix("-")]
    chosen = order.desc() if asked.sort.startswith("-") else order.asc()
    return query.order_by(chosen, Gap.people.desc(), Gap.times.desc(), Gap.key)


def _rows(session: Session, gaps: Sequence[Gap], moment: datetime) -> list[Row]:
    keys = [gap.key for gap in gaps]
    requests = wishing.of_keys(session, keys)
    gone = dismissing.dismissed(session, keys, moment)
    return [Row(gap, requests.get(gap.key), gone.get(gap.key)) for gap in gaps]
