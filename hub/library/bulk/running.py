"""A bulk change is done, a batch at a time: each batch is one short transaction, and a killed worker goes on with the next.

The items of a change say what is left to do, so that running it twice, or twice at the same moment, does nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hub import notices
from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import insert_into, now, unit_of_work
from hub.errors import Conflict, Forbidden, HubError, Invalid
from hub.jobs import enqueue
from hub.library import assets, contents, taxonomy
from hub.library.bulk import planning, receivers, standing, telling
from hub.library.bulk.change import Change, Difference, Values
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.bulk.values import collections_of, day_of, values_of
from hub.library.collections import filling, keeping
from hub.library.collections.models import CollectionItem
from hub.library.life import moves
from hub.library.models import Asset, State

BATCH = 10  # assets of one transaction; while it lasts, nobody else writes to an SQLite database
BREATH = 0.05  # seconds between two batches; who waits for the write lock of SQLite only looks now and then
HERE = 200  # so many are done while the person waits; more are left to the worker
SLICE = 10.0  # seconds of one job; the rest is queued again, so that other jobs get their turn
RESCUE = timedelta(seconds=30)  # after which the worker looks whether what was begun here was ended

ENQUEUES = ("library.bulk_run", "search.index", "notices.mail")


def begin(user: User, public_id: str, wanted: Change, note: str, summary: str) -> None:
    """Do a planned change: here when it is small, else by the worker.

    Raises:
        Invalid: nothing is wanted.
        Conflict: it was done already.
        NotFound, Forbidden: as `planning.get`.
    """
    note = contents.bounded("note", note, 500, line=True)
    if not wanted:
        raise Invalid("change", "Nothing is to change yet.", "Choose at least one thing.")
    with unit_of_work() as session:
        change = planning.get(session, user, public_id, hold=True)
        if change.stage is not Stage.PLANNED:
            raise Conflict("This was done already.", remedy="Choose the assets again to change them further.")
        change.wanted, change.note, change.summary = wanted.as_json(), note, summary
        change.stage, change.at = Stage.RUNNING, now()
        few, change_id = change.total <= HERE, change.id
        enqueue(session, "library.bulk_run", after=RESCUE if few else None, change_id=change_id)
    if few:
        run(change_id)


def run(change_id: int) -> None:
    """Do what is left of a change."""
    repeat(lambda: in_batch(change_id, Stage.RUNNING, Outcome.WAITING, _do))


def run_slice(change_id: int) -> None:
    """Do as much of it as fits into one job, and queue the rest."""
    if not repeat(lambda: in_batch(change_id, Stage.RUNNING, Outcome.WAITING, _do), SLICE):
        with unit_of_work() as session:
            enqueue(session, "library.bulk_run", change_id=change_id)


def repeat(batch: Callable[[], bool], seconds: float = float("inf")) -> bool:
    """Do batch after batch until none is left or the time is over; returns whether none is left."""
    end = time.monotonic() + seconds
    while batch():
        if time.monotonic() >= end:
            return False
        time.sleep(BREATH)
    return True


Step = Callable[[Session, BulkChange, Sequence[BulkItem]], None]


def in_batch(change_id: int, stage: Stage, outcome: Outcome, step: Step) -> bool:
    """Take the next items of a change that are in this state one `step` further; False when none is left."""
    with unit_of_work() as session:
        change = session.get(BulkChange, change_id)
        if change is None or change.stage is not stage:
            return False
        waiting = (BulkItem.change_id == change_id, BulkItem.outcome == outcome)
        query = select(BulkItem).where(*waiting).order_by(BulkItem.asset_id).limit(BATCH)
        items = session.scalars(query.with_for_update(skip_locked=True)).all()
        step(session, change, items)
        session.flush()
        left = session.scalar(select(BulkItem.asset_id).where(*waiting).limit(1)) is not None
        if not left:
            _end(session, change, stage)
        return bool(items and left)


def _end(session: Session, change: BulkChange, stage: Stage) -> None:
    """Nothing is left of this stage: end it, once, and tell whom it concerns."""
    session.refresh(change, with_for_update=True)  # another worker may have come to the end at this moment
    if change.stage is not stage:
        return
    change.ended_at = now()
    if stage is Stage.RUNNING:
        change.stage = Stage.DONE
        telling.done(session, change)
    else:
        change.stage = Stage.UNDONE
        telling.undone(session, change)


def fetched(session: Session, items: Sequence[BulkItem]) -> dict[int, Asset]:
    """The assets of these items, with what a change can touch."""
    query = (
        select(Asset)
        .where(Asset.id.in_([item.asset_id for item in items]))
        .options(selectinload(Asset.terms), selectinload(Asset.audience), selectinload(Asset.files))
        .order_by(Asset.id)
        .with_for_update(of=Asset)
    )
    return {asset.id: asset for asset in session.scalars(query)}


def write(session: Session, user: User, asset: Asset, difference: Difference, note: str) -> None:
    """Make the values of an asset those that a difference ends with, as its next version.

    Raises:
        HubError: it cannot go to the state that is wanted, or whom it shall go to is not here any more. The caller rolls
            back to where it was.
    """
    after = difference.after
    if "owner" in after:
        asset.owner_id = receivers.owner(session, after["owner"]).id
    for name in ("review_by", "expires_on"):
        if name in after:
            setattr(asset, name, day_of(after[name]))
    if "external" in after:
        asset.external = after["external"]
    if "terms" in after:
        terms = taxonomy.kept(session, after["terms"], carried_by=asset.id)
        session.refresh(asset, ["terms"])  # a merge may have moved them while we waited for it
        asset.terms = terms
    if "audience" in after:
        asset.for_everyone = not after["audience"]
        asset.audience = receivers.teams(session, after["audience"])
    _put_in(session, user, asset, difference)
    session.flush()
    if "state" in after:
        _move(session, user, asset, State(after["state"]))
    if set(after) - {"collections"}:
        assets.next_version(session, user, asset, note)


def _do(session: Session, change: BulkChange, items: Sequence[BulkItem]) -> None:
    wanted, user = Change.kept(change.wanted), session.get_one(User, change.user_id)
    found = fetched(session, items)
    collections = collections_of(session, list(found))
    for item in items:
        asset = found[item.asset_id]
        values = values_of(asset, collections.get(asset.id, ()))
        difference = Difference.between(values, wanted.on(values))
        item.outcome = Outcome.SAME
        if difference:
            _do_one(session, user, change, item, asset, difference)
    _tell(session, user, change, items)


def _do_one(
    session: Session, user: User, change: BulkChange, item: BulkItem, asset: Asset, difference: Difference
) -> None:
    lost = standing.taken(asset)
    try:
        _still_may(user)
        with session.begin_nested():
            write(
                session,
                user,
                asset,
                difference,
                change.note or f"Changed with others: {change.summary}"[:500],
            )
    except HubError as error:
        session.refresh(asset)
        item.outcome, item.reason = Outcome.REFUSED, str(error)
    else:
        item.outcome, item.version = Outcome.CHANGED, asset.version
        item.before, item.after = difference.before, difference.after
        if "state" in difference.after:
            item.before = {**difference.before, **lost}
            item.move_id = moves.newest(session, asset).id


def _still_may(user: User) -> None:
    """Whoever began the change may be out of office by the time the worker comes to it."""
    if not user.active or not may(user.role, Permission.PUBLISH):
        why = "publishes no more" if user.active else "is not here any more"
        raise Forbidden(f"{user.name}, who began it, {why}.", remedy="Ask a marketer to do it.")


def _tell(session: Session, user: User, change: BulkChange, items: Sequence[BulkItem]) -> None:
    """Tell who became an owner by these items, once for all batches of a change."""
    changed = [item.after for item in items if item.outcome is Outcome.CHANGED]
    notices.tell(
        session,
        {after["owner"] for after in changed if "owner" in after} - {user.id},
        notices.Topic.OWNERSHIP,
        f"{user.name} made you the owner of assets in the library.",
        "/library/?owner=me",
        f"bulk:{change.public_id}",
    )


def _move(session: Session, user: User, asset: Asset, state: State) -> None:
    if state is State.IN_REVIEW:  # only an undo leads back there
        moves.move(session, asset, state, by=user)
        return
    acts = {State.PUBLISHED: assets.publish, State.ARCHIVED: assets.archive}
    acts.get(state, assets.withdraw)(session, user, asset.public_id)


def _put_in(session: Session, user: User, asset: Asset, difference: Difference) -> None:
    """Put an asset into collections, or take it out of them again."""
    before: Values = difference.before
    for collection_id in set(difference.after.get("collections", ())) - set(before.get("collections", ())):
        keeping.hold(session, collection_id)
        position = filling.next_place(session, collection_id)
        values = {"collection_id": collection_id, "asset_id": asset.id, "added_by_id": user.id}
        row = insert_into(session, CollectionItem).values(position=position, added_at=now(), **values)
        session.execute(row.on_conflict_do_nothing())  # somebody may have put it in meanwhile
    for collection_id in set(before.get("collections", ())) - set(difference.after.get("collections", ())):
        item = session.get(CollectionItem, (collection_id, asset.id))
        if item is not None:
            session.delete(item)
