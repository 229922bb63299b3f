"""What can be done about a notice of what the hub archived by itself: bring it back, as on the page of the asset."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.library.care.keeping import may_bring_back
from hub.library.life import moves
from hub.library.models import Asset, State
from hub.library.visibility import is_over, visible_to
from hub.notices.acts import Act


def offered(session: Session, user: User, public_ids: Collection[str]) -> Mapping[str, Act]:
    """By public id: the button for those of these assets that this person may bring back."""
    query = select(Asset).where(
        Asset.public_id.in_(public_ids), Asset.state == State.ARCHIVED, visible_to(user)
    )
    return {
        asset.public_id: Act("Bring it back", "arrow-back-up", f"/library/{asset.public_id}/care/bring-back")
        for asset in session.scalars(query)
        if not is_over(asset) and may_bring_back(user, asset, moves.last(session, asset))
    }
