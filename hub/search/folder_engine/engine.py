"""A search engine in a folder, whatever library writes its files. Any process searches; the worker alone writes."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EFBIG, ENOSPC, EROFS
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, TypeVar

from hub.search.folder_engine import journal
from hub.search.folder_engine.damage import Damaged, reading
from hub.search.folder_engine.folder import Current, Folder
from hub.search.folder_engine.searching import run
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.folder_engine.spelling import suggest
from hub.search.port import Document, Health, Progress, Query, Results, SearchUnavailable, Suggestion

#: Searches look this often, in seconds, whether another process has written.
REFRESH_S = 0.25
PATIENCE_S = 10.0
_OPENING_TRIES = 5
_REPLAYED_AT_ONCE = 200
#: From so many dead documents on, when they are the larger half, a rebuild is worth its time.
_DEAD_MOST = 1_000
_SEGMENTS_MOST = 60
_WASTED_MOST = 256 << 20
_LOOK_AGAIN_S = 0.02
_FULL = frozenset({ENOSPC, EDQUOT, EFBIG, EROFS, EACCES})
_ROOM = "Make room on the disk, or make the folder writable for the hub; the change is tried again."
_REMEDY = "The worker rebuilds it by itself; `python -m hub reindex` does it at once."
T = TypeVar("T")
#: Documents by id, as the adapter's `prepared` made them.
Prepared = dict[int, Any]


class FolderEngine(ABC):
    """Implements `hub.search.port.Engine` but for what touches the files, which is the adapter's."""

    #: Names the library and the version of the schema: a directory of any other is not read, but rebuilt.
    form: ClassVar[str]
    meant_for: int | None = None

    def __init__(self, root: Path, *, refresh_s: float = REFRESH_S, patience_s: float = PATIENCE_S) -> None:
        self._folder = Folder(root, self.form)
        self._refresh_s = refresh_s
        self._patience_s = patience_s
        self._held: Snapshot | None = None
        self._looked = 0.0
        self._refreshing = Lock()

    # What the adapter brings. All but `prepared` may raise anything when files are damaged; those that write hold the lock.

    @abstractmethod
    def prepared(self, document: Document) -> Any:
        """What `changed` wants of a document; made before the lock is taken."""

    @abstractmethod
    def created(self, path: Path) -> None:
        """Make an empty index in a new directory."""

    @abstractmethod
    def built(self, path: Path, documents: Iterable[Document], progress: Progress) -> int:
        """Fill an empty index; how many documents went in. An id that comes again is left out."""

    @abstractmethod
    def changed(self, path: Path, documents: Prepared, deleted: Iterable[int]) -> None:
        """Replace these documents and delete those, in one step, durably."""

    @abstractmethod
    def tidied(self, path: Path) -> None:
        """Put small segments together when there are many."""

    @abstractmethod
    def generation(self, path: Path) -> object:
        """Something that differs after each commit."""

    @abstractmethod
    def opened(self, path: Path, before: Snapshot | None) -> Snapshot:
        """The index as it is now, made from an older snapshot where that is quicker."""

    # The port

    def index(self, documents: Iterable[Document]) -> None:
        latest = {document.id: document for document in documents}
        if latest:
            self._change([*latest.values()])

    def delete(self, ids: Iterable[int]) -> None:
        if gone := list(dict.fromkeys(ids)):
            self._change([*gone])

    def search(self, query: Query) -> Results:
        return self._asked(lambda snapshot: run(snapshot, query))

    def suggest(self, text: str, viewers: frozenset[str], limit: int = 8) -> tuple[Suggestion, ...]:
        return self._asked(lambda snapshot: suggest(snapshot, text, viewers, limit))

    def count(self) -> int:
        return self._asked(lambda snapshot: snapshot.count)

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        folder = self._folder
        with folder.rebuilding(), _told_when_full():
            with folder.writing(self._patience_s):
                path = folder.begin_rebuild()
            try:
                self.created(path)
                count = self.built(path, documents, progress or (lambda _: None))
                with folder.writing(self._patience_s):
                    self._replay(path)
                    folder.point_to(path, complete=True)
                    folder.end_rebuild()
            except BaseException:
                with folder.writing(self._patience_s):
                    folder.end_rebuild()
                raise
        self._looked = 0.0
        return count

    def health(self) -> Health:
        current = self._folder.current()
        size = _size(current.path) if current else 0
        try:
            snapshot = self._checked()
        except Damaged as error:
            return Health(False, True, f"The search index is damaged ({error}). {_REMEDY}", size=size)
        except SearchUnavailable as error:
            return Health(False, True, str(error), size=size)
        reason = self._reason_to_rebuild(current, snapshot)
        return Health(
            not reason, bool(reason), reason or "The search index is complete.", snapshot.count, size
        )

    def close(self) -> None:
        self._held = None

    def _reason_to_rebuild(self, current: Current | None, snapshot: Snapshot) -> str:
        if current and (reason := self._folder.damage(current.path)):
            return f"A search met a damaged file ({reason}). {_REMEDY}"
        if current and not current.complete:
            return f"The search index has only what was changed since it was begun. {_REMEDY}"
        dead = snapshot.size - snapshot.count
        if dead > max(_DEAD_MOST, snapshot.count) or len(snapshot.views) > _SEGMENTS_MOST:
            return f"The search index has {dead} dead documents in {len(snapshot.views)} parts and grows slow. {_REMEDY}"
        if snapshot.wasted > _WASTED_MOST and 2 * snapshot.wasted > _size(snapshot.folder):
            return f"Of the search index {snapshot.wasted >> 20} MB are of texts that have changed. {_REMEDY}"
        return ""

    def _checked(self) -> Snapshot:
        """The newest state, every byte of it read. A commit or a swap may take files away meanwhile: then look again."""
        for last in (False, False, True):
            self._looked = 0.0
            snapshot = self._snapshot()
            try:
                snapshot.check()
            except Damaged:
                current = self._folder.current()
                moved = current is None or current.path != snapshot.folder
                if last or not (moved or self.generation(snapshot.folder) != snapshot.generation):
                    raise
            else:
                return snapshot
        raise AssertionError

    def _asked(self, question: Callable[[Snapshot], T]) -> T:
        """Ask the newest snapshot; a second time, from newly opened files, when the first met a damaged one."""
        try:
            return question(self._snapshot())
        except Damaged:
            self._held = None
        try:
            return question(self._snapshot())
        except Damaged as error:
            if current := self._folder.current():
                self._folder.mark_damaged(current.path, str(error))
            raise SearchUnavailable("The search index is damaged.", remedy=_REMEDY) from error

    def _snapshot(self) -> Snapshot:
        """The newest state, looked for at most every `refresh_s`; while one thread looks, the others take what is there."""
        held = self._held
        if held is not None and time.monotonic() - self._looked < self._refresh_s:
            return held
        if not self._refreshing.acquire(blocking=held is None) and held is not None:
            return held
        try:
            self._held = fresh = self._newest(self._held)
            self._looked = time.monotonic()
            return fresh
        finally:
            self._refreshing.release()

    def _newest(self, held: Snapshot | None) -> Snapshot:
        """What the folder has now. A commit or a swap may take files away while they are opened: then look again."""
        for last in (False, False, True):
            current = self._readable()
            try:
                if held and held.folder == current.path and held.generation == self.generation(current.path):
                    return held
                return self.opened(current.path, held)
            except Damaged:
                if last:
                    raise
                time.sleep(_LOOK_AGAIN_S)
        raise AssertionError

    def _readable(self) -> Current:
        current = self._folder.current()
        if current is None:
            raise SearchUnavailable("There is no search index yet.", remedy=_REMEDY)
        if not current.readable:
            raise SearchUnavailable(
                "The search index was made by another engine, or by another version of the hub.",
                remedy=_REMEDY,
            )
        return current

    def _change(self, changes: list[journal.Change]) -> None:
        """Commit, and leave a note for a rebuild that is under way. With no index to change, one is begun."""
        folder = self._folder
        fields = {change.id: self.prepared(change) for change in changes if isinstance(change, Document)}
        gone = [change for change in changes if isinstance(change, int)]
        with folder.writing(self._patience_s), _told_when_full():
            noted = folder.is_rebuilding()
            if noted:
                journal.append(folder.journal, changes)
            current = folder.current()
            if current is not None and current.readable:
                self._commit(current.path, fields, gone, noted=noted)
            elif not noted and fields:
                path = folder.new_path()
                self.created(path)
                self.changed(path, fields, gone)
                folder.point_to(path, complete=False)
        self._looked = 0.0

    def _commit(self, path: Path, fields: Prepared, gone: list[int], *, noted: bool) -> None:
        try:
            with reading():
                self.changed(path, fields, gone)
                self.tidied(path)
        except Damaged as error:
            if isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL:
                raise error.__cause__ from None
            self._folder.mark_damaged(path, str(error))
            if not noted:
                raise SearchUnavailable("The search index is damaged.", remedy=_REMEDY) from error

    def _replay(self, path: Path) -> None:
        """Put what was changed since the rebuild began into the new index; the last change of a document counts."""
        latest = {c.id if isinstance(c, Document) else c: c for c in journal.read(self._folder.journal)}
        changes = list(latest.values())
        for at in range(0, len(changes), _REPLAYED_AT_ONCE):
            some = changes[at : at + _REPLAYED_AT_ONCE]
            fields = {change.id: self.prepared(change) for change in some if isinstance(change, Document)}
            self.changed(path, fields, [change for change in some if isinstance(change, int)])


@contextmanager
def _told_when_full() -> Iterator[None]:
    """A disk that is full, or a folder that refuses, is no damage: what was there stays."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise SearchUnavailable(
            f"The search index cannot be written: {error.strerror}.", remedy=_ROOM
        ) from error


def _size(path: Path) -> int:
    """Bytes of the files in a directory, some of which may go while they are looked at."""
    size = 0
    for file in path.glob("*"):
        with suppress(FileNotFoundError):
            size += file.stat().st_size
    return size
