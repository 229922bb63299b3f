"""A collection is sent like any other file: in parts, straight to storage, to be gone on with when it was cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now, unit_of_work
from hub.errors import Conflict, HubError, Invalid, NotFound
from hub.jobs import enqueue
from hub.library import uploads
from hub.library.imports.models import CollectionImport, Stage
from hub.library.models import Upload
from hub.library.uploading import leftovers, names, parts, quotas
from hub.library.uploading.parts import PartTarget
from hub.library.uploading.quotas import Quota
from hub.library.uploads import Coming
from hub.storage import Part, Storage

ENDINGS = (".zip", ".csv", ".tsv", ".xlsx", ".xlsm")
ENQUEUES = ("imports.look",)


@dataclass(frozen=True, slots=True)
class Sending:
    """A collection on its way: what is there of it, and where the rest goes."""

    upload: Upload
    made: CollectionImport
    done: list[Part]
    targets: list[PartTarget]


def begin(storage: Storage, user: User, coming: Coming, *, limit: int, quota: Quota) -> Sending:
    """Begin to send a collection, or go on with the same file.

    Raises:
        Invalid: it is neither an archive nor a table, or empty.
        TooLarge, TooMany: as `uploads.begin`.
    """
    coming = replace(coming, filename=names.clean_filename(coming.filename))
    if PurePosixPath(coming.filename).suffix.lower() not in ENDINGS:
        words = f"“{coming.filename}” is neither a ZIP nor a table."
        raise Invalid("filename", words, f"Send one that ends in {', '.join(ENDINGS)}.")
    uploads.check_size(coming.filename, coming.size, limit)
    with unit_of_work(write=False) as session:
        same = _same(session, user, coming)
        if same is None:
            quotas.check(session, user, coming.size, quota)
    if same is not None:
        return progress(storage, user, same)
    upload = uploads.opened(storage, user, coming)
    try:
        with unit_of_work() as session:
            quotas.check(session, user, coming.size, quota)
            session.add(upload)
            session.flush()
            made = CollectionImport(
                user_id=user.id,
                upload_id=upload.id,
                filename=upload.filename,
                storage_key=upload.storage_key,
                size=upload.size,
            )
            session.add(made)
            session.flush()
    except HubError:
        leftovers.drop(storage, upload)
        raise
    return Sending(upload, made, [], parts.targets_of(storage, upload, []))


def progress(storage: Storage, user: User, public_id: str) -> Sending:
    """What is there of a collection of this person's, by the id of its upload.

    Raises:
        NotFound: it is not theirs.
    """
    with unit_of_work(write=False) as session:
        upload, made = _mine(session, user, public_id)
    if upload.ended_at is not None:
        return Sending(upload, made, [], [])
    right = parts.arrived(storage, upload)
    return Sending(upload, made, right, parts.targets_of(storage, upload, right))


def complete(storage: Storage, user: User, public_id: str) -> CollectionImport:
    """All of it is there: let the worker look what is in it.

    Raises:
        Invalid: parts are missing.
        Conflict: it was cancelled.
        NotFound: it is not theirs.
    """
    with unit_of_work(write=False) as session:
        upload, made = _mine(session, user, public_id)
    if upload.ended_at is None:
        parts.put_together(storage, upload)
    with unit_of_work() as session:
        upload, made = _mine(session, user, public_id, lock=True)
        if made.stage is not Stage.COMING:
            return made
        cancelled = upload.ended_at is not None
        if not cancelled:
            # It is cleared as far as uploads go: from now on the import keeps it.
            upload.ended_at = upload.cleared_at = now()
            made.stage = Stage.LOOKING
            enqueue(session, "imports.look", import_id=made.id)
    if cancelled:
        leftovers.drop(storage, upload)
        raise Conflict("This upload was cancelled.", remedy="Begin it again.")
    return made


def abort(storage: Storage, user: User, public_id: str) -> None:
    """Cancel; what was sent is dropped."""
    with unit_of_work() as session:
        upload, made = _mine(session, user, public_id, lock=True)
        if upload.ended_at is not None:
            return
        upload.ended_at = now()
        session.delete(made)
    leftovers.drop(storage, upload)


def _same(session: Session, user: User, coming: Coming) -> str | None:
    """The upload of this very file that waits, by its public id."""
    if not coming.origin.known:
        return None
    query = (
        select(Upload.public_id)
        .join(CollectionImport, CollectionImport.upload_id == Upload.id)
        .where(Upload.user_id == user.id, Upload.ended_at.is_(None))
        .where(Upload.filename == coming.filename, Upload.size == coming.size)
        .where(Upload.modified == coming.origin.modified, Upload.fingerprint == coming.origin.fingerprint)
    )
    return session.scalars(query.order_by(Upload.id.desc()).limit(1)).one_or_none()


def _mine(
    session: Session, user: User, public_id: str, *, lock: bool = False
) -> tuple[Upload, CollectionImport]:
    query = (
        select(Upload, CollectionImport)
        .join(CollectionImport, CollectionImport.upload_id == Upload.id)
        .where(Upload.public_id == public_id, Upload.user_id == user.id)
    )
    found = session.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("There is no such upload of yours.", remedy="Begin it again.")
    return found[0], found[1]
