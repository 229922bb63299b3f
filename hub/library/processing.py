"""Files are made useful: the media package reads them, this writes down what it found.

A job reads, works, then writes: three short transactions with the work between them, so that none stays open over I/O.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import media
from hub.db import make_public_id, unit_of_work
from hub.jobs import enqueue
from hub.library.captions import adoption
from hub.library.models import FileState, Passage, Rendition, StoredFile
from hub.storage import Storage

ENQUEUES = ("search.index", "media.convert", *adoption.ENQUEUES)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A rendition that is in storage and not yet in the database."""

    kind: str
    storage_key: str
    mime: str
    page: int
    width: int
    height: int
    size: int


def process_file(file_id: int, storage: Storage, limits: media.Limits, *, convert: bool = False) -> None:
    """Read one file, keep what was made of it, and let search know. Running it again replaces what it made before.

    A video that must be converted first is passed on, with its poster and facts, to the job that converts one at a time.
    """
    with unit_of_work(write=False) as session:
        stored = session.get(StoredFile, file_id)
        if stored is None or stored.replaced_at is not None:
            return
        key, filename = stored.storage_key, stored.filename
    with tempfile.TemporaryDirectory(prefix="hub-media-") as folder, storage.local_path(key) as path:
        digest = _sha256(path)
        try:
            outcome = media.process(path, filename, Path(folder), limits, convert=convert)
        except media.MediaFault as error:
            _tell(file_id, error)
            raise
        kept = [_keep(storage, key, made) for made in outcome.renditions]
        captions = adoption.written_in(path, outcome.file_type.mime)
    with unit_of_work() as session:
        orphans = _write(session, file_id, digest, outcome, kept)
        adoption.settle(session, session.get_one(StoredFile, file_id), captions)
    for orphan in orphans:
        storage.delete(orphan)


def _keep(storage: Storage, key: str, made: media.Rendition) -> _Kept:
    """Put one rendition into storage, beside its original and under a name of its own."""
    target = f"renditions/{key.split('/')[1]}/{make_public_id()}{made.path.suffix}"
    storage.put(target, made.path, made.mime)
    return _Kept(
        made.kind,
        target,
        made.mime,
        made.page or 0,
        made.width or 0,
        made.height or 0,
        made.size,
    )


def _write(
    session: Session, file_id: int, digest: str, outcome: media.Outcome, kept: Iterable[_Kept]
) -> list[str]:
    """Write what was found; returns the storage keys that nothing points to any more."""
    stored = session.get_one(StoredFile, file_id, with_for_update=True)
    orphans = list(session.scalars(select(Rendition.storage_key).where(Rendition.file_id == file_id)))
    session.execute(delete(Rendition).where(Rendition.file_id == file_id))
    made_by_us = Passage.track_id.is_(None)  # those of captions were written by people
    session.execute(delete(Passage).where(Passage.file_id == file_id, made_by_us))
    stored.sha256 = digest
    stored.mime, stored.family = outcome.file_type.mime, outcome.file_type.family
    stored.facts = _facts(outcome)
    stored.reason = outcome.reason or ""
    stored.state = state_of(outcome)
    session.add_all(
        Rendition(
            file_id=file_id,
            kind=r.kind,
            storage_key=r.storage_key,
            mime=r.mime,
            page=r.page,
            width=r.width,
            height=r.height,
            size=r.size,
        )
        for r in kept
    )
    session.add_all(
        Passage(
            asset_id=stored.asset_id,
            file_id=file_id,
            kind=p.kind,
            number=p.number,
            title=p.title[:300],
            text=p.text,
            start_s=p.start_s,
            end_s=p.end_s,
        )
        for p in outcome.passages
    )
    session.flush()
    enqueue(session, "search.index", asset_id=stored.asset_id)
    if outcome.unfinished:
        enqueue(session, "media.convert", file_id=file_id)
    return orphans


def state_of(outcome: media.Outcome) -> FileState:
    """How far a file came."""
    if outcome.unfinished:
        return FileState.WAITING
    if outcome.ok:
        return FileState.READY
    return FileState.PARTIAL if outcome.partial else FileState.FAILED


def _tell(file_id: int, error: media.MediaFault) -> None:
    """The machine is at fault, not the file: it stays in waiting, with words, and the job is tried again."""
    with unit_of_work() as session:
        stored = session.get_one(StoredFile, file_id)
        stored.reason = (
            f"This could not be read yet, through no fault of the file. The hub tries again. ({error})"
        )


def _facts(outcome: media.Outcome) -> dict[str, Any]:
    """What is known of the file, without what is not."""
    return {key: value for key, value in asdict(outcome.facts).items() if value is not None}


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
