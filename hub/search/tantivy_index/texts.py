"""What is shown of documents, in one file beside Tantivy's: its own store would unpack and copy whole documents for each hit.

Records are only ever added, before the commit that names them, so what a row names is there; what a killed process left at the
end is named by nothing. A document that is put in anew leaves its record behind, until a rebuild."""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hub.search.folder_engine.damage import Damaged
from hub.search.folder_engine.parts import Parts
from hub.search.tantivy_index.words import Reading

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

    def add(self, record: Record) -> int:
        """Where it begins."""
        at = self._end
        fields = (record.parts, record.words, record.pairs)
        content = b"".join(fields)
        self._file.write(_HEAD.pack(zlib.crc32(content), *map(len, fields)))
        self._file.write(content)
        self._end += _HEAD.size + len(content)
        return at


@contextmanager
def adding(folder: Path) -> Iterator[Adding]:
    """What was added is durable at the end."""
    with (folder / NAME).open("ab") as file:
        yield Adding(file)
        file.flush()
        os.fsync(file.fileno())


class Texts:
    """The file as it is now, read through a memory map."""

    def __init__(self, folder: Path) -> None:
        with (folder / NAME).open("rb") as file:
            self.size = os.fstat(file.fileno()).st_size
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""

    def parts(self, at: int) -> Parts:
        start, (_, parts, _, _) = self._head(at)
        return Parts(memoryview(self._mapped)[start : start + parts])

    def words(self, at: int) -> Reading:
        start, (_, parts, words, pairs) = self._head(at)
        start += parts
        return Reading(
            self._mapped[start : start + words], self._mapped[start + words : start + words + pairs]
        )

    def length(self, at: int) -> int:
        """Of the record, in bytes."""
        start, (_, *lengths) = self._head(at)
        return start - at + sum(lengths)

    def check(self, at: int) -> None:
        """Whether the record is what was written. Raises `Damaged`."""
        start, (checksum, *lengths) = self._head(at)
        with memoryview(self._mapped) as whole, whole[start : start + sum(lengths)] as content:
            if zlib.crc32(content) != checksum:
                raise Damaged(f"{NAME} is not what was written at {at}")

    def _head(self, at: int) -> tuple[int, tuple[int, ...]]:
        """Where the record's content starts, and what its head says."""
        start = at + _HEAD.size
        head = _HEAD.unpack_from(self._mapped, at) if start <= self.size else (0, self.size, 0, 0)
        if start + sum(head[1:]) > self.size:
            raise Damaged(f"{NAME} ends before a record at {at}")
        return start, head
