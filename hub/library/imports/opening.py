"""What was sent, opened in a folder of its own: the table or the folder that an import reads."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.library.imports.models import CollectionImport
from hub.media.archive import unpack
from hub.storage import Storage


@dataclass(frozen=True, slots=True)
class Opened:
    """`place`: a table or a folder, as `run_import` takes it. `notes`: what was left out of an archive.

    `called`: the name under which a table was sent, for the report.
    """

    place: Path
    notes: tuple[str, ...] = ()
    reason: str = ""
    called: str = ""


@contextmanager
def opened(storage: Storage, made: CollectionImport) -> Iterator[Opened]:
    """Open a collection while the context lasts.

    Raises:
        FileNotFoundError: it is no longer kept.
        MediaFault: this machine is at fault.
    """
    with (
        tempfile.TemporaryDirectory(prefix="hub-import-") as folder,
        storage.local_path(made.storage_key) as path,
    ):
        suffix = Path(made.filename).suffix.lower()
        if suffix == ".zip":
            found = unpack(path, made.filename, Path(folder))
            yield Opened(found.folder, found.notes, found.reason)
        else:
            # Alone in a folder, so that its rows name nothing else that is in storage; always under one name, so that
            # the rows of `list (2).csv` are those of `list.csv` before it.
            table = Path(folder) / f"manifest{suffix}"
            shutil.copyfile(path, table)
            yield Opened(table, called=made.filename)
