"""A prefix of a bucket brought into a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.storage import S3Options, StorageUnavailable, mirror
from tests.servers.s3 import S3Server
from tests.storage.test_s3 import options_of


class Bucket:
    def __init__(self, server: S3Server, root: Path) -> None:
        self.server, self.root = server, root
        self.top = server.fresh().partition("/")[2]
        self.place = mirror.Place(server.bucket, f"{self.top}/sales/", options_of(server), most=1_000)

    def put(self, key: str, data: bytes) -> None:
        self.server.client().put_object(Bucket=self.server.bucket, Key=f"{self.top}/{key}", Body=data)

    def delete(self, key: str) -> None:
        self.server.client().delete_object(Bucket=self.server.bucket, Key=f"{self.top}/{key}")

    def bring(self) -> list[str]:
        return mirror.bring(self.place, self.root)

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.root.rglob("*") if path.is_file() and not path.name.startswith("."))
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def bucket(moto_server: S3Server, tmp_path: Path) -> Bucket:
    return Bucket(moto_server, tmp_path / "copy")


@pytest.fixture(params=["moto_server", "swift_server"])
def each_bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Bucket:
    return Bucket(request.getfixturevalue(request.param), tmp_path / "copy")


def test_new_changed_and_vanished_objects(each_bucket: Bucket) -> None:
    bucket = each_bucket
    for key in ("sales/a b/größe.md", "sales/b.md", "other/c.md", "sales/folder/"):
        bucket.put(key, b"one")
    assert bucket.bring() == []
    assert bucket.files() == {"a b/größe.md": b"one", "b.md": b"one"}
    before = (bucket.root / "a b" / "größe.md").stat().st_ino
    bucket.put("sales/b.md", b"two")
    bucket.delete("sales/folder/")
    assert bucket.bring() == []
    assert bucket.files()["b.md"] == b"two"
    assert (bucket.root / "a b" / "größe.md").stat().st_ino == before  # not fetched again
    bucket.delete("sales/b.md")
    (bucket.root / "a b" / "größe.md").unlink()
    bucket.bring()
    assert bucket.files() == {"a b/größe.md": b"one"}


def test_killed_before_it_could_note_what_it_fetched(bucket: Bucket) -> None:
    bucket.put("sales/a/b.md", b"one")
    bucket.put("sales/c.md", b"one")
    bucket.bring()
    (bucket.root / mirror.STATE).unlink()
    bucket.delete("sales/a/b.md")
    (bucket.root / mirror.HALF).write_bytes(b"ha")
    bucket.put("sales/c.md", b"two")
    assert bucket.bring() == []
    assert bucket.files() == {"c.md": b"two"}


@pytest.mark.parametrize(
    "name",
    ["../out.md", "a/../../out.md", "/out.md", "a//out.md", "..\\out.md", ".out.md", "n" * 250, "big.md"],
)
def test_names_that_lead_elsewhere_and_what_is_too_large_is_left_out(name: str, bucket: Bucket) -> None:
    bucket.put(f"sales/{name}", b"x" * (1_001 if name == "big.md" else 1))
    bucket.put("sales/fine.md", b"x")
    (note,) = bucket.bring()
    assert re.search(r"leads elsewhere|hidden|too long|1,001 bytes", note)
    assert bucket.files() == {"fine.md": b"x"}
    assert not (bucket.root.parent / "out.md").exists()


def test_a_file_where_a_folder_is(bucket: Bucket) -> None:
    bucket.put("sales/a", b"x")
    bucket.put("sales/a/b.md", b"x")
    assert bucket.bring() == ["a/b.md cannot stand beside a folder of its name."]
    assert bucket.files() == {"a": b"x"}


def test_a_bucket_that_is_not_there(bucket: Bucket) -> None:
    missing = mirror.Place("no-such-bucket", "", bucket.place.options, 10)
    with pytest.raises(StorageUnavailable):
        mirror.bring(missing, bucket.root)


def test_each_prefix_has_a_folder_of_its_own() -> None:
    options = S3Options(endpoint="http://127.0.0.1:1")
    places = [mirror.Place("b", prefix, options, 1) for prefix in ("", "a/", "a/b/")]
    assert len({mirror.folder_name(place) for place in places}) == 3
