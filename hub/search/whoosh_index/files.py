"""The files of an index, read at given places."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from weakref import finalize

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from hub.search.folder_engine.damage import Damaged


class _Opened:
    """A file that stays readable when it is deleted. Not a memory map: were the file cut short, that would kill the process."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        self.close = finalize(self, os.close, self._descriptor)
        self._position = 0

    def at(self, position: int, length: int) -> bytes:
        """Less than `length` at the end of the file."""
        return os.pread(self._descriptor, length, position)

    # What Whoosh asks for while it opens a file; from then on it reads at places.

    def read(self, length: int = -1) -> bytes:
        if length < 0:
            length = os.fstat(self._descriptor).st_size - self._position
        data = self.at(self._position, length)
        self._position += len(data)
        return data

    def readline(self) -> bytes:
        line = self.at(self._position, os.fstat(self._descriptor).st_size).partition(b"\n")
        self._position += len(line[0]) + len(line[1])
        return line[0] + line[1]

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}
        self._position = offset + base.get(whence, os.fstat(self._descriptor).st_size)

    def tell(self) -> int:
        return self._position


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
        opened: Any = _Opened(Path(self.folder, name))
        return PlacedFile(opened, name=name)
