"""How texts become words, and typed queries units."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.search.language import (
    add_occurrences,
    fold,
    term_of,
    title_words,
    tokens,
    word_pattern,
    word_starts,
    words_of,
)
from hub.search.typed import CHARS_MOST, WORDS_MOST, Parsed, begun, parse, unit_of


def terms(text: str) -> list[tuple[str, ...]]:
    return [tuple(term for _, term in unit.terms) for unit in parse(text).units]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hipaa objections", [("hipaa",), ("object",)]),
        ("Healthcare,Finance;retail/energy", [("healthcar",), ("financ",), ("retail",), ("energi",)]),
        ("follow-up AT&T 3.5", [("follow", "up"), ("t",), ("3", "5")]),
        ("pricing pricing prices", [("price",), ("price",)]),
        ('"value of the deal"', [("valu", "deal")]),
        ('say "unbalanced', [("say",), ("unbalanc",)]),
        ("customer's customer’s", [("custom",), ("custom",)]),
        ("日本語検索", [("日本", "本語", "語検", "検索")]),
        ("車", [("車",)]),
        ("iPhone電車", [("iphon", "電車")]),
        ("हिन्दी", [("हिन्दी",)]),
        ("ไทย", [("ไท", "ทย")]),
        ("snake_case", [("snake", "case")]),
    ],
)
def test_units(text: str, expected: list[tuple[str, ...]]) -> None:
    assert terms(text) == expected


def test_a_phrase_keeps_the_distances_of_its_words() -> None:
    (unit,) = parse('"value of the deal"').units
    assert unit.terms == ((0, "valu"), (3, "deal"))
    assert (unit.length, unit.text, unit.is_word) == (4, "value of the deal", False)


def test_it_in_capitals_is_a_word() -> None:
    assert terms("IT security") == [("it",), ("secur",)]
    assert parse("it security").common == ("it",)


def test_what_is_left_out() -> None:
    parsed = parse('price -discount -"last year" - --churn')
    assert [unit.text for unit in parsed.units] == ["price"]
    assert [unit.text for unit in parsed.excluded] == ["discount", "last year", "churn"]


def test_typed_filters() -> None:
    kind, stage, other = parse('kind:"Sound bite" -stage:demo,closing re:invent').filters
    assert (kind.facet, kind.values, kind.excluded) == ("kind", ("Sound bite",), False)
    assert (stage.facet, stage.values, stage.excluded) == ("stage", ("demo", "closing"), True)
    assert [unit.text for unit in other.words] == ["re", "invent"]
    assert parse("kind:").filters == ()
    assert parse("http://example.com/x").filters == ()


@pytest.mark.parametrize("text", ["", "  ", "*", " ** \n"])
def test_nothing_or_a_star_means_everything(text: str) -> None:
    assert parse(text) == Parsed(browse=True)


@pytest.mark.parametrize("text", ["😀", "()", '"', "-", "%", "…"])
def test_text_without_words(text: str) -> None:
    assert parse(text) == Parsed()


def test_stop_words_are_told() -> None:
    parsed = parse("The value of THE")
    assert ([unit.text for unit in parsed.units], parsed.common) == (["value"], ("The", "of", "THE"))


def test_long_texts_are_cut() -> None:
    many = parse(" ".join(f"w{n}" for n in range(WORDS_MOST + 1)))
    assert (len(many.units), many.cut) == (WORDS_MOST, True)
    assert parse(" ".join(f"w{n}" for n in range(WORDS_MOST))).cut is False
    assert parse("x" * (CHARS_MOST + 1)).cut
    assert len(parse('"' + "word " * 3_000 + '"').units[0].terms) <= WORDS_MOST
    assert len(term_of("x" * 5_000)) < 100


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Überblick", "uberblick"),
        ("Straße", "strasse"),
        ("ＡＢＣ", "abc"),
        ("Łódź", "lodz"),
        ("が", "が"),
        ("İ", "i"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pri", ((), "pri")),
        ("pri ", (("pri",), "")),
        ("Deck for CL", (("deck", "for"), "cl")),
        ("", ((), "")),
        ("😀", ((), "")),
        ("“Pri", ((), "pri")),
    ],
)
def test_begun(text: str, expected: tuple[tuple[str, ...], str]) -> None:
    assert begun(text) == expected
    assert title_words("The Café's") == ["the", "cafe's"]


def test_only_stop_words_are_no_unit() -> None:
    assert unit_of("of the") is None


PIECES = st.lists(
    st.sampled_from(
        [
            "Price",
            "don't",
            "the",
            "é",
            "e\u0301",
            "日本",
            "語",
            "ไท",
            "ह",
            "ि",
            "x1",
            "_",
            "-",
            " ",
            "’s",
            "\n",
            "😀",
        ]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_both_ways_of_reading_a_text_agree(text: str) -> None:
    """The quick way that fills the index and the slow one that reads queries place the same terms."""
    quick: defaultdict[str, list[int]] = defaultdict(list)
    end = add_occurrences(text, 5, quick)
    slow: defaultdict[str, list[int]] = defaultdict(list)
    composed = unicodedata.normalize("NFC", text)
    last = 4
    for token in tokens(composed):
        last = token.position + 5
        for term in token.terms:
            slow[term].append(last)
    assert (quick, end) == (slow, last + 1)
    assert text.isascii() or end >= 5


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | PIECES)
def test_any_text_can_be_parsed_and_every_word_of_a_text_finds_it(text: str) -> None:
    parse(text)
    begun(text)
    held: defaultdict[str, list[int]] = defaultdict(list)
    add_occurrences(text, 0, held)
    unit = unit_of(text) if text.isascii() else None
    if unit:
        first, positions = unit.terms[0][1], held[unit.terms[0][1]]
        assert positions, first
        assert any(all(at + offset in held[term] for offset, term in unit.terms) for at in positions)


plain = st.text(st.sampled_from("aB9' .-IT\n"), max_size=40)


@settings(max_examples=200, deadline=None)
@given(plain | st.text(max_size=20), st.booleans())
def test_plain_text_is_cut_as_the_pattern_cuts_it(text: str, long: bool) -> None:
    text = text * 30 if long else text
    words = [*word_pattern(text).finditer(text)]
    assert [term_of(word) for word in words_of(text)] == [term_of(word[0]) for word in words]
    assert word_starts(text) == [word.start() for word in words]
    assert word_starts(text, 7) == [word.start() for word in words][::7]
