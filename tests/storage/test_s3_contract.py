"""The S3 storage on real servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.storage import S3Options, make_storage
from tests.servers.s3 import S3Server
from tests.storage.contract import StorageContract
from tests.storage.place import Place


def place_on(server: S3Server, folder: Path) -> Place:
    options = S3Options(endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key)
    return Place(make_storage(server.fresh(), data=folder, url="", secret=b"", s3=options), server.can)


class TestMoto(StorageContract):
    @pytest.fixture
    def place(self, moto_server: S3Server, tmp_path: Path) -> Place:
        return place_on(moto_server, tmp_path)


@pytest.mark.servers
class TestSwift(StorageContract):
    @pytest.fixture
    def place(self, swift_server: S3Server, tmp_path: Path) -> Place:
        return place_on(swift_server, tmp_path)


@pytest.mark.radosgw
class TestRadosgw(StorageContract):
    @pytest.fixture
    def place(self, radosgw_server: S3Server, tmp_path: Path) -> Place:
        return place_on(radosgw_server, tmp_path)
