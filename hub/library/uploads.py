"""Files come in: a browser asks to begin, sends parts straight to storage, and says when it is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import make_public_id, now, unit_of_work
from hub.errors import Conflict, HubError, Invalid, NotFound, TooLarge
from hub.jobs import enqueue
from hub.library import assets, duplicates
from hub.library.contents import Content
from hub.library.duplicates import Twin
from hub.library.kind_words import kind_of_file
from hub.library.life import files
from hub.library.models import Asset, StoredFile, Upload
from hub.library.uploading import identity, leftovers, names, parts, quotas
from hub.library.uploading.identity import KEPT_FOR, Origin
from hub.library.uploading.quotas import Quota
from hub.library.visibility import visible_to
from hub.storage import Part, Storage
from hub.web.filters import size as words_of

ENQUEUES = ("media.process",)


@dataclass(frozen=True, slots=True)
class Progress:
    """An upload as its owner sees it: parts already there, and targets for those that are missing.

    `file`: what it became; `twins`: where else the same bytes are that its owner may see, once the worker has read it.
    """

    upload: Upload
    asset: Asset
    done: list[Part]
    targets: list[parts.PartTarget]
    file: StoredFile | None = None
    twins: Sequence[Twin] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """A file that is to come, and what is said of it: `lot` holds the terms and the audience of the drafts made for it."""

    filename: str
    size: int
    content_type: str = ""
    origin: Origin = field(default_factory=Origin)
    lot: Content = field(default_factory=lambda: Content(title=""))

    @property
    def path(self) -> str:
        return self.origin.path or self.filename


def begin(
    storage: Storage,
    user: User,
    coming: Coming,
    *,
    asset_id: str = "",
    replaces: str = "",
    limit: int,
    quota: Quota = quotas.NONE,
) -> Progress:
    """Begin an upload to an asset, or to a new draft named after the file when `asset_id` is empty.

    A file that this person began to send to the same place before goes on where it stopped.
    `replaces`: the public id of the asset's file whose place, and link, the new one takes.

    Raises:
        Invalid: no name, an empty file, or a lot that cannot be taken.
        TooLarge: `size` is above `limit` bytes, or above what may be kept.
        TooMany: this person has too many uploads open.
        NotFound, Forbidden: the asset is not theirs to change.
    """
    coming = replace(coming, filename=names.clean_filename(coming.filename))
    check_size(coming.filename, coming.size, limit)
    with unit_of_work(write=False) as session:
        if asset_id:
            asset = assets.get_editable(session, user, asset_id)
        replaced = files.replaceable(session, asset, replaces).id if asset_id and replaces else None
        same = identity.find(
            session,
            user,
            filename=coming.filename,
            size=coming.size,
            origin=coming.origin,
            asset_id=asset_id,
            replaces_id=replaced,
        )
        if same is None:
            quotas.check(session, user, coming.size, quota)
    if same is not None:
        return progress(storage, user, same)
    upload = opened(storage, user, coming)
    upload.replaces_id = replaced
    try:
        with unit_of_work() as session:
            quotas.check(session, user, coming.size, quota)
            asset = (
                assets.get_editable(session, user, asset_id)
                if asset_id
                else _draft_for(session, user, coming)
            )
            upload.asset_id, upload.made_asset = asset.id, not asset_id
            session.add(upload)
            session.flush()
    except HubError:
        leftovers.drop(storage, upload)
        raise
    return Progress(upload, asset, [], parts.targets_of(storage, upload, []))


def take_up(
    storage: Storage, user: User, public_id: str, *, filename: str, size: int, origin: Origin
) -> Progress:
    """Go on with an upload, with a file that somebody chose again.

    Raises:
        Conflict: it is another file than the one the upload began with.
        NotFound: the upload is not theirs.
    """
    with unit_of_work(write=False) as session:
        upload = _mine(session, user, public_id)
    identity.check_same(upload, filename=names.clean_filename(filename), size=size, origin=origin)
    return progress(storage, user, public_id)


def unfinished(session: Session, user: User) -> list[Upload]:
    """The uploads this person began and neither finished nor cancelled, by folder and name."""
    mine = select(Upload).where(Upload.user_id == user.id, Upload.ended_at.is_(None))
    query = mine.where(Upload.asset_id.is_not(None)).order_by(Upload.path, Upload.filename, Upload.id)
    return list(session.scalars(query))


def progress(storage: Storage, user: User, public_id: str) -> Progress:
    """What is already there of one of this person's uploads, and where the rest goes.

    Raises:
        NotFound: it is not theirs, or not there any more; or its asset is out of their sight by now.
    """
    with unit_of_work(write=False) as session:
        upload = _mine(session, user, public_id)
        asset = session.scalars(
            select(Asset).where(Asset.id == upload.asset_id, visible_to(user))
        ).one_or_none()
        if asset is None:
            raise _no_such_upload()
        file = session.get(StoredFile, upload.file_id) if upload.file_id else None
        twins = duplicates.twins(session, user, [file] if file else []).get(upload.file_id or 0, [])
    if upload.ended_at is not None:
        return Progress(upload, asset, [], [], file, twins)
    right = parts.arrived(storage, upload)
    return Progress(upload, asset, right, parts.targets_of(storage, upload, right))


def complete(storage: Storage, user: User, public_id: str) -> tuple[StoredFile, Asset]:
    """All parts are there: keep the file and let the worker make it useful. Saying it twice gives the same file.

    Raises:
        Invalid: parts are missing or have another size than declared; they are named and can be sent again.
        Conflict: the upload was cancelled.
        NotFound, Forbidden: the asset is no longer theirs to change; it was published meanwhile, for example.
    """
    with unit_of_work(write=False) as session:
        upload = _mine(session, user, public_id)
        if upload.ended_at is None:
            assets.get_editable(session, user, session.get_one(Asset, upload.asset_id).public_id)
    if upload.ended_at is None:
        parts.put_together(storage, upload)
    with unit_of_work() as session:
        upload = _mine(session, user, public_id, lock=True)
        asset = session.get_one(Asset, upload.asset_id)
        if upload.file_id is not None:
            return session.get_one(StoredFile, upload.file_id), asset
        cancelled = upload.ended_at is not None
        if not cancelled:
            assets.get_to_change(session, user, asset.public_id)
            stored = attach(
                session,
                user,
                asset,
                key=upload.storage_key,
                filename=upload.filename,
                size=upload.size,
                named=False,
            )
            files.take_in(session, user, asset, stored, upload.replaces_id)
            upload.file_id, upload.ended_at = stored.id, now()
    if cancelled:
        leftovers.drop(storage, upload)  # it may have been put together after it was cancelled
        raise Conflict("This upload was cancelled.", remedy="Begin it again.")
    return stored, asset


def abort(storage: Storage, user: User, public_id: str) -> None:
    """Cancel an upload; what was sent is dropped. An upload that is complete stays."""
    with unit_of_work() as session:
        upload = _mine(session, user, public_id, lock=True)
        if upload.ended_at is not None:
            return
        upload.ended_at = now()
    leftovers.drop(storage, upload)


def sweep(storage: Storage) -> int:
    """Cancel the uploads that nobody came back to, and drop what others left behind; returns how many were cancelled."""
    with unit_of_work() as session:
        stale = select(Upload).where(Upload.ended_at.is_(None), Upload.created_at < now() - KEPT_FOR)
        ended = list(session.scalars(stale))
        for upload in ended:
            upload.ended_at = now()
    for upload in ended:
        leftovers.drop(storage, upload)
    leftovers.sweep(storage)
    storage.sweep_uploads(
        KEPT_FOR + timedelta(days=1)
    )  # what was begun and then killed before its row was written
    return len(ended)


def attach(
    session: Session, user: User, asset: Asset, *, key: str, filename: str, size: int, named: bool = True
) -> StoredFile:
    """Bind bytes that are in storage under `key` to an asset and let the worker make them useful.

    `named`: the present version of the asset names the file; else the caller sees to it.
    """
    stored = StoredFile(asset_id=asset.id, uploader_id=user.id, storage_key=key, filename=filename, size=size)
    session.add(stored)
    leftovers.bind(session, key)
    session.flush()
    if named:
        assets.note_files(session, asset)
    enqueue(session, "media.process", file_id=stored.id)
    enqueue(session, "search.index", asset_id=asset.id)
    return stored


def opened(storage: Storage, user: User, coming: Coming) -> Upload:
    """An upload begun in storage, whose row is still to be written."""
    key = f"files/{make_public_id()}/{names.storage_name(coming.filename)}"
    content_type = _content_type(coming.content_type)
    return Upload(
        user_id=user.id,
        filename=coming.filename,
        path=coming.origin.path,
        modified=coming.origin.modified,
        fingerprint=coming.origin.fingerprint,
        content_type=content_type,
        size=coming.size,
        part_size=parts.size_for(coming.size),
        storage_key=key,
        storage_upload=storage.begin_upload(key, content_type, coming.size),
    )


def _draft_for(session: Session, user: User, coming: Coming) -> Asset:
    title = names.title_of(coming.filename)
    content = replace(coming.lot, title=title, note=f"Made from {coming.path}"[:500])
    return assets.create(session, user, kind_of_file(coming.path), content)


def check_size(filename: str, size: int, limit: int) -> None:
    if size <= 0:
        raise Invalid("size", f"“{filename}” is empty.", "Choose a file with something in it.")
    if size > limit:
        raise TooLarge(
            f"“{filename}” has {words_of(size)}; the limit is {words_of(limit)}.",
            remedy="Send a smaller file, or ask your administrator to raise HUB_MAX_UPLOAD.",
            field="size",
        )


def _mine(session: Session, user: User, public_id: str, *, lock: bool = False) -> Upload:
    mine = (Upload.public_id == public_id, Upload.user_id == user.id, Upload.asset_id.is_not(None))
    query = select(Upload).where(*mine)
    upload = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if upload is None:
        raise _no_such_upload()
    return upload


def _no_such_upload() -> NotFound:
    return NotFound("There is no such upload of yours.", remedy="Begin it again.")


def _content_type(given: str) -> str:
    return (
        given if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}", given) else "application/octet-stream"
    )
