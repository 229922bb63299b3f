"""From one state to another: the one place where an asset's state changes, so that who did it and when is always kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hub import notices
from hub.accounts.models import User
from hub.accounts.roles import PUBLISHERS
from hub.db import now
from hub.jobs import enqueue
from hub.library.life.models import Move
from hub.library.models import Asset, State

ENQUEUES = ("search.index",)


def move(
    session: Session,
    asset: Asset,
    state: State,
    *,
    by: User | None,
    note: str = "",
    told: Collection[int] = (),
) -> Move:
    """Take an asset to a state; `by` None is the hub itself. What only the state before needed is cleared.

    `told`: whom the caller tells of it, of those who were to review it; for the others that is dealt with.
    """
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
    if made.before is State.IN_REVIEW:  # nobody has to look at it any more
        notices.settle(session, about_review(asset.public_id), PUBLISHERS, but=told)
    if state in {State.PUBLISHED, State.ARCHIVED}:
        asset.publish_at = asset.scheduled_by_id = None
    session.add(made)
    session.flush()
    enqueue(session, "search.index", asset_id=asset.id)
    return made


def about_review(public_id: str) -> str:
    """The key of what people are told of the review of an asset."""
    return f"review:{public_id}"


def history(session: Session, asset: Asset) -> list[Move]:
    """Every move of an asset, newest first."""
    query = select(Move).where(Move.asset_id == asset.id).options(joinedload(Move.by))
    return list(session.scalars(query.order_by(Move.at.desc(), Move.id.desc())))


def last(session: Session, asset: Asset) -> Move | None:
    """The move that led to the present state, as `leading` finds it."""
    return leading(history(session, asset))


def leading(moves: Sequence[Move]) -> Move | None:
    """Of the moves of an asset, newest first, the one by which it stands as it does: what was undone does not count."""
    left = iter(moves)
    for move in left:
        if move.undoes_id is None:
            return move
        next((one for one in left if one.id == move.undoes_id), None)  # passes over what was undone
    return None


def newest(session: Session, asset: Asset) -> Move:
    """The move that was made last, whatever it was for."""
    query = select(Move).where(Move.asset_id == asset.id).order_by(Move.id.desc()).limit(1)
    return session.scalars(query).one()
