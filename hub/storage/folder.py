"""Writing files so that what is visible is whole: a temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from hub.storage.faults import StorageUnavailable

CHUNK = 1024 * 1024


@contextmanager
def faults() -> Iterator[None]:
    """Turn what the operating system complains of into StorageUnavailable; a missing file stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise StorageUnavailable(
            "The disk of the file storage is full."
            if full
            else f"The file storage cannot be used ({error.strerror}).",
            remedy="Free some room and try again."
            if full
            else "Check the folder that HUB_STORAGE names and who owns it.",
        ) from error


def sync(path: Path) -> None:
    """Have a folder's entries on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def draft(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in `folder` to be filled; removed at the end unless it was published."""
    path = folder / f".{uuid4().hex}"
    try:
        with path.open("xb", buffering=0) as out:
            yield path, out
    finally:
        path.unlink(missing_ok=True)


def publish(path: Path, out: BinaryIO, target: Path) -> None:
    """Make a filled draft visible as `target`, in place of what was there, and durable."""
    out.flush()
    os.fsync(out.fileno())
    for attempt in range(5):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.replace(target)
            break
        except FileNotFoundError:  # somebody removed the folder, which was empty until now
            if attempt == 4 or not path.exists():
                raise
    sync(target.parent)


def remove(path: Path, root: Path) -> None:
    """Remove a file if it is there, and the folders that it leaves empty below `root`."""
    try:
        path.unlink(missing_ok=True)
    except (
        IsADirectoryError,
        NotADirectoryError,
    ):  # a folder of other keys, or below another key: not this file
        return
    for folder in path.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:  # not empty, or gone already
            return


def discard(folder: Path, trash: Path) -> None:
    """Make a folder vanish at once, then remove what was in it."""
    gone = trash / f".{uuid4().hex}"
    with suppress(FileNotFoundError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def append(source: Path, out: BinaryIO) -> int:
    """Append a file to `out` inside the kernel; returns its size in bytes."""
    copied = 0
    with source.open("rb", buffering=0) as stream:
        while count := os.sendfile(out.fileno(), stream.fileno(), copied, 64 * CHUNK):
            copied += count
    return copied
