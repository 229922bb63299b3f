"""`make bench`: the figures that the design asks for, each with its target.

`python -m bench` measures everything at full size, which takes a good half hour; `--quick` a small library, for a first look;
`--only page --only events` some of it; `--against HEAD` compares the search engine with that of a commit.
`--search tantivy --assets 100000 --only page --keep FOLDER` measures pages over a larger library by another engine, in a
folder that is filled the first time and used again.
Exit status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench import (
    bulk,
    changes,
    gaps,
    library,
    pages,
    rebuilding,
    relevance_demo,
    search,
    sending,
    shelf,
    tables,
    uploads,
    use_page,
    weight,
)  # fmt: skip
from bench.against import compare
from bench.corpus import Corpus
from bench.figures import Figure, heading, line
from bench.running_hub import RunningHub, running_hub


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    assets: int = 10_000
    runs: int = 3
    seconds: float = 20  # of each run with several clients
    changes: int = 20
    events: int = 1_000_000
    upload: int = 2048 * uploads.MIB
    loads: int = 5
    rows: int = 10_000  # of a table of assets

    @property
    def corpus(self) -> Corpus:
        return Corpus(self.assets)


QUICK = Size(
    assets=1_000, runs=1, seconds=4, changes=4, events=20_000, upload=64 * uploads.MIB, loads=2, rows=500
)
Measure = Callable[[RunningHub, Size], list[Figure]]


def _engine(name: str, size: Size) -> list[Figure]:
    found = search.measure(size.assets, size.runs, name)
    return [Figure(f"{name}: {f.name}", f.value, f.unit, f.target) for f in found]


#: By themselves.
APART: dict[str, Callable[[Size], list[Figure]]] = {
    "engine": lambda size: _engine("whoosh", size),
    "tantivy": lambda size: _engine("tantivy", size),
    "table": lambda size: tables.measure(size.rows),
    "relevance": lambda _: relevance_demo.measure(),
    "insights": lambda size: use_page.measure(size.events, size.runs),
    "gaps": lambda size: gaps.measure(size.events // 5, size.runs),
}
#: On one hub filled with the library, in this order; the last two without a worker, which would take part in what they measure.
WITH_WORKER: dict[str, Measure] = {
    "page": lambda hub, size: pages.measure(hub, size.corpus, size.runs, size.seconds),
    "shelf": lambda hub, size: shelf.measure(hub, size.runs),
    "change": lambda hub, size: changes.measure(hub, size.changes),
    "events": lambda hub, size: sending.measure(hub, size.corpus, size.seconds),
    "rebuild": lambda hub, size: rebuilding.measure(hub, size.corpus),
    "bulk": lambda hub, _: bulk.measure(hub),
}
WITHOUT_WORKER: dict[str, Measure] = {
    "weight": lambda hub, size: weight.measure(hub, size.loads),
    "upload": lambda hub, size: uploads.measure(hub, size.upload),
}
NAMES = [*APART, *WITH_WORKER, *WITHOUT_WORKER]
#: What leaves a library as it was, so that it can be measured again.
READING = {"page", "shelf", "weight"}


def measure(size: Size, only: list[str], kept: Path | None = None) -> list[Figure]:
    """Measure what is named, printing each part as soon as it is known."""
    figures: list[Figure] = []

    def show(name: str, found: list[Figure]) -> None:
        print(f"{name}", *map(line, found), sep="\n", flush=True)
        figures.extend(found)

    for name in filter(only.__contains__, APART):
        show(name, APART[name](size))
    if any(name in only for name in (*WITH_WORKER, *WITHOUT_WORKER)):
        with ExitStack() as running:
            hub = running.enter_context(_filled(size, kept))
            running.enter_context(hub.web())
            if any(name in only for name in WITH_WORKER):
                with hub.worker():
                    for name in filter(only.__contains__, WITH_WORKER):
                        show(name, WITH_WORKER[name](hub, size))
            for name in filter(only.__contains__, WITHOUT_WORKER):
                show(name, WITHOUT_WORKER[name](hub, size))
    return figures


@contextmanager
def _filled(size: Size, kept: Path | None) -> Iterator[RunningHub]:
    """A hub with the library in it, indexed; the one in `kept` if there is one."""
    with running_hub(kept) as hub:
        if found := hub.scalar("SELECT count(*) FROM assets"):
            if found != size.assets:
                raise SystemExit(f"{kept} holds a library of {found:,} assets.")
            yield hub
            return
        began = time.monotonic()
        library.fill(hub.database, hub.storage, size.corpus)
        hub.command("reindex", "--now")
        print(
            f"(a library of {size.assets:,} assets was made and indexed in {time.monotonic() - began:.0f} s)",
            flush=True,
        )
        yield hub


def main() -> int:
    """Exit status: 1 when a target was missed."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument(
        "--quick", action="store_true", help="a small library: for a first look, not for the record"
    )
    asked.add_argument(
        "--only", action="append", choices=NAMES, help="this part alone; may be given several times"
    )
    asked.add_argument(
        "--against", metavar="REVISION", help="compare the search engine with that of a commit"
    )
    asked.add_argument("--assets", type=int, help="how many the library has, instead of 10,000")
    asked.add_argument("--search", help="the engine, instead of HUB_BENCH_SEARCH or Whoosh")
    asked.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="use the library in this folder; it is made there when there is none. Only with parts that read",
    )
    given = asked.parse_args()
    if given.keep and not set(given.only or NAMES) <= READING:
        asked.error(f"--keep is for --only {', '.join(sorted(READING))}")
    if given.search:
        os.environ["HUB_BENCH_SEARCH"] = given.search
    size = QUICK if given.quick else Size()
    size = replace(size, assets=given.assets or size.assets)
    print(
        heading(f"{size.assets:,} assets, medians of {size.runs} run{'s' if size.runs > 1 else ''}"),
        flush=True,
    )
    if given.against:
        for before, after in compare(given.against, size.assets):
            print(f"  {after.name:58} {before.value:9,.1f} → {after.value:9,.1f} {after.unit}")
        return 0
    figures = measure(size, given.only or NAMES, given.keep)
    missed = [figure for figure in figures if figure.missed]
    print(
        f"\n{len(missed)} of {sum(f.target is not None for f in figures)} targets missed",
        *map(line, missed),
        sep="\n",
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
