"""What is said of a draft, between its owner and those who publish. Readers never see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hub import notices
from hub.accounts.models import User
from hub.db import now
from hub.errors import Invalid, NotFound
from hub.library import assets, contents
from hub.library.life.models import Remark
from hub.library.models import Asset
from hub.notices import Topic

LIMIT = 5_000  # characters of one
MOST = 500  # of one asset
TWICE = timedelta(seconds=10)

ENQUEUES = ("notices.mail",)


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with its answers, the earliest first."""

    remark: Remark
    answers: list[Remark] = field(default_factory=list)


def threads(session: Session, asset: Asset) -> list[Thread]:
    """All that was said of an asset: what is open first, each in the order it was said."""
    query = select(Remark).where(Remark.asset_id == asset.id).order_by(Remark.at, Remark.id)
    found = session.scalars(query.options(joinedload(Remark.author), joinedload(Remark.resolved_by))).all()
    begun = {remark.id: Thread(remark) for remark in found if remark.parent_id is None}
    for remark in found:
        if remark.parent_id is not None:
            begun[remark.parent_id].answers.append(remark)
    return sorted(begun.values(), key=lambda thread: thread.remark.resolved_at is not None)


def say(session: Session, user: User, public_id: str, text: str, answer_to: str = "") -> Asset:
    """Say something of an asset, or answer a remark; its owner and who else takes part are told.

    Raises:
        NotFound, Forbidden: they may not see it, or only read it.
        Invalid: nothing is said, or too much.
    """
    assets.hold(session, public_id)
    asset = assets.get_kept(session, user, public_id)
    text = contents.bounded("text", text, LIMIT, required="Write what you want to say.", label="The remark")
    earlier = _said(session, asset)
    if len(earlier) >= MOST:
        raise Invalid("text", f"{MOST} remarks are the most.", "Write the rest into the draft itself.")
    parent = _find(session, asset, answer_to) if answer_to else None
    root = (parent.parent_id or parent.id) if parent else None
    if _just_said(session, user, asset, text, root):
        return asset
    session.add(
        Remark(asset_id=asset.id, parent_id=root, author_id=user.id, version=asset.version, text=text)
    )
    if parent is not None:
        _set_resolved(session.get_one(Remark, root), None)
    to = {asset.owner_id, *earlier} | ({asset.reviewer_id} if asset.reviewer_id else set())
    words = f"{user.name} {'answered' if parent else 'remarked'}: “{text}”"
    key = f"remark:{asset.public_id}"
    notices.tell(session, to - {user.id}, Topic.REVIEW, words, key=key, asset=asset.public_id)
    return asset


def settle(session: Session, user: User, public_id: str, remark_id: str, *, done: bool) -> Asset:
    """Say that a remark is dealt with, or that it is not.

    Raises:
        NotFound, Forbidden: they may not see the asset or only read it, or there is no such remark.
    """
    asset = assets.get_kept(session, user, public_id)
    _set_resolved(_find(session, asset, remark_id), user if done else None)
    return asset


def _just_said(session: Session, user: User, asset: Asset, text: str, root: int | None) -> bool:
    """Whether this person said the very same a moment ago: the button was pressed twice."""
    same = (Remark.asset_id == asset.id, Remark.author_id == user.id, Remark.at > now() - TWICE)
    latest = select(Remark.text, Remark.parent_id).where(*same).order_by(Remark.id.desc()).limit(1)
    return session.execute(latest).one_or_none() == (text, root)


def _said(session: Session, asset: Asset) -> Sequence[int]:
    """The author of each remark."""
    return session.scalars(select(Remark.author_id).where(Remark.asset_id == asset.id)).all()


def _find(session: Session, asset: Asset, public_id: str) -> Remark:
    query = select(Remark).where(Remark.asset_id == asset.id, Remark.public_id == public_id)
    remark = session.scalars(query).one_or_none()
    if remark is None:
        raise NotFound("There is no such remark.", remedy="Look at the asset as it is now.")
    return remark


def _set_resolved(remark: Remark, by: User | None) -> None:
    remark.resolved_at = now() if by else None
    remark.resolved_by_id = by.id if by else None
