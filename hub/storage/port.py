"""The port: what the hub asks of a place that keeps bytes. `tests/storage/contract.py` says it in tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from hub.storage.faults import PartsMissing, SizeMismatch


@dataclass(frozen=True, slots=True)
class Stat:
    """Facts of an object: size in bytes, the type it was stored with, an opaque tag of this content, UTC time of change."""

    size: int
    content_type: str
    etag: str | None
    modified: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an upload that has arrived: number from 1, size in bytes, the tag its PUT was answered with, unquoted."""

    number: int
    size: int
    etag: str


Parts = list[Part]  # inside Storage the name `list` is a method


class Storage(Protocol):
    """A place that keeps bytes under keys.

    Every method raises Invalid for a key that is none (see `hub.storage.keys`), and StorageUnavailable when the storage
    does not answer. No key is at the same time the folder of another.
    """

    def put(self, key: str, content: BinaryIO | Path, content_type: str) -> Stat:
        """Keep `content`, read from where a stream stands; all of it or nothing becomes visible. Replaces what was there."""
        ...

    def open(self, key: str, start: int = 0, end: int | None = None) -> BinaryIO:
        """A stream (and context manager) of the bytes from `start` up to, not including, `end`; empty past the end.

        Raises:
            FileNotFoundError: nothing is kept under `key`.
        """
        ...

    def delete(self, key: str) -> None:
        """Forget `key`; nothing happens when it is not there."""
        ...

    def stat(self, key: str) -> Stat | None:
        """Facts, or None when nothing is kept under `key`."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""
        ...

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """A real file, to be read only, while the context is open; it ends like the key does.

        Raises:
            FileNotFoundError: nothing is kept under `key`.
        """
        ...

    def url(
        self,
        key: str,
        *,
        expires: int,
        filename: str | None = None,
        inline: bool = False,
        content_type: str | None = None,
    ) -> str:
        """A signed address that reads `key` for at least `expires` seconds, with ranges.

        It is shown in the page only if `inline` is asked and the type is on the list of `hub.storage.serving`; everything else
        is a download. Give the `content_type` that was sniffed: without it `inline` must look up what was declared.
        """
        ...

    def begin_upload(self, key: str, content_type: str, size: int) -> str:
        """Begin an upload in parts of `size` bytes in all; returns its id.

        Raises:
            Invalid: `size` is 0.
        """
        ...

    def part_url(self, key: str, upload_id: str, number: int, size: int, expires: int) -> str:
        """A signed address that takes, by PUT, part `number` (from 1) of exactly `size` bytes, and answers with its ETag.

        All parts but the last are of 5 MiB or more. A part that is sent again replaces the one before.
        """
        ...

    def parts(self, key: str, upload_id: str) -> Parts:
        """Parts that have arrived, by number; none of an upload that is unknown or aborted.

        Of one that is complete there are none, or on some servers still the same: completing again is harmless.
        """
        ...

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part], *, size: int) -> Stat:
        """Make one object of `parts`. Doing it again, or twice at once, gives the same object.

        Raises:
            PartsMissing: parts are not there, are others than named, or have gaps.
            SizeMismatch: together they are not `size` bytes; nothing becomes visible.
            FileNotFoundError: the upload is unknown or aborted, and no object of `size` bytes is under `key`.
        """
        ...

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Drop an upload and its parts; nothing happens when it is over already."""
        ...

    def sweep_uploads(self, older_than: timedelta) -> int:
        """Drop uploads, and remains of interrupted writes, that nobody has touched for so long; returns how many uploads."""
        ...

    def ensure_cors(self, origin: str) -> str:
        """Let pages of `origin` send parts and read their ETag; returns "" or, in words, what the administrator must do."""
        ...


def check_parts(given: Sequence[Part], there: Sequence[Part], size: int) -> Parts:
    """`given` in order, when they are without gaps, are those that arrived, and have `size` bytes together.

    Raises:
        PartsMissing, SizeMismatch: they are not.
    """
    ordered = sorted(given, key=lambda part: part.number)
    numbers = [part.number for part in ordered]
    wanted = list(range(1, len(ordered) + 1))
    if not ordered or numbers != wanted:
        gaps = sorted(set(range(1, max(numbers, default=1) + 1)) - set(numbers))
        raise PartsMissing(
            f"Parts are missing or named twice; missing: {', '.join(map(str, gaps[:10])) or 'none'}."
        )
    arrived = {part.number: part for part in there}
    wrong = [part.number for part in ordered if arrived.get(part.number) != part]
    if wrong:
        raise PartsMissing(
            f"Parts {', '.join(map(str, wrong[:10]))} are not there, or are not the ones named."
        )
    total = sum(part.size for part in ordered)
    if total != size:
        raise SizeMismatch(declared=size, arrived=total)
    return ordered
