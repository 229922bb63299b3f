"""The measuring itself is measured: small runs of the real thing, so that `make bench` does not rot."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from bench import __main__ as command
from bench import growth, library, pages, search, sending, uploads
from bench.corpus import Corpus
from bench.figures import Figure, line, middle, percentile
from bench.running_hub import RunningHub
from hub.discovery import documents
from hub.search import engine

CORPUS = Corpus(60, vocabulary_size=20_000, passage_words=300)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    found = RunningHub(tmp_path_factory.mktemp("bench"))
    library.fill(found.database, found.storage, CORPUS)
    with found.app.app_context():
        assert documents.rebuild(engine()) == CORPUS.count
        engine().close()
    with found.web():
        yield found
    found.database.dispose()


def test_a_filled_library_can_be_searched_by_a_signed_in_rep(hub: RunningHub) -> None:
    assert hub.scalar("SELECT count(*) FROM assets") == CORPUS.count
    rep = hub.visitor(library.REP)
    assert 'class="result"' in rep.get("/search").text
    assert all(pages.ask(rep, path) > 0 for path in pages.addresses(CORPUS, 1)[:20])
    word = hub.scalar("SELECT text FROM passages ORDER BY id LIMIT 1").split()[-1].strip(".")
    assert 'class="passage"' in hub.visitor(library.MARKETER).get(f"/search?q={word}").text
    assert hub.visitor().get("/search").status == 302
    assert len(hub.web_pids()) == len(hub.cpu_ms()) == 2


def test_events_are_counted_in_the_database(hub: RunningHub) -> None:
    rate, lost, _ = sending.measure(hub, CORPUS, 0.5)
    assert rate.value > 0
    assert (lost.value, lost.missed) == (0, False)
    assert hub.scalar("SELECT count(*) FROM usage_events") >= 20


def test_an_upload_is_completed_and_memory_read(hub: RunningHub) -> None:
    growth, peak, _ = uploads.measure(hub, 9 * uploads.MIB)
    assert 0 < growth.value + 50 < peak.value
    assert hub.scalar("SELECT size FROM files ORDER BY id DESC LIMIT 1") == 9 * uploads.MIB


@pytest.mark.parametrize(
    ("figure", "missed"),
    [
        (Figure("fast", 59.9, "ms", 60), False),
        (Figure("slow", 60.1, "ms", 60), True),
        (Figure("many", 30, "/s", 30, at_least=True), False),
        (Figure("few", 29, "/s", 30, at_least=True), True),
        (Figure("known", 1e9, "ms"), False),
    ],
)
def test_a_missed_target_is_said(figure: Figure, missed: bool) -> None:
    assert figure.missed is missed
    assert line(figure).endswith("MISSED") is missed


def test_of_several_runs_the_middle_one_counts() -> None:
    runs = [[Figure("a", value, "ms", 2)] for value in (9, 1, 3)]
    assert middle(runs) == [Figure("a", 3, "ms", 2)]
    assert percentile([*range(1, 102)], 95) == 96


def test_the_command_ends_with_1_when_a_target_is_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(command.APART, "engine", lambda _size: [Figure("search, p95", 61, "ms", 60)])
    monkeypatch.setattr(sys, "argv", ["bench", "--quick", "--only", "engine"])
    assert command.main() == 1
    assert "1 of 1 targets missed" in capsys.readouterr().out


def test_growth_is_measured_for_both_engines_and_drawn() -> None:
    rows = growth.measure([("whoosh", 30), ("tantivy", 30)], 1)
    assert [engine for engine, *_ in rows] == ["whoosh", "tantivy"]
    for _, _, figures in rows:
        assert {figure.name for figure in figures} >= set(growth.SHOWN)
        assert all(figure.value > 0 for figure in figures if figure.name in growth.SHOWN)
    head, _, first, _ = growth.table(rows)
    assert head.count("|") == first.count("|")
    rows = [
        ("a", 10, [search.Figure("search, processor time, p95", 10.0, "ms")]),
        ("b", 20, [search.Figure("search, processor time, p95", 5.0, "ms")]),
    ]
    long, short = growth.chart(rows)
    assert long.count("█") == 2 * short.count("█") > 0


def test_targets_are_those_of_the_smallest_library_as_large() -> None:
    assert search.targets("tantivy", 5_000)["search, p95"] == 5
    assert search.targets("tantivy", 20_000)["search, p95"] == 10
    assert search.targets("whoosh", 20_000) == {}
