"""The demo library's own judged queries, ranked as a rep finds them: through the whole search page, with what the person may see
and with the formula that orders results.

The queries (`judged/demo/queries.tsv`) are as a rep types them: stated situations, words mistyped, words the library says
otherwise, names, phrases, words of terms. The judgements (`judged/demo/qrels`) were made by reading the library, by the keys of
its entries: 3 what was asked for, 2 of use, 1 near it. `python -m bench.relevance_demo` makes the library in a temporary folder;
with HUB_DATA set, it asks the one there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ir_measures
from flask import Flask
from ir_measures import nDCG
from sqlalchemy import select

from bench.figures import Figure
from bench.relevance import Run, judge
from bench.relevance_texts import Qrels, read_qrels, read_queries
from config import Settings
from hub.accounts.models import User
from hub.app import create_app
from hub.db import database
from hub.discovery.asking import Asked
from hub.discovery.finding import find
from hub.library.models import Asset
from hub.operations import demo, setup
from hub.operations.demo.content import SOURCE
from hub.search import Engine, engine

JUDGED = Path(__file__).parent / "judged" / "demo"
REP = "chloe@fernway.example"
TARGET = 0.9


def judged() -> tuple[dict[str, str], Qrels]:
    """The queries and their judgements; a query's id says what sort it is: `typo-03`."""
    return read_queries(JUDGED / "queries.tsv"), read_qrels(JUDGED / "qrels")


def ask(app: Flask, queries: dict[str, str], asked: Engine | None = None) -> Run:
    """What the rep finds on the first page, best first; by the hub's own engine if none is named."""
    with app.test_request_context(), database().unit_of_work(write=False) as session:
        rep = session.scalars(select(User).where(User.email == REP)).one()
        keys = {
            public_id: (source or "").removeprefix(SOURCE)
            for public_id, source in session.execute(select(Asset.public_id, Asset.import_source))
        }
        run: Run = {}
        for query, words in queries.items():
            hits = find(session, asked or engine(), rep, Asked(words)).page.rows
            run[query] = {keys[hit.id]: float(len(hits) - place) for place, hit in enumerate(hits)}
        return run


def measure() -> list[Figure]:
    """On a demo library made for it."""
    with made() as app:
        return figures(ask(app, judged()[0]))


def figures(run: Run) -> list[Figure]:
    """The means over all queries, and nDCG@10 over those of each sort."""
    qrels = judged()[1]
    found = [
        Figure(f"demo library, {name}", value, "", TARGET if name == "nDCG@10" else None, at_least=True)
        for name, value in judge(qrels, run).items()
    ]
    for sort in dict.fromkeys(query.partition("-")[0] for query in qrels):
        of_sort = {query: grades for query, grades in qrels.items() if query.startswith(f"{sort}-")}
        found.append(
            Figure(
                f"demo library, nDCG@10 of {sort}, {len(of_sort)} queries", judge(of_sort, run)["nDCG@10"], ""
            )
        )
    return found


@contextmanager
def made(*, pace: float = 1.0) -> Iterator[Flask]:
    """An app with the demo library in a temporary folder, its videos a second long."""
    with tempfile.TemporaryDirectory(prefix="hub-relevance-") as folder:
        app = create_app(Settings.from_environ({"HUB_DATA": folder, "HUB_LOG_LEVEL": "WARNING"}))
        with app.app_context():
            setup.prepare()
            for _ in demo.make(pace=pace, clip_seconds=1.0):
                pass
        yield app
        with app.app_context():
            engine().close()
            database().dispose()


def each(run: Run) -> list[str]:
    """One line for each query, the worst first: its nDCG@10, its words, what was found with its grade."""
    queries, qrels = judged()
    values = {m.query_id: m.value for m in ir_measures.iter_calc([nDCG @ 10], qrels, run)}
    lines = []
    for query in sorted(queries, key=lambda query: values.get(query, 0.0)):
        found = [f"{key}={qrels[query].get(key, 0)}" for key in list(run.get(query, ()))[:10]]
        lacking = [
            f"{key}={grade}"
            for key, grade in qrels[query].items()
            if grade and key not in list(run.get(query, ()))[:10]
        ]
        lines.append(
            f"{values.get(query, 0.0):.3f} {query:13} {queries[query]}\n      {' '.join(found)}\n      NOT: {' '.join(lacking)}"
        )
    return lines


def main() -> int:
    """Exit status: 1 when the target is missed."""
    if os.environ.get("HUB_DATA"):
        run = ask(create_app(Settings.from_environ(os.environ)), judged()[0])
    else:
        with made() as app:
            run = ask(app, judged()[0])
    print(*each(run), sep="\n")
    found = figures(run)
    print(
        *(f"{figure.name:58} {figure.value:.3f} {'MISSED' if figure.missed else ''}" for figure in found),
        sep="\n",
    )
    return 1 if any(figure.missed for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main())
