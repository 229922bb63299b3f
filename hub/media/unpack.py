"""A ZIP with a collection in it, unpacked in the child: within limits, and nothing of it outside its folder.

Names are what an archive says, so none is trusted: what leads out, is a link or cannot be a name here is left out and told.
"""

from __future__ import annotations

import contextlib
import stat
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from hub.media.archive import MOST_BYTES, MOST_ENTRIES, MOST_RATIO, NOTE
from hub.media.faults import Unusable
from hub.media.report import Report
from hub.media.task import Task

MOST_TOLD = 200  # of what was left out
LONGEST_NAME = 200  # bytes of one step of a path
LONGEST_PATH = 900
_RATIO_FROM = 1024 * 1024
_PIECE = 1024 * 1024
_LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


def read(task: Task, report: Report) -> None:
    """Write the files of the archive below the folder of renditions."""
    try:
        with zipfile.ZipFile(task.path) as archive:
            entries = archive.infolist()
            _check(entries, task.path.stat().st_size)
            _unpack(archive, entries, task, report)
    except (zipfile.BadZipFile, EOFError, zipfile.LargeZipFile) as error:
        raise Unusable("It is no ZIP, or a damaged one. Pack it again.", str(error)) from error


def _check(entries: list[ZipInfo], size: int) -> None:
    """Raises Unusable when it would grow too large, by its own word; the word is checked while it is unpacked."""
    if len(entries) > MOST_ENTRIES:
        words = f"It holds {len(entries):,} files, and {MOST_ENTRIES:,} are the most. Pack it in parts."
        raise Unusable(words)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unusable("It is protected by a password. Pack it again without one.")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        raise Unusable(
            f"It would have {total / 1e9:,.1f} GB unpacked, and {MOST_BYTES / 1e9:,.1f} GB are the most."
        )
    steep = any(
        entry.file_size > _RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    overlapping = sum(entry.compress_size for entry in entries) > size
    if steep or overlapping:
        raise Unusable("It would swell far beyond its size when unpacked, so it is not. Pack it again.")


def _unpack(archive: zipfile.ZipFile, entries: list[ZipInfo], task: Task, report: Report) -> None:
    root = task.renditions
    seen: dict[str, str] = {}
    left_out = 0
    for entry in entries:
        name = name_of(entry)
        if entry.is_dir() or _LITTER & set(PurePosixPath(name).parts):
            continue
        wrong = _wrong(entry, name) or _double(name, seen)
        if wrong:
            left_out += 1
            if left_out <= MOST_TOLD:
                report.shortfall(f"{shown(name)}: {wrong}", NOTE)
            continue
        _write(archive, entry, root.joinpath(*PurePosixPath(name).parts))
    if left_out > MOST_TOLD:
        report.shortfall(f"{left_out - MOST_TOLD:,} more were left out likewise.", NOTE)


def name_of(entry: ZipInfo) -> str:
    """The name of an entry: UTF-8 where it says or is so, else in the letters of DOS."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def shown(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name)[:200]


def _wrong(entry: ZipInfo, name: str) -> str:
    """Why an entry is not unpacked; empty when it may be."""
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or parts[0][1:2] == ":":
        return "its path leads out of the archive, so it was left out."
    mode = entry.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
        return "it is a link or a device, so it was left out."
    if any(not c.isprintable() for c in name) or not all(part.strip(" .") for part in parts):
        return "no file can be called so, so it was left out."
    if len(name.encode()) > LONGEST_PATH or any(len(part.encode()) > LONGEST_NAME for part in parts):
        return "its name is too long, so it was left out."
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "it is packed in a way that is not read here, so it was left out."
    return ""


def _double(name: str, seen: dict[str, str]) -> str:
    """Why a name cannot stand beside those before it: the same but for its letters' case, or a file where a folder is."""
    key = name.casefold()
    above = [str(path) for path in PurePosixPath(key).parents if str(path) != "."]
    if key in seen or any(seen.get(path) == "file" for path in above):
        return "another file has this name already, so it was left out."
    seen.update(dict.fromkeys(above, "folder"))
    seen[key] = "file"
    return ""


def _write(archive: zipfile.ZipFile, entry: ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as source, target.open("xb") as out:
        while piece := source.read(_PIECE):
            written += len(piece)
            if written > entry.file_size:
                raise Unusable(
                    "It holds more than it says, so it is not unpacked. Pack it again.", entry.filename
                )
            out.write(piece)
