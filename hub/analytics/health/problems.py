"""What may be wrong with an asset, each as a condition on `Asset`, with its formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from hub.accounts.models import User
from hub.db import now
from hub.feedback.models import Rating
from hub.library.care import needs
from hub.library.models import Asset, State, StoredFile
from hub.library.visibility import visible_to
from hub.usage.models import SpanUse
from hub.usage.spans import WINDOWS

STALE = timedelta(days=365)
UNUSED_DAYS = 90
PUBLISHED = Asset.state == State.PUBLISHED


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and on what day the counts of use end."""

    user: User
    end_day: date


def stale(_: Asking) -> ColumnElement[bool]:
    """Stale: published, and neither changed nor called still good for 365 days."""
    since = now() - STALE
    return and_(
        PUBLISHED, Asset.updated_at < since, or_(Asset.reviewed_at.is_(None), Asset.reviewed_at < since)
    )


def unused(asking: Asking) -> ColumnElement[bool]:
    """Unused in 90 days: published for at least 90 days, and used by nobody in the last 90 but owners and machines."""
    span, use = WINDOWS[UNUSED_DAYS], aliased(SpanUse)
    used = exists(
        select(use.asset_id).where(
            use.end_day == asking.end_day,
            use.youngest == span.youngest,
            use.oldest == span.oldest,
            use.asset_id == Asset.id,
            use.people > 0,
        )
    )
    return and_(PUBLISHED, Asset.published_at < now() - timedelta(days=UNUSED_DAYS), ~used)


def review(_: Asking) -> ColumnElement[bool]:
    """Review overdue: not archived, and the day by which somebody was to look at it again is past."""
    return needs.review()


def expiring(_: Asking) -> ColumnElement[bool]:
    """Expiring: not archived, and its last day comes within 30 days or is past."""
    return needs.expiring()


def unowned(_: Asking) -> ColumnElement[bool]:
    """Unowned: not archived, and its owner's account is deactivated."""
    return needs.owner()


def unrated(_: Asking) -> ColumnElement[bool]:
    """Unrated: published, and nobody has given it stars."""
    rated = exists(select(Rating.id).where(Rating.asset_id == Asset.id, Rating.stars.is_not(None)))
    return and_(PUBLISHED, ~rated)


def broken(_: Asking) -> ColumnElement[bool]:
    """Broken: not archived, and a file of it could not be read, or not all of it, or the link it is has stopped working."""
    return and_(needs.NOT_ARCHIVED, or_(needs.BROKEN_FILE, needs.BROKEN_LINK))


def duplicates(asking: Asking) -> ColumnElement[bool]:
    """Duplicates: not archived, and one of its files has the same bytes as a file of an asset that was there before it, is not
    archived, and that you may see; unless somebody said that both shall stay. The first one is not counted."""
    mine, other = aliased(StoredFile), aliased(StoredFile)
    seen = select(Asset.id).where(needs.NOT_ARCHIVED, visible_to(asking.user)).correlate(None)
    later = (
        select(mine.asset_id)
        .join(other, and_(other.sha256 == mine.sha256, other.asset_id < mine.asset_id))
        .where(mine.replaced_at.is_(None), other.replaced_at.is_(None), mine.may_stand_twice.is_(False))
        .where(other.asset_id.in_(seen))
    )
    return and_(needs.NOT_ARCHIVED, Asset.id.in_(later))


@dataclass(frozen=True, slots=True)
class Problem:
    """A tab of the page: its label, which assets it is about, and what is said when there are none."""

    label: str
    which: Callable[[Asking], ColumnElement[bool]]
    none: str


PROBLEMS: Mapping[str, Problem] = {
    "stale": Problem("Stale", stale, "Everything was changed, or called still good, within the last year."),
    "unused": Problem("Unused", unused, "Somebody used each asset within the last 90 days."),
    "review": Problem("Review overdue", review, "No review is late."),
    "expiring": Problem("Expiring", expiring, "Nothing ends within 30 days."),
    "unowned": Problem("Unowned", unowned, "Everything has an owner who is here."),
    "unrated": Problem("Unrated", unrated, "Somebody has given stars to each asset."),
    "broken": Problem("Broken", broken, "Every file could be read and every link works."),
    "duplicates": Problem("Duplicates", duplicates, "No file stands in two assets."),
}
