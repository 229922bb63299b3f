"""Uploads in parts on a disk: one folder an upload, one file a part; completing joins them."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from hub.errors import Invalid, TooLarge
from hub.storage.addresses import Sending
from hub.storage.folder import CHUNK, append, discard, draft, publish
from hub.storage.port import Part, Parts, check_parts

ABOUT = "upload.json"
PIECE = 256 * 1024  # web servers gather what is asked for in memory
DRAINED = 32 * CHUNK  # bytes of a refused body that are still read, so that the sender gets to see the answer


class Stream(Protocol):
    """What a part is read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """What an upload was begun with."""

    key: str
    content_type: str
    size: int


def etag(stat: os.stat_result) -> str:
    """A tag that changes whenever a file is replaced."""
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


class Uploads:
    """The uploads below `root`; `trash` is on the same disk."""

    def __init__(self, root: Path, trash: Path) -> None:
        self._root = root
        self._trash = trash

    def begin(self, declared: Declared) -> str:
        upload_id = uuid4().hex
        building = self._trash / f".{upload_id}"
        building.mkdir()
        with draft(building) as (path, out):
            out.write(json.dumps(asdict(declared)).encode())
            publish(path, out, building / ABOUT)
        building.rename(self._root / upload_id)
        return upload_id

    def receive(self, sending: Sending, stream: Stream, length: int | None) -> Part:
        """Keep a part of exactly the size it was announced with; `length` is what the sender says, if it does.

        Raises:
            FileNotFoundError: the upload is unknown or over.
            TooLarge: more bytes come.
            Invalid: fewer come.
        """
        number, size = sending.number, sending.size
        folder = self._folder(sending.key, sending.upload_id)
        if length is not None and length > size:
            _drain(stream)
            raise _too_large(number, size)
        with draft(folder) as (path, out):
            arrived = _copy(stream, out, size)
            if arrived > size:
                _drain(stream)
                raise _too_large(number, size)
            if arrived < size:
                raise Invalid(
                    "body",
                    f"Part {number} has {arrived:,} bytes instead of {size:,}.",
                    "Send it again, whole.",
                )
            publish(path, out, folder / _name(number))
            return Part(number, size, etag(os.fstat(out.fileno())))

    def parts(self, key: str, upload_id: str) -> Parts:
        try:
            return self._parts(self._folder(key, upload_id))
        except FileNotFoundError:
            return []

    def join(
        self,
        key: str,
        upload_id: str,
        parts: Sequence[Part],
        size: int,
        keep: Callable[[Declared, Path, BinaryIO], object],
    ) -> None:
        """Join `parts` into one file, hand it to `keep(declared, path, stream)` to be published, and end the upload.

        Of two that join at once, one waits for the other and then gets FileNotFoundError. After a kill at any point it can be
        done again.
        """
        with self._held(key, upload_id) as folder:
            declared = Declared(**json.loads((folder / ABOUT).read_bytes()))
            ordered = check_parts(parts, self._parts(folder), size)
            with draft(folder) as (path, out):
                for part in ordered:
                    append(folder / _name(part.number), out)
                keep(declared, path, out)
            discard(folder, self._trash)

    def abort(self, key: str, upload_id: str) -> None:
        with suppress(FileNotFoundError), self._held(key, upload_id) as folder:
            discard(folder, self._trash)

    def sweep(self, older_than: timedelta) -> int:
        """Drop what nobody has touched for `older_than`; returns how many uploads that were."""
        before = time.time() - older_than.total_seconds()
        stale = [folder for folder in self._root.iterdir() if _touched(folder) <= before]
        for folder in stale:
            discard(folder, self._trash)
        for left in self._trash.iterdir():
            if _touched(left) <= before:
                if left.is_dir():
                    discard(left, self._trash)
                else:
                    left.unlink(missing_ok=True)
        return len(stale)

    def _folder(self, key: str, upload_id: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", upload_id):
            raise FileNotFoundError(f"no upload {upload_id[:40]!r}")
        folder = self._root / upload_id
        if json.loads((folder / ABOUT).read_bytes())["key"] != key:
            raise FileNotFoundError(f"upload {upload_id} is not one of {key}")
        return folder

    @contextmanager
    def _held(self, key: str, upload_id: str) -> Iterator[Path]:
        """The folder of an upload, for one holder at a time; it may be gone by then. The lock ends with its process."""
        folder = self._folder(key, upload_id)
        with (folder / ABOUT).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder

    @staticmethod
    def _parts(folder: Path) -> Parts:
        found = []
        for path in sorted(folder.iterdir()):
            if path.name.isdigit():
                stat = path.stat()
                found.append(Part(int(path.name), stat.st_size, etag(stat)))
        return found


def _name(number: int) -> str:
    return f"{number:05d}"


def _copy(stream: Stream, out: BinaryIO, size: int) -> int:
    """Copy up to `size` bytes and look whether one more comes; returns how many came."""
    arrived = 0
    while chunk := stream.read(min(PIECE, size + 1 - arrived)):
        arrived += len(chunk)
        if arrived > size:
            break
        out.write(chunk)
    return arrived


def _drain(stream: Stream) -> None:
    left = DRAINED
    while left > 0 and (chunk := stream.read(min(PIECE, left))):
        left -= len(chunk)


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _too_large(number: int, size: int) -> TooLarge:
    return TooLarge(
        f"Part {number} is larger than the {size:,} bytes declared for it; that is the limit.",
        remedy="Begin the upload again with the file's real size.",
        field="body",
    )
