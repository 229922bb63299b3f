"""The page of a collection: its assets in their order, as far as this person may see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.discovery.rows import hydrate
from hub.discovery.showing import ShownHit, shown
from hub.library.collections import filling, keeping
from hub.library.collections.models import Collection
from hub.web.pagination import Page

PAGE = 50


@dataclass(frozen=True, slots=True)
class Collected:
    """What the page of a collection shows, and whether this person may fill it, or name and share it."""

    collection: Collection
    page: Page[ShownHit]
    may_fill: bool
    may_run: bool
    may_pin: bool


def collected(session: Session, user: User, public_id: str, page: int) -> Collected:
    """The page of a collection.

    Raises:
        NotFound: there is none of that id for this person.
    """
    collection = keeping.get(session, user, public_id)
    ids = filling.asset_ids(session, user, collection)
    here = ids[(page - 1) * PAGE : page * PAGE]
    rows = hydrate(session, user, here)
    return Collected(
        collection,
        Page([shown(rows[asset_id]) for asset_id in here if asset_id in rows], len(ids), page, PAGE),
        keeping.may_fill(session, user, collection),
        keeping.may_run(user, collection),
        may(user.role, Permission.PUBLISH) and collection.archived_at is None,
    )
