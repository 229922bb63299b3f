"""The change that mends a problem, done to many assets at once: a bulk change like any other, with its page and its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, load_only

from hub import notices
from hub.accounts.models import User
from hub.analytics.health import report
from hub.analytics.health.report import Asked
from hub.db import public_ids, today
from hub.feedback.models import Rating
from hub.library.bulk import planning
from hub.library.bulk.change import Change
from hub.library.models import Asset, State
from hub.library.visibility import seen_together, visible_to
from hub.notices import Topic
from hub.usage.models import DailyUse
from hub.web.filters import written_day

SOON, LONGER = 14, 180  # days
ASKED_BACK = timedelta(days=90)  # those who used it within this time are asked what they think

ENQUEUES = ("notices.mail",)


@dataclass(frozen=True, slots=True)
class Mend:
    """What a button of the page does: its words, and the change for whoever presses it, with a summary."""

    label: str
    symbol: str
    change: Callable[[User], tuple[Change, str]]


def _review(days: int, words: str) -> tuple[Change, str]:
    day = today() + timedelta(days=days)
    return Change(review_by=day.isoformat()), f"{words} {written_day(day)}"


def _expiry(days: int) -> tuple[Change, str]:
    day = today() + timedelta(days=days)
    return Change(expires_on=day.isoformat()), f"Expires on {written_day(day)}"


def _archive(_: User) -> tuple[Change, str]:
    return Change(state=State.ARCHIVED.value), "Archive"


MENDS: Mapping[str, Mend] = {
    "stale": Mend("Ask for a review in 14 days", "calendar", lambda _: _review(SOON, "Review by")),
    "unused": Mend("Archive", "archive", _archive),
    "review": Mend("Still good for 180 days", "check", lambda _: _review(LONGER, "Still good, review by")),
    "expiring": Mend("180 days more", "calendar", lambda _: _expiry(LONGER)),
    "unowned": Mend("Make them mine", "user", lambda user: (Change(owner=user.id), f"Owner: {user.name}")),
    "broken": Mend("Archive", "archive", _archive),
    "duplicates": Mend("Archive the later copies", "archive", _archive),
}
ASK = "Ask those who used them"  # of what nobody has rated


@dataclass(frozen=True, slots=True)
class Planned:
    """A bulk change that is ready to be done."""

    public_id: str
    change: Change
    summary: str


def plan(session: Session, user: User, asked: Asked, ids: Sequence[str], *, every: bool) -> Planned:
    """Choose these assets, or all that have the problem, for the change that mends it.

    Raises:
        Invalid: none is left of them that this person may change.
    """
    named = report.all_of(session, user, asked) if every else ids
    change, summary = MENDS[asked.problem].change(user)
    return Planned(planning.plan(session, user, named=named).public_id, change, summary)


def ask_for_ratings(session: Session, user: User, asked: Asked, ids: Sequence[str], *, every: bool) -> int:
    """Ask everybody who used one of these assets lately, and has not rated it, what they think of the one they used most: one
    notice each. Returns how many are asked."""
    named = report.all_of(session, user, asked) if every else public_ids(ids)
    query = (
        select(Asset).where(Asset.public_id.in_(named), visible_to(user)).options(load_only(Asset.public_id))
    )
    chosen = {asset.id: asset.public_id for asset in session.scalars(query)}
    by_asset: dict[int, list[int]] = {}
    for user_id, asset_id in _used_most(session, list(chosen)).items():
        by_asset.setdefault(asset_id, []).append(user_id)
    for asset_id, people in by_asset.items():
        text = "You used this lately, and nobody has rated it yet: say in a moment what it was worth to you."
        key = f"rate:{chosen[asset_id]}"
        notices.tell(session, people, Topic.RATINGS, text, key=key, asset=chosen[asset_id])
    return sum(map(len, by_asset.values()))


def _used_most(session: Session, asset_ids: Sequence[int]) -> dict[int, int]:
    """Of these assets, the one that each active person used most lately, by the person; without those they have rated, and
    those that they may not see any more."""
    since = today() - ASKED_BACK
    rated = exists(
        select(Rating.id).where(
            Rating.user_id == DailyUse.user_id,
            Rating.asset_id == DailyUse.asset_id,
            Rating.stars.is_not(None),
        )
    )
    used = (
        select(DailyUse.user_id, DailyUse.asset_id)
        .join(User, User.id == DailyUse.user_id)
        .join(Asset, Asset.id == DailyUse.asset_id)
        .where(DailyUse.asset_id.in_(asset_ids), DailyUse.day >= since, DailyUse.count > 0)
        .where(User.active, ~rated, seen_together())
        .group_by(DailyUse.user_id, DailyUse.asset_id)
        .order_by(func.sum(DailyUse.count), DailyUse.asset_id)
    )
    return {user_id: asset_id for user_id, asset_id in session.execute(used)}  # noqa: C416 - the last, most used one stands
