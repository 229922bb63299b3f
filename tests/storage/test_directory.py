"""What only a directory has: a disk that fills, folders, rights."""

from __future__ import annotations

import errno
import io
import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from hub.errors import Invalid, TooLarge
from hub.storage import Storage, StorageUnavailable, make_storage, uploads
from hub.storage.addresses import Sending
from hub.storage.directory import DirectoryStorage
from hub.storage.folder import append


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return make_storage("directory:", data=tmp_path, url="http://127.0.0.1:9/files", secret=b"s" * 32)


@pytest.fixture
def directory(storage: Storage) -> DirectoryStorage:
    assert isinstance(storage, DirectoryStorage)
    return storage


def test_no_key_is_the_folder_of_another(storage: Storage) -> None:
    storage.put("files/a", io.BytesIO(b"x"), "text/plain")
    for key in ("files", "files/a/b", "files/a/b/c"):
        with pytest.raises(Invalid, match="below another key or above one"):
            storage.put(key, io.BytesIO(b"y"), "text/plain")
        assert storage.stat(key) is None
        storage.delete(key)
        with pytest.raises(FileNotFoundError):
            storage.open(key)
    assert list(storage.list()) == ["files/a"]


def test_deleting_leaves_no_empty_folders(storage: Storage, tmp_path: Path) -> None:
    storage.put("files/ab/1", io.BytesIO(b"x"), "text/plain")
    storage.put("files/cd/1", io.BytesIO(b"x"), "text/plain")
    storage.delete("files/ab/1")
    assert sorted(str(p.relative_to(tmp_path)) for p in (tmp_path / "files").rglob("ab")) == []
    assert list(storage.list()) == ["files/cd/1"]


def test_files_are_for_the_hub_alone(storage: Storage, tmp_path: Path) -> None:
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "files").iterdir()} == {0}


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "is full"), (errno.EIO, "cannot be used")])
def test_a_disk_that_fails_is_said_and_leaves_nothing(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def fail(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(StorageUnavailable, match=words) as said:
            storage.put("files/a", io.BytesIO(b"x"), "text/plain")
    assert said.value.status == 503
    assert said.value.remedy
    assert storage.stat("files/a") is None
    assert list((tmp_path / "files" / "temporary").iterdir()) == []


def test_a_file_that_lost_its_type_is_a_download(storage: Storage, tmp_path: Path) -> None:
    storage.put("a", io.BytesIO(b"x"), "image/png")
    (tmp_path / "files" / "types" / "a").unlink()
    stat = storage.stat("a")
    assert stat
    assert stat.content_type == "application/octet-stream"


@pytest.mark.parametrize("upload", ["", "..", "../objects", "x" * 32, "0" * 32, "0" * 33])
def test_ids_of_uploads_lead_nowhere_else(storage: Storage, upload: str) -> None:
    assert storage.parts("a", upload) == []
    storage.abort_upload("a", upload)
    with pytest.raises(FileNotFoundError):
        storage.complete_upload("a", upload, [], size=1)


def test_an_object_cannot_pose_as_an_upload(storage: Storage) -> None:
    storage.put(
        "evil/upload.json", io.BytesIO(b'{"key": "a", "content_type": "text/html", "size": 1}'), "text/plain"
    )
    storage.put("evil/00001", io.BytesIO(b"x"), "text/plain")
    assert storage.parts("a", "../objects/evil") == []
    storage.abort_upload("a", "../objects/evil")
    assert list(storage.list()) == ["evil/00001", "evil/upload.json"]


@pytest.mark.parametrize(
    ("body", "announced"), [(b"12345", None), (b"12345678", None), (b"1", 5), (b"12345", 4)]
)
def test_too_much_is_refused_whether_it_is_announced_or_just_comes(
    directory: DirectoryStorage, body: bytes, announced: int | None
) -> None:
    upload = directory.begin_upload("a", "text/plain", 4)
    with pytest.raises(TooLarge, match="4 bytes"):
        directory.receive(Sending("a", upload, 1, 4, 0), io.BytesIO(body), announced)
    assert directory.parts("a", upload) == []


def test_one_at_a_time_joins_or_aborts_an_upload(
    directory: DirectoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = directory.begin_upload("a", "text/plain", 1)
    part = directory.receive(Sending("a", upload, 1, 1, 0), io.BytesIO(b"x"), 1)
    others = [
        threading.Thread(target=lambda: directory.complete_upload("a", upload, [part], size=1)),
        threading.Thread(target=lambda: directory.abort_upload("a", upload)),
    ]
    joined = []

    def while_joining(source: Path, out: BinaryIO) -> int:
        joined.append(source)
        for other in others:
            other.start()
            other.join(0.2)
            assert other.is_alive()
        return append(source, out)

    monkeypatch.setattr(uploads, "append", while_joining)
    assert directory.complete_upload("a", upload, [part], size=1).size == 1
    for other in others:
        other.join(10)
    assert len(joined) == 1
    with directory.open("a") as stream:
        assert stream.read() == b"x"


def test_putting_beside_one_who_removes_the_folder(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace
    lost: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        if target.name == "1" and "objects" in target.parts and not lost:
            lost.append(target)
            target.parent.rmdir()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    storage.put("files/ab/1", io.BytesIO(b"x"), "text/plain")
    assert lost
    assert list(storage.list()) == ["files/ab/1"]
