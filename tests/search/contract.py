"""What every search engine must do. An adapter's tests derive from this class and give it an engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import numpy as np
import numpy.typing as npt
import pytest

from hub.search import Document, Engine, Note, Passage, Query
from tests.processor import at_most
from tests.search.contract_asking import AskingContract
from tests.search.documents import DAY, EVERYONE, LIBRARY, STAFF, ask, document, found, marked, pages, plain


class SearchContract(AskingContract):
    """Tests of any engine; `open_engine` opens one on a folder, again and again."""

    def open_engine(self, folder: Path) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        engine = self.open_engine(tmp_path / "index")
        engine.rebuild([])
        yield engine
        engine.close()

    @pytest.fixture
    def library(self, engine: Engine) -> Engine:
        engine.index(LIBRARY)
        return engine

    # Words

    def test_all_words_must_be_there(self, engine: Engine) -> None:
        engine.index(document(n, body="alpha bravo") for n in range(1, 4))
        engine.index([document(4, body="alpha"), document(5, body="bravo")])
        results = ask(engine, "alpha bravo")
        assert {hit.id for hit in results.hits} == {1, 2, 3}
        assert (results.total, results.note, results.dropped) == (3, Note.ALL_WORDS, ())

    def test_either_of_two_words_where_very_little_has_both(self, library: Engine) -> None:
        results = ask(library, "patient data")
        assert [hit.id for hit in results.hits] == [1, 2]
        assert (results.total, results.note, results.dropped) == (2, Note.MOST_WORDS, ())
        results = ask(library, "hipaa objection")
        assert [hit.id for hit in results.hits] == [1]
        assert results.note is Note.ALL_WORDS

    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("patient", {1, 2}),
            ("PATIENTS", {1, 2}),
            ("pricing", {2, 3}),
            ("price", {2, 3}),
            ("encrypting", {1}),
            ("shopfloor", {3}),
            ("clinic's", {2}),
            ("clinic’s", {2}),
        ],
    )
    def test_endings_case_and_extra_words(self, library: Engine, text: str, ids: set[int]) -> None:
        assert set(found(library, text)) == ids

    def test_a_word_in_the_title_counts_more(self, library: Engine) -> None:
        assert found(library, "pricing") == [3, 2]

    def test_a_rare_word_counts_more(self, engine: Engine) -> None:
        engine.index(document(n, body="common words here") for n in range(1, 20))
        engine.index([document(30, body="common " * 5), document(31, body="common rare")])
        assert found(engine, "common rare")[0] == 31

    def test_fewer_words_when_nothing_has_all(self, library: Engine) -> None:
        results = ask(library, "hipaa objection factories")
        assert [hit.id for hit in results.hits] == [1]
        assert (results.note, results.dropped) == (Note.FEWER_WORDS, ("factories",))

    def test_a_mistyped_word_of_the_extra_is_put_right(self, engine: Engine) -> None:
        engine.index([document(1, body="alpha", extra="Healthcare hospital"), document(2, body="bravo")])
        results = ask(engine, "helthcare")
        assert ([hit.id for hit in results.hits], results.corrected) == ([1], {"helthcare": "healthcare"})
        assert "ealthcare" not in str([(hit.title, hit.highlights, hit.passages) for hit in results.hits])

    def test_two_of_three_words_in_any_way(self, engine: Engine) -> None:
        engine.index(
            [document(1, body="alpha bravo"), document(2, body="bravo charlie"), document(3, body="alpha")]
        )
        results = ask(engine, "alpha bravo charlie")
        assert ({hit.id for hit in results.hits}, results.total) == ({1, 2}, 2)
        assert (results.note, results.dropped) == (Note.FEWER_WORDS, ())

    def test_a_long_query_finds_what_has_some_of_its_words_best_first(self, engine: Engine) -> None:
        engine.index(
            [
                document(1, body="alpha bravo charlie delta echo"),
                document(2, body="alpha bravo charlie"),
                document(3, body="alpha bravo"),
                document(4, body="alpha"),
                document(5, body="foxtrot"),
            ]
        )
        results = ask(engine, "alpha bravo charlie delta echo")
        assert [hit.id for hit in results.hits] == [1, 2, 3]
        assert (results.note, results.dropped) == (Note.MOST_WORDS, ())
        assert [h.id for h in ask(engine, "alpha bravo charlie delta golf").hits] == [1, 2, 3, 4]
        assert ask(engine, "alpha bravo charlie delta golf").dropped == ("golf",)

    def test_a_long_query_asks_for_all_words_when_plenty_has_them(self, engine: Engine) -> None:
        engine.index(document(n, body="alpha bravo charlie delta") for n in range(1, 11))
        engine.index([document(11, body="alpha bravo charlie")])
        results = ask(engine, "alpha bravo charlie delta")
        assert (results.total, results.note) == (10, Note.ALL_WORDS)

    def test_a_word_said_twice_counts_twice(self, engine: Engine) -> None:
        engine.index([document(1, body="alpha bravo"), document(2, body="charlie delta")])
        assert found(engine, "alpha delta charlie alpha bravo alpha")[0] == 1
        assert found(engine, "alpha delta charlie bravo delta charlie")[0] == 2

    def test_filters_do_not_change_which_words_are_left_out(self, library: Engine) -> None:
        results = ask(library, "hipaa", filters={"vertical": ("manufacturing",)}, facets=("vertical",))
        assert (results.total, results.note) == (0, Note.NOTHING)
        assert results.facets == {"vertical": {"healthcare": 1}}

    def test_phrases(self, library: Engine) -> None:
        assert found(library, '"patient data"') == [1]
        assert found(library, '"data patient"') == []
        assert found(library, '"price holds for a year"') == [3]
        assert found(library, "“waiting rooms”") == [2]

    def test_common_words_of_a_phrase_are_looked_for(self, engine: Engine) -> None:
        engine.index(
            [
                document(1, body="They know who it has been"),
                document(2, "Who has it?", body="Nobody asks who."),
                document(3, body="x", passages=(Passage(1, "page", "Who", "has it, and since when."),)),
                document(4, body="who " * 40, extra="Who has it"),
            ]
        )
        results = ask(engine, '"who has it"')
        assert ({hit.id for hit in results.hits}, results.total) == ({2, 3, 4}, 3)
        shown = {hit.id: hit for hit in results.hits}
        assert (marked(shown[2].title), shown[2].highlights) == (["Who", "has", "it"], ())
        assert marked(shown[3].passages[0].pieces) == ["has", "it"]
        assert found(engine, 'who -"who has it"') == [1]
        assert set(found(engine, '"has it"  who')) == {1, 2, 3, 4}
        assert set(found(engine, '"it has been"')) == set()

    def test_a_phrase_does_not_run_from_one_part_into_the_next(self, engine: Engine) -> None:
        engine.index([document(1, "North", body="south", passages=pages("east", "west"))])
        assert found(engine, '"north south"') == []
        assert found(engine, '"east west"') == []
        assert found(engine, "north west") == [1]

    def test_joined_words_are_found_together(self, engine: Engine) -> None:
        engine.index([document(1, body="a follow-up call"), document(2, body="up we follow")])
        assert found(engine, "follow-up") == [1]
        assert set(found(engine, "follow up")) == {1, 2}

    def test_words_left_out(self, library: Engine) -> None:
        assert found(library, "pricing -discount") == [2]
        assert found(library, 'pricing -"waiting rooms"') == [3]
        assert set(found(library, "-pricing")) == {1}

    def test_accents_and_letters_are_folded(self, engine: Engine) -> None:
        engine.index(
            [document(1, "Café Überblick"), document(2, "Cafe\u0301 Straße"), document(3, "ＡＢＣ Ørsted")]
        )
        assert set(found(engine, "cafe")) == {1, 2}
        assert found(engine, "UBERBLICK") == [1]
        assert found(engine, "strasse") == [2]
        assert found(engine, "abc orsted") == [3]

    def test_japanese(self, engine: Engine) -> None:
        engine.index([document(1, "日本語の検索", body="電車の時刻表"), document(2, "語日本", body="車")])
        assert found(engine, "日本語") == [1]
        assert found(engine, "検索") == [1]
        assert set(found(engine, "車")) == {1, 2}
        hit = ask(engine, "時刻").hits[0]
        assert marked(hit.highlights[0]) == ["時刻"]

    # Anything typed

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "*",
                "**",
                "?",
                "x" * 10_000,
                "word " * 2_000,
                '"unbalanced',
                'a "b c',
                '""',
                "the of and",
                "😀",
                "日本語",
            ),
            *(
                "nofield:value",
                "kind:",
                ":",
                "-",
                "- -",
                "--x",
                "NOT AND OR",
                "a:b:c:d",
                "(((",
                "\x00",
                "\ud800",
                "%",
            ),
            *(
                '-"',
                "kind:,",
                "' OR 1=1",
                "é" * 300,
                "ア" * 10_000,
                '"' + "patient " * 500 + '"',
                "\u202e",
                "a-" * 5_000,
            ),
        ],
    )
    def test_anything_typed_gets_an_answer_in_time(self, library: Engine, text: str) -> None:
        with at_most(seconds=2):
            results = ask(library, text, facets=("kind", "stage"))
            library.suggest(text, EVERYONE)
        assert results.total == len(results.hits)
        assert not {hit.id for hit in results.hits} & {4}

    def test_kind_words(self, library: Engine) -> None:
        assert ask(library, "the of and").note is Note.ONLY_COMMON_WORDS
        assert ask(library, "the of and").common == ("the", "of", "and")
        assert ask(library, "😀").note is Note.NO_WORDS
        assert ask(library, "nowhere").note is Note.NOTHING
        long = ask(library, "patient " + " ".join(f"w{n}" for n in range(99)))
        assert long.cut
        assert {hit.id for hit in long.hits} == {1, 2}

    def test_nothing_typed_is_everything_newest_first(self, library: Engine) -> None:
        assert found(library, "") == [3, 2, 1]
        assert found(library, " * ") == [3, 2, 1]

    # Filters and facets

    def test_filters_are_or_within_a_facet_and_and_across(self, library: Engine) -> None:
        assert set(found(library, filters={"stage": ("negotiation", "discovery")})) == {1, 2, 3}
        assert found(library, filters={"stage": ("negotiation",), "vertical": ("healthcare",)}) == [1]
        assert found(library, filters={"owner": ("u2",), "kind": ("deck",)}) == [2]
        assert found(library, filters={"stage": ("nowhere",)}) == []
        assert found(library, filters={"nofacet": ("x",)}) == []
        assert len(found(library, filters={"stage": ()})) == 3

    def test_counts_hold_under_the_other_filters(self, library: Engine) -> None:
        facets = ("kind", "stage", "vertical", "state", "nofacet")
        results = ask(library, filters={"stage": ("negotiation",)}, facets=facets)
        assert results.facets == {
            "kind": {"sound-bite": 1, "document": 1},
            "stage": {"negotiation": 2, "closing": 1, "discovery": 1},
            "vertical": {"healthcare": 1, "manufacturing": 1},
            "state": {"published": 2},
            "nofacet": {},
        }

    def test_filters_typed_in_the_box(self, library: Engine) -> None:
        results = ask(library, "patient kind:deck", facets=("kind",))
        assert [hit.id for hit in results.hits] == [2]
        assert results.filters == {"kind": ("deck",)}
        assert results.facets["kind"] == {"deck": 1, "sound-bite": 1}
        assert found(library, 'kind:"Sound Bite"') == [1]
        assert set(found(library, "kind:deck,document")) == {2, 3}
        assert set(found(library, "-kind:deck")) == {1, 3}
        assert found(library, "stage:Closing", filters={"kind": ("document",)}) == [3]

    def test_a_field_or_value_that_does_not_exist_is_words(self, library: Engine) -> None:
        assert found(library, "colour:patient")[0] in {1, 2}
        results = ask(library, "kind:pilot")
        assert (results.filters, [hit.id for hit in results.hits]) == ({}, [3])

    # Order and pages

    def test_orders(self, library: Engine) -> None:
        assert found(library, "pricing", order="newest") == [3, 2]
        assert found(library, order="title") == [1, 2, 3]
        library.index([document(9, "Old", published=DAY)])
        assert found(library, order="newest")[-1] == 9

    def test_pages_of_results(self, engine: Engine) -> None:
        engine.index(document(n, f"pricing {n}", body="filler " * n) for n in range(1, 61))
        whole = found(engine, "pricing", limit=60)
        assert len(set(whole)) == 60
        assert [n for at in range(0, 60, 7) for n in found(engine, "pricing", offset=at, limit=7)] == whole
        assert found(engine, "pricing", offset=10**12) == []
        assert found(engine, "pricing", offset=-5, limit=3) == whole[:3]
        assert (ask(engine, "pricing", limit=0).total, found(engine, "pricing", limit=-1)) == (60, [])

    def test_boosts(self, library: Engine) -> None:
        def second(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
            return np.where(ids == 2, 100.0, 1.0)

        assert found(library, "pricing", boosts=second) == [2, 3]
        assert found(library, "", boosts=second) == [2, 3, 1]

    # What is shown

    def test_matches_are_marked_as_pieces(self, library: Engine) -> None:
        (hit,) = ask(library, "hipaa encrypted").hits
        assert hit.title == (("Answering the ", False), ("HIPAA", True), (" objection", False))
        assert marked(hit.highlights[0]) == ["encrypt"]
        assert plain(hit.highlights[0]).startswith("We encrypt patient data")

    def test_a_fragment_of_a_long_text_is_short(self, engine: Engine) -> None:
        body = "lorem ipsum " * 400 + "the needle is <b>here</b> " + "dolor sit " * 400
        engine.index([document(1, body=body)])
        (hit,) = ask(engine, "needle here").hits
        (fragment,) = hit.highlights
        assert marked(fragment) == ["needle", "here"]
        assert 60 < len(plain(fragment)) < 300
        assert plain(fragment).startswith("… ")
        assert plain(fragment).endswith(" …")
        assert "<b>here</b>" in plain(fragment)

    def test_passages(self, library: Engine) -> None:
        hits = {hit.id: hit for hit in ask(library, "patient").hits}
        assert hits[1].passages == ()
        (passage,) = hits[2].passages
        assert (passage.number, passage.kind, passage.title, passage.start_s) == (2, "page", "Page 2", None)
        assert marked(passage.pieces) == ["patients"]

    def test_the_best_passages_come_first(self, engine: Engine) -> None:
        texts = ["price", "nothing", "price and churn", "price price", "churn", "price"]
        spoken = Passage(7, "transcript", "", "churn and price, said aloud", 83.5, "second-file")
        engine.index([document(1, passages=(*pages(*texts), spoken))])
        (hit,) = ask(engine, "price churn").hits
        assert {passage.number for passage in hit.passages[:2]} == {3, 7}
        assert len(hit.passages) == 3
        aloud = [passage for passage in hit.passages if passage.kind == "transcript"]
        assert [(passage.start_s, passage.part) for passage in aloud] == [(83.5, "second-file")]

    def test_words_in_the_title_of_a_passage(self, engine: Engine) -> None:
        engine.index([document(1, passages=(Passage(4, "slide", "Roadmap", "Next year: growth."),))])
        (passage,) = ask(engine, "roadmap").hits[0].passages
        assert (passage.number, plain(passage.pieces)) == (4, "Next year: growth.")

    # Who may see what

    def test_without_tokens_nothing_is_found(self, library: Engine) -> None:
        results = ask(library, "", frozenset(), facets=("kind",))
        assert (results.total, results.hits, results.facets) == (0, (), {"kind": {}})
        assert library.suggest("pri", frozenset()) == ()

    def test_one_shared_token_is_enough(self, library: Engine) -> None:
        assert found(library, "zanzibar", frozenset({"u9"})) == [4]
        assert found(library, "zanzibar", STAFF) == [4]
        assert found(library, "zanzibar", frozenset({"u", "u99", "9", "sta"})) == []

    def test_counts_filters_and_corrections_know_nothing_of_the_invisible(self, library: Engine) -> None:
        results = ask(library, "quetzalcoatl", facets=("kind", "state", "vertical"))
        assert (results.total, results.did_you_mean) == (0, None)
        assert "secretive" not in ask(library, facets=("vertical",)).facets["vertical"]
        assert ask(library, "vertical:secretive").filters == {}
        for near in ("quetzalcoatk", "zanzibat", "zanzbar", "secrets"):
            results = ask(library, near)
            assert (results.corrected, results.did_you_mean, results.total) == ({}, None, 0), near
            assert ask(library, near, exact=True).did_you_mean is None, near
        assert ask(library, "zanzbar", STAFF).corrected == {"zanzbar": "zanzibar"}
        assert ask(library, "zanzbar", STAFF, exact=True).did_you_mean == "zanzibar"
        assert library.suggest("zan", EVERYONE) == ()
        assert [s.id for s in library.suggest("zan", STAFF)] == [4]

    def test_a_word_with_a_visible_stem_but_an_invisible_form_is_not_proposed(self, engine: Engine) -> None:
        hidden = document(2, body="organizers", viewers=frozenset({"staff"}))
        engine.index([document(1, body="organize"), hidden])
        assert ask(engine, "organizersx", exact=True).did_you_mean is None
        assert ask(engine, "organizersx").corrected == {}
        assert ask(engine, "organizersx", STAFF, exact=True).did_you_mean == "organizers"

    def test_a_change_of_audience_counts_at_once(self, library: Engine) -> None:
        library.index([replace(LIBRARY[0], viewers=frozenset({"t7"}))])
        assert found(library, "hipaa") == []
        assert found(library, "hipaa", frozenset({"t7"})) == [1]

    # Corrections and suggestions

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("objektion", "objection"),
            ("hospitels", "hospitals"),
            ("patietn data", "patient data"),
            ("priicng", "pricing"),
            ("hippa", "hipaa"),
            ('"patient data" pylot', '"patient data" pilot'),
        ],
    )
    def test_did_you_mean(self, library: Engine, typed: str, meant: str) -> None:
        assert ask(library, typed, exact=True).did_you_mean == meant

    @pytest.mark.parametrize("typed", ["pricing", "xyzzyqwert", "a", "12345678", "日本語"])
    def test_no_correction(self, library: Engine, typed: str) -> None:
        results = ask(library, typed)
        assert (results.did_you_mean, results.corrected) == (None, {})
        assert ask(library, typed, exact=True).did_you_mean is None

    def test_words_near_nothing_are_not_repeated_in_a_correction(self, library: Engine) -> None:
        assert ask(library, "objektion zanzibar", exact=True).did_you_mean == "objection"

    def test_suggestions(self, library: Engine) -> None:
        assert [s.title for s in library.suggest("pri", EVERYONE)] == ["Pricing for factories"]
        assert [s.id for s in library.suggest("deck for cl", EVERYONE)] == [2]
        assert [s.id for s in library.suggest("for ", EVERYONE)] == [3, 2]
        assert library.suggest("pric ", EVERYONE) == ()
        assert library.suggest("", EVERYONE) == ()
        assert library.suggest("😀", EVERYONE) == ()
        (suggestion,) = library.suggest("HIPAA", EVERYONE, 1)
        assert (suggestion.id, suggestion.kind) == (1, "sound-bite")

    def test_titles_that_begin_with_the_text_come_first(self, engine: Engine) -> None:
        engine.index(
            [document(1, "Price list"), document(2, "Our price"), document(3, "The price of waiting")]
        )
        assert [s.id for s in engine.suggest("price", EVERYONE, 2)] == [1, 3]

    # Changes

    def test_the_last_of_several_documents_with_one_id_wins(self, engine: Engine) -> None:
        engine.index([document(1, "first"), document(1, "second")])
        engine.index([document(1, "third")])
        assert (engine.count(), found(engine, "first second"), found(engine, "third")) == (1, [], [1])

    def test_delete(self, library: Engine) -> None:
        library.delete([1, 1, 77])
        library.delete([])
        assert library.count() == 3
        assert found(library, "hipaa") == []
        assert ask(library, facets=("kind",)).facets["kind"] == {"deck": 1, "document": 1}
        library.delete(range(10))
        assert (library.count(), found(library)) == (0, [])
        library.index([document(1, "again")])
        assert found(library) == [1]

    def test_many_small_changes(self, engine: Engine) -> None:
        for n in range(60):
            engine.index([document(n % 40, f"title {n}", terms={"stage": (f"s{n % 3}",)})])
            if n % 7 == 0:
                engine.delete([n % 40])
        kept = {n % 40: n for n in range(60)}
        gone = [n % 40 for n in range(0, 60, 7) if kept[n % 40] == n]
        assert set(found(engine, limit=100)) == set(kept) - set(gone)
        counts = ask(engine, facets=("stage",)).facets["stage"]
        assert sum(counts.values()) == engine.count() == len(kept) - len(gone)
        assert engine.health().ok

    def test_what_one_engine_writes_another_finds(self, engine: Engine, tmp_path: Path) -> None:
        other = self.open_engine(tmp_path / "index")
        assert other.count() == 0
        engine.index(LIBRARY)
        until = time.monotonic() + 60
        while found(other, "hipaa") != [1]:
            assert time.monotonic() < until
            time.sleep(0.02)
        other.close()

    # Rebuilding

    def test_rebuild_replaces_everything(self, library: Engine) -> None:
        done: list[int] = []
        assert library.rebuild((document(n, f"new {n}") for n in range(1, 251)), done.append) == 250
        assert done[-1] == 250
        assert done == sorted(done)
        assert (library.count(), found(library, "hipaa"), found(library, "250")) == (250, [], [250])
        assert library.health().ok

    def test_searches_answer_and_changes_count_while_rebuilding(
        self, library: Engine, tmp_path: Path
    ) -> None:
        other = self.open_engine(tmp_path / "index")

        def documents() -> Iterator[Document]:
            yield LIBRARY[0]
            yield LIBRARY[1]
            assert found(library, "factories") == [3]
            other.index([replace(LIBRARY[0], title="Changed meanwhile"), document(50, "Born meanwhile")])
            other.index([document(51, "Brief life")])
            other.delete([2, 51])
            assert found(other, "born") == [50]
            yield LIBRARY[2]

        library.rebuild(documents())
        for engine in (library, other):
            assert set(found(engine, "meanwhile")) == {1, 50}
            assert set(found(engine)) == {1, 3, 50}
        other.close()

    def test_a_rebuild_that_fails_leaves_the_old_index(self, library: Engine) -> None:
        def documents() -> Iterator[Document]:
            yield document(1, "half")
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError, match="went away"):
            library.rebuild(documents())
        assert found(library, "hipaa") == [1]
        library.index([document(60, "afterwards")])
        assert library.rebuild([document(61, "in the end")]) == 1
        assert found(library) == [61]

    def test_searches_from_threads_during_changes(self, library: Engine) -> None:
        wrong: list[object] = []

        def search() -> None:
            for _ in range(30):
                results = library.search(Query("pricing factories", EVERYONE, limit=1, facets=("kind",)))
                if [hit.id for hit in results.hits] != [3]:
                    wrong.append(results)

        threads = [Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(100, 115):
            library.index([document(n, "Something else")])
        for thread in threads:
            thread.join()
        assert not wrong
