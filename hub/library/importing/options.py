"""How a folder is imported, where it is, and the name it goes by in later runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hub.errors import Invalid
from hub.library.importing import folder as folders
from hub.library.kinds import Kind

SOURCE_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Options:
    """How a folder is imported. `source`: the name it goes by in later runs, the folder's own when empty.

    `files`: what is no text becomes an asset too, with the file attached. `held`: paths of files that are being written:
    they are there, and not read. `called`: the name of a table as whoever brought it knows it; its path is what it is
    known by in later runs.
    """

    mapping: Path | None = None
    as_email: str = ""
    publish: bool = False
    dry_run: bool = False
    overwrite: bool = False
    kind: Kind | None = None
    source: str = ""
    files: bool = False
    held: frozenset[str] = frozenset()
    called: str = ""


def root_of(folder: Path) -> Path:
    """The folder, or the table with files beside it, that is to be imported.

    Raises:
        Invalid: there is none, or it is neither.
    """
    try:
        root = folder.expanduser().resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Invalid(
            "folder", f"There is no folder {folder}.", "Name the folder that holds the stories."
        ) from error
    if root.is_file() and root.suffix.lower() in folders.TABLES:
        return root
    if not root.is_dir():
        raise Invalid(
            "folder",
            f"{folder} is neither a folder nor a table.",
            "Name the folder that holds the stories, or a .csv or .xlsx.",
        )
    return root


def source_name(name: str) -> str:
    """A name that a source can have, without doubled blanks.

    Raises:
        Invalid: it is empty or too long, or has what separates names in a source.
    """
    name = " ".join(name.split())
    if not name or len(name) > SOURCE_NAME_LIMIT or any(c in "/#" or not c.isprintable() for c in name):
        limit = f"1 to {SOURCE_NAME_LIMIT} characters without / and #"
        raise Invalid(
            "source", f"“{name[:80]}” cannot be the name of a source.", f"Give one with --source: {limit}."
        )
    return name
