"""The files of an index: read through memory maps, and what a damaged one raises."""

from __future__ import annotations

import mmap
import pickle
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import FileFormatError
from whoosh.filedb.structfile import StructFile
from whoosh.index import IndexError as NoIndexError
from whoosh.reading import CorruptIndexError

# What reading a damaged file may raise, from Whoosh, pickle, zlib, numpy or the file system.
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    MemoryError,
    OverflowError,
    ImportError,
    struct.error,
    pickle.UnpicklingError,
    zlib.error,
    CorruptIndexError,
    FileFormatError,
    NoIndexError,
)


class Damaged(Exception):
    """A file of the index is missing, or not what was written."""


@contextmanager
def reading() -> Iterator[None]:
    """Around anything that reads the files: whatever a damaged one makes the libraries raise becomes `Damaged`."""
    try:
        yield
    except _DAMAGE as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error


class MappedFile(StructFile):
    """Random access by slices of a memory map: no file position that threads could disturb."""

    file: Any

    def get(self, position: int, length: int) -> bytes:
        data: bytes = self.file[position : position + length]
        if len(data) != length:
            raise Damaged(f"{self._name} ends before {position + length}")
        return data


class MappedStorage(FileStorage):
    """Whoosh's folder of files, read through memory maps."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]

    def open_file(self, name: str, **_: Any) -> MappedFile:
        path = Path(self.folder, name)
        if not path.stat().st_size:
            return MappedFile(BytesIO(), name=name)
        with path.open("rb") as file:
            mapped: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return MappedFile(mapped, name=name)
