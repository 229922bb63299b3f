"""Making the whole index anew, by the worker, while people search."""

from __future__ import annotations

import time
from itertools import cycle

from bench import library
from bench.corpus import Corpus
from bench.figures import Figure, percentile
from bench.pages import addresses
from bench.running_hub import RunningHub

PAUSE = (
    0.1  # seconds between two searches: one busy person, so that the rebuild is not starved by the measuring
)


def measure(hub: RunningHub, corpus: Corpus) -> list[Figure]:
    """Ask for a rebuild, then search until its job has ended. The worker runs."""
    rep = hub.visitor(library.REP)
    paths = cycle(addresses(corpus, 77))
    times: list[float] = []
    failed = 0
    hub.command("reindex")
    while (state := _state(hub)) in {"queued", "running"}:
        answer = rep.get(next(paths))
        times.append(answer.ms)
        failed += answer.status != 200 or b"titles and summaries are looked through" in answer.body
        time.sleep(PAUSE)
    if state != "done":
        raise AssertionError(f"the rebuild ended as {state}")
    return [
        Figure("rebuild by the worker, while searched", _seconds(hub), "s", 180),
        Figure("searches that failed meanwhile", failed, "", 0),
        Figure("searches meanwhile", len(times), ""),
        Figure("search page meanwhile, p95", percentile(times, 95), "ms"),
    ]


JOB = "FROM jobs WHERE name = 'search.rebuild' ORDER BY id DESC LIMIT 1"


def _state(hub: RunningHub) -> str:
    return str(hub.scalar(f"SELECT state {JOB}"))


def _seconds(hub: RunningHub) -> float:
    if hub.database.engine.dialect.name == "sqlite":
        return float(hub.scalar(f"SELECT (julianday(finished_at) - julianday(started_at)) * 86400 {JOB}"))
    return float(hub.scalar(f"SELECT extract(epoch FROM finished_at - started_at) {JOB}"))
