"""A large upload through the hub itself: how much the web process grows, how fast the bytes go in.

`python -m bench.uploads [MIB]` prints the figures; `measure()` returns them. One gunicorn worker with four threads serves the
directory storage; three parts of 8 MiB are under way at a time, as a browser sends them; the same process completes the upload.
Free disk for twice the size is needed below the temporary folder.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, jsonify

from hub.storage import Storage, init_app, make_storage
from hub.storage.views import blueprint

MIB = 1024 * 1024
SIZE = 2048 * MIB
PART = 8 * MIB
AT_ONCE = 3
KEY = "bench/video.mp4"


def serve() -> Flask:
    """The web process that is measured; the environment says where it keeps files."""
    storage = _storage(Path(os.environ["BENCH_FOLDER"]), os.environ["BENCH_URL"], os.environ["BENCH_SECRET"])
    app = Flask(__name__)
    init_app(app, storage)
    app.register_blueprint(blueprint, url_prefix="/files")

    @app.post("/complete/<upload_id>/<int:size>")
    def complete(upload_id: str, size: int) -> Any:
        stat = storage.complete_upload(KEY, upload_id, storage.parts(KEY, upload_id), size=size)
        return jsonify(size=stat.size)

    @app.get("/memory")
    def memory() -> Any:
        """MiB of this process: at its peak, and now."""
        status = Path("/proc/self/status").read_text()
        peak, now = (int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) / 1024 for name in ("VmHWM", "VmRSS"))
        return jsonify(peak=peak, now=now)

    return app


def measure(size: int = SIZE) -> dict[str, float]:
    """Upload `size` bytes in parts, complete, download. Memory in MiB (growth is peak after minus before), times in seconds."""
    folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    try:
        with _running(folder) as (url, storage):
            return _measure(url, storage, size)
    finally:
        shutil.rmtree(folder)


def _measure(url: str, storage: Storage, size: int) -> dict[str, float]:
    content = secrets.token_bytes(PART)
    sizes = [min(PART, size - at) for at in range(0, size, PART)]
    upload = storage.begin_upload(KEY, "video/mp4", size)
    addresses = [storage.part_url(KEY, upload, n, part, 3600) for n, part in enumerate(sizes, 1)]
    _ask("PUT", addresses[0], content[: sizes[0]])  # warm
    before = json.loads(_ask("GET", f"{url}/memory"))["peak"]
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = pool.map(lambda address, part: _ask("PUT", address, content[:part]), addresses, sizes)
        for _ in sent:
            pass
    uploaded = time.perf_counter()
    completed_size = json.loads(_ask("POST", f"{url}/complete/{upload}/{size}"))["size"]
    completed = time.perf_counter()
    read = _drain(storage.url(KEY, expires=3600))
    downloaded = time.perf_counter()
    if completed_size != size or read != size:
        raise AssertionError(f"{completed_size} and {read} bytes instead of {size}")
    peak = json.loads(_ask("GET", f"{url}/memory"))["peak"]
    return {
        "size_mib": size / MIB,
        "before_mib": before,
        "peak_mib": peak,
        "growth_mib": peak - before,
        "upload_s": uploaded - started,
        "complete_s": completed - uploaded,
        "download_s": downloaded - completed,
    }


@contextmanager
def _running(folder: Path) -> Iterator[tuple[str, Storage]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, secret = f"http://127.0.0.1:{port}", secrets.token_hex()
    told = {"BENCH_FOLDER": str(folder), "BENCH_URL": url, "BENCH_SECRET": secret}
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "-b", f"127.0.0.1:{port}"]
    child = subprocess.Popen(
        [*command, "--log-level", "warning", "bench.uploads:serve()"], env={**os.environ, **told}
    )
    try:
        _wait(url)
        yield url, _storage(folder, url, secret)
    finally:
        child.terminate()
        child.wait(30)


def _storage(folder: Path, url: str, secret: str) -> Storage:
    return make_storage("directory:", data=folder, url=f"{url}/files", secret=secret.encode())


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            _ask("GET", f"{url}/memory")
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the web process did not answer within 20 seconds")


def _ask(method: str, url: str, body: bytes | None = None) -> bytes:
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=120)) as connection:
        connection.request(method, parts.path, body)
        answer = connection.getresponse()
        said = answer.read()
    if answer.status != 200:
        raise AssertionError(f"{method} {parts.path[:40]}: {answer.status} {said[:200]!r}")
    return said


def _drain(url: str) -> int:
    """Bytes that an address gives, read without keeping them."""
    parts = urlsplit(url)
    count = 0
    with closing(http.client.HTTPConnection(parts.netloc, timeout=120)) as connection:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        while chunk := answer.read(MIB):
            count += len(chunk)
    return count


if __name__ == "__main__":
    figures = measure(int(sys.argv[1]) * MIB if len(sys.argv) > 1 else SIZE)
    print("\n".join(f"{name:>12} {figure:10.1f}" for name, figure in figures.items()))
