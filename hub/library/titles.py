"""Titles of assets for features below the library, which know only their public ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.library.models import Asset
from hub.library.visibility import visible_to


def visible_titles(session: Session, user: User, public_ids: Collection[str]) -> Mapping[str, str]:
    """The titles of those of these assets that this person may see now, by public id."""
    query = select(Asset.public_id, Asset.title).where(Asset.public_id.in_(public_ids), visible_to(user))
    return {row.public_id: row.title for row in session.execute(query)}
