"""A prefix of a bucket brought into a folder, and kept in step with it: what is new or changed is fetched, what is gone goes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hub.storage.bucket import S3Options, connect, faults

STATE = (
    ".mirror.json"  # which objects are there, by their tags; hidden, so that nobody takes it for one of them
)
HALF = ".half"  # what is being fetched
LONGEST_STEP = 200  # bytes of one step of a path
LONGEST_PATH = 900


@dataclass(frozen=True, slots=True)
class Place:
    """`s3:bucket/prefix`, and what of it is left out: objects above `most` bytes."""

    bucket: str
    prefix: str
    options: S3Options = field(repr=False)
    most: int


def folder_name(place: Place) -> str:
    """A name for the folder of a bucket's prefix on this machine: another one for each, also on another server."""
    told = f"{place.options.endpoint} {place.bucket} {place.prefix}"
    return (
        f"{re.sub('[^A-Za-z0-9-]+', '-', place.bucket)[:40]}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    )


def bring(place: Place, root: Path) -> list[str]:
    """Bring the folder `root` in step with a bucket; returns what was left out, in words.

    An object shows up in a bucket when it is whole, and here by a rename: nothing in the folder is ever half.

    Raises:
        StorageUnavailable: the server does not answer or refuses; the folder stays as it was, or is in step in part.
        OSError: the disk is at fault.
    """
    root.mkdir(parents=True, exist_ok=True)
    known, there, notes = _state(root), {}, []
    try:
        for key, size, tag in _objects(place):
            name = key.removeprefix(place.prefix)
            wrong = (
                f"has {size:,} bytes, and {place.most:,} are the most" if size > place.most else _wrong(name)
            )
            if wrong:
                notes.append(f"{_shown(name)} {wrong}.")
                continue
            path = root / name
            if known.get(name) == tag and path.is_file():
                there[name] = tag
            elif _fetched(place, key, path, root):
                there[name] = known[name] = tag
            else:
                notes.append(f"{_shown(name)} cannot stand beside a folder of its name.")
        _sweep(root, there)
        known = there
    finally:
        _keep(root, known)
    return notes


def _objects(place: Place) -> Iterator[tuple[str, int, str]]:
    """Key, size and tag of each object; names that only stand for folders are none."""
    pages = connect(place.options, place.options.endpoint).get_paginator("list_objects_v2")
    with faults():
        for page in pages.paginate(Bucket=place.bucket, Prefix=place.prefix):
            for found in page.get("Contents", []):
                if not found["Key"].endswith("/"):
                    yield found["Key"], found["Size"], found.get("ETag", "") or str(found["LastModified"])


def _wrong(name: str) -> str:
    """Why no file of the folder can have this name; empty when one can."""
    parts = name.split("/")
    if not name.isprintable() or "\\" in name or any(not part.strip(" .") for part in parts):
        return "leads elsewhere or cannot be the name of a file"
    if parts[-1].startswith(".") or len(name.encode()) > LONGEST_PATH:
        return "is hidden, or its name is too long"
    return "has too long a name" if any(len(part.encode()) > LONGEST_STEP for part in parts) else ""


def _fetched(place: Place, key: str, path: Path, root: Path) -> bool:
    """Fetch an object; False where a file stands in the way of a folder, or a folder in that of a file."""
    half = root / HALF
    with faults():
        connect(place.options, place.options.endpoint).download_file(place.bucket, key, str(half))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.replace(path)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        half.unlink(missing_ok=True)
        return False
    return True


def _sweep(root: Path, there: Collection[str]) -> None:
    """Take away what the bucket does not hold, also what was fetched by one that was killed before it could note it."""
    for path in [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")]:
        if path.relative_to(root).as_posix() not in there:
            path.unlink()


def _state(root: Path) -> dict[str, str]:
    try:
        told = json.loads((root / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: tag for name, tag in told.items() if not _wrong(name)} if isinstance(told, dict) else {}


def _keep(root: Path, known: dict[str, str]) -> None:
    beside = root / f"{STATE}.new"
    beside.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    beside.replace(root / STATE)


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name)[:200]
