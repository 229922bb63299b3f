"""Files come in: a browser asks to begin, sends parts straight to storage, and says when it is done."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import make_public_id, now, unit_of_work
from hub.errors import Conflict, Invalid, NotFound, TooLarge, TooMany
from hub.jobs import enqueue
from hub.library import assets
from hub.library.kinds import Kind
from hub.library.models import Asset, StoredFile, Upload
from hub.storage import Part, Storage

MIB = 1024 * 1024
PART_SIZE = 8 * MIB
MOST_PARTS = 1_000
OPEN_AT_ONCE = 200  # unfinished uploads one person may have
KEPT_FOR = timedelta(days=7)  # an unfinished upload can be resumed that long

ENQUEUES = ("media.process",)

# What a file's name suggests until its content is read; a marketer can change the kind.
LIKELY = {
    Kind.PITCH_VIDEO: {
        ".mp4",
        ".webm",
        ".mov",
        ".mkv",
        ".avi",
        ".m4v",
        ".wmv",
        ".mp3",
        ".m4a",
        ".wav",
        ".ogg",
    },
    Kind.DECK: {".pptx", ".ppt", ".key", ".odp", ".pptm", ".ppsx"},
}


@dataclass(frozen=True, slots=True)
class PartTarget:
    """Where the browser sends one part: `size` bytes, by PUT."""

    number: int
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Progress:
    """An upload as its owner sees it: parts already there, and targets for those that are missing."""

    upload: Upload
    asset: Asset
    done: list[Part]
    targets: list[PartTarget]


def begin(
    storage: Storage, user: User, *, filename: str, size: int, content_type: str, asset_id: str, limit: int
) -> Progress:
    """Begin an upload to an asset, or to a new draft named after the file when `asset_id` is empty.

    Raises:
        Invalid: no name, or an empty file.
        TooLarge: `size` is above `limit` bytes.
        TooMany: this person has too many uploads open.
        NotFound, Forbidden: the asset is not theirs to change.
    """
    filename = clean_filename(filename)
    _check_size(filename, size, limit)
    with unit_of_work(write=False) as session:
        _check_open(session, user)
        if asset_id:
            assets.get_editable(session, user, asset_id)
    key = f"files/{make_public_id()}/{storage_name(filename)}"
    content_type = _content_type(content_type)
    part_size = max(PART_SIZE, -(-size // MOST_PARTS // MIB) * MIB)
    storage_upload = storage.begin_upload(key, content_type, size)
    with unit_of_work() as session:
        asset = (
            assets.get_editable(session, user, asset_id) if asset_id else _draft_for(session, user, filename)
        )
        upload = Upload(
            user_id=user.id,
            asset_id=asset.id,
            filename=filename,
            content_type=content_type,
            size=size,
            part_size=part_size,
            storage_key=key,
            storage_upload=storage_upload,
        )
        session.add(upload)
        session.flush()
    return Progress(upload, asset, [], _targets(storage, upload, []))


def progress(storage: Storage, user: User, public_id: str) -> Progress:
    """What is already there of one of this person's uploads, and where the rest goes.

    Raises:
        NotFound: it is not theirs, or not there any more.
    """
    with unit_of_work(write=False) as session:
        upload = _mine(session, user, public_id)
        asset = session.get_one(Asset, upload.asset_id)
    if upload.ended_at is not None:
        return Progress(upload, asset, [], [])
    done = storage.parts(upload.storage_key, upload.storage_upload)
    right = [part for part in done if part.size == _size_of(upload, part.number)]
    return Progress(upload, asset, right, _targets(storage, upload, right))


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
        _put_together(storage, upload)
    with unit_of_work() as session:
        upload = _mine(session, user, public_id, lock=True)
        asset = session.get_one(Asset, upload.asset_id)
        if upload.file_id is not None:
            return session.get_one(StoredFile, upload.file_id), asset
        if upload.ended_at is not None:
            raise Conflict("This upload was cancelled.", remedy="Begin it again.")
        assets.get_editable(session, user, asset.public_id)
        stored = attach(
            session, user, asset, key=upload.storage_key, filename=upload.filename, size=upload.size
        )
        upload.file_id, upload.ended_at = stored.id, now()
    return stored, asset


def abort(storage: Storage, user: User, public_id: str) -> None:
    """Cancel an upload; what was sent is dropped. An upload that is complete stays."""
    with unit_of_work() as session:
        upload = _mine(session, user, public_id, lock=True)
        if upload.ended_at is not None:
            return
        upload.ended_at = now()
    storage.abort_upload(upload.storage_key, upload.storage_upload)


def sweep(storage: Storage) -> int:
    """Cancel the uploads that nobody came back to; returns how many."""
    with unit_of_work() as session:
        stale = select(Upload).where(Upload.ended_at.is_(None), Upload.created_at < now() - KEPT_FOR)
        ended = list(session.scalars(stale))
        for upload in ended:
            upload.ended_at = now()
    for upload in ended:
        storage.abort_upload(upload.storage_key, upload.storage_upload)
    storage.sweep_uploads(
        KEPT_FOR + timedelta(days=1)
    )  # what was begun and then killed before its row was written
    return len(ended)


def attach(session: Session, user: User, asset: Asset, *, key: str, filename: str, size: int) -> StoredFile:
    """Bind bytes that are in storage under `key` to an asset and let the worker make them useful."""
    stored = StoredFile(asset_id=asset.id, uploader_id=user.id, storage_key=key, filename=filename, size=size)
    session.add(stored)
    session.flush()
    if asset in session:
        session.expire(asset, ["files"])  # a version may have read them before
    enqueue(session, "media.process", file_id=stored.id)
    enqueue(session, "search.index", asset_id=asset.id)
    return stored


def clean_filename(name: str) -> str:
    """A file's name without its folders and without what no name holds, at most 200 characters with its ending.

    Raises:
        Invalid: nothing is left of it.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(
        c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ).strip(" .")
    if not name:
        raise Invalid("filename", "The file has no name.", "Give it one, then send it again.")
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= 12 else ""
    return path.name.removesuffix(suffix)[: 200 - len(suffix)] + suffix


def storage_name(filename: str) -> str:
    """The last piece of a storage key: ASCII, short, the ending kept."""
    path = PurePosixPath(filename)
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60] or "file"
    return stem.lower() + re.sub(r"[^a-z0-9.]", "", path.suffix.lower())[:12]


def _draft_for(session: Session, user: User, filename: str) -> Asset:
    suffix = PurePosixPath(filename).suffix.lower()
    kind = next((kind for kind, suffixes in LIKELY.items() if suffix in suffixes), Kind.DOCUMENT)
    title = " ".join(re.sub(r"[_\-]+", " ", PurePosixPath(filename).stem).split()) or filename
    return assets.create(
        session, user, kind, assets.Content(title=title[0].upper() + title[1:], note=f"Made from {filename}")
    )


def _put_together(storage: Storage, upload: Upload) -> None:
    """Make one object of the parts, unless that was done before and only its row is missing."""
    done = {part.number: part for part in storage.parts(upload.storage_key, upload.storage_upload)}
    if not done:
        stored = storage.stat(upload.storage_key)
        if stored is not None and stored.size == upload.size:
            return
    parts = [done[n] for n in _numbers(upload) if n in done and done[n].size == _size_of(upload, n)]
    missing = sorted(set(_numbers(upload)) - {part.number for part in parts})
    if missing:
        shown = ", ".join(map(str, missing[:10]))
        raise Invalid(
            "parts", f"Parts {shown} are missing or have the wrong size.", "Send them again, then complete."
        )
    storage.complete_upload(upload.storage_key, upload.storage_upload, parts, size=upload.size)


def _check_size(filename: str, size: int, limit: int) -> None:
    if size <= 0:
        raise Invalid("size", f"“{filename}” is empty.", "Choose a file with something in it.")
    if size > limit:
        raise TooLarge(
            f"“{filename}” has {size / MIB:,.0f} MiB; the limit is {limit / MIB:,.0f} MiB.",
            remedy="Send a smaller file, or ask your administrator to raise HUB_MAX_UPLOAD.",
            field="size",
        )


def _check_open(session: Session, user: User) -> None:
    mine = select(func.count(Upload.id)).where(Upload.user_id == user.id, Upload.ended_at.is_(None))
    open_now = session.scalar(mine) or 0
    if open_now >= OPEN_AT_ONCE:
        raise TooMany(
            f"You have {open_now} unfinished uploads.", retry_after=60, remedy="Finish or cancel some first."
        )


def _mine(session: Session, user: User, public_id: str, *, lock: bool = False) -> Upload:
    query = select(Upload).where(Upload.public_id == public_id, Upload.user_id == user.id)
    upload = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if upload is None:
        raise NotFound("There is no such upload of yours.", remedy="Begin it again.")
    return upload


def _numbers(upload: Upload) -> range:
    return range(1, -(-upload.size // upload.part_size) + 1)


def _size_of(upload: Upload, number: int) -> int:
    """Bytes of part `number` (from 1); 0 for a part that does not belong to the upload."""
    if number not in _numbers(upload):
        return 0
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)


def _targets(storage: Storage, upload: Upload, done: Sequence[Part]) -> list[PartTarget]:
    there = {part.number for part in done}
    return [
        PartTarget(n, size, storage.part_url(upload.storage_key, upload.storage_upload, n, size, 24 * 3600))
        for n in _numbers(upload)
        if n not in there and (size := _size_of(upload, n))
    ]


def _content_type(given: str) -> str:
    return (
        given if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}", given) else "application/octet-stream"
    )
