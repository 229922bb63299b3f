"""What an asset loses with the state that a bulk change takes it out of, and gets back when that is undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.library import publishing
from hub.library.bulk.change import Values
from hub.library.life import moves, reviewing
from hub.library.models import Asset, State

KEY = "standing"  # in what an item of a change keeps of before


def taken(asset: Asset) -> Values:
    """Who was asked to review it, and when it was to go out in whose name."""
    moment = asset.publish_at.isoformat() if asset.publish_at else None
    kept = {"reviewer": asset.reviewer_id, "publish_at": moment, "scheduled_by": asset.scheduled_by_id}
    found = {name: value for name, value in kept.items() if value is not None}
    return {KEY: found} if found else {}


def give_back(session: Session, asset: Asset, before: Values, move_id: int | None) -> None:
    """Let it stand as it did before the move of this id, which the latest one takes back.

    Whoever was asked to review it and does not any more is asked no longer: then it waits for any marketer. What was to
    go out at a moment that has passed does not go out by itself.
    """
    moves.newest(session, asset).undoes_id = move_id
    kept = before.get(KEY, {})
    if asset.state is State.IN_REVIEW:
        asset.reviewer_id = _reviewer(session, asset, kept.get("reviewer"))
    _plan(session, asset, kept)
    session.flush()


def _plan(session: Session, asset: Asset, kept: Values) -> None:
    moment = datetime.fromisoformat(kept["publish_at"]) if "publish_at" in kept else None
    by = session.get(User, kept["scheduled_by"]) if "scheduled_by" in kept else None
    if moment is None or by is None or asset.state not in {State.DRAFT, State.IN_REVIEW}:
        return
    if moment > now() and by.active and publishing.may_publish(by, asset):
        asset.publish_at, asset.scheduled_by_id = moment, by.id


def _reviewer(session: Session, asset: Asset, user_id: int | None) -> int | None:
    return next((one.id for one in reviewing.reviewers(session, asset) if one.id == user_id), None)
