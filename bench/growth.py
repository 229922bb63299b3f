"""What search costs as the library grows, for both engines: `python -m bench.growth [ENGINE:DOCUMENTS …]`.

Prints a table and a chart of letters, as docs/performance.md has them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from bench import search
from bench.search import Figure

SIZES = (
    *(("whoosh", documents) for documents in (1_000, 5_000, 10_000, 20_000)),
    *(("tantivy", documents) for documents in (1_000, 10_000, 30_000, 100_000)),
)
#: The columns of the table: what `bench.search` calls them, and their heads.
SHOWN = {
    "search, processor time, p50": "p50, processor",
    "search, processor time, p95": "p95, processor",
    "search, p95": "p95, wall",
    "rebuild, processor time": "rebuild, processor",
    "rebuild": "rebuild, wall",
    "index on the disk": "disk",
    "one change until found elsewhere, most": "a change is found",
}
_WIDTH = 50
Row = tuple[str, int, Sequence[Figure]]


def measure(sizes: Iterable[tuple[str, int]], runs: int) -> list[Row]:
    """The figures of `bench.search` for each engine and size, one after the other."""
    return [(engine, documents, search.measure(documents, runs, engine)) for engine, documents in sizes]


def table(rows: Iterable[Row]) -> list[str]:
    """As Markdown."""
    lines = [
        f"| engine | assets | {' | '.join(SHOWN.values())} |",
        f"| --- | ---: |{' ---: |' * len(SHOWN)}",
    ]
    for engine, documents, figures in rows:
        found = {figure.name: f"{figure.value:,.1f} {figure.unit}" for figure in figures}
        lines.append(f"| {engine} | {documents:,} | {' | '.join(found[name] for name in SHOWN)} |")
    return lines


def chart(rows: Iterable[Row], name: str = "search, processor time, p95") -> list[str]:
    """A bar for each row, as long as the figure is."""
    values = [
        (engine, documents, figure.value)
        for engine, documents, figures in rows
        for figure in figures
        if figure.name == name
    ]
    most = max((value for *_, value in values), default=1.0)
    return [
        f"{engine:8}{documents:8,} {'█' * max(1, round(_WIDTH * value / most))} {value:.1f} ms"
        for engine, documents, value in values
    ]


def main() -> None:
    named = [argument.partition(":") for argument in sys.argv[1:]]
    rows: list[Row] = []
    for engine, documents in [(engine, int(number)) for engine, _, number in named] or SIZES:
        rows += measure([(engine, documents)], search.RUNS)
        print(table(rows[-1:])[-1], flush=True)
    print(*table(rows), "", *chart(rows), sep="\n")


if __name__ == "__main__":
    main()
