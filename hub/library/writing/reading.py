"""Unsaved writing as its page shows it: what it would change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.errors import NotFound
from hub.library import assets, contents
from hub.library.differences import Difference, differences, names_in
from hub.library.models import Asset
from hub.library.writing.keeping import said_in
from hub.library.writing.models import Autosave


@dataclass(frozen=True, slots=True)
class Left:
    """Writing that was left, and how it differs from the asset as it is saved, or from nothing."""

    asset: Asset | None
    differences: list[Difference]


def left(session: Session, user: User, writing: Autosave) -> Left:
    """What a piece of unsaved writing would change.

    Raises:
        NotFound: this person may no longer see the asset.
    """
    asset = session.get(Asset, writing.asset_id) if writing.asset_id else None
    if asset is not None:
        asset = assets.get(session, user, asset.public_id)
    elif writing.asset_id:
        raise NotFound
    typed = said_in(writing.content)
    saved = contents.snapshot(asset) if asset else {"external": False}
    return Left(asset, differences(saved, typed, writing.kind, names=names_in(session, saved, typed)))
