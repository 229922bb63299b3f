"""Tantivy's files, looked through before they are read: a broken one can make it panic, or ask for all memory."""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from hub.search.folder_engine.damage import Damaged

META = "meta.json"
#: Tells a file from another of its name.
Stamp = tuple[int, int, int]
_SUFFIXES = ("term", "idx", "pos", "store", "fast", "fieldnorm")
# Each file ends with a note in JSON that has a checksum of all before it, the note's length, and this number.
_MAGIC = 1337
_TAIL = struct.Struct("<II")


def generation(folder: Path) -> Stamp:
    """Differs after each commit and each merge: Tantivy then puts another file in the place of this."""
    return _stamp(folder / META)


def last_commit(folder: Path) -> int:
    """Tantivy's number of the last commit; each is higher than the one before."""
    return int(json.loads((folder / META).read_text())["opstamp"])


def _stamp(path: Path) -> Stamp:
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def check(folder: Path, known: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """Check the files in use but those known to be whole, and not touched since; which are in use. Raises `Damaged`."""
    used: dict[str, Stamp] = {}
    for segment in json.loads((folder / META).read_text())["segments"]:
        name = segment["segment_id"].replace("-", "")
        names = [f"{name}.{suffix}" for suffix in _SUFFIXES]
        if segment["deletes"]:
            names.append(f"{name}.{segment['deletes']['opstamp']}.del")
        for file in names:
            used[file] = _stamp(folder / file)
            if used[file] != known.get(file):
                _check(folder / file)
    return used


def _check(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        length, magic = _TAIL.unpack(mapped[-_TAIL.size :])
        end = len(mapped) - _TAIL.size
        note = mapped[max(0, end - length) : end]
        if magic != _MAGIC:
            raise Damaged(f"{path.name} has no end")
        with memoryview(mapped) as whole, whole[: end - length] as content:
            if zlib.crc32(content) != json.loads(note)["crc"]:
                raise Damaged(f"{path.name} is not what was written")
