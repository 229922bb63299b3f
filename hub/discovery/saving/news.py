"""Telling people what is new for the searches they keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import unit_of_work
from hub.discovery.finding import published_since
from hub.discovery.saving.models import SavedSearch
from hub.discovery.saving.service import SPANS, asked
from hub.notices import Topic, tell
from hub.search import Engine
from hub.web.filters import plural

LATE = timedelta(minutes=30)  # what was published so shortly ago may not be in the index yet
AT_ONCE = 100


def tell_due(engine: Engine, moment: datetime) -> int:
    """Tell the owners of searches whose time has come what is new; returns how many were told. Once each: what is told and
    that it was are written together."""
    with unit_of_work(write=False) as session:
        due = _due(session, moment)
    return sum(_look(engine, search_id, moment) for search_id in due)


def _due(session: Session, moment: datetime) -> Sequence[int]:
    query = (
        select(SavedSearch.id)
        .join(User, User.id == SavedSearch.user_id)
        .where(SavedSearch.look_next <= moment, User.active.is_(True))
        .order_by(SavedSearch.look_next)
        .limit(AT_ONCE)
    )
    return session.scalars(query).all()


def _look(engine: Engine, search_id: int, moment: datetime) -> bool:
    """Look for one search and tell its owner. Finding is done before the transaction that writes is opened."""
    with unit_of_work(write=False) as session:
        saved = session.get_one(SavedSearch, search_id)
        user = session.get_one(User, saved.user_id)
        found = published_since(session, engine, user, asked(saved), saved.looked_at)
        before, new = saved.look_next, [asset_id for asset_id in found if asset_id not in set(saved.told)]
    with unit_of_work() as session:
        held = session.scalar(select(SavedSearch).where(SavedSearch.id == search_id).with_for_update())
        if held is None or held.look_next != before:
            return False  # forgotten or looked for meanwhile
        held.look_next = moment + SPANS[held.every]
        held.looked_at = max(held.looked_at, moment - LATE)
        held.told = found
        if new:
            text = f"{plural(len(new), 'new asset')} for your search “{held.name}”."
            path = f"/mine/searches/{held.public_id}"
            tell(session, [held.user_id], Topic.SEARCHES, text, path, key=f"search:{held.public_id}")
    return bool(new)
