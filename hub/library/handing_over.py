"""What a person owns becomes another's, a batch at a time: nobody waits long for the database's one write lock."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.audit import Action, audit
from hub.accounts.models import User
from hub.db import unit_of_work
from hub.errors import Conflict
from hub.jobs import enqueue
from hub.library.collections.models import Collection
from hub.library.life import reviewing, touches
from hub.library.models import Asset

BATCH = 200

ENQUEUES = ("search.index", "notices.mail")


def hand_over(from_user_id: int, to_user_id: int) -> None:
    """Make one person the owner of all that another owns. Run again, it goes on where it was stopped.

    Raises:
        Conflict: who is to receive it may not sign in any more.
    """
    while True:
        with unit_of_work() as session:
            if not _hand_over_some(session, from_user_id, to_user_id):
                return


def pass_reviews_on(user_id: int) -> None:
    """Of somebody who has gone without an heir: let any marketer review what waits for them."""
    with unit_of_work() as session:
        reviewing.pass_on(session, session.get_one(User, user_id), None)


def _hand_over_some(session: Session, from_user_id: int, to_user_id: int) -> int:
    giver, taker = session.get_one(User, from_user_id), session.get_one(User, to_user_id)
    if giver.id == taker.id:
        return 0
    if not taker.active:
        raise Conflict(
            f"{taker.name} is deactivated and cannot take over what {giver.name} owns.",
            remedy="Choose somebody else on the page of the person.",
        )
    owned = select(Asset.id).where(Asset.owner_id == giver.id).order_by(Asset.id).limit(BATCH)
    ids = session.scalars(owned).all()
    kept = update(Collection).where(Collection.owner_id == giver.id).values(owner_id=taker.id)
    collections = len(session.scalars(kept.returning(Collection.id)).all())
    reviewing.pass_on(session, giver, taker)
    if ids or collections:
        _tell(session, giver, taker)
    if collections:
        detail = f"{collections} → {taker.name}"
        audit(session, Action.COLLECTIONS_HANDED_OVER, by=None, subject=giver.public_id, detail=detail)
    if not ids:
        return 0
    # Neither a version nor `updated_at`: the content is what it was.
    session.execute(update(Asset).where(Asset.id.in_(ids)).values(owner_id=taker.id))
    touches.note_owner(session, ids, by=None)
    for asset_id in ids:
        enqueue(session, "search.index", asset_id=asset_id)
    audit(
        session,
        Action.ASSETS_HANDED_OVER,
        by=None,
        subject=giver.public_id,
        detail=f"{len(ids)} → {taker.name}",
    )
    return len(ids)


def _tell(session: Session, giver: User, taker: User) -> None:
    """Tell the new owner, once for all batches."""
    notices.tell(
        session,
        [taker.id],
        notices.Topic.OWNERSHIP,
        f"What {giver.name} owned in the library is yours now: see whether it is still good.",
        "/library/?owner=me",
        f"handed-over:{giver.public_id}",
    )
