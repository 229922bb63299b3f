"""Reminders of the days that assets carry: each day is told once, however often the clock asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub import notices
from hub.db import insert_into, today, unit_of_work
from hub.library.care.rules import rules
from hub.library.care.telling import ENQUEUES as TELLING
from hub.library.care.telling import News, by_owner, tell
from hub.library.life.models import Reminder
from hub.library.life.reviewing import marketers
from hub.library.models import Asset, State
from hub.notices import Topic
from hub.web.filters import written_day

Day = InstrumentedAttribute[date | None]

ENQUEUES = TELLING

LATE = "late"
REVIEW = News(
    "review",
    Topic.DATES,
    lambda asset: (
        f"It is to be reviewed by {_said(asset.review_by)}: see whether it is still good, and say so."
    ),
    "are to be reviewed: see whether each is still good, and say so.",
    "sort=review",
)
EXPIRY = News(
    "expiry",
    Topic.DATES,
    lambda asset: (
        f"It expires on {_said(asset.expires_on)}, and is archived then. Give it a later day if it is still good."
    ),
    "expire soon, and are archived then. Give a later day to those that are still good.",
    "needs=expiring",
)
CONSENT = News(
    "consent",
    Topic.DATES,
    lambda asset: (
        f"The customer's consent ends on {_said(asset.consent_until)}. Ask again and write the new day down, "
        "or nobody will see it from the day after."
    ),
    "rest on a consent that ends soon. Ask again, and write the new days down.",
    "needs=consent",
    marketers_too=True,
)


def remind() -> None:
    """Tell owners of reviews that are due and of what ends soon; marketers of consent that ends and reviews that nobody made."""
    tomorrow, warned = today() + timedelta(days=1), today() + rules().warn
    _remind(REVIEW, Asset.review_by, Asset.review_by <= today())
    _remind(EXPIRY, Asset.expires_on, Asset.expires_on.between(tomorrow, warned))
    _remind(CONSENT, Asset.consent_until, Asset.consent_until.between(today(), warned))
    _escalate()


def _remind(news: News, day: Day, which: ColumnElement[bool]) -> None:
    due = _untold(news.about, day, which)
    with unit_of_work(write=False) as session:
        rows = session.execute(select(Asset.owner_id, Asset.id).where(due).order_by(Asset.owner_id, Asset.id))
        found = [(owner_id, asset_id) for owner_id, asset_id in rows]
    for owner_id, ids in by_owner(found):
        with unit_of_work() as session:
            due_now = session.scalars(
                select(Asset).where(Asset.id.in_(ids), due).order_by(day, Asset.id)
            ).all()
            told = _note(session, news.about, day, due_now)
            tell(session, owner_id, [asset for asset in due_now if asset.id in told], news)


def _escalate() -> None:
    """Tell marketers, once for each day that passed, in one notice for all."""
    late = Asset.review_by < today() - rules().escalate
    with unit_of_work() as session:
        due = session.scalars(select(Asset).where(_untold(LATE, Asset.review_by, late))).all()
        if not _note(session, LATE, Asset.review_by, due):
            return
        count = session.scalar(select(func.count(Asset.id)).where(Asset.state == State.PUBLISHED, late)) or 0
        things = "asset was" if count == 1 else "assets were"
        text = f"{count} {things} to be reviewed more than {rules().escalate.days} days ago, and nobody did."
        path = "/library/care/?need=review"
        notices.tell(session, marketers(session), Topic.DATES, text, path, "care:late")


def _untold(about: str, day: Day, which: ColumnElement[bool]) -> ColumnElement[bool]:
    told = exists(
        select(Reminder.asset_id).where(
            Reminder.asset_id == Asset.id, Reminder.about == about, Reminder.day == day
        )
    )
    return and_(Asset.state == State.PUBLISHED, which, ~told)


def _note(session: Session, about: str, day: Day, assets: Sequence[Asset]) -> set[int]:
    """Write down that this is told now; returns of which assets it was not told before."""
    rows = [{"asset_id": asset.id, "about": about, "day": getattr(asset, day.key)} for asset in assets]
    if not rows:
        return set()
    new = insert_into(session, Reminder).on_conflict_do_nothing().returning(Reminder.asset_id)
    return set(session.scalars(new, rows))


def _said(day: date | None) -> str:
    return written_day(day) if day else "a day that was taken away"
