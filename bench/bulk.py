"""The whole library changed in one go and undone, by the worker, while pages go on sending events."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench import library, sending
from bench.figures import Figure, percentile
from bench.running_hub import RunningHub, forget_peak, resident
from bench.visitor import Visitor

PAUSE = 0.1  # seconds between two batches of events, and between two looks at how far it is
ASKED = urlencode({"way-region": "add", "terms-region": "emea", "external": "yes", "review_by": "2030-01-31"})


def measure(hub: RunningHub) -> list[Figure]:
    """Choose all that the shelf holds, look, do, wait for the end, undo, wait for the end. The worker runs."""
    marketer = hub.visitor(library.MARKETER)
    token = marketer.token()
    forget_peak(hub.worker_pid)
    with _others_writing(hub) as waits:
        place = _post(marketer, "/library/bulk/", {"csrf_token": token, "all": "yes", "filter": ""})
        looked = marketer.get(f"{place}/preview?{ASKED}")
        done = _timed(hub, marketer, f"{place}/do", {"csrf_token": token, "asked": ASKED}, "done")
        undone = _timed(hub, marketer, f"{place}/undo", {"csrf_token": token}, "undone")
    total = hub.scalar("SELECT total FROM bulk_changes ORDER BY id DESC LIMIT 1")
    left = hub.scalar("SELECT count(*) FROM bulk_items WHERE outcome <> 'restored' AND outcome <> 'same'")
    return [
        Figure(f"bulk change of {total:,} assets: its preview", looked.ms, "ms"),
        Figure("bulk change, done", done, "s"),
        Figure("bulk change, undone", undone, "s"),
        Figure("assets that did not come back", left, "", 0),
        Figure("peak of the worker, which indexes too", resident(hub.worker_pid, "VmHWM"), "MiB", 500),
        Figure("a batch of events meanwhile, p95", percentile(waits, 95), "ms"),
        Figure("a batch of events meanwhile, most", max(waits), "ms", 1_000),
    ]


@contextmanager
def _others_writing(hub: RunningHub) -> Iterator[list[float]]:
    """Ten batches of events a second by somebody else; gives how long each took, in ms."""
    rep = hub.visitor(library.REP)
    token, assets, draw = rep.token(), sending.seen_by_all(hub), random.Random(1)
    waits: list[float] = []
    over = threading.Event()

    def send() -> None:
        while not over.wait(PAUSE):
            waits.append(sending.send_batch(rep, token, assets, draw).ms)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield waits
    finally:
        over.set()
        sender.join()


def _timed(hub: RunningHub, marketer: Visitor, path: str, fields: dict[str, str], stage: str) -> float:
    """Seconds from pressing the button until the change has come to this stage."""
    began = time.monotonic()
    _post(marketer, path, fields)
    while hub.scalar("SELECT stage FROM bulk_changes ORDER BY id DESC LIMIT 1") != stage:
        time.sleep(PAUSE)
    return time.monotonic() - began


def _post(marketer: Visitor, path: str, fields: dict[str, str]) -> str:
    answer = marketer.post_form(path, fields)
    if answer.status != 303:
        raise AssertionError(f"{path}: {answer.status} {answer.text[:1000]}")
    return answer.headers["Location"]
