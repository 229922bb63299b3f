"""HUB_STORAGE."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask

from hub.errors import SettingsError
from hub.storage import StorageUnavailable, init_app, make_storage, storage
from hub.storage.directory import DirectoryStorage
from hub.storage.s3 import S3Storage


def test_directory_alone_is_in_the_data_folder(tmp_path: Path) -> None:
    kept = make_storage("directory:", data=tmp_path, url="http://h/files", secret=b"s")
    kept.put("a", io.BytesIO(b"x"), "text/plain")
    assert (tmp_path / "files" / "objects" / "a").read_bytes() == b"x"


def test_directory_with_a_path(tmp_path: Path) -> None:
    kept = make_storage(f"directory:{tmp_path}/elsewhere", data=tmp_path, url="http://h/files", secret=b"s")
    assert isinstance(kept, DirectoryStorage)
    assert (tmp_path / "elsewhere" / "objects").is_dir()
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize("setting", ["s3:bucket", "s3:bucket/", "s3:bucket/a/b"])
def test_s3(setting: str, tmp_path: Path) -> None:
    assert isinstance(make_storage(setting, data=tmp_path, url="", secret=b"s"), S3Storage)


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "ftp:x",
        "s3:",
        "s3:/prefix",
        "s3:bucket/../x",
        "s3:bucket//x",
        "directory:relative",
        "directories:",
    ],
)
def test_what_makes_no_sense_is_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        make_storage(setting, data=tmp_path, url="", secret=b"s")
    assert refused.value.field == "HUB_STORAGE"
    assert refused.value.remedy


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable) as said:
        make_storage(f"directory:{tmp_path}/file/below", data=tmp_path, url="", secret=b"s")
    assert "HUB_STORAGE" in said.value.remedy


def test_is_reached_by_the_application(tmp_path: Path) -> None:
    app = Flask("app")
    kept = make_storage("directory:", data=tmp_path, url="http://h/files", secret=b"s")
    init_app(app, kept)
    with app.app_context():
        assert storage() is kept
