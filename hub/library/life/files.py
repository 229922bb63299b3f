"""A file behind a stable link: replaced, the link leads to the newer one; the earlier ones are kept with the versions."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.errors import Conflict, NotFound
from hub.jobs import enqueue
from hub.library import assets, publishing
from hub.library.life import planned, ready
from hub.library.models import Asset, FileState, State, StoredFile
from hub.storage import Storage

LINK_LIVES = 60  # seconds that the address behind the link works: who loses the asset loses the file

ENQUEUES = ("media.process", *assets.ENQUEUES)


def current(session: Session, user: User, asset_id: str, file_id: str) -> StoredFile:
    """The newest of the files behind this link.

    Raises:
        NotFound: this person may not see the asset, or it has no such file any more.
        Forbidden: it is internal, and this person only reads it.
    """
    asset = assets.get(session, user, asset_id)
    publishing.check_take_out(user, asset)
    newest = _newest(session, _of(session, asset, file_id))
    if newest is None:
        raise NotFound("This file was taken out.", "The page of the asset shows the present ones.")
    return newest


def exactly(session: Session, user: User, asset_id: str, file_id: str) -> StoredFile:
    """This very file, also when a newer one took its place; for those who keep the asset.

    Raises:
        NotFound, Forbidden: the asset is not theirs to keep, or has no such file.
    """
    return _of(session, assets.get_kept(session, user, asset_id), file_id)


def address(storage: Storage, stored: StoredFile) -> str:
    """Where its bytes are, for a minute. The name of an internal one says so wherever it goes."""
    name = stored.filename if stored.asset.external else f"INTERNAL {stored.filename}"
    return storage.url(stored.storage_key, expires=LINK_LIVES, filename=name)


def replaceable(session: Session, asset: Asset, file_id: str) -> StoredFile:
    """The present file in whose place a new one may be put.

    Raises:
        NotFound: the asset has no such file any more.
    """
    newest = _newest(session, _of(session, asset, file_id))
    if newest is None:
        raise NotFound("The file to replace was taken out.", "Upload the new one as a file of its own.")
    return newest


def to_replace(session: Session, user: User, public_id: str, file_id: str) -> StoredFile:
    """The newest file behind this link, for somebody who may put another in its place.

    Raises:
        NotFound: the asset has no such file any more, or this person may not see it.
        Forbidden: they only read it.
    """
    return replaceable(session, assets.get_editable(session, user, public_id), file_id)


def take_in(session: Session, user: User, asset: Asset, new: StoredFile, replaces_id: int | None) -> None:
    """Let versions know of a file that came: what readers or a reviewer have before them changes by a version."""
    if replaces_id is not None:
        _replace(session, user, asset, session.get_one(StoredFile, replaces_id), new)
    elif asset.state in {State.PUBLISHED, State.IN_REVIEW}:
        session.expire(asset, ["files"])
        assets.next_version(session, user, asset, f"{new.filename} added"[:500])
    else:
        assets.note_files(session, asset)
        planned.fall(session, user, asset)


def _replace(session: Session, user: User, asset: Asset, old: StoredFile, new: StoredFile) -> None:
    """Put `new` in the place of `old`, or of what took its place meanwhile."""
    newest = _newest(session, old) or old
    newest.replaced_at = newest.replaced_at or now()
    new.first_id = old.first_id or old.id
    session.flush()
    session.expire(asset, ["files"])
    assets.next_version(session, user, asset, f"{newest.filename} replaced by {new.filename}"[:500])


def take_out(session: Session, user: User, asset_id: str, file_id: str) -> Asset:
    """Take a file out of an asset; the version before keeps it, and restoring that brings it back.

    Raises:
        Invalid: a published asset of its kind needs it.
        NotFound, Forbidden: as `assets.get_editable`.
    """
    asset = assets.get_to_change(session, user, asset_id)
    stored = _newest(session, _of(session, asset, file_id))
    if stored is None:
        return asset
    put_in_place(session, asset, {file.public_id for file in asset.files} - {stored.public_id})
    if asset.state is State.PUBLISHED:
        ready.check_publishable(asset)
    assets.next_version(session, user, asset, f"{stored.filename} taken out"[:500])
    return asset


def read_again(session: Session, user: User, asset_id: str, file_id: str) -> StoredFile:
    """Let the hub read a file once more of which it could make nothing, or not all: what was in its way may be gone.

    Raises:
        Conflict: it is being read, or there is nothing to mend.
        NotFound, Forbidden: as `to_replace`.
    """
    stored = to_replace(session, user, asset_id, file_id)
    session.refresh(stored, with_for_update=True)  # of two who ask at once, the second is told
    if stored.state is FileState.WAITING:
        raise Conflict("The hub is reading this file.", remedy="Wait until it is done.")
    if stored.state is FileState.READY:
        raise Conflict(
            "This file was read in full: there is nothing to try again.", remedy="Send another one."
        )
    stored.state, stored.reason = FileState.WAITING, ""
    session.flush()
    enqueue(session, "media.process", file_id=stored.id)
    return stored


def put_in_place(session: Session, asset: Asset, public_ids: Collection[str]) -> None:
    """Let exactly these of its files, past and present, be those of the asset."""
    for stored in session.scalars(select(StoredFile).where(StoredFile.asset_id == asset.id)):
        if stored.public_id not in public_ids:
            stored.replaced_at = stored.replaced_at or now()
        elif stored.replaced_at is not None:
            stored.replaced_at = None
            if stored.state is FileState.WAITING:  # taken out before it was read
                enqueue(session, "media.process", file_id=stored.id)
    session.flush()
    session.expire(asset, ["files"])


def _of(session: Session, asset: Asset, file_id: str) -> StoredFile:
    query = select(StoredFile).where(StoredFile.asset_id == asset.id, StoredFile.public_id == file_id)
    stored = session.scalars(query).one_or_none()
    if stored is None:
        raise NotFound("This asset has no such file.", "Go back to its page.")
    return stored


def _newest(session: Session, stored: StoredFile) -> StoredFile | None:
    first = stored.first_id or stored.id
    same_link = or_(StoredFile.id == first, StoredFile.first_id == first)
    query = select(StoredFile).where(same_link, StoredFile.replaced_at.is_(None))
    return session.scalars(query.order_by(StoredFile.id.desc()).limit(1)).one_or_none()
