"""How relevance is measured: the forms collections come in, the measures, and that the search engines hold their own on a small one."""

from __future__ import annotations

import gzip
import json
import math
import sys
from pathlib import Path

import pytest

from bench import relevance
from bench.relevance import Scored, judge, missed
from bench.relevance_texts import (
    JudgedText,
    UnreadableCollection,
    read_collection,
    read_qrels,
    read_queries,
    read_texts,
)

TEXTS = [
    JudgedText("a1", "Wings & flow", "Boundary layers on a swept wing at high speed."),
    JudgedText("a2", "Heat", "Heat transfer in a laminar boundary layer."),
    JudgedText("a3", "", "Recipes for bread with a long rise."),
]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def sgml(tmp_path: Path) -> Path:
    return write(
        tmp_path / "documents.trec",
        "<DOC><DOCNO> a1 </DOCNO><TITLE>Wings &amp; flow</TITLE>",
        "<TEXT>Boundary layers on a <i>swept</i> wing",
        "at high speed.</TEXT></DOC>",
        "<DOC>\n<DOCNO>a2</DOCNO>\n<HEADLINE>Heat</HEADLINE>\nHeat transfer in a laminar boundary layer.\n</DOC>",
        "<doc><docno>a3</docno>Recipes for bread with a long rise.</doc>",
    )


@pytest.fixture
def tsv(tmp_path: Path) -> Path:
    return write(tmp_path / "documents.tsv", *(f"{t.id}\t{t.title}\t{t.text}" for t in TEXTS), "")


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    rows = (json.dumps({"_id": t.id, "title": t.title, "text": t.text, "metadata": {}}) for t in TEXTS)
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    return path


@pytest.mark.parametrize("form", ["sgml", "tsv", "beir"])
def test_documents_in_every_form(form: str, request: pytest.FixtureRequest) -> None:
    assert list(read_texts(request.getfixturevalue(form))) == TEXTS


def test_documents_in_a_folder_of_files(tmp_path: Path) -> None:
    write(tmp_path / "1.tsv", "one\tthe first")
    write(tmp_path / "2.tsv", "two\tthe second")
    assert [text.id for text in read_texts(tmp_path)] == ["one", "two"]


@pytest.mark.parametrize(
    "lines",
    [
        ("<top>", "<num> Number: 7", "<title> Topic: swept wings", "<desc> Description:", "More.", "</top>"),
        ("<top><num>7</num><title>", "swept wings", "</title></top>"),
        ("7\tswept wings",),
        ('{"_id": "7", "text": "swept wings"}',),
    ],
)
def test_queries_in_every_form(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert read_queries(write(tmp_path / "queries", *lines)) == {"7": "swept wings"}


@pytest.mark.parametrize(
    "lines", [("7 0 a1 2", "7 0 a2 0"), ("query-id\tcorpus-id\tscore", "7\ta1\t2", "7\ta2\t0")]
)
def test_judgements_in_every_form(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert read_qrels(write(tmp_path / "qrels", *lines)) == {"7": {"a1": 2, "a2": 0}}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("7 0 a1 good",), "line 1: not a judgement"),
        (("7 0 a1 1", "7 a1 two words 1"), "line 2: not a judgement"),
    ],
)
def test_a_wrong_judgement_is_named(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnreadableCollection, match=told):
        read_qrels(write(tmp_path / "qrels", *lines))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"title": "x"}', "line 1: without “_id”"),
        ('{"_id": "1"', "line 1: not JSON"),
        ("a\tb\tc\td", "line 1: 4 columns"),
        ("<DOC>no number</DOC>", "no <DOCNO>"),
    ],
)
def test_a_wrong_document_is_named(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(UnreadableCollection, match=told):
        list(read_texts(write(tmp_path / "documents", line)))


def test_only_judged_queries_count(tmp_path: Path, tsv: Path) -> None:
    queries = write(tmp_path / "queries.tsv", "1\tboundary layers", "2\tnever judged", "3\tjudged in vain")
    qrels = write(tmp_path / "qrels", "1 0 a1 1", "3 0 a2 0")
    assert read_collection(tsv, queries, qrels).queries == {"1": "boundary layers"}
    with pytest.raises(UnreadableCollection, match="No query of"):
        read_collection(tsv, queries, write(tmp_path / "other", "9 0 a1 1"))
    with pytest.raises(UnreadableCollection, match="is not there"):
        read_collection(tmp_path / "nothing", queries, qrels)


def test_the_measures() -> None:
    qrels = {"1": {"a": 3, "b": 1, "c": 0}, "2": {"x": 1}}
    run = {"1": {"c": 3.0, "a": 2.0, "b": 1.0}, "2": {}}
    values = judge(qrels, run)
    ideal = 3 + 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx((3 / math.log2(3) + 1 / math.log2(4)) / ideal / 2, abs=1e-4)
    assert values["MRR"] == pytest.approx(1 / 2 / 2)
    assert values["recall@50"] == pytest.approx(1 / 2)


def scored(collection: str, ranker: str, value: float) -> Scored:
    return Scored(collection, ranker, dict.fromkeys(relevance.MEASURES, value))


def test_what_is_missed() -> None:
    plain = [scored("one", "plain BM25", 0.5), scored("two", "plain BM25", 0.5)]
    assert missed([*plain, scored("one", "whoosh", 0.5), scored("two", "whoosh", 0.6)]) == []
    told = missed([*plain, scored("one", "whoosh", 0.49), scored("two", "whoosh", 0.51)])
    assert told[0].startswith("whoosh on one: nDCG@10 0.4900")
    assert told[1].startswith("whoosh on the average")


def test_the_command(
    tmp_path: Path, sgml: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = write(
        tmp_path / "queries.tsv",
        "1\theat in the boundary layer",
        "2\tbread with a slow rise",
        "3\tswept wings",
    )
    qrels = write(tmp_path / "qrels", "1 0 a2 2", "2 0 a3 1", "3 0 a1 1")
    given = ["--documents", str(sgml), "--queries", str(queries), "--qrels", str(qrels), "--name", "wings"]
    monkeypatch.setattr(sys, "argv", ["relevance", *given])
    assert relevance.main() == 0
    told = capsys.readouterr().out
    for ranker in ("plain BM25", *relevance.ENGINES):
        line = next(line for line in told.splitlines() if line.startswith("wings") and ranker in line)
        assert [float(cell) for cell in line.replace(ranker, "").split()[1:4]] == [1, 1, 1]
    monkeypatch.setattr(sys, "argv", ["relevance", *given[:-4], "--qrels", str(tmp_path / "none")])
    assert relevance.main() == 2
    assert "none is not there" in capsys.readouterr().err
