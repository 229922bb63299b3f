"""What is in a collection, and in which order. Everybody sees of it what they may see, and nothing says that there is more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now, public_ids
from hub.errors import Invalid, NotFound
from hub.library.collections import keeping
from hub.library.collections.models import Collection, CollectionItem
from hub.library.models import Asset
from hub.library.visibility import visible_to

MOST = 1_000  # assets in one collection

Way = Literal["up", "down", "top", "bottom"]
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class Offered:
    """A collection to put something into, and whether all of it is in there already."""

    collection: Collection
    holds: bool


def asset_ids(session: Session, user: User, collection: Collection) -> Sequence[int]:
    """The assets in it that this person may see, in their order."""
    query = (
        select(CollectionItem.asset_id)
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .where(CollectionItem.collection_id == collection.id, visible_to(user))
    )
    return session.scalars(query.order_by(CollectionItem.position, CollectionItem.asset_id)).all()


def offered(session: Session, user: User, asset_public_ids: Sequence[str]) -> list[Offered]:
    """The collections this person may fill, those they filled last first."""
    query = select(Collection).where(keeping.editable_by(user), Collection.archived_at.is_(None))
    collections = session.scalars(query.order_by(Collection.updated_at.desc())).all()
    ids = _ids(session, user, asset_public_ids)
    held = (
        select(CollectionItem.collection_id)
        .where(CollectionItem.asset_id.in_(ids))
        .group_by(CollectionItem.collection_id)
        .having(func.count() == len(ids))
    )
    full = set(session.scalars(held)) if ids else set()
    return [Offered(collection, collection.id in full) for collection in collections]


def add(
    session: Session,
    user: User,
    public_id: str,
    asset_public_ids: Sequence[str],
    *,
    position: int | None = None,
) -> int:
    """Put assets at the end of a collection, or one back at its old position; returns how many were not in it yet.

    Raises:
        Invalid: there is none of these assets for this person, or it would hold too many.
        NotFound, Forbidden: as `keeping.get_editable`.
    """
    collection = keeping.get_to_fill(session, user, public_id)
    ids = _ids(session, user, asset_public_ids)
    if not ids:
        raise Invalid("asset", "There is no such asset for you.", "Reload the page and choose again.")
    held = {item.asset_id: item for item in _items(session, collection)}
    fresh = [asset_id for asset_id in ids if asset_id not in held]
    next_one = next_place(session, collection.id, len(fresh))
    for place, asset_id in enumerate(fresh, next_one if position is None else position):
        session.add(
            CollectionItem(
                collection_id=collection.id, asset_id=asset_id, position=place, added_by_id=user.id
            )
        )
    collection.updated_at = now()
    session.flush()
    return len(fresh)


def next_place(session: Session, collection_id: int, more: int = 1) -> int:
    """The position after the last one, where so many more are to stand.

    Raises:
        Invalid: it would hold too many.
    """
    columns = select(func.count(), func.coalesce(func.max(CollectionItem.position), 0))
    held, last = session.execute(columns.where(CollectionItem.collection_id == collection_id)).one()
    if held + more > MOST:
        raise full()
    return int(last) + 1


def full() -> Invalid:
    """What is said when a collection would hold too many."""
    return Invalid("asset", f"A collection holds at most {MOST:,} assets.", "Make a second one for the rest.")


def room(session: Session, collection_id: int) -> int:
    """How many more it takes."""
    held = select(func.count()).where(CollectionItem.collection_id == collection_id)
    return MOST - (session.scalar(held) or 0)


def remove(session: Session, user: User, public_id: str, asset_public_id: str) -> int:
    """Take an asset out; returns the position it had, for `add` to put it back.

    Raises:
        NotFound: it is not in there, for this person.
    """
    collection = keeping.get_to_fill(session, user, public_id)
    item = _item(session, user, collection, asset_public_id)
    session.delete(item)
    collection.updated_at = now()
    session.flush()
    return item.position


def move(session: Session, user: User, public_id: str, asset_public_id: str, way: Way) -> None:
    """Move an asset past the neighbour that this person sees, or to an end.

    Raises:
        NotFound: it is not in there, for this person.
    """
    collection = keeping.get_to_fill(session, user, public_id)
    moved = _item(session, user, collection, asset_public_id)
    items = _items(session, collection)
    seen = list(asset_ids(session, user, collection))
    here = seen.index(moved.asset_id)
    there = {"up": max(here - 1, 0), "down": min(here + 1, len(seen) - 1), "top": 0, "bottom": len(seen) - 1}[
        way
    ]
    if there == here:
        return
    order = [item.asset_id for item in items if item is not moved]
    neighbour = order.index(seen[there])
    order.insert(neighbour + (there > here), moved.asset_id)
    place = {asset_id: number for number, asset_id in enumerate(order, 1)}
    for item in items:
        item.position = place[item.asset_id]
    collection.updated_at = now()
    session.flush()


def _items(session: Session, collection: Collection) -> Sequence[CollectionItem]:
    query = select(CollectionItem).where(CollectionItem.collection_id == collection.id)
    return session.scalars(query.order_by(CollectionItem.position, CollectionItem.asset_id)).all()


def _item(session: Session, user: User, collection: Collection, asset_public_id: str) -> CollectionItem:
    query = (
        select(CollectionItem)
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .where(CollectionItem.collection_id == collection.id)
        .where(Asset.public_id.in_(public_ids([asset_public_id])), visible_to(user))
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("It is not in this collection.", remedy="Reload the page.")
    return found


def _ids(session: Session, user: User, given: Sequence[str]) -> list[int]:
    """The assets of these ids that this person may see, in the order they are named."""
    named = public_ids(given)[:MOST]
    query = select(Asset.public_id, Asset.id).where(Asset.public_id.in_(named), visible_to(user))
    found = {row.public_id: row.id for row in session.execute(query)}
    return [found[public_id] for public_id in named if public_id in found]
