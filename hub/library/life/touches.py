"""Who touched, by hand, what no version of an asset keeps: its owner and its days. An undo goes by it.

Values alone do not tell: somebody may have changed one and set it back, and meant it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.library.life.models import Touch
from hub.library.models import Asset

NAMES = frozenset({"owner", "review_by", "expires_on"})


def note(session: Session, asset: Asset, names: Iterable[str], *, by: User | None) -> None:
    """Write down that somebody touched these of an asset's values; what else is named is kept elsewhere."""
    session.add_all(
        Touch(asset_id=asset.id, name=name, version=asset.version, by_id=by.id if by else None)
        for name in sorted(NAMES & set(names))
    )
    session.flush()


def note_owner(session: Session, asset_ids: Iterable[int], *, by: User | None) -> None:
    """Write down that the owner of many assets was changed at once."""
    values = literal("owner"), literal(by.id if by else None), literal(now())
    rows = select(Asset.id, Asset.version, *values).where(Asset.id.in_(asset_ids))
    columns = ["asset_id", "version", "name", "by_id", "at"]
    session.execute(insert(Touch).from_select(columns, rows, include_defaults=False))


def since(session: Session, versions: Mapping[int, int]) -> Iterable[tuple[int, str]]:
    """Assets and names of what was touched in them while they had this version, or a later one."""
    query = select(Touch.asset_id, Touch.name, Touch.version).where(Touch.asset_id.in_(versions))
    for asset_id, name, version in session.execute(query):
        if version >= versions[asset_id]:
            yield asset_id, name
