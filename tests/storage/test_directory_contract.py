"""The directory storage behind a real web server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.s3 import Can
from tests.storage.conftest import FileServer
from tests.storage.contract import StorageContract
from tests.storage.place import Place


class TestDirectory(StorageContract):
    @pytest.fixture
    def place(self, file_server: FileServer, tmp_path: Path) -> Place:
        return Place(file_server.storage(tmp_path / "hub"), frozenset(Can))
