"""The files of an index, read through memory maps."""

from __future__ import annotations

import mmap
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from hub.search.folder_engine.damage import Damaged


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
