"""From one state to another: the one place where an asset's state changes, so that who did it and when is always kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.db import now
from hub.jobs import enqueue
from hub.library.life.models import Move
from hub.library.models import Asset, State

ENQUEUES = ("search.index",)


def move(session: Session, asset: Asset, state: State, *, by: User | None, note: str = "") -> Move:
    """Take an asset to a state; `by` None is the hub itself. What only the state before needed is cleared."""
    moment = now()
    made = Move(
        asset_id=asset.id, before=asset.state, after=state, by_id=by.id if by else None, at=moment, note=note
    )
    asset.state = state
    asset.updated_at = moment
    asset.archived_at = moment if state is State.ARCHIVED else None
    asset.archive_on = None
    if state is State.PUBLISHED:
        asset.published_at = asset.published_at or moment
    if state is not State.IN_REVIEW:
        asset.reviewer_id = None
    if state in {State.PUBLISHED, State.ARCHIVED}:
        asset.publish_at = asset.scheduled_by_id = None
    session.add(made)
    session.flush()
    enqueue(session, "search.index", asset_id=asset.id)
    return made


def history(session: Session, asset: Asset) -> list[Move]:
    """Every move of an asset, newest first."""
    query = select(Move).where(Move.asset_id == asset.id).options(joinedload(Move.by))
    return list(session.scalars(query.order_by(Move.at.desc(), Move.id.desc())))


def last(session: Session, asset: Asset) -> Move | None:
    """The move that led to the present state."""
    query = select(Move).where(Move.asset_id == asset.id).order_by(Move.at.desc(), Move.id.desc()).limit(1)
    return session.scalars(query).one_or_none()
