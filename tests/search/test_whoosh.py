"""The contract, held by the engine in a folder."""

from __future__ import annotations

from pathlib import Path

from hub.search import Engine
from hub.search.whoosh_index.engine import WhooshEngine
from tests.search.contract import SearchContract


class TestWhoosh(SearchContract):
    def open_engine(self, folder: Path) -> Engine:
        return WhooshEngine(folder)
