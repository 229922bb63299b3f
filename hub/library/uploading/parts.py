"""The parts of an upload: how large each is, where the browser sends it, and the file they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import Invalid
from hub.library.models import Upload
from hub.storage import Part, Storage

MIB = 1024 * 1024
PART_SIZE = 8 * MIB
MOST_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class PartTarget:
    """Where the browser sends one part: `size` bytes, by PUT."""

    number: int
    size: int
    url: str


def put_together(storage: Storage, upload: Upload) -> None:
    """Make one object of the parts, unless that was done before and only its row is missing.

    Raises:
        Invalid: parts are missing or have another size than declared; they are named.
    """
    done = {part.number: part for part in storage.parts(upload.storage_key, upload.storage_upload)}
    if not done:
        stored = storage.stat(upload.storage_key)
        if stored is not None and stored.size == upload.size:
            return
    parts = [done[n] for n in _numbers(upload) if n in done and done[n].size == size_of(upload, n)]
    missing = sorted(set(_numbers(upload)) - {part.number for part in parts})
    if missing:
        shown = ", ".join(map(str, missing[:10]))
        raise Invalid(
            "parts", f"Parts {shown} are missing or have the wrong size.", "Send them again, then complete."
        )
    storage.complete_upload(upload.storage_key, upload.storage_upload, parts, size=upload.size)


def size_for(size: int) -> int:
    """Bytes of each part but the last of a file of `size` bytes: whole MiB, and at most MOST_PARTS of them."""
    return max(PART_SIZE, -(-size // MOST_PARTS // MIB) * MIB)


def arrived(storage: Storage, upload: Upload) -> list[Part]:
    """What storage has of an upload, part by part, where it has the size it shall have."""
    done = storage.parts(upload.storage_key, upload.storage_upload)
    return [part for part in done if part.size == size_of(upload, part.number)]


def size_of(upload: Upload, number: int) -> int:
    """Bytes of part `number` (from 1); 0 for a part that does not belong to the upload."""
    if number not in _numbers(upload):
        return 0
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)


def targets_of(storage: Storage, upload: Upload, done: Sequence[Part]) -> list[PartTarget]:
    there = {part.number for part in done}
    return [
        PartTarget(n, size, storage.part_url(upload.storage_key, upload.storage_upload, n, size, 24 * 3600))
        for n in _numbers(upload)
        if n not in there and (size := size_of(upload, n))
    ]


def _numbers(upload: Upload) -> range:
    return range(1, -(-upload.size // upload.part_size) + 1)
