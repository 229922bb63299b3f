"""Who owns anything, by name: what `owner:` in the search box can mean."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.library.models import Asset


def names_of_owners(session: Session) -> Sequence[str]:
    """The names of all who own an asset, each once. Whom one works with is no secret in a company."""
    return session.scalars(select(User.name).where(User.id.in_(select(Asset.owner_id))).distinct()).all()
