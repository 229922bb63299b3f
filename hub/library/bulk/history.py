"""What was changed in bulk: how far it is, what became of each asset, who did what when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.models import Asset
from hub.web.pagination import Page

PAGE = 50

OUTCOMES: dict[Outcome, str] = {
    Outcome.WAITING: "Still to do",
    Outcome.CHANGED: "Changed",
    Outcome.RESTORED: "Undone",
    Outcome.LEFT: "Not all undone",
    Outcome.REFUSED: "Could not change",
    Outcome.SAME: "Was so already",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A change and how many of its assets came to which outcome."""

    change: BulkChange
    counts: Mapping[Outcome, int]

    @property
    def changed(self) -> int:
        """How many assets it changed, undone or not."""
        return sum(self.counts.get(o, 0) for o in (Outcome.CHANGED, Outcome.RESTORED, Outcome.LEFT))

    @property
    def handled(self) -> int:
        """How far it is, of `change.total`."""
        if self.change.stage is Stage.UNDOING:
            return self.change.total - self.counts.get(Outcome.CHANGED, 0)
        return self.change.total - self.counts.get(Outcome.WAITING, 0)

    @property
    def busy(self) -> bool:
        return self.change.stage in {Stage.RUNNING, Stage.UNDOING}


@dataclass(frozen=True, slots=True)
class Row:
    """One asset of a change."""

    public_id: str
    title: str
    outcome: Outcome
    reason: str


def counted(session: Session, change: BulkChange) -> Counted:
    """A change with its counts."""
    return Counted(change, _counts(session, [change.id]).get(change.id, {}))


def past(session: Session, page: int) -> Page[Counted]:
    """What was changed in bulk, the newest first."""
    done = BulkChange.stage != Stage.PLANNED
    total = session.scalar(select(func.count(BulkChange.id)).where(done)) or 0
    query = (
        select(BulkChange)
        .where(done)
        .options(joinedload(BulkChange.user), joinedload(BulkChange.undone_by))
        .order_by(BulkChange.at.desc(), BulkChange.id.desc())
    )
    changes = session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    counts = _counts(session, [change.id for change in changes])
    return Page([Counted(change, counts.get(change.id, {})) for change in changes], total, page, PAGE)


def rows(session: Session, change: BulkChange, outcome: Outcome | None, page: int) -> Page[Row]:
    """The assets of a change, those that need a look first."""
    wanted = [BulkItem.change_id == change.id]
    if outcome is not None:
        wanted.append(BulkItem.outcome == outcome)
    total = session.scalar(select(func.count()).select_from(BulkItem).where(*wanted)) or 0
    query = (
        select(Asset.public_id, Asset.title, BulkItem.outcome, BulkItem.reason)
        .join(Asset, Asset.id == BulkItem.asset_id)
        .where(*wanted)
        .order_by(BulkItem.reason == "", func.lower(Asset.title), Asset.id)
    )
    found = session.execute(query.limit(PAGE).offset((page - 1) * PAGE))
    return Page([Row(*row) for row in found], total, page, PAGE)


def reasons(session: Session, change: BulkChange) -> list[tuple[str, int]]:
    """Why assets were refused or left, and how many, the most frequent first."""
    query = (
        select(BulkItem.reason, func.count().label("assets"))
        .where(BulkItem.change_id == change.id, BulkItem.reason != "")
        .group_by(BulkItem.reason)
    )
    found = session.execute(query.order_by(func.count().desc(), BulkItem.reason).limit(10))
    return [(reason, count) for reason, count in found]


def _counts(session: Session, change_ids: list[int]) -> Mapping[int, Mapping[Outcome, int]]:
    query = (
        select(BulkItem.change_id, BulkItem.outcome, func.count())
        .where(BulkItem.change_id.in_(change_ids))
        .group_by(BulkItem.change_id, BulkItem.outcome)
    )
    found: dict[int, dict[Outcome, int]] = {}
    for change_id, outcome, count in session.execute(query):
        found.setdefault(change_id, {})[outcome] = count
    return found
