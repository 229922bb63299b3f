"""The search engine of Tantivy's files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hub.search.folder_engine.engine import FolderEngine, Prepared
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.port import Document, Progress
from hub.search.tantivy_index import commits, files, schema
from hub.search.tantivy_index.snapshot import TantivySnapshot


class TantivyEngine(FolderEngine):
    """Implements `hub.search.port.Engine`."""

    form = f"tantivy{schema.VERSION}"

    def prepared(self, document: Document) -> schema.Prepared:
        return schema.prepared(document)

    def created(self, path: Path) -> None:
        commits.create(path)

    def built(self, path: Path, documents: Iterable[Document], progress: Progress) -> int:
        return commits.build(path, documents, progress)

    def changed(self, path: Path, documents: Prepared, deleted: Iterable[int]) -> None:
        commits.change(path, documents, deleted)

    def tidied(self, path: Path) -> None:
        """Tantivy merges its segments itself."""
        commits.keep_columns(path)

    def generation(self, path: Path) -> files.Stamp:
        return files.generation(path)

    def opened(self, path: Path, before: Snapshot | None) -> Snapshot:
        return TantivySnapshot(path, before)
