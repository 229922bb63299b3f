"""The search engine of Whoosh's files, read with numpy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hub.search.folder_engine.engine import FolderEngine, Prepared
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.port import Document, Progress
from hub.search.whoosh_index import commits
from hub.search.whoosh_index.schema import VERSION, fields_of
from hub.search.whoosh_index.snapshot import WhooshSnapshot, generation


class WhooshEngine(FolderEngine):
    """Implements `hub.search.port.Engine`."""

    form = f"v{VERSION}"
    meant_for: int | None = 10_000

    def prepared(self, document: Document) -> dict[str, Any]:
        return fields_of(document)

    def created(self, path: Path) -> None:
        commits.create(path)

    def built(self, path: Path, documents: Iterable[Document], progress: Progress) -> int:
        return commits.build(path, documents, progress)

    def changed(self, path: Path, documents: Prepared, deleted: Iterable[int]) -> None:
        commits.change(path, documents, deleted)

    def tidied(self, path: Path) -> None:
        commits.tidy(path)

    def generation(self, path: Path) -> int:
        return generation(path)

    def opened(self, path: Path, before: Snapshot | None) -> Snapshot:
        return WhooshSnapshot(path, before)
