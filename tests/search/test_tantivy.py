"""The contract, held by the engine of Tantivy."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from hub.search import LIMIT_MOST, Document, Engine
from hub.search.tantivy_index import common_words, written
from hub.search.tantivy_index.engine import TantivyEngine
from tests.search.contract import SearchContract
from tests.search.documents import ask, document


class TestTantivy(SearchContract):
    def open_engine(self, folder: Path) -> Engine:
        return TantivyEngine(folder)


WORDS = {"alpha": 1, "beta": 2, "gamma": 3}


def library(numbers: Iterable[int], *, without: str = "") -> list[Document]:
    """Documents whose number a word's divides have it: all have alpha."""
    return [
        document(
            number,
            "Some",
            body=" ".join(word for word, every in WORDS.items() if number % every == 0 and word != without),
            terms={"stage": (f"s{number % 4}",)},
        )
        for number in numbers
    ]


def check(engine: Engine, held: dict[int, Document]) -> None:
    for words in ("alpha", "beta", "gamma", "alpha beta", "beta gamma", "beta -gamma"):
        wanted = [
            one
            for one in held.values()
            if all((word.lstrip("-") in one.body) != word.startswith("-") for word in words.split())
        ]
        results = ask(engine, words, facets=("stage",))
        stages = [one.terms["stage"][0] for one in wanted]
        assert results.total == len(wanted)
        assert results.facets["stage"] == {stage: stages.count(stage) for stage in set(stages)}


def test_common_words_are_counted_right_whatever_came_later(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path, refresh_s=0)
    held = {one.id: one for one in library(range(1, 1001))}
    engine.rebuild(held.values())
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert {*common_words.read(folder).terms} == {*WORDS, "some"}
    check(engine, held)

    def change(*some: Document) -> None:
        held.update({one.id: one for one in some})
        engine.index(some)

    change(*library(range(100, 120), without="alpha"), *library(range(2000, 2010)))
    engine.delete(range(200, 220))
    held = {number: one for number, one in held.items() if number not in range(200, 220)}
    check(engine, held)
    written = common_words.read(folder).commit
    # So many that rows and common words are written down anew, in another order.
    change(*library(range(500, 1100), without="beta"))
    assert common_words.read(folder).commit > written
    check(engine, held)
    change(*library(range(1, 40), without="gamma"))
    check(engine, held)
    assert engine.health().ok


def test_a_mistyped_word_is_put_right_to_one_that_was_written_down_or_came_later(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path, refresh_s=0)
    engine.rebuild([document(1, "Encryption überall"), document(2, "Encrypted", viewers=frozenset({"t9"}))])
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    words = written.read(folder)
    assert {*words.like("encryptoin", "en", 2).words} == {"encrypted", "encryption"}
    assert words.like("encryptoin", "u", 2).words == words.like("encry", "enc", 2).words == []
    assert ask(engine, "encryptoin uberal").corrected == {"encryptoin": "encryption", "uberal": "uberall"}
    assert not ask(engine, "procuremnt").corrected
    engine.index([document(3, "Procurement")])
    assert ask(engine, "procuremnt encryptoin").corrected == {
        "procuremnt": "procurement",
        "encryptoin": "encryption",
    }
    engine.delete([1])
    assert not ask(engine, "encryptoin").corrected


def test_the_best_under_boosts_are_those_of_a_naive_count(tmp_path: Path) -> None:
    """However far down what is boosted stands, and whether few or many could come first."""
    chance = random.Random(3)
    engine = TantivyEngine(tmp_path)
    count = 3_000
    engine.rebuild(
        document(
            n, body="price " * chance.randint(1, 4) + "talk " * (n % 3) + "word " * chance.randint(1, 60)
        )
        for n in range(1, count + 1)
    )
    for words in ("price", "price talk", '"price talk"'):
        text: dict[int, float] = {}
        for offset in range(0, count, LIMIT_MOST):
            for hit in ask(engine, words, offset=offset, limit=LIMIT_MOST).hits:
                text[hit.id] = hit.text_score
        for least, most in ((0.9, 1.1), (0.5, 2.0), (0.01, 100.0), (1.0, 1.0), (0.0, 0.0)):
            boosts = np.array([0.0, *(chance.uniform(least, most) for _ in range(count))])
            boosts[chance.sample(range(1, count), 5)] *= 3  # a few that stand out
            best = sorted((round(score * boosts[id_], 4) for id_, score in text.items()), reverse=True)
            for limit in (1, 20):
                hits = ask(engine, words, limit=limit, boosts=lambda ids, by=boosts: by[ids]).hits
                assert [round(hit.score, 4) for hit in hits] == best[:limit]
                assert all(round(text[hit.id] * boosts[hit.id], 4) == round(hit.score, 4) for hit in hits)
