"""Deleting old events: how many rows go in a second, and how long a batch of events that comes in meanwhile has to wait.

    python -m bench.retention --events 1000000 --on sqlite             # makes a year, and deletes all but its last week
    python -m bench.retention --events 1000000 --on sqlite --keep var  # on a copy of the hub that `bench.insights` left there

A process of its own deletes, as the worker does; a rep sends a batch of 20 events each fifth of a second, before it and
beside it. TMPDIR says where it lies: on a disk in memory nothing waits for the disk, so more rows go than elsewhere.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.figures import heading, percentile
from bench.insights import DATABASES, hub_on, make
from bench.running_hub import RunningHub
from bench.sending import seen_by_all, send_batch
from config import Settings
from hub.app import create_app
from hub.db import database, now
from hub.usage import retention

DAYS = 7  # kept
PAUSE = 0.2  # s, between two batches
BEFORE = 100  # batches that are sent before anything is deleted
REP = 21


def measure(hub: RunningHub) -> Iterator[str]:
    """The lines of one hub, whose events are gone then."""
    rows = sum(_rows(hub))
    with hub.web(), ProcessPoolExecutor(1, get_context("spawn")) as pool:
        alone = _batches(hub, lambda sent: sent == BEFORE)
        deleting = pool.submit(_delete, hub.environ)
        beside = _batches(hub, lambda _: deleting.done())
        gone, took, spent = deleting.result()
    yield f"{gone:,} of {rows:,} rows went in {took:.0f} s, {gone / took:,.0f} a second, {spent:.0f} s of that process"
    for what, times in (("before it", alone), ("beside it", beside)):
        yield (
            f"batches of events {what}: {len(times)}, p50 {percentile(times, 50):.0f} ms,"
            f" p95 {percentile(times, 95):.0f} ms, at most {max(times):.0f} ms"
        )


def _rows(hub: RunningHub) -> list[int]:
    tables = ("usage_events", "impressions", "searches", "search_uses")
    return [int(hub.scalar(f"SELECT count(*) FROM {table}")) for table in tables]


def _delete(environ: dict[str, str]) -> tuple[int, float, float]:
    """Rows that went, seconds by the clock and of the processor."""
    app = create_app(Settings.from_environ(environ))
    with app.app_context():
        begun, spent = time.perf_counter(), time.process_time()
        gone = retention.run(database(), now(), DAYS)
        return gone, time.perf_counter() - begun, time.process_time() - spent


def _batches(hub: RunningHub, ended: Callable[[int], bool]) -> list[float]:
    """Milliseconds of each batch."""
    rep, draw, assets = hub.visitor(REP), random.Random(time.time_ns()), seen_by_all(hub)
    token, times = rep.token(), list[float]()
    while not ended(len(times)):
        times.append(send_batch(rep, token, assets, draw).ms)
        time.sleep(PAUSE)
    return times


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.retention", description=__doc__)
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--on", choices=DATABASES, action="append", help="a database; may be given twice")
    asked.add_argument("--keep", type=Path, help="the folder in which `bench.insights` left hubs")
    given = asked.parse_args()
    print(heading(f"Retention, {given.events:,} events of a year, {DAYS} days kept"), flush=True)
    for name in given.on or DATABASES:
        with tempfile.TemporaryDirectory(prefix="hub-old-") as folder:
            copy = Path(folder) / "hub"
            if given.keep:
                kept = given.keep / f"{name}-{given.events}"
                subprocess.run(
                    ["cp", "-a", kept, copy], check=True
                )  # with its owners, by which PostgreSQL goes
            with hub_on(name, copy) as hub:
                for lines in (make(hub, given.events, copy), measure(hub)):
                    for line in lines:
                        print(line, flush=True)


if __name__ == "__main__":
    main()
