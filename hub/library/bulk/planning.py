"""Before a bulk change: which assets were chosen, and what would become of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from sqlalchemy import JSON, delete, func, insert, literal, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now, public_ids, today
from hub.errors import Forbidden, HubError, Invalid, NotFound
from hub.library.bulk.change import Change, Difference, Values
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.bulk.values import day_of, values_in
from hub.library.collections import filling
from hub.library.life import ready
from hub.library.models import Asset, State
from hub.library.shelf_filter import ShelfFilter, on_tab
from hub.library.visibility import editable_by

AT_ONCE = 500  # assets looked at together
EXAMPLES = 3
PLANS_LAST = timedelta(days=1)


@dataclass(slots=True)
class Refusal:
    """Why some assets cannot change, how many, and a few of them by title."""

    reason: str
    count: int = 0
    titles: list[str] = field(default_factory=list)

    def add(self, title: str) -> None:
        self.count += 1
        if len(self.titles) < EXAMPLES:
            self.titles.append(title)


@dataclass(slots=True)
class Preview:
    """What a change would do: `change` of `total` assets change, `same` are so already, the rest cannot."""

    total: int = 0
    change: int = 0
    same: int = 0
    refused: dict[str, Refusal] = field(default_factory=dict)

    def add(self, title: str, difference: Difference, reason: str) -> None:
        """Count one asset: what would change of it, and why that cannot be, if it cannot."""
        if reason:
            self.refused.setdefault(reason, Refusal(reason)).add(title)
        elif difference:
            self.change += 1
        else:
            self.same += 1

    @property
    def refusals(self) -> list[Refusal]:
        """What most of them suffer from first."""
        return sorted(self.refused.values(), key=lambda refusal: -refusal.count)

    @property
    def cannot(self) -> int:
        return sum(refusal.count for refusal in self.refused.values())


def plan(
    session: Session, user: User, *, named: Collection[str] = (), matching: ShelfFilter | None = None
) -> BulkChange:
    """Keep which assets were chosen: those named, or all that a filter of the shelf lets through.

    Raises:
        Invalid: none is left of them that this person may change.
    """
    chosen = [editable_by(user)]
    if matching is not None:
        chosen += [*matching.conditions(user), on_tab(matching.tab)]
    else:
        chosen.append(Asset.public_id.in_(public_ids(named)))
    change = BulkChange(user_id=user.id)
    session.add(change)
    session.flush()
    # Each of these columns, because no default of the model stands in an INSERT from a SELECT.
    columns = ["change_id", "asset_id", "outcome", "reason", "before", "after", "version", "undone_version"]
    nothing = literal({}, JSON())
    row = (
        literal(Outcome.WAITING, Outcome.column_type()),
        literal(""),
        nothing,
        nothing,
        literal(0),
        literal(0),
    )
    rows = select(literal(change.id), Asset.id, *row).where(*chosen)
    session.execute(insert(BulkItem).from_select(columns, rows, include_defaults=False))
    change.total = session.scalar(select(func.count()).where(BulkItem.change_id == change.id)) or 0
    if not change.total:
        raise Invalid("asset", "No asset is chosen.", "Tick some on the shelf, then change them.")
    session.flush()
    return change


def get(session: Session, user: User, public_id: str, *, hold: bool = False) -> BulkChange:
    """A bulk change: a plan is for who made it, what was done is for all who publish.

    `hold`: until this transaction ends, nobody else begins it or its undo.

    Raises:
        NotFound: there is none of that id for them.
    """
    query = select(BulkChange).where(BulkChange.public_id == public_id)
    query = query.options(joinedload(BulkChange.user), joinedload(BulkChange.undone_by))
    query = query.with_for_update(of=BulkChange) if hold else query
    change = session.scalars(query).one_or_none()
    if change is None or (change.stage is Stage.PLANNED and change.user_id != user.id):
        raise NotFound(
            "There is no such change.", remedy="A selection is kept for a day. Choose the assets again."
        )
    if not may(user.role, Permission.PUBLISH):
        raise Forbidden("Marketers change many assets at once.", remedy="Ask one of them.")
    return change


def preview(session: Session, change: BulkChange, wanted: Change) -> Preview:
    """What would become of the chosen assets; nothing is written."""
    found = Preview(total=change.total)
    room = filling.room(session, wanted.collection) if wanted.collection else 0
    for ids in _in_batches(session, change):
        rows = [
            (asset_id, title, Difference.between(values, wanted.on(values)))
            for asset_id, title, values in values_in(session, ids)
        ]
        publishing = {i: d.after for i, _, d in rows if d.after.get("state") == State.PUBLISHED.value}
        cannot = _unpublishable(session, publishing)
        for asset_id, title, difference in rows:
            reason = cannot.get(asset_id, "")
            if not reason and "collections" in difference.after:
                reason = "" if room > 0 else str(filling.full())
                room -= 1
            found.add(title, difference, reason)
    return found


def _in_batches(session: Session, change: BulkChange) -> Iterator[Sequence[int]]:
    query = select(BulkItem.asset_id).where(BulkItem.change_id == change.id).order_by(BulkItem.asset_id)
    ids = iter(session.scalars(query).all())
    while batch := list(islice(ids, AT_ONCE)):
        yield batch


def _unpublishable(session: Session, becoming: Mapping[int, Values]) -> dict[int, str]:
    """Of these assets, which shall be published with new values, those that cannot be, each with the reason."""
    query = select(Asset).where(Asset.id.in_(becoming)).options(selectinload(Asset.files))
    found = {}
    for asset in session.scalars(query) if becoming else ():
        after = becoming[asset.id]
        expires_on = day_of(after["expires_on"]) if "expires_on" in after else asset.expires_on
        try:
            ready.check_publishable(asset)
            ready.check_days(asset.consent_until, expires_on, today())
        except HubError as error:
            found[asset.id] = str(error)
    return found


def sweep(session: Session) -> int:
    """Forget plans that nobody carried out; returns how many."""
    old = select(BulkChange.id).where(BulkChange.stage == Stage.PLANNED, BulkChange.at < now() - PLANS_LAST)
    ids = session.scalars(old).all()
    session.execute(delete(BulkItem).where(BulkItem.change_id.in_(ids)))
    session.execute(delete(BulkChange).where(BulkChange.id.in_(ids)))
    return len(ids)
