"""The contract, held by the engine of Tantivy."""

from __future__ import annotations

from pathlib import Path

from hub.search import Engine
from hub.search.tantivy_index.engine import TantivyEngine
from tests.search.contract import SearchContract


class TestTantivy(SearchContract):
    def open_engine(self, folder: Path) -> Engine:
        return TantivyEngine(folder)
