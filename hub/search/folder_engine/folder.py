"""The folder of the index: which directory in it is the current one, who may write, and what a rebuild leaves behind.

current              names the current directory, replaced in one step
v1-000003/           an index: what made it, the version of its schema, a number
writer.lock          held while something is written; the system frees it when a process dies
rebuild.lock         held while a rebuild runs
journal              what was changed since the rebuild began
damaged              names a directory in which a search met a broken file
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hub.search.port import SearchUnavailable

_NAME = re.compile(r"([a-z]+\d+)-(\d+)")
_POLL_S = 0.02
# A writer that asks whether a rebuild is alive holds its lock for a moment.
_REBUILD_PATIENCE_S = 0.2


@dataclass(frozen=True, slots=True)
class Current:
    """The directory in use. Not `complete`: it was begun with single changes, the library at large is not in it. Not `readable`:
    another engine or another version of the hub made it."""

    path: Path
    complete: bool
    readable: bool


class Folder:
    def __init__(self, root: Path, form: str) -> None:
        """`form` names the engine and the version of its schema."""
        self.root = root
        self._form = form
        self.journal = root / "journal"

    def current(self) -> Current | None:
        """None before the first index was made, or when what names it cannot be read."""
        try:
            told = json.loads((self.root / "current").read_text())
            path = self.root / Path(told["directory"]).name
            name = _NAME.fullmatch(path.name)
            return Current(path, bool(told["complete"]), name is not None and name[1] == self._form)
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def point_to(self, path: Path, *, complete: bool) -> None:
        """Make this directory the current one, durably and in one step."""
        told = {"directory": path.name, "complete": complete}
        with (self.root / "current.new").open("w") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        (self.root / "current.new").replace(self.root / "current")
        with suppress(FileNotFoundError):
            (self.root / "damaged").unlink()

    def new_path(self) -> Path:
        """A directory that does not exist yet."""
        numbers = [int(name[2]) for path in self.root.iterdir() if (name := _NAME.fullmatch(path.name))]
        return self.root / f"{self._form}-{max(numbers, default=0) + 1:06}"

    def begin_rebuild(self) -> Path:
        """From now on changes are noted in the journal. The directory to build in; what a killed rebuild left is removed."""
        self.journal.write_bytes(b"")
        self._sweep()
        return self.new_path()

    def end_rebuild(self) -> None:
        """Changes are noted no longer; every directory but the current one goes."""
        self.journal.unlink(missing_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        current = self.current()
        for path in self.root.iterdir():
            if path.is_dir() and _NAME.fullmatch(path.name) and not (current and path == current.path):
                shutil.rmtree(path, ignore_errors=True)

    def mark_damaged(self, path: Path, reason: str) -> None:
        """Let `health` know, in whichever process; a folder that cannot be written to is left as it is."""
        with suppress(OSError):
            (self.root / "damaged").write_text(f"{path.name}\n{reason}\n")

    def damage(self, path: Path) -> str:
        """Why this directory was marked; empty when it was not."""
        try:
            name, _, reason = (self.root / "damaged").read_text().partition("\n")
        except OSError:
            return ""
        return reason.strip() or "damaged" if name == path.name else ""

    def writing(self, patience_s: float) -> AbstractContextManager[None]:
        """Be the one that writes. Raises `SearchUnavailable` when another still does after `patience_s` seconds."""
        message = f"Another process has been writing the search index for {patience_s:g} seconds."
        return self._locked(
            "writer.lock", patience_s, message, "Only the worker writes; try again when it is done."
        )

    def rebuilding(self) -> AbstractContextManager[None]:
        """Be the one that rebuilds. Raises `SearchUnavailable` when another does."""
        message = "The search index is being rebuilt already."
        return self._locked("rebuild.lock", _REBUILD_PATIENCE_S, message, "Wait until that rebuild is done.")

    def is_rebuilding(self) -> bool:
        """Whether a rebuild is alive, in any process. Asked by the writer alone."""
        if not self.journal.exists():
            return False
        descriptor = os.open(self.root / "rebuild.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            return not _try_lock(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self, name: str, patience_s: float, message: str, remedy: str) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.root / name, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise SearchUnavailable(
                f"The search index at {self.root} cannot be written: {error.strerror}.",
                remedy="Make the folder writable for the hub, or name another in HUB_SEARCH.",
            ) from error
        try:
            until = time.monotonic() + patience_s
            while not _try_lock(descriptor):
                if time.monotonic() >= until:
                    raise SearchUnavailable(message, remedy=remedy)
                time.sleep(_POLL_S)
            yield
        finally:
            os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
