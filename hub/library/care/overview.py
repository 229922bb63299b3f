"""The page of what needs care: how many assets need what, and those that need one thing; and what an asset's own page says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload, selectinload

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import today
from hub.library import publishing
from hub.library.care.keeping import may_bring_back
from hub.library.care.needs import NEEDS
from hub.library.care.rules import rules
from hub.library.life import moves
from hub.library.life.models import Move
from hub.library.models import Asset, State
from hub.library.visibility import editable_by, is_over
from hub.web.pagination import Page

PAGE_SIZE = 50

# The most pressing first.
ORDER: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "waiting": Asset.updated_at,
    "review": Asset.review_by,
    "expiring": Asset.expires_on,
    "consent": Asset.consent_until,
    "owner": func.lower(User.name),
    "unused": Asset.updated_at,
}


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of the assets that need one thing, and how many need what."""

    need: str
    own: bool  # only what is this person's
    counts: Mapping[str, int]
    page: Page[Asset]
    today: date
    editable: Collection[int]  # ids of those that this person may change
    reviewers: Mapping[int, str]  # names of those who were asked, by id


@dataclass(frozen=True, slots=True)
class Said:
    """What the page of an asset says to those who keep it."""

    put_away: Move | None  # by the hub; None: it is not archived, or a person did
    may_bring_back: bool
    over: bool  # archived, and another day comes first
    review_by: date | None  # today or past
    archive_on: date | None
    ends_on: date | None  # soon, or past
    by_consent: bool  # what ends is consent


def overview(session: Session, user: User, need: str, *, own: bool, page: int) -> Overview:
    """What needs care: everything for those who publish, unless they ask for their own; for others their own.

    Without a known `need`: the first that something has.
    """
    own = own or not may(user.role, Permission.PUBLISH)
    kept = Asset.owner_id == user.id if own else editable_by(user)
    columns = [func.count().filter(known.which()).label(key) for key, known in NEEDS.items()]
    found = session.execute(select(*columns).select_from(Asset).where(kept)).one()
    counts = {key: int(getattr(found, key)) for key in NEEDS}
    if need not in NEEDS:
        need = next((key for key, count in counts.items() if count), "review")
    rows = session.scalars(
        select(Asset)
        .join(Asset.owner)
        .where(kept, NEEDS[need].which())
        .options(defer(Asset.body), joinedload(Asset.owner), joinedload(Asset.link_check))
        .options(selectinload(Asset.files))
        .order_by(ORDER.get(need, func.lower(Asset.title)), Asset.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Overview(
        need=need,
        own=own,
        counts=counts,
        page=Page(rows, counts[need], page, PAGE_SIZE),
        today=today(),
        editable={asset.id for asset in rows if publishing.may_edit(user, asset)},
        reviewers=_names(session, {asset.reviewer_id for asset in rows if asset.reviewer_id}),
    )


def said(session: Session, user: User, asset: Asset) -> Said | None:
    """What of its care the page of an asset tells this person; nothing to those who only read it."""
    if asset.owner_id != user.id and not may(user.role, Permission.PUBLISH):
        return None
    archived = asset.state is State.ARCHIVED
    last = moves.last(session, asset) if archived else None
    ends = min(filter(None, (asset.expires_on, asset.consent_until)), default=None)
    return Said(
        put_away=last if last is not None and last.by_id is None else None,
        may_bring_back=may_bring_back(user, asset, last) and not is_over(asset),
        over=archived and is_over(asset) and publishing.may_edit(user, asset),
        review_by=asset.review_by if not archived and _by(asset.review_by, today()) else None,
        archive_on=None if archived else asset.archive_on,
        ends_on=ends if not archived and _by(ends, today() + rules().warn) else None,
        by_consent=ends is not None and ends == asset.consent_until,
    )


def _names(session: Session, ids: Collection[int]) -> Mapping[int, str]:
    return (
        {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}
    )


def _by(day: date | None, last: date) -> bool:
    return day is not None and day <= last
