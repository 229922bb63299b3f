"""kill -9 of web and worker in the middle of an upload, a job and an index write: nothing acknowledged is lost, all goes on by itself."""

from __future__ import annotations

import hashlib
import http.client
import re
import sqlite3
import subprocess
import threading
import time
import urllib.error
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from hub.db import Database, now
from hub.library.uploading.parts import PART_SIZE
from hub.usage import rollups
from tests.servers.hub import RunningHub
from tests.servers.process import wait_until
from tests.servers.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    found = RunningHub(tmp_path / "hub", {"HUB_WEB_WORKERS": "1"})
    found.folder.mkdir()
    with found.up():
        found.add_user("mara@example.com", "marketer", "Mara")
        yield found


def query(hub: RunningHub, sql: str) -> list[Any]:
    with closing(sqlite3.connect(hub.folder / "hub.sqlite3", timeout=30)) as connection:
        return connection.execute(sql).fetchall()


def eventually(what: str, holds: Callable[[], bool], seconds: float = 90) -> None:
    wait_until(holds, what, seconds=seconds)


def test_web_killed_in_an_upload(hub: RunningHub) -> None:
    visitor = Visitor(hub, "mara@example.com")
    data = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range((PART_SIZE + 9_000) // 32 + 1))
    status, begun = visitor.send(
        "/uploads", {"filename": "notes.txt", "size": len(data), "type": "text/plain"}
    )
    assert status == 201
    first, second = begun["parts"]
    assert visitor.put(first["url"], data[:PART_SIZE]) == 200
    assert hub.kill("web") >= 2
    eventually("the web process", hub.ready)
    status, text = visitor.get(f"/uploads/{begun['upload']}")
    assert status == 200
    assert '"done":[{' in text.replace(" ", "")
    assert visitor.put(second["url"], data[PART_SIZE:]) == 200
    assert hub.kill("web") >= 2
    eventually("the web process", hub.ready)
    status, done = visitor.send(f"/uploads/{begun['upload']}/complete", {})
    assert status == 200, done
    [[key, size]] = query(hub, "SELECT storage_key, size FROM files")
    assert size == len(data)
    stored = hub.folder / "files" / "objects" / key
    assert hashlib.sha256(stored.read_bytes()).digest() == hashlib.sha256(data).digest()


def test_worker_killed_in_a_job(hub: RunningHub, tmp_path: Path) -> None:
    """A video that takes some seconds to convert; the worker dies twice on the way."""
    video = tmp_path / "odd.avi"
    source = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=12", "-c:v", "mpeg4", "-q:v", "3"]
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *source, str(video)], check=True
    )
    visitor = Visitor(hub, "mara@example.com")
    data = video.read_bytes()
    _, begun = visitor.send("/uploads", {"filename": "odd.avi", "size": len(data), "type": "video/x-msvideo"})
    for part in begun["parts"]:
        start = (part["number"] - 1) * PART_SIZE
        assert visitor.put(part["url"], data[start : start + part["size"]]) == 200
    assert visitor.send(f"/uploads/{begun['upload']}/complete", {})[0] == 200
    running = "SELECT attempts FROM jobs WHERE name = 'media.process' AND state = 'running'"
    for attempt in (1, 2):
        eventually("the job", lambda attempt=attempt: query(hub, running) == [(attempt,)])  # type: ignore[misc]
        time.sleep(0.5)
        assert hub.kill("worker") >= 1
        assert query(hub, "SELECT state FROM files") == [("waiting",)]
    eventually("the file", lambda: query(hub, "SELECT state FROM files") == [("ready",)], seconds=150)
    assert query(hub, "SELECT kind, count(*) FROM renditions GROUP BY kind ORDER BY kind") == [
        ("mp4", 1),
        ("poster", 1),
        ("strip", 1),
        ("thumbnail", 1),
    ]


def test_worker_killed_while_the_index_is_written(hub: RunningHub) -> None:
    visitor = Visitor(hub, "mara@example.com")
    for number in range(30):
        form = {"title": f"Pangolin number {number}", "body": f"Word{number} of many."}
        assert visitor.post("/library/new/success_factor", form)[0] == 200
        if number in {8, 24}:
            eventually("a worker to kill", lambda: hub.kill("worker") >= 1)
    assert query(hub, "SELECT count(*) FROM assets") == [(30,)]

    def all_found() -> bool:
        text = visitor.get("/search?q=pangolin&state=draft")[1]
        found = re.search(r"results-count[^>]*>\s*([\d,]+)", text)
        return bool(found and found[1] == "30")

    eventually("every asset in search", all_found)
    assert "1 asset" in visitor.get("/search?q=word17&state=draft")[1]


def test_no_event_is_lost_when_web_and_worker_are_killed(hub: RunningHub) -> None:
    """A page (to the hub a script, for its user agent says so) sends each batch until it is answered: stored once, and counted."""
    visitor = Visitor(hub, "mara@example.com")
    assert visitor.post("/library/new/success_factor", {"title": "Speed", "body": "It is quick."})[0] == 200
    [[asset]] = query(hub, "SELECT public_id FROM assets")
    kills = {8: ("web",), 16: ("worker",), 24: ("web", "worker")}
    answered: list[str] = []
    for number in range(32):
        batch = [
            {"id": str(uuid.uuid4()), "kind": kind, "asset": asset, "at": now().isoformat(), "data": {}}
            for kind in ("opened", "copied") * 10
        ]
        if number in kills:
            killed = threading.Thread(
                target=lambda parts: [hub.kill(part) for part in parts], args=(kills[number],)
            )
            killed.start()  # while the batch is under way
        eventually("an answer", lambda batch=batch: sent(visitor, batch))  # type: ignore[misc]
        answered += [event["id"] for event in batch]
    stored = [client_id for (client_id,) in query(hub, "SELECT client_id FROM usage_events")]
    assert sorted(stored) == sorted(answered)
    database = Database(f"sqlite:///{hub.folder / 'hub.sqlite3'}")
    rollups.bring_up_to_date(database, now())
    counted = "SELECT kind, sum(machine) FROM usage_daily GROUP BY kind ORDER BY kind"
    assert query(hub, counted) == [("copied", 320), ("opened", 320)]
    rollups.rebuild(database, now())
    database.dispose()
    assert query(hub, counted) == [("copied", 320), ("opened", 320)]


def sent(visitor: Visitor, batch: list[dict[str, Any]]) -> bool:
    """Whether the hub answered that it has the batch."""
    try:
        status, receipt = visitor.send("/events", {"token": visitor.token, "events": batch})
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
        return False
    assert status == 200
    assert (receipt["accepted"] + receipt["known"], receipt["refused"]) == (len(batch), [])
    return True
