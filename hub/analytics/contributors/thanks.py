"""Thanks: one notice to the owner of an asset, once from each person for each asset."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.errors import Conflict, Forbidden
from hub.library import assets
from hub.library.models import Asset
from hub.notices import Topic
from hub.notices.models import Notice

ENQUEUES = ("notices.mail",)


def say(session: Session, user: User, public_id: str) -> Asset:
    """Thank the owner of an asset. Returns the asset.

    Raises:
        NotFound: there is none of that id for this person.
        Forbidden: it is their own.
        Conflict: they have said so already, or its owner is not here any more.
    """
    asset = assets.get(session, user, public_id)
    if asset.owner_id == user.id:
        raise Forbidden("This asset is yours.", remedy="Let others thank you.")
    if not asset.owner.active:
        raise Conflict("Its owner is not here any more.", remedy="Thank somebody else.")
    if thanked(session, user, [public_id]):
        raise Conflict("You have thanked for this already.", remedy="Once is enough.")
    text = f"{user.name} says thanks for this: it is used."
    notices.tell(session, [asset.owner_id], Topic.THANKS, text, key=_key(user, public_id), asset=public_id)
    return asset


def thanked(session: Session, user: User, public_ids: Collection[str]) -> set[tuple[int, str]]:
    """For which of these assets this person has thanked whom: (id of the person, public id)."""
    keys = {_key(user, public_id): public_id for public_id in public_ids}
    owners = select(Asset.owner_id).where(Asset.public_id.in_(public_ids))
    query = select(Notice.user_id, Notice.key).where(Notice.user_id.in_(owners), Notice.key.in_(keys))
    return {(user_id, keys[key]) for user_id, key in session.execute(query) if key}


def _key(user: User, public_id: str) -> str:
    return f"thanks:{user.public_id}:{public_id}"
