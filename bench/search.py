"""Search in the engine: a rebuild, queries of all sorts, one change until another process finds it, memory.

`python -m bench.search [DOCUMENTS [RUNS [ENGINE]]]` prints the figures; `measure()` returns them. The writer is a process of
its own, as the worker is; this one searches, as a web process does. Each query counts five facets, filters by audience, and
shows twenty hits with fragments and passages; queries differ, and each run begins with a newly opened index.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.corpus import KINDS, TERMS, TRADE, Corpus
from bench.figures import percentile
from hub.search import Document, Query, make_engine

DOCUMENTS, RUNS, CHANGES, EACH = 10_000, 3, 30, 30
VIEWERS = frozenset({"all", "t3", "u5"})
FACETS = ("kind", "stage", "vertical", "persona", "product")
FOUND = "one change until found elsewhere, most"
#: What DESIGN.md asks of each engine, up to so many documents.
TARGETS: dict[tuple[str, int], dict[str, float]] = {
    ("whoosh", 10_000): {"rebuild": 180.0, "search, p95": 60.0, FOUND: 2_000.0},
    ("tantivy", 10_000): {"rebuild": 20.0, "search, p95": 5.0, FOUND: 2_000.0},
    ("tantivy", 100_000): {"search, p95": 10.0, FOUND: 2_000.0},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; the target is the most it may be."""

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def ok(self) -> bool:
        return self.target is None or self.value <= self.target


def queries(corpus: Corpus, seed: int) -> dict[str, list[Query]]:
    """Sorts of queries, `EACH` of each; another seed gives others."""
    draw = random.Random(seed)
    words = corpus.vocabulary
    common = draw.sample(TRADE[:40], EACH)

    def rare() -> str:
        return str(words[draw.randrange(3_000, 20_000)])

    def of(text: str, **filters: tuple[str, ...]) -> Query:
        return Query(text, VIEWERS, filters, FACETS)

    def two() -> str:
        return " ".join(draw.sample(TRADE, 2))

    def chosen(facet: str) -> tuple[str, ...]:
        return tuple(draw.sample(TERMS[facet], 2))

    return {
        "one common word": [of(word) for word in common],
        "one rare word": [of(rare()) for _ in range(EACH)],
        "two words": [of(two()) for _ in range(EACH)],
        "four words": [of(f"{two()} {two()}") for _ in range(EACH)],
        "common and rare": [of(f"{word} {rare()}") for word in common],
        "two words, two filters": [
            of(two(), stage=chosen("stage"), kind=tuple(draw.sample(KINDS, 3))) for _ in range(EACH)
        ],
        "a phrase of common words": [of(f'"{two()}"') for _ in range(EACH)],
        "filters alone": [of("", vertical=chosen("vertical"), stage=chosen("stage")) for _ in range(EACH)],
        "a word mistyped": [of(word[:-2] + word[-1] + word[-2] + "q") for word in common],
    }


def targets(engine: str, documents: int) -> dict[str, float]:
    """Those of the smallest library that is as large; none when the engine is not meant for so many."""
    asked = [(most, some) for (name, most), some in TARGETS.items() if name == engine and documents <= most]
    return min(asked, key=lambda pair: pair[0])[1] if asked else {}


def measure(documents: int = DOCUMENTS, runs: int = RUNS, engine: str = "whoosh") -> list[Figure]:
    """Build in one process, search in this one; the median of the runs."""
    corpus = Corpus(documents)
    with (
        tempfile.TemporaryDirectory(prefix="hub-bench-") as folder,
        _writer(f"{engine}:{folder}", documents) as writer,
    ):
        writer.send(("rebuild", None))
        seconds, spent, peak = writer.recv()
        figures = [
            Figure("rebuild", seconds, "s"),
            Figure("rebuild, processor time", spent, "s"),
            Figure("rebuild, peak memory of the worker", peak, "MB"),
        ]
        before = _resident()
        figures.append(Figure("index on the disk", _size(Path(folder)), "MB"))
        figures += _searches(f"{engine}:{folder}", corpus, runs)
        figures.append(Figure("memory an opened index takes, queries done", _resident() - before, "MB"))
        figures += _changes(f"{engine}:{folder}", writer)
        figures.append(_during_rebuild(f"{engine}:{folder}", corpus, writer))
    asked = targets(engine, documents)
    return [replace(figure, target=asked.get(figure.name)) for figure in figures]


def _searches(setting: str, corpus: Corpus, runs: int) -> list[Figure]:
    by_sort: dict[str, list[float]] = {}
    whole: dict[str, list[float]] = {
        name: []
        for name in (
            "p50",
            "p95",
            "most",
            "processor p50",
            "processor p95",
            "processor",
            "opening",
            "suggest",
        )
    }
    for run in range(runs):
        engine = make_engine(setting, Path())
        whole["opening"].append(_timed(engine.count))
        asked = [(sort, query) for sort, some in queries(corpus, run).items() for query in some]
        random.Random(run).shuffle(asked)
        times, spent = [], []
        for sort, query in asked:
            began = time.thread_time()
            times.append((sort, _timed(partial(engine.search, query))))
            spent.append((time.thread_time() - began) * 1000)
        cuts = quantiles(spent, n=20)
        whole["processor"].append(sum(spent) / len(spent))
        whole["processor p50"].append(cuts[9])
        whole["processor p95"].append(cuts[18])
        cuts = quantiles([ms for _, ms in times], n=20)
        whole["p50"].append(cuts[9])
        whole["p95"].append(cuts[18])
        whole["most"].append(max(ms for _, ms in times))
        for sort in {sort for sort, _ in times}:
            by_sort.setdefault(sort, []).append(quantiles([ms for s, ms in times if s == sort], n=20)[18])
        begun = [f"{word[:3]}" for word in random.Random(run).sample(TRADE, EACH)]
        whole["suggest"].append(
            quantiles([_timed(partial(engine.suggest, text, VIEWERS)) for text in begun], n=20)[18]
        )
        engine.close()
    names = {
        "processor": "search, processor time, mean",
        "processor p50": "search, processor time, p50",
        "processor p95": "search, processor time, p95",
        "opening": "opening the index",
        "suggest": "suggestions, p95",
    }
    figures = [
        Figure(names.get(name, f"search, {name}"), median(values), "ms") for name, values in whole.items()
    ]
    return figures + [
        Figure(f"search, p95: {sort}", median(values), "ms") for sort, values in sorted(by_sort.items())
    ]


def _changes(setting: str, writer: Connection) -> list[Figure]:
    """From the moment the worker begins to index until a search here finds it; every tenth document is long."""
    engine = make_engine(setting, Path())
    waits = []
    for number in range(1, CHANGES + 1):
        began = time.perf_counter()
        writer.send(("change", number))
        while not engine.search(Query(f"changed{number}", VIEWERS | {"staff"}, limit=1)).total:
            time.sleep(0.01)
        waits.append((time.perf_counter() - began) * 1000)
        writer.recv()
    return [
        Figure("one change until found elsewhere, median", median(waits), "ms"),
        Figure("one change until found elsewhere, most", max(waits), "ms"),
    ]


def _during_rebuild(setting: str, corpus: Corpus, writer: Connection) -> Figure:
    engine = make_engine(setting, Path())
    asked = [query for some in queries(corpus, 99).values() for query in some]
    random.Random(99).shuffle(asked)
    writer.send(("rebuild", None))
    times: list[float] = []
    while not writer.poll(0.05):
        times.append(_timed(lambda: engine.search(asked[len(times) % len(asked)])))
    writer.recv()
    return Figure("search while a rebuild runs, p95", percentile(times or [0.0], 95), "ms")


@contextmanager
def _writer(setting: str, documents: int) -> Iterator[Connection]:
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_write, args=(setting, documents, there))
    process.start()
    try:
        yield here
    finally:
        here.send(("stop", None))
        process.join()


def _write(setting: str, documents: int, asked: Connection) -> None:
    """The worker's side. The time it takes to make the documents is left out."""
    corpus = Corpus(documents)
    engine = make_engine(setting, Path())
    while True:
        what, number = asked.recv()
        if what == "stop":
            return
        if what == "rebuild":
            made = _Made(corpus)
            spent = time.process_time()
            took = _timed(partial(engine.rebuild, made)) / 1000 - made.seconds
            spent = time.process_time() - spent - made.spent
            asked.send((took, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
        else:
            document = corpus.document(number)
            engine.index([replace(document, title=f"{document.title} changed{number}")])
            asked.send(None)


class _Made:
    """The corpus, and how long it took to make it, and how much of the processor."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.seconds = self.spent = 0.0

    def __iter__(self) -> Iterator[Document]:
        for number in range(1, self._corpus.count + 1):
            began, spent = time.perf_counter(), time.thread_time()
            document = self._corpus.document(number)
            self.seconds += time.perf_counter() - began
            self.spent += time.thread_time() - spent
            yield document


def _size(folder: Path) -> float:
    """Megabytes of all files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024 / 1024


def _timed(work: Any) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _resident() -> float:
    """Megabytes of this process that are in memory and its own; mapped files are not."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:3]]
    documents, runs = (*numbers, *(DOCUMENTS, RUNS)[len(numbers) :])
    name = sys.argv[3] if len(sys.argv) > 3 else "whoosh"
    figures = measure(documents, runs, name)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(
        f"{name}, {documents:,} documents, median of {runs} runs, {datetime.now(UTC).date()}, {os.cpu_count()} cores, load {load}"
    )
    for figure in figures:
        asked = "" if figure.target is None else f"≤ {figure.target:,.0f} {figure.unit}"
        print(
            f"{figure.name:45} {figure.value:9,.1f} {figure.unit:3} {asked:12} {'' if figure.ok else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
