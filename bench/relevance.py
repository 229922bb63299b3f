"""Relevance: how well the engines rank, on collections whose answers people have judged, beside plain BM25 on the same texts.

    python -m bench.relevance --documents PATH --queries PATH --qrels PATH [--engine whoosh] [--name NAME]
    python -m bench.relevance --collections FOLDER     # each folder in it: documents.* or corpus.jsonl, queries.*, qrels

nDCG@10 and MRR say what stands at the top, recall@50 what is among the first fifty. A document of the collection becomes one
of the hub with a title and a body, seen by everybody; a query is typed as it stands. Plain BM25 is `bm25s` as it comes (Lucene's
form, k1 1.5, b 0.75) over title and text in one, with English stop words and Snowball's English stems. Exit status 1 when an
engine is below plain BM25 on any collection, or not above it on the average."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import bm25s
import ir_measures
import Stemmer
from ir_measures import RR, R, nDCG

from bench.relevance_texts import Collection, JudgedText, Qrels, UnreadableCollection, read_collection
from hub.search import Document, Engine, Query, make_engine

ENGINES = ("whoosh", "tantivy")
MEASURES = {"nDCG@10": nDCG @ 10, "MRR": RR, "recall@50": R @ 50}
KEPT = 50
VIEWERS = frozenset({"all"})
#: Query → document → score.
Run = dict[str, dict[str, float]]
Rank = Callable[[str], list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """How well one ranker did on one collection: by the names of `MEASURES`; `ms` is the mean processor time of a query."""

    collection: str
    ranker: str
    values: dict[str, float]
    ms: float = 0.0


def judge(qrels: Qrels, run: Run) -> dict[str, float]:
    """Means over all judged queries; one that found nothing counts as 0."""
    found = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, run)
    return {name: float(found[measure]) for name, measure in MEASURES.items()}


def compare(collection: Collection, engines: tuple[str, ...] = ENGINES) -> list[Scored]:
    """Plain BM25 first, then each engine."""
    scored = [_scored(collection, "plain BM25", plain_bm25(collection.texts))]
    for name in engines:
        with _filled(name, collection.texts) as rank:
            scored.append(_scored(collection, name, rank))
    return scored


def _scored(collection: Collection, ranker: str, rank: Rank) -> Scored:
    began = time.process_time()
    # What came first gets the highest score: ties are settled as the ranker did.
    run = {query: dict(rank(text)) for query, text in collection.queries.items()}
    took = (time.process_time() - began) * 1000 / len(collection.queries)
    return Scored(collection.name, ranker, judge(collection.qrels, run), took)


def plain_bm25(texts: list[JudgedText]) -> Rank:
    stemmer = Stemmer.Stemmer("english")

    def words(some: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(some, stopwords="en", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(words([f"{text.title} {text.text}" for text in texts]), show_progress=False)

    def rank(query: str) -> list[tuple[str, float]]:
        places, scores = index.retrieve(words([query]), k=min(KEPT, len(texts)), show_progress=False)
        found = zip(places[0], scores[0], strict=True)
        return [(texts[int(place)].id, float(score)) for place, score in found if score > 0]

    return rank


@contextmanager
def _filled(name: str, texts: list[JudgedText]) -> Iterator[Rank]:
    """The hub's engine with these texts as its assets."""
    with tempfile.TemporaryDirectory(prefix="hub-relevance-") as folder:
        engine = make_engine(name, Path(folder))
        engine.rebuild(document(number, text) for number, text in enumerate(texts))
        try:
            yield lambda query: _ask(engine, query, texts)
        finally:
            engine.close()


def document(number: int, text: JudgedText) -> Document:
    return Document(
        id=number,
        title=text.title,
        body=text.text,
        kind="document",
        state="published",
        viewers=VIEWERS,
        updated=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _ask(engine: Engine, query: str, texts: list[JudgedText]) -> list[tuple[str, float]]:
    hits = engine.search(Query(query, VIEWERS, limit=KEPT)).hits
    return [(texts[hit.id].id, float(KEPT - place)) for place, hit in enumerate(hits)]


def table(scored: list[Scored]) -> list[str]:
    """One line for each ranker and collection, and one for its means; an engine's value below plain BM25's is marked."""
    names = list(dict.fromkeys(s.collection for s in scored))
    means = [
        Scored("mean", ranker, {m: mean(s.values[m] for s in scored if s.ranker == ranker) for m in MEASURES})
        for ranker in dict.fromkeys(s.ranker for s in scored)
    ]
    everything = scored + (means if len(names) > 1 else [])
    plain = {s.collection: s.values for s in everything if s.ranker == "plain BM25"}
    lines = [f"{'':22} {'':12} {' '.join(f'{m:>10} ' for m in MEASURES)} {'ms a query':>10}"]
    for s in everything:
        values = " ".join(
            f"{s.values[m]:10.4f}{'<' if below(s.values[m], plain[s.collection][m]) else ' '}"
            for m in MEASURES
        )
        lines.append(f"{s.collection:22} {s.ranker:12} {values} {f'{s.ms:.1f}' if s.ms else '':>10}")
    return lines


def below(value: float, plain: float) -> bool:
    """By more than rounding."""
    return value < plain - 0.00005


def missed(scored: list[Scored]) -> list[str]:
    """Collections on which an engine's nDCG@10 is below plain BM25's, and averages over several that are not above it."""
    plain = {s.collection: s.values["nDCG@10"] for s in scored if s.ranker == "plain BM25"}
    worse = [
        f"{s.ranker} on {s.collection}: nDCG@10 {s.values['nDCG@10']:.4f}, plain BM25 {plain[s.collection]:.4f}"
        for s in scored
        if below(s.values["nDCG@10"], plain[s.collection])
    ]
    for ranker in dict.fromkeys(s.ranker for s in scored if s.ranker != "plain BM25"):
        average = mean(s.values["nDCG@10"] for s in scored if s.ranker == ranker)
        if len(plain) > 1 and average <= mean(plain.values()):
            worse.append(
                f"{ranker} on the average: nDCG@10 {average:.4f}, plain BM25 {mean(plain.values()):.4f}"
            )
    return worse


def collections_in(folder: Path) -> Iterator[Collection]:
    """Every folder with documents, queries and judgements."""
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        parts = [
            _one(each, names) for names in (("documents*", "corpus*"), ("queries*", "topics*"), ("qrels*",))
        ]
        yield read_collection(parts[0], parts[1], parts[2], each.name)


def _one(folder: Path, names: tuple[str, ...]) -> Path:
    found = [path for name in names for path in sorted(folder.glob(name))]
    if not found:
        raise UnreadableCollection(
            f"{folder} has nothing called {' or '.join(names)}. Name the files so, or give each path."
        )
    return found[0]


def main() -> int:
    """Exit status: 1 when an engine is below plain BM25 somewhere, 2 when a collection cannot be read."""
    asked = argparse.ArgumentParser(
        prog="python -m bench.relevance",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in ("documents", "queries", "qrels", "collections"):
        asked.add_argument(f"--{name}", type=Path, metavar="PATH")
    asked.add_argument(
        "--engine", action="append", choices=ENGINES, help="may be given several times; all by default"
    )
    asked.add_argument("--name", default="", help="what the collection is called in the table")
    given = asked.parse_args()
    if not given.collections and not (given.documents and given.queries and given.qrels):
        asked.error("give --documents, --queries and --qrels, or --collections")
    try:
        collections = (
            list(collections_in(given.collections))
            if given.collections
            else [read_collection(given.documents, given.queries, given.qrels, given.name)]
        )
    except UnreadableCollection as error:
        print(error, file=sys.stderr)
        return 2
    scored = [s for collection in collections for s in compare(collection, tuple(given.engine or ENGINES))]
    print(*table(scored), sep="\n")
    worse = missed(scored)
    print(*worse, sep="\n")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
