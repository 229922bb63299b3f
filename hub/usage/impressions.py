"""Assets seen in lists: many, cheap, and no use. Kept in a table of their own and counted by asset and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from hub.db import insert_into
from hub.usage import people
from hub.usage.models import DailySeen, Seen


def store(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert impressions, as rows of usage events, whose client id is new; returns how many were."""
    if not rows:
        return 0
    seen = [_row(row) for row in rows]
    new = insert_into(session, Seen).on_conflict_do_nothing(index_elements=["client_id"])
    return len(session.connection().execute(new.returning(Seen.client_id), seen).all())


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in {"kind", "data"}}
    return kept | {"search_id": row["data"].get("search_id", ""), "rank": row["data"].get("rank", 0)}


def refresh(session: Session, asset_ids: Sequence[int], *, since: date | None = None) -> None:
    """Count the days of these assets again; `since`: only days from this one on have changed."""
    query = select(Seen.asset_id, Seen.at, Seen.user_id).where(
        Seen.asset_id.in_(asset_ids), Seen.own.is_(False), Seen.machine.is_(False)
    )
    old = delete(DailySeen).where(DailySeen.asset_id.in_(asset_ids))
    if since is not None:
        query = query.where(Seen.at >= datetime.combine(since, time(), UTC))
        old = old.where(DailySeen.day >= since)
    days: dict[tuple[int, date], list[int]] = defaultdict(list)
    for asset_id, at, user_id in session.execute(query):
        days[asset_id, at.date()].append(user_id)
    session.execute(old, execution_options={"synchronize_session": False})
    rows = [
        {
            "asset_id": asset_id,
            "day": day,
            "count": len(users),
            "who": people.pack(people.unite(map(people.member, set(users)))),
        }
        for (asset_id, day), users in days.items()
    ]
    if rows:
        session.connection().execute(insert(DailySeen), rows)
