"""What is shown of documents, in one file beside Tantivy's: its own store would unpack and copy whole documents for each hit.

Records are only ever added, before the commit that names them, so what a row names is there; what a killed process left at the
end is named by nothing. A document that is put in anew leaves its record behind, until a rebuild."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from weakref import finalize

from hub.search.folder_engine.damage import Damaged

NAME = "texts"
# A checksum of what follows, and the lengths of parts, words and pairs.
_HEAD = struct.Struct("<IIII")


@dataclass(frozen=True, slots=True)
class Record:
    """`parts` by `pack_parts`, the others by `words.Writing`."""

    parts: bytes
    words: bytes
    pairs: bytes


class Adding:
    """Adds records at the end of the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = file.seek(0, os.SEEK_END)

    def add(self, record: Record) -> tuple[int, int]:
        """Where it begins, and its length."""
        fields = (record.parts, record.words, record.pairs)
        content = b"".join(fields)
        at, length = self._end, _HEAD.size + len(content)
        self._file.write(_HEAD.pack(zlib.crc32(content), *map(len, fields)))
        self._file.write(content)
        self._end += length
        return at, length


@contextmanager
def adding(folder: Path) -> Iterator[Adding]:
    """What was added is durable at the end."""
    with (folder / NAME).open("ab") as file:
        yield Adding(file)
        file.flush()
        os.fsync(file.fileno())


class Texts:
    """The file as it is now. Read at places and not through a memory map: were it cut short, that would kill the process."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / NAME, os.O_RDONLY)
        finalize(self, os.close, self._descriptor)
        self.size = os.fstat(self._descriptor).st_size

    def record(self, at: int, length: int) -> Record:
        """What `Adding.add` put at this place. Raises `Damaged`."""
        data, (_, parts, words, _) = self._read(at, length)
        of_words = _HEAD.size + parts
        of_pairs = of_words + words
        return Record(data[_HEAD.size : of_words], data[of_words:of_pairs], data[of_pairs:])

    def check(self, at: int, length: int) -> None:
        """Whether the record is what was written. Raises `Damaged`."""
        data, (checksum, *_) = self._read(at, length)
        if zlib.crc32(data[_HEAD.size :]) != checksum:
            raise Damaged(f"{NAME} is not what was written at {at}")

    def _read(self, at: int, length: int) -> tuple[bytes, tuple[int, ...]]:
        data = os.pread(self._descriptor, length, at)
        head = _HEAD.unpack_from(data) if len(data) == length else ()
        if sum(head[1:]) != length - _HEAD.size:
            raise Damaged(f"{NAME} is not what was written at {at}")
        return data, head
