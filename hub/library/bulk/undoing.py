"""A bulk change is taken back: in what nobody changed since, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now, unit_of_work
from hub.errors import Conflict, HubError
from hub.jobs import enqueue
from hub.library import taxonomy
from hub.library.bulk import planning, receivers, standing
from hub.library.bulk.change import Difference, Values, undone
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.bulk.running import HERE, RESCUE, SLICE, fetched, in_batch, repeat, write
from hub.library.bulk.since import changed_since
from hub.library.bulk.values import collections_of, values_of
from hub.library.models import Asset
from hub.library.taxonomy import Catalogue

UNDO_FOR = timedelta(days=30)
NAMES = {
    "terms": "terms",
    "owner": "owner",
    "review_by": "review date",
    "expires_on": "expiry date",
    "external": "internal or external",
    "audience": "audience",
    "state": "state",
    "collections": "collection",
}
ENQUEUES = ("library.bulk_undo",)


def may_undo(change: BulkChange) -> bool:
    """Whether it is done, not undone, and not too long ago."""
    return change.stage is Stage.DONE and now() - change.at < UNDO_FOR


def begin(user: User, public_id: str) -> bool:
    """Undo a change: here when it is small, else by the worker. Returns whether it is undone by now.

    Raises:
        Conflict: it is not done, undone already, or too long ago.
        NotFound, Forbidden: as `planning.get`.
    """
    with unit_of_work() as session:
        change = planning.get(session, user, public_id, hold=True)
        if not may_undo(change):
            raise Conflict(
                "This cannot be undone, or not any more.",
                remedy=f"A change can be undone once, within {UNDO_FOR.days} days. Change the assets anew instead.",
            )
        change.stage, change.undone_at, change.undone_by_id = Stage.UNDOING, now(), user.id
        few, change_id = change.total <= HERE, change.id
        enqueue(session, "library.bulk_undo", after=RESCUE if few else None, change_id=change_id)
    if few:
        run(change_id)
    return few


def run(change_id: int) -> None:
    """Undo what is left to undo of a change."""
    repeat(lambda: in_batch(change_id, Stage.UNDOING, Outcome.CHANGED, _undo))


def run_slice(change_id: int) -> None:
    """Undo as much of it as fits into one job, and queue the rest."""
    if not repeat(lambda: in_batch(change_id, Stage.UNDOING, Outcome.CHANGED, _undo), SLICE):
        with unit_of_work() as session:
            enqueue(session, "library.bulk_undo", change_id=change_id)


def _undo(session: Session, change: BulkChange, items: Sequence[BulkItem]) -> None:
    user = session.get_one(User, change.undone_by_id)
    found = fetched(session, items)
    collections = collections_of(session, list(found))
    since, terms = changed_since(session, items), taxonomy.catalogue(session)
    for item in items:
        asset, theirs = found[item.asset_id], since[item.asset_id]
        values = values_of(asset, collections.get(asset.id, ()))
        done = Difference(_today(terms, item.before), _today(terms, item.after))
        back = undone(values, done, theirs.values, theirs.terms)
        left = [f"The {NAMES[name]} was changed since." for name in back.left]
        difference, gone = receivers.still_there(session, Difference.between(values, back.values))
        left += gone
        if difference and (refusal := _take_back(session, user, change, item, asset, difference)):
            left.append(refusal)
        item.outcome = Outcome.LEFT if left else Outcome.RESTORED
        item.reason = " ".join(left)


def _today(terms: Catalogue, values: Values) -> Values:
    """Values with their terms as they are called today: some may have been merged since."""
    return {**values, "terms": sorted(terms.ids(values["terms"]))} if "terms" in values else values


def _take_back(
    session: Session, user: User, change: BulkChange, item: BulkItem, asset: Asset, difference: Difference
) -> str:
    """Write an asset back, all but its state when that cannot be; returns why it cannot, or nothing."""
    note = f"Undone: {change.note or change.summary}"[:500]
    refusal = ""
    for part in (difference, difference.without("state")):
        try:
            with session.begin_nested():
                write(session, user, asset, part, note)
                if "state" in part.after:
                    standing.give_back(session, asset, item.before, item.move_id)
        except HubError as error:
            session.refresh(asset)
            refusal = str(error)
        else:
            item.undone_version = asset.version if part else 0
            break
    return refusal
