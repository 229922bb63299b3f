"""Objects in storage that no row names: found and dropped, however an upload or an import ended.

What goes into storage is announced first in a row of its own, which goes when a file's row takes the object over. So whoever is
killed between the two leaves a trace, and the sweep follows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hub.db import insert_into, now, unit_of_work
from hub.library.models import LooseObject, StoredFile, Upload
from hub.storage import Storage

GRACE = timedelta(hours=1)  # longer than it takes to put a file together
FORGOTTEN = timedelta(days=1)  # an import keeps its batch within minutes
AT_ONCE = 1_000


def announce(keys: Iterable[str]) -> None:
    """Say that objects are about to be put under these keys."""
    rows = [{"key": key, "at": now()} for key in keys]
    if not rows:
        return
    with unit_of_work() as session:
        session.execute(insert_into(session, LooseObject).values(rows).on_conflict_do_nothing())


def bind(session: Session, key: str) -> None:
    """A file's row names the object now."""
    session.execute(delete(LooseObject).where(LooseObject.key == key))


def drop(storage: Storage, upload: Upload) -> None:
    """Drop what an upload that was cancelled left in storage: its parts, and the object they may have become."""
    storage.abort_upload(upload.storage_key, upload.storage_upload)
    storage.delete(upload.storage_key)


def sweep(storage: Storage) -> int:
    """Look again after cancelled uploads, which may just have been completed, and after what was announced and never bound."""
    return _sweep_uploads(storage) + _sweep_loose(storage)


def _sweep_uploads(storage: Storage) -> int:
    cancelled = (
        Upload.file_id.is_(None),
        Upload.cleared_at.is_(None),
        Upload.ended_at < now() - GRACE,
    )
    with unit_of_work(write=False) as session:
        found = list(session.scalars(select(Upload).where(*cancelled).order_by(Upload.id).limit(AT_ONCE)))
    for upload in found:
        drop(storage, upload)
    with unit_of_work() as session:
        ids = [upload.id for upload in found]
        session.execute(update(Upload).where(Upload.id.in_(ids)).values(cleared_at=now()))
    return len(found)


def _sweep_loose(storage: Storage) -> int:
    query = select(LooseObject.key).where(LooseObject.at < now() - FORGOTTEN)
    with unit_of_work(write=False) as session:
        keys = list(session.scalars(query.order_by(LooseObject.at).limit(AT_ONCE)))
        bound = set(session.scalars(select(StoredFile.storage_key).where(StoredFile.storage_key.in_(keys))))
    for key in keys:
        if key not in bound:
            storage.delete(key)
    with unit_of_work() as session:
        session.execute(delete(LooseObject).where(LooseObject.key.in_(keys)))
    return len(keys)
