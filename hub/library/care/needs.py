"""What an asset may need, each as a condition on `Asset`: asked by the page of what needs care, the shelf and the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from hub.accounts.models import User
from hub.db import now, today
from hub.library.care.flagged import is_flagged
from hub.library.care.rules import unused_for
from hub.library.care.use import used_since
from hub.library.links.models import LinkCheck, LinkState
from hub.library.models import Asset, AssetTerm, FileState, State, StoredFile
from hub.library.pins.models import Pin

SOON = timedelta(days=30)

NOT_ARCHIVED = Asset.state != State.ARCHIVED
BROKEN_FILE = exists(
    select(StoredFile.id).where(
        StoredFile.asset_id == Asset.id,
        StoredFile.replaced_at.is_(None),
        StoredFile.state.in_([FileState.FAILED, FileState.PARTIAL]),
    )
)
BROKEN_LINK = exists(
    select(LinkCheck.asset_id).where(LinkCheck.asset_id == Asset.id, LinkCheck.state == LinkState.BROKEN)
)


def waiting() -> ColumnElement[bool]:
    """Somebody is to look at it before it goes out."""
    return Asset.state == State.IN_REVIEW


def review() -> ColumnElement[bool]:
    """Its review was due."""
    return and_(NOT_ARCHIVED, Asset.review_by < today())


def expiring() -> ColumnElement[bool]:
    """It expires soon."""
    return and_(NOT_ARCHIVED, Asset.expires_on <= today() + SOON)


def consent() -> ColumnElement[bool]:
    """The consent it rests on ends soon."""
    return and_(NOT_ARCHIVED, Asset.consent_until <= today() + SOON)


def link() -> ColumnElement[bool]:
    """What it leads to is gone."""
    return and_(NOT_ARCHIVED, BROKEN_LINK)


def file() -> ColumnElement[bool]:
    """A file of it could not be read, or not all of it."""
    return and_(NOT_ARCHIVED, BROKEN_FILE)


def flag() -> ColumnElement[bool]:
    """A reader says that something is the matter with it, and nobody has answered."""
    return and_(NOT_ARCHIVED, is_flagged())


def owner() -> ColumnElement[bool]:
    """Its owner has left."""
    return and_(NOT_ARCHIVED, Asset.owner_id.in_(select(User.id).where(User.active.is_(False))))


def terms() -> ColumnElement[bool]:
    """It is published and filed under nothing."""
    return and_(
        Asset.state == State.PUBLISHED,
        ~exists(select(AssetTerm.asset_id).where(AssetTerm.asset_id == Asset.id)),
    )


def unused() -> ColumnElement[bool]:
    """Nobody used it for long."""
    return idle(unused_for())


def idle(span: timedelta) -> ColumnElement[bool]:
    """Published and, for so long, neither used, changed, moved nor called still good by anybody; nor is it pinned."""
    since = now() - span
    pinned = exists(
        select(Pin.id).where(Pin.asset_id == Asset.id, or_(Pin.until.is_(None), Pin.until >= today()))
    )
    return and_(
        Asset.state == State.PUBLISHED,
        Asset.updated_at < since,
        or_(Asset.reviewed_at.is_(None), Asset.reviewed_at < since),
        ~used_since(since),
        ~pinned,
    )


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that assets may need: as a filter says it, as a tab does, and which assets need it."""

    label: str
    tab: str
    which: Callable[[], ColumnElement[bool]]


NEEDS: Mapping[str, Need] = {
    "waiting": Need("Waits for review", "To review", waiting),
    "review": Need("Review is due", "Overdue", review),
    "expiring": Need("Expires within 30 days", "Expiring", expiring),
    "consent": Need("Consent ends within 30 days", "Consent ends", consent),
    "link": Need("Link is broken", "Broken links", link),
    "file": Need("File could not be read", "Broken files", file),
    "flag": Need("Flagged by a reader", "Flagged", flag),
    "owner": Need("Owner has left", "Owner left", owner),
    "terms": Need("Filed under nothing", "Not filed", terms),
    "unused": Need("Not used for long", "Unused", unused),
}
