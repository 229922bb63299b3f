"""The files of an index, read at given places."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from weakref import finalize

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from hub.search.folder_engine.damage import Damaged

#: The terms: some megabytes, where postings and texts take hundreds.
_HELD = ".trm"


class _Opened:
    """A file that stays readable when it is deleted. Not a memory map: were the file cut short, that would kill the process."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        self.close = finalize(self, os.close, self._descriptor)
        self._size = os.fstat(self._descriptor).st_size
        self._position = 0

    def at(self, position: int, length: int) -> bytes:
        """Less than `length` at the end of the file."""
        return os.pread(self._descriptor, length, position)

    # What Whoosh asks for while it opens a file; from then on it reads at places.

    def read(self, length: int = -1) -> bytes:
        data = self.at(self._position, self._size if length < 0 else length)
        self._position += len(data)
        return data

    def readline(self) -> bytes:
        line, end, _ = self.at(self._position, self._size).partition(b"\n")
        self._position += len(line) + len(end)
        return line + end

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        self._position = (
            offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        )

    def tell(self) -> int:
        return self._position


class _Held(_Opened):
    """A file kept in memory: of this one so many small places are read that asking the system for each would take longer."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._data = super().at(0, self._size)
        self.close()

    def at(self, position: int, length: int) -> bytes:
        return self._data[position : position + length]


class PlacedFile(StructFile):
    """Random access without a file position that threads could disturb."""

    file: Any

    def get(self, position: int, length: int) -> bytes:
        data: bytes = self.file.at(position, length)
        if len(data) != length:
            raise Damaged(f"{self._name} ends before {position + length}")
        return data


class PlacedStorage(FileStorage):
    """Whoosh's folder of files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]

    def open_file(self, name: str, **_: Any) -> PlacedFile:
        opened: Any = (_Held if name.endswith(_HELD) else _Opened)(Path(self.folder, name))
        return PlacedFile(opened, name=name)
