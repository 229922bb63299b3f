"""What others did to assets after a bulk change, so that its undo leaves it alone.

Four things tell: the versions of an asset, each against the one before it; touches, which say who changed an owner or a
day by hand; moves from one state to another; and other bulk changes that stand. A version that a bulk change or its undo
made is known by its number, a move by the item it belongs to or by what it takes back; they count only as long as that
bulk change stands. Values are not compared: who changed one and set it back meant it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from hub.library import taxonomy
from hub.library.bulk.models import BulkItem, Outcome
from hub.library.life import touches
from hub.library.life.models import Move
from hub.library.models import Asset, Version
from hub.library.taxonomy import Catalogue


@dataclass(slots=True)
class Since:
    """Names of values, and ids of terms, that somebody else changed."""

    values: set[str] = field(default_factory=set)
    terms: set[int] = field(default_factory=set)


def changed_since(session: Session, items: Sequence[BulkItem]) -> Mapping[int, Since]:
    """By asset: what was changed after these items of a bulk change."""
    found = {item.asset_id: Since() for item in items}
    after = {item.asset_id: item.version for item in items}
    terms = taxonomy.catalogue(session)
    by_bulk: dict[int, set[int]] = {asset_id: set() for asset_id in found}
    for other in session.scalars(select(BulkItem).where(BulkItem.asset_id.in_(found), BulkItem.version > 0)):
        by_bulk[other.asset_id] |= {other.version, other.undone_version}
        stands = other.outcome in {Outcome.CHANGED, Outcome.LEFT}
        if stands and other.version > after[other.asset_id]:
            found[other.asset_id].values |= set(other.after) - {"terms"}
            before, changed = (terms.ids(side.get("terms", ())) for side in (other.before, other.after))
            found[other.asset_id].terms |= before ^ changed
    for asset_id, earlier, later in _steps(session, after):
        if later.number not in by_bulk[asset_id]:
            _compare(found[asset_id], earlier.content, later.content, terms)
    for asset_id, name in touches.since(session, after):
        found[asset_id].values.add(name)
    for asset_id in _moved(session, items):
        found[asset_id].values.add("state")
    return found


def _moved(session: Session, items: Sequence[BulkItem]) -> Iterator[int]:
    """Assets that somebody, or the hub by its rules, took to another state after these items did."""
    after = {item.asset_id: item.move_id for item in items if item.move_id is not None}
    by_bulk = select(BulkItem.move_id).where(BulkItem.asset_id.in_(after), BulkItem.move_id.is_not(None))
    query = select(Move.asset_id, Move.id).where(
        Move.asset_id.in_(after), Move.undoes_id.is_(None), Move.id.not_in(by_bulk)
    )
    for asset_id, move_id in session.execute(query) if after else ():
        if move_id > after[asset_id]:
            yield asset_id


def _steps(session: Session, after: Mapping[int, int]) -> Iterator[tuple[int, Version, Version]]:
    """Each later version of these assets, with the one before it; assets that have none cost nothing."""
    current = session.execute(select(Asset.id, Asset.version).where(Asset.id.in_(after)))
    moved = [asset_id for asset_id, version in current if version > after[asset_id]]
    wanted = or_(false(), *(and_(Version.asset_id == one, Version.number >= after[one]) for one in moved))
    query = select(Version).where(wanted).order_by(Version.asset_id, Version.number)
    versions = session.scalars(query) if moved else ()
    for asset_id, of_asset in groupby(versions, key=lambda version: version.asset_id):
        for earlier, later in pairwise(of_asset):
            yield asset_id, earlier, later


def _compare(since: Since, earlier: Mapping[str, Any], later: Mapping[str, Any], terms: Catalogue) -> None:
    if earlier["external"] != later["external"]:
        since.values.add("external")
    if (earlier["for_everyone"], earlier["teams"]) != (later["for_everyone"], later["teams"]):
        since.values.add("audience")
    before, changed = (set(terms.now(content["terms"])) for content in (earlier, later))
    since.terms |= {term.id for said in before ^ changed if (term := terms.find(*said.split(":", 1)))}
