"""Sums over the files of each segment, so that a file that lost or changed bytes is known for damaged: most of what may stand
in a file can be read, and would be taken for what was written."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from hub.search.folder_engine.damage import Damaged

_CHUNK = 1 << 20
_SUFFIX = ".sums"


def seal(folder: Path, segment: str) -> None:
    """Note the length and the sum of each file of a segment just written; one that is sealed already is left as it is."""
    note = folder / f"{segment}{_SUFFIX}"
    if note.exists():
        return
    sums = {path.name: (path.stat().st_size, _sum(path)) for path in _files(folder, segment)}
    note.write_text(json.dumps(sums))


def check_lengths(folder: Path, segment: str) -> None:
    """Raises `Damaged` when a file is missing or has another length; quick enough for each opening."""
    for name, (length, _) in _noted(folder, segment).items():
        if (folder / name).stat().st_size != length:
            raise Damaged(f"{name} is not as long as it was")


def check(folder: Path, segment: str) -> None:
    """Raises `Damaged` when a byte of a file is another. What did not change since is not read again."""
    check_lengths(folder, segment)
    for name, (_, noted) in _noted(folder, segment).items():
        state = (folder / name).stat()
        if _sum_of_state(folder / name, state.st_size, state.st_mtime_ns, state.st_ino) != noted:
            raise Damaged(f"{name} is not what was written")


def _files(folder: Path, segment: str) -> list[Path]:
    return [path for path in folder.glob(f"{segment}.*") if path.suffix != _SUFFIX]


def _noted(folder: Path, segment: str) -> dict[str, tuple[int, int]]:
    noted = json.loads((folder / f"{segment}{_SUFFIX}").read_text())
    return {str(name): (int(length), int(total)) for name, (length, total) in noted.items()}


@lru_cache(maxsize=1024)
def _sum_of_state(path: Path, *_state: int) -> int:
    return _sum(path)


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total = crc32(chunk, total)
    return total
