"""kill -9 in the middle: what is visible is whole, and what was interrupted can be done again. Children are really killed."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from hub.storage import Part, Storage, make_storage
from tests.servers.process import free_ports, listens, wait_until
from tests.storage.conftest import SECRET
from tests.storage.conversation import ask, tag

KEY = "files/abcd/talk.mp4"
PARTS = [Random(n).randbytes(8 * 1024 * 1024) for n in range(4)] * 4 + [b"the end"]
SIZE = sum(map(len, PARTS))

PRELUDE = """
import io, sys, time
from pathlib import Path
from hub.storage import Part, make_storage
from tests.storage.conftest import SECRET, make_app
storage = make_storage("directory:", data=Path(sys.argv[1]), url=sys.argv[2], secret=SECRET)
"""

PUT = """
class Stuck(io.RawIOBase):
    pieces = [b"x" * 1_000_000] * 3
    def read(self, size=-1):
        if self.pieces:
            return self.pieces.pop()
        print("half", flush=True)
        time.sleep(60)
storage.put("files/abcd/talk.mp4", Stuck(), "video/mp4")
"""

COMPLETE = """
upload, size = sys.argv[3], int(sys.argv[4])
parts = storage.parts("files/abcd/talk.mp4", upload)
print("go", flush=True)
storage.complete_upload("files/abcd/talk.mp4", upload, parts, size=size)
"""

SERVE = """
from werkzeug.serving import run_simple
run_simple("127.0.0.1", int(sys.argv[3]), make_app(storage), threaded=True)
"""


def storage_in(folder: Path, url: str = "http://127.0.0.1:9/files") -> Storage:
    return make_storage("directory:", data=folder, url=url, secret=SECRET)


@contextmanager
def child(code: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", PRELUDE + code, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout
    return process.stdout.readline().strip()


def test_put(tmp_path: Path) -> None:
    storage = storage_in(tmp_path)
    storage.put(KEY, io.BytesIO(b"before"), "text/plain")
    with child(PUT, tmp_path, "") as process:
        assert said(process) == b"half"
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    with storage.open(KEY) as stream:
        assert stream.read() == b"before"
    assert list(storage.list()) == [KEY]
    left = list((tmp_path / "files" / "temporary").iterdir())
    assert [p.stat().st_size for p in left] == [3_000_000]
    storage.sweep_uploads(timedelta(hours=1))
    assert left[0].exists()
    storage.sweep_uploads(timedelta(0))
    assert not left[0].exists()


def begin(tmp_path: Path, storage: Storage) -> str:
    """An upload whose parts are all there; as files, for how they come in is tested elsewhere."""
    upload = storage.begin_upload(KEY, "video/mp4", SIZE)
    for number, content in enumerate(PARTS, 1):
        (tmp_path / "files" / "uploads" / upload / f"{number:05d}").write_bytes(content)
    return upload


def interrupted(tmp_path: Path, upload: str) -> bool:
    """Kill a child while it joins the parts; whether it was caught with a part of them joined."""
    folder = tmp_path / "files" / "uploads" / upload
    with child(COMPLETE, tmp_path, "", upload, SIZE) as process:
        assert said(process) == b"go"
        while process.poll() is None:
            drafts = [p.stat().st_size for p in folder.glob(".*")] if folder.exists() else []
            if any(0 < size < SIZE for size in drafts):
                os.kill(process.pid, signal.SIGKILL)
                process.wait(60)
                return any(0 < p.stat().st_size < SIZE for p in folder.glob(".*"))
    return False


def test_complete(tmp_path: Path) -> None:
    storage = storage_in(tmp_path)
    for _ in range(10):
        upload = begin(tmp_path, storage)
        if interrupted(tmp_path, upload):
            break
        storage.delete(KEY)
        storage.abort_upload(KEY, upload)
    else:
        pytest.fail("no child was caught while it joined the parts")
    assert storage.stat(KEY) is None
    parts = storage.parts(KEY, upload)
    assert [part.size for part in parts] == [len(content) for content in PARTS]
    stat = storage.complete_upload(KEY, upload, parts, size=SIZE)
    assert stat.size == SIZE
    with storage.open(KEY) as stream:
        assert stream.read() == b"".join(PARTS)
    assert list((tmp_path / "files" / "uploads").iterdir()) == []


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.03, 0.06, 0.1])
def test_complete_at_any_moment(tmp_path: Path, moment: float) -> None:
    storage = storage_in(tmp_path)
    upload = begin(tmp_path, storage)
    parts = storage.parts(KEY, upload)
    with child(COMPLETE, tmp_path, "", upload, SIZE) as process:
        assert said(process) == b"go"
        time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    found = storage.stat(KEY)
    assert found is None or found.size == SIZE
    assert storage.complete_upload(KEY, upload, parts, size=SIZE).size == SIZE
    with storage.open(KEY) as stream:
        assert stream.read() == b"".join(PARTS)


def test_the_web_server_while_a_part_comes_in(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}/files"
    storage = storage_in(tmp_path, url)
    upload = storage.begin_upload(KEY, "video/mp4", 3_000_000)
    urls = [storage.part_url(KEY, upload, number, 1_500_000, 60) for number in (1, 2)]
    first, second = bytes(1_500_000), b"x" * 1_500_000
    with child(SERVE, tmp_path, url, port) as process:
        wait_until(lambda: listens(port), "the web server")
        acknowledged = Part(1, len(first), tag(ask("PUT", urls[0], first)))
        place = urlsplit(urls[1])
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(
                f"PUT {place.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1500000\r\n\r\n".encode()
                + second[:1_200_000]
            )
            drafts = tmp_path / "files" / "uploads" / upload
            wait_until(lambda: any(p.stat().st_size for p in drafts.glob(".*")), "the half part")
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)
    assert storage.parts(KEY, upload) == [acknowledged]
    with child(SERVE, tmp_path, url, port) as process:
        wait_until(lambda: listens(port), "the web server")
        assert ask("PUT", urls[1], second).status == 200
    storage.complete_upload(KEY, upload, storage.parts(KEY, upload), size=3_000_000)
    with storage.open(KEY) as stream:
        assert stream.read() == first + second
