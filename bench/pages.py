"""The search page as a rep gets it, over HTTP: one client, then eight at once."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from bench import library
from bench.corpus import Corpus
from bench.figures import Figure, middle, percentile
from bench.running_hub import RunningHub
from bench.search import queries
from bench.visitor import Visitor

CLIENTS = 8
#: Most milliseconds of a page at p95, and least pages a second with several clients. Above 10,000 assets Tantivy has 10 ms more.
TARGETS = {"whoosh": (120, 30), "tantivy": (50, 100)}
WARMING = 20


def addresses(corpus: Corpus, seed: int) -> list[str]:
    """Search pages of all sorts, in no order: rare and common words, several, phrases, mistyped ones, filters, none of them."""
    found = []
    for some in queries(corpus, seed).values():
        for query in some:
            filters = {
                facet: [value.replace("-", "_") if facet == "kind" else value for value in values]
                for facet, values in query.filters.items()
            }
            found.append("/search?" + urlencode({"q": query.text, **filters}, doseq=True))
    found += [f"/search?page={number}" for number in range(1, 11)]
    random.Random(seed).shuffle(found)
    return found


def ask(visitor: Visitor, path: str) -> float:
    """Milliseconds of one page, which must be a page of results."""
    answer = visitor.get(path)
    if answer.status != 200 or b'id="results"' not in answer.body:
        raise AssertionError(f"{path}: {answer.status}")
    return answer.ms


def measure(hub: RunningHub, corpus: Corpus, runs: int, seconds: float) -> list[Figure]:
    """One client through every sort of query, then eight for so many seconds; medians of the runs."""
    rep = hub.visitor(library.REP)
    for path in addresses(corpus, 1000)[:WARMING]:
        ask(rep, path)
    most, least = TARGETS.get(hub.environ["HUB_SEARCH"].partition(":")[0], TARGETS["whoosh"])
    most += 10 if most == TARGETS["tantivy"][0] and corpus.count > 10_000 else 0
    alone = middle(_alone(hub, rep, addresses(corpus, run), most) for run in range(runs))
    crowd = middle(_crowd(hub, rep, corpus, seconds, run, least) for run in range(runs))
    return [*alone, *crowd]


def _alone(hub: RunningHub, rep: Visitor, paths: Sequence[str], most: int) -> list[Figure]:
    times, spent = [], []
    for path in paths:
        before = sum(hub.cpu_ms())
        times.append(ask(rep, path))
        spent.append(sum(hub.cpu_ms()) - before)
    return [
        Figure("search page, one client, p50", percentile(times, 50), "ms"),
        Figure("search page, one client, p95", percentile(times, 95), "ms", most),
        Figure("search page, processor time, p50", percentile(spent, 50), "ms"),
        Figure("search page, processor time, p95", percentile(spent, 95), "ms"),
    ]


def _crowd(
    hub: RunningHub, rep: Visitor, corpus: Corpus, seconds: float, run: int, least: int
) -> list[Figure]:
    before, own = hub.cpu_ms(), time.process_time()
    end = time.monotonic() + seconds

    def click(number: int) -> list[float]:
        visitor, times = rep.twin(), []
        for path in addresses(corpus, 100 + run * CLIENTS + number) * 100:
            if time.monotonic() > end:
                break
            times.append(ask(visitor, path))
        visitor.close()
        return times

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [ms for found in pool.map(click, range(CLIENTS)) for ms in found]
    took = time.monotonic() - began
    own = time.process_time() - own
    spent = [after - earlier for after, earlier in zip(hub.cpu_ms(), before, strict=True)]
    return [
        Figure(f"search page, {CLIENTS} clients", len(times) / took, "/s", least, at_least=True),
        Figure(f"search page, {CLIENTS} clients, p95", percentile(times, 95), "ms"),
        Figure(f"search page, {CLIENTS} clients, processor time of the web", sum(spent) / len(times), "ms"),
        Figure(
            f"search page, {CLIENTS} clients, processor time of the clients", 1000 * own / len(times), "ms"
        ),
        Figure("share of the less busy web process", 100 * min(spent) / max(sum(spent), 0.001), "%"),
    ]
