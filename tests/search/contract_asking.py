"""What a query may ask beyond words and filters: the second half of the contract of every search engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from hub.search import Boosts, Engine, MatchedWord, Note, Passage, Query, Within
from tests.search.documents import DAY, EVERYONE, LIBRARY, STAFF, ask, document, found, marked, pages

Ids = npt.NDArray[np.int64]
SLA = {"service level agreement": ("SLA",), "sla": ("service level agreement", "uptime promise")}


def only(*wanted: int) -> Within:
    return lambda ids: np.isin(ids, wanted)


def valued(values: dict[int, float]) -> Boosts:
    return lambda ids: np.array([values.get(int(id_), 0.0) for id_ in ids])


class AskingContract:
    """`SearchContract` has the fixtures."""

    # Within, since

    def test_within_is_a_filter_of_the_total_the_hits_and_every_count(self, library: Engine) -> None:
        results = ask(
            library,
            filters={"stage": ("negotiation",)},
            facets=("stage", "vertical", "nofacet"),
            within=only(1, 2, 4),
        )
        assert (results.total, [hit.id for hit in results.hits]) == (1, [1])
        assert results.facets == {
            "stage": {"negotiation": 1, "discovery": 1},
            "vertical": {"healthcare": 1},
            "nofacet": {},
        }
        assert found(library, "pricing", within=only(2)) == [2]
        assert ask(library, "pricing", within=only()).note is Note.NOTHING

    def test_what_is_left_out_is_neither_found_nor_counted(self, library: Engine) -> None:
        results = ask(
            library, "pricing", without={"stage": ("nowhere", "negotiation")}, facets=("kind", "stage")
        )
        plain = ask(library, "pricing -stage:negotiation", facets=("kind", "stage"))
        assert (results.total, results.facets) == (plain.total, plain.facets)
        assert results.total < ask(library, "pricing").total
        assert "negotiation" not in results.facets["stage"]
        kinds = tuple(ask(library, facets=("kind",)).facets["kind"])
        assert found(library, without={"kind": kinds}) == []
        assert ask(library, without={"nofacet": ("x",)}).total == ask(library).total
        assert found(library, filters={"kind": ("deck",)}, without={"kind": ("deck",)}) == []

    def test_within_is_asked_once_with_what_matches_and_may_be_seen(self, library: Engine) -> None:
        asked: list[list[int]] = []

        def all_of(ids: Ids) -> npt.NDArray[np.bool_]:
            assert ids.dtype == np.int64
            asked.append(sorted(ids.tolist()))
            return np.ones(len(ids), np.bool_)

        ask(library, "pricing", filters={"kind": ("deck",)}, facets=("kind", "stage"), within=all_of)
        assert asked == [[2, 3]]
        asked.clear()
        assert ask(library, "nowhere", within=all_of).total == 0
        assert asked == []

    def test_within_does_not_change_which_words_are_left_out(self, library: Engine) -> None:
        results = ask(library, "hipaa objection factories", within=only(3))
        assert (results.total, results.note, results.dropped) == (0, Note.NOTHING, ("factories",))

    def test_since(self, engine: Engine) -> None:
        engine.index(
            [
                document(1),
                document(2),
                document(3, published=DAY, kind="link"),
                document(4, published=DAY + timedelta(days=9), kind="link"),
            ]
        )
        since = DAY + timedelta(days=2)
        results = ask(engine, since=since, facets=("kind",))
        assert (results.total, [hit.id for hit in results.hits]) == (2, [4, 2])
        assert results.facets == {"kind": {"deck": 1, "link": 1}}
        assert found(engine, since=since + timedelta(seconds=1)) == [4]
        assert ask(engine, "untitled", since=DAY + timedelta(days=99)).note is Note.NOTHING

    # By value

    def test_by_value_larger_first_then_newest_then_the_larger_id(self, engine: Engine) -> None:
        engine.index(document(n, updated=DAY + timedelta(days=n // 2)) for n in range(1, 8))
        value = valued({1: 2.0, 2: 5.0, 3: 2.0, 4: -1.0, 7: float("nan")})
        assert found(engine, order="value", value=value) == [2, 3, 1, 6, 5, 4, 7]
        assert found(engine, order="value", value=value, offset=2, limit=3) == [1, 6, 5]
        assert found(engine, order="value") == [7, 6, 5, 4, 3, 2, 1]

    @pytest.mark.parametrize("order", ["relevance", "newest", "value", "title"])
    def test_a_small_page_is_that_of_the_whole_in_every_order(self, engine: Engine, order: str) -> None:
        engine.index(
            document(n, f"Title {n * 7 % 60}", body="price " * (n % 3) + "filler", updated=DAY)
            for n in range(1, 61)
        )
        query: dict[str, Any] = {
            "order": order,
            "value": valued({n: n % 4 for n in range(60)}),
            "pinned": (9, 3),
            "demoted": frozenset({59, 58}),
        }
        whole = found(engine, "", limit=60, **query)
        assert len(set(whole)) == 60
        assert [n for at in range(0, 60, 4) for n in found(engine, offset=at, limit=4, **query)] == whole

    # Synonyms

    def test_a_synonym_is_found_and_shown(self, engine: Engine) -> None:
        engine.index([document(1, body="Our uptime promise holds."), document(2, body="An SLA for all.")])
        results = ask(engine, "sla", synonyms=SLA)
        assert [hit.id for hit in results.hits] == [2, 1]
        assert [marked(hit.highlights[0]) for hit in results.hits] == [["SLA"], ["uptime", "promise"]]
        assert [hit.matched for hit in results.hits] == [
            (MatchedWord("sla", ("text",)),),
            (MatchedWord("sla", ("text",), "uptime promise"),),
        ]
        assert (results.corrected, results.dropped, results.did_you_mean) == ({}, (), None)
        assert found(engine, "sla") == [2]
        assert found(engine, "-sla uptime", synonyms=SLA) == [1]

    @pytest.mark.parametrize(
        ("typed", "ids"),
        [
            ("service level agreement", {1, 2}),
            ("SERVICES level Agreements", {1, 2}),
            ("service-level agreement", {1, 2}),
            ('"service level agreement"', {1, 2}),
            ("service agreement level", {2}),
            ('"service level"', {2}),
            ("level agreement", {2}),
        ],
    )
    def test_the_words_of_a_key_count_side_by_side(self, engine: Engine, typed: str, ids: set[int]) -> None:
        engine.index(
            [
                document(1, body="The SLA and its pricing"),
                document(2, body="a service level agreement: level service-level agreement service"),
                document(3, body="service and pricing"),
            ]
        )
        assert set(found(engine, typed, synonyms=SLA)) == ids
        # Of four words the one that has them all comes first.
        assert found(engine, "pricing service level agreement", synonyms=SLA)[0] == 1
        assert found(engine, "SERVICES level Agreements pricing", synonyms=SLA)[0] == 1

    def test_keys_are_compared_as_terms(self, engine: Engine) -> None:
        engine.index([document(1, "Angebot"), document(2, "Offers")])
        assert found(engine, "OFFERS", synonyms={"Öffer": ("angebote", "ANGEBOT")}) == [2, 1]
        assert found(engine, "offer", synonyms={"the of": ("angebot",), "offer": ("the", "")}) == [2]

    @pytest.mark.parametrize("rare", ["word", "synonym"])
    def test_a_synonym_scores_no_higher_than_the_word(self, engine: Engine, rare: str) -> None:
        common = "synonym" if rare == "word" else "word"
        engine.index(document(n, body=f"{common} and more") for n in range(3, 30))
        engine.index([document(40, body="word here"), document(50, body="synonym here")])
        by_id = {
            hit.id: hit.text_score
            for hit in ask(engine, "word", synonyms={"word": ("synonym",)}, limit=60).hits
        }
        assert len(by_id) == 29
        assert by_id[50] <= by_id[40]

    def test_words_and_synonyms_do_not_add_up(self, engine: Engine) -> None:
        engine.index([document(1, body="alpha and beta"), document(2, body="alpha and others")])
        engine.index(document(n, body="nothing of this") for n in range(3, 9))
        scores = {hit.id: hit.text_score for hit in ask(engine, "alpha", synonyms={"alpha": ("beta",)}).hits}
        assert scores[1] == pytest.approx(scores[2])

    def test_a_synonym_of_what_is_invisible_stays_so(self, library: Engine) -> None:
        synonyms = {"hospital": ("zanzibar",), "plan": ("zanzibar launch",)}
        assert found(library, "hospital", synonyms=synonyms) == [1]
        assert ask(library, "plan", synonyms=synonyms, exact=True).total == 0
        assert set(found(library, "plan", STAFF, synonyms=synonyms)) == {4}

    # Pinned and demoted

    def test_pinned_come_first_though_they_lack_the_words(self, library: Engine) -> None:
        results = ask(library, "pricing", pinned=(1, 4, 77, 2, 1), facets=("kind",))
        assert [hit.id for hit in results.hits] == [1, 2, 3]
        assert results.total == 3
        assert results.facets == {"kind": {"sound-bite": 1, "deck": 1, "document": 1}}
        assert [hit.pinned for hit in results.hits] == [True, True, False]
        assert results.hits[0].matched == ()
        assert results.hits[0].text_score == 0
        assert not any(matched for _, matched in results.hits[0].title)
        assert found(library, "pricing", STAFF, pinned=(4, 3))[:2] == [4, 3]

    def test_pinned_stand_under_filters_since_and_within(self, library: Engine) -> None:
        assert found(library, "pricing", pinned=(1,), filters={"kind": ("deck",)}) == [2]
        assert found(library, "pricing", pinned=(1,), within=only(2, 3)) == [3, 2]
        assert found(library, "pricing", pinned=(1,), since=DAY + timedelta(days=2)) == [3, 2]
        assert found(library, "pricing -hipaa", pinned=(1,)) == [3, 2]
        assert found(library, "pricing -kind:sound-bite", pinned=(1,)) == [3, 2]
        assert set(
            ask(library, pinned=(3,), filters={"kind": ("deck",)}, facets=("kind",)).facets["kind"]
        ) == {
            "deck",
            "document",
            "sound-bite",
        }

    def test_pinned_when_nothing_else_is_found(self, library: Engine) -> None:
        results = ask(library, "nowhere", pinned=(3,))
        assert ([hit.id for hit in results.hits], results.total) == ([3], 1)
        assert (results.note, results.dropped) == (Note.FEWER_WORDS, ("nowhere",))
        assert found(library, "of the", pinned=(3,)) == [3]
        assert found(library, "nowhere", frozenset(), pinned=(3,)) == []

    def test_in_other_orders_pinned_count_but_have_no_place(self, library: Engine) -> None:
        assert found(library, "pricing", pinned=(1,), order="newest") == [3, 2, 1]
        assert found(library, "pricing", demoted=frozenset({3}), order="newest") == [3, 2]

    def test_demoted_come_last(self, library: Engine) -> None:
        assert found(library, "pricing", demoted=frozenset({3})) == [2, 3]
        assert found(library, "", demoted=frozenset({3, 2})) == [1, 3, 2]
        assert found(library, "", demoted=frozenset({3, 2}), pinned=(2,)) == [2, 1, 3]

    # Why it is here

    def test_where_each_word_stands(self, engine: Engine) -> None:
        engine.index(
            [
                document(
                    1,
                    "Price list",
                    summary="Prices, and churn",
                    body="quota",
                    extra="cheap",
                    passages=(Passage(1, "page", "Roadmap", "churn"), *pages("pilot")),
                )
            ]
        )
        (hit,) = ask(engine, 'PRICES churn quota cheap roadmap "price list" pilott').hits
        assert hit.matched == (
            MatchedWord("PRICES", ("title", "summary")),
            MatchedWord("churn", ("summary", "passage")),
            MatchedWord("quota", ("text",)),
            MatchedWord("cheap", ("extra",)),
            MatchedWord("roadmap", ("passage",)),
            MatchedWord("price list", ("title",)),
            MatchedWord("pilott", ("passage",), "pilot"),
        )
        assert not hit.pinned

    def test_the_score_of_the_text_is_before_boosts(self, library: Engine) -> None:
        plain = {hit.id: hit for hit in ask(library, "pricing").hits}
        boosted = {hit.id: hit for hit in ask(library, "pricing", boosts=valued({2: 3.0, 3: 0.5})).hits}
        for id_, factor in ((2, 3.0), (3, 0.5)):
            assert plain[id_].score == pytest.approx(plain[id_].text_score)
            assert boosted[id_].text_score == pytest.approx(plain[id_].text_score)
            assert boosted[id_].score == pytest.approx(factor * plain[id_].score)
        none = {hit.id: hit for hit in ask(library, "pricing", boosts=valued({2: 3.0})).hits}
        assert none[3].text_score == pytest.approx(plain[3].text_score)
        assert none[3].score == 0

    # Words put right

    @pytest.mark.parametrize(
        ("typed", "corrected", "ids"),
        [
            ("objektion", {"objektion": "objection"}, [1]),
            ("hospitels", {"hospitels": "hospitals"}, [1]),
            ("hippa auditors", {"hippa": "hipaa"}, [1]),
            ("priicng", {"priicng": "pricing"}, [3, 2]),
            ("hippa objektion", {"hippa": "hipaa", "objektion": "objection"}, [1]),
            ('"patient data" hospitels', {"hospitels": "hospitals"}, [1]),
            ("pricing -hospitels", {}, [3, 2]),
        ],
    )
    def test_what_stands_nowhere_is_looked_for_as_the_nearest_word(
        self, library: Engine, typed: str, corrected: dict[str, str], ids: list[int]
    ) -> None:
        results = ask(library, typed)
        assert results.corrected == corrected
        assert [hit.id for hit in results.hits] == ids
        assert (results.did_you_mean, results.note, results.dropped) == (None, Note.ALL_WORDS, ())

    @pytest.mark.parametrize("typed", ["hippa", "objektion", "Patietn data"])
    def test_exact_corrects_nothing_and_proposes(self, library: Engine, typed: str) -> None:
        results = ask(library, typed, exact=True)
        assert results.corrected == {}
        assert results.did_you_mean
        assert typed.split(maxsplit=1)[0] in results.dropped

    @pytest.mark.parametrize("typed", ["hipaa hippo hipaq", "hipaq hippo hipaa"])
    def test_a_word_put_right_to_one_that_is_there_counts_as_that_one(
        self, engine: Engine, typed: str
    ) -> None:
        engine.index([document(1, "Hippo"), document(2, "Hipaa")])
        results = ask(engine, typed)
        assert (results.corrected, results.dropped) == ({"hipaq": "hipaa"}, ())
        assert {hit.id for hit in results.hits} == {1, 2}

    def test_words_in_quotes_are_never_corrected(self, library: Engine) -> None:
        results = ask(library, '"hippa"')
        assert (results.corrected, results.total) == ({}, 0)
        assert ask(library, '"patient dataa"').corrected == {}

    def test_a_word_that_stands_in_a_visible_document_is_not_corrected(self, engine: Engine) -> None:
        engine.index([document(1, body="form"), document(2, body="from1 forms"), document(3, body="norm")])
        assert ask(engine, "norm").corrected == {}
        assert ask(engine, "norm", facets=("kind",), filters={"kind": ("link",)}).corrected == {}
        assert ask(engine, "norm -norm").corrected == {}

    def test_no_word_of_an_invisible_document_is_taken(self, engine: Engine) -> None:
        engine.index(
            [document(1, body="contract"), document(2, body="contrast", viewers=frozenset({"staff"}))]
        )
        assert ask(engine, "contrasd").corrected == {"contrasd": "contract"}
        assert ask(engine, "contrasd", STAFF).corrected == {"contrasd": "contrast"}
        assert ask(engine, "contrast").corrected == {"contrast": "contract"}

    def test_a_corrected_word_that_no_document_has_beside_the_others_is_left_out(
        self, library: Engine
    ) -> None:
        results = ask(library, "hipaa objection facttories")
        assert results.corrected == {"facttories": "factories"}
        assert (results.note, results.dropped) == (Note.FEWER_WORDS, ("factories",))
        assert [hit.id for hit in results.hits] == [1]

    def test_a_corrected_word_has_its_synonyms(self, library: Engine) -> None:
        assert set(found(library, "objektion", synonyms={"objection": ("factories",)})) == {1, 3}

    def test_everything_at_once(self, library: Engine) -> None:
        results = library.search(
            Query(
                "priicng",
                EVERYONE,
                {"stage": ("negotiation", "discovery")},
                ("stage",),
                within=only(1, 2, 3),
                since=LIBRARY[1].updated,
                pinned=(1, 2),
                demoted=frozenset({2}),
                synonyms={"pricing": ("hipaa",)},
                boosts=valued({3: 9.0}),
            )
        )
        assert [hit.id for hit in results.hits] == [2, 3]
        assert results.facets == {"stage": {"discovery": 1, "negotiation": 1, "closing": 1}}
