"""Doctor's look at the storage: does it keep, give and delete, and has it what the database knows; within bounded time."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from hub.db import make_public_id, unit_of_work
from hub.library.models import FileState, StoredFile
from hub.operations.findings import Found, Verdict
from hub.storage import Storage, StorageUnavailable, storage
from hub.web.filters import plural

LOOKED_FOR = 10  # files, of the oldest and of the newest
PATIENCE = (
    20.0  # seconds in all; a server that takes calls and says nothing would hold each of them for minutes
)

T = TypeVar("T")


def look() -> Found:
    """Writes one small object, which it deletes, and on S3 the rule of who may send files."""
    settings: Settings = current_app.extensions["hub.settings"]
    place = str(settings.data / "files") if settings.storage == "directory:" else settings.storage
    kept, until = storage(), monotonic() + PATIENCE
    try:
        if trouble := _within(until, lambda: _try(kept, settings.url)):
            yield Verdict.ADVICE, trouble, ""
        with unit_of_work(write=False) as session:
            keys = _some_keys(session)
        missing = _within(until, lambda: sum(kept.stat(key) is None for key in keys))
    except TimeoutError:
        yield Verdict.AILS, f"{place} did not answer within {PATIENCE:.0f} seconds.", _remedy(settings)
        return
    if missing:
        yield (
            Verdict.AILS,
            f"{missing} of {plural(len(keys), 'file')} looked for are not in {place}, so nobody can see them.",
            "Mount what held them, let HUB_STORAGE name it again, or bring a copy back.",
        )
        return
    yield Verdict.WELL, f"{place} keeps, gives and deletes.", ""


def _try(kept: Storage, url: str) -> str:
    """Keep, give and delete a small object; returns what is to be said of the rule for pages of `url`."""
    key, content = f"doctor/{make_public_id()}", os.urandom(16)
    try:
        kept.put(key, io.BytesIO(content), "text/plain")
        try:
            with kept.open(key) as stream:
                same = stream.read() == content
        finally:
            kept.delete(key)
    except FileNotFoundError as error:
        raise StorageUnavailable(
            f"What was just put into it is not there: {error}.",
            remedy="Check HUB_STORAGE, and whether HUB_S3_ENDPOINT speaks S3.",
        ) from error
    if not same:
        raise StorageUnavailable("What was written was not what was read.")
    return kept.ensure_cors(url)


def _some_keys(session: Session) -> list[str]:
    """The keys of the oldest and newest files that were read: an empty folder or a wrong bucket keeps new ones as well as any."""
    read = select(StoredFile.storage_key).where(
        StoredFile.state.in_((FileState.READY, FileState.PARTIAL)), StoredFile.replaced_at.is_(None)
    )
    ends = (StoredFile.id, StoredFile.id.desc())
    return list({key for end in ends for key in session.scalars(read.order_by(end).limit(LOOKED_FOR))})


def _remedy(settings: Settings) -> str:
    if settings.storage.startswith("directory"):
        return "See whether the disk that HUB_STORAGE names is still mounted and answers."
    named = f"HUB_S3_ENDPOINT ({settings.s3_endpoint})" if settings.s3_endpoint else "the way to Amazon's S3"
    return f"Check {named}: whether what listens there speaks S3, and whether a firewall or proxy holds the answer back."


def _within(until: float, work: Callable[[], T]) -> T:
    """What `work` returns or raises. It runs beside, in a thread that the end of the process does not wait for.

    Raises:
        TimeoutError: it took longer.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(until - monotonic(), 0))
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError
    return done[0]
