"""A large upload through the upload API and the directory storage: how much the web processes grow.

Parts of 8 MiB go three at a time, as a browser sends them; completing puts them together. Free disk for twice the size
is needed below the temporary folder.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from bench import library
from bench.figures import Figure
from bench.running_hub import RunningHub, forget_peak, resident
from bench.visitor import Visitor

MIB = 1024 * 1024
AT_ONCE = 3
HEAD = bytes.fromhex("0000001866747970") + b"mp42\0\0\0\0mp42isom"  # how an MP4 begins; the rest is noise


def measure(hub: RunningHub, size: int) -> list[Figure]:
    """Upload a video of `size` bytes; growth is the peak during it less what was resident before, of each web process."""
    marketer = hub.visitor(library.MARKETER)
    token = marketer.token()
    _upload(marketer, token, 16 * MIB)  # warms, so that code loaded once is not counted
    before = [resident(pid, "VmRSS") for pid in hub.web_pids()]
    for pid in hub.web_pids():
        forget_peak(pid)
    began = time.perf_counter()
    _upload(marketer, token, size)
    took = time.perf_counter() - began
    after = [resident(pid, "VmHWM") for pid in hub.web_pids()]
    growth = max(peak - earlier for peak, earlier in zip(after, before, strict=True))
    return [
        Figure(f"upload of {size // MIB:,} MiB, growth of a web process", growth, "MiB", 50),
        Figure("peak of a web process meanwhile", max(after), "MiB"),
        Figure("throughput of the upload, put together", size / MIB / took, "MiB/s"),
    ]


def _upload(marketer: Visitor, token: str, size: int) -> None:
    tell = {"filename": "pitch.mp4", "size": size, "type": "video/mp4"}
    begun = marketer.post_json("/uploads", tell, **{"X-CSRFToken": token})
    if begun.status != 201:
        raise AssertionError(f"no upload was begun: {begun.status} {begun.text[:300]}")
    parts: Sequence[dict[str, Any]] = begun.json()["parts"]
    noise = secrets.token_bytes(begun.json()["part_size"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda part: _send(marketer.twin(), part, noise), parts))
    done = marketer.post_json(f"/uploads/{begun.json()['upload']}/complete", {}, **{"X-CSRFToken": token})
    if done.status != 200:
        raise AssertionError(f"the upload was not completed: {done.status} {done.text[:300]}")


def _send(visitor: Visitor, part: dict[str, Any], noise: bytes) -> None:
    parts = urlsplit(part["url"])
    body = noise[: part["size"]] if part["number"] > 1 else HEAD + noise[len(HEAD) : part["size"]]
    answer = visitor.put(f"{parts.path}?{parts.query}", body)
    visitor.close()
    if answer.status != 200:
        raise AssertionError(f"part {part['number']}: {answer.status} {answer.text[:300]}")
