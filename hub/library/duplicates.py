"""The same bytes in two assets: told to those who may see both, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session, aliased

from hub.accounts.models import User
from hub.errors import NotFound
from hub.library import assets
from hub.library.models import Asset, State, StoredFile
from hub.library.visibility import editable_by, visible_to

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """Another asset with the same file."""

    public_id: str
    title: str
    state: State


def standing_twice(user: User) -> ColumnElement[bool]:
    """Holds for assets with a file whose bytes are in another asset this person may see, unless somebody keeps both."""
    mine, other = aliased(StoredFile), aliased(StoredFile)
    return Asset.id.in_(
        select(mine.asset_id)
        .join(other, and_(other.sha256 == mine.sha256, other.asset_id != mine.asset_id))
        .where(
            mine.replaced_at.is_(None),
            other.replaced_at.is_(None),
            mine.may_stand_twice.is_(False),
            other.asset_id.in_(_in_use(user)),
        )
    )


def twins(session: Session, user: User, files: Iterable[StoredFile]) -> Mapping[int, list[Twin]]:
    """By file: the other assets with the same bytes that this person may see, the oldest first."""
    asked = {file.id for file in files if file.sha256 and not file.may_stand_twice}
    if not asked:
        return {}
    mine, other = aliased(StoredFile), aliased(StoredFile)
    query = (
        select(mine.id, Asset.public_id, Asset.title, Asset.state)
        .select_from(mine)
        .join(other, and_(other.sha256 == mine.sha256, other.asset_id != mine.asset_id))
        .join(Asset, Asset.id == other.asset_id)
        .where(mine.id.in_(asked), other.replaced_at.is_(None))
        .where(Asset.state != State.ARCHIVED, visible_to(user))
        .group_by(mine.id, Asset.id, Asset.public_id, Asset.title, Asset.state)
        .order_by(func.min(other.id))
    )
    found: dict[int, list[Twin]] = {}
    for file_id, public_id, title, state in session.execute(query):
        if len(found.setdefault(file_id, [])) < SHOWN:
            found[file_id].append(Twin(public_id, title, state))
    return found


def keep_both(session: Session, user: User, public_id: str, file_id: str) -> None:
    """Say that a file may stand in more than one asset: of those this person may change, none tells it again.

    Raises:
        NotFound, Forbidden: it is no file of an asset that is theirs to change.
    """
    asset = assets.get_editable(session, user, public_id)
    file = next((file for file in asset.files if file.public_id == file_id), None)
    if file is None:
        raise NotFound("There is no such file here.", remedy="Reload the page.")
    theirs = select(Asset.id).where(editable_by(user))
    same = update(StoredFile).where(StoredFile.sha256 == file.sha256, StoredFile.asset_id.in_(theirs))
    session.execute(same.values(may_stand_twice=True))


def _in_use(user: User) -> Select[int]:
    """Assets this person may see that are not put away."""
    return select(Asset.id).where(Asset.state != State.ARCHIVED, visible_to(user)).correlate(None)
