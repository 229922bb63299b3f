"""Names of files: cleaned, as the last piece of a storage key, and as the title that one suggests."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from hub.errors import Invalid


def clean_filename(name: str) -> str:
    """A file's name without its folders and without what no name holds, at most 200 characters with its ending.

    Raises:
        Invalid: nothing is left of it.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(
        c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ).strip(" .")
    if not name:
        raise Invalid("filename", "The file has no name.", "Give it one, then send it again.")
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= 12 else ""
    return path.name.removesuffix(suffix)[: 200 - len(suffix)] + suffix


def storage_name(filename: str) -> str:
    """The last piece of a storage key: ASCII, short, the ending kept."""
    path = PurePosixPath(filename)
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60] or "file"
    return stem.lower() + re.sub(r"[^a-z0-9.]", "", path.suffix.lower())[:12]


def title_of(filename: str) -> str:
    """The title that a file's name suggests."""
    title = " ".join(re.sub(r"[_\-]+", " ", PurePosixPath(filename).stem).split()) or filename
    return title[0].upper() + title[1:]
