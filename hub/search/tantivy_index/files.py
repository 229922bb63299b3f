"""Tantivy's files, looked through before they are read: a broken one can make it panic, or ask for all memory."""

from __future__ import annotations

import json
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
_AT_ONCE = 1 << 20
_TAIL = struct.Struct("<II")


def generation(folder: Path) -> Stamp:
    """Differs after each commit and each merge: Tantivy then puts another file in the place of this."""
    return stamp(folder / META)


def last_commit(folder: Path) -> int:
    """Tantivy's number of the last commit; each is higher than the one before."""
    return int(json.loads((folder / META).read_text())["opstamp"])


def stamp(path: Path) -> Stamp:
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
            used[file] = stamp(folder / file)
            if used[file] != known.get(file):
                _check(folder / file)
    return used


def _check(path: Path) -> None:
    checksum, size = 0, path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL.size))
        length, magic = _TAIL.unpack(file.read())
        end = size - _TAIL.size - length
        if magic != _MAGIC or end < 0:
            raise Damaged(f"{path.name} has no end")
        file.seek(0)
        while end and (content := file.read(min(end, _AT_ONCE))):
            end -= len(content)
            checksum = zlib.crc32(content, checksum)
        if checksum != json.loads(file.read(length))["crc"]:
            raise Damaged(f"{path.name} is not what was written")
