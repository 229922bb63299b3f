"""Which searches mean the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.analytics.gaps.meaning import Meaning, corrections
from hub.search.language import STOP_WORDS

UNITED = [
    ("payback", ["roi", "payback", "return on investment"]),
    ("vertical:healthcare", ["Healthcare", "hospital", "life sciences", "hipaa"]),
    ("vertical:retail", ["Retail", "hospital"]),  # claimed by healthcare before
]
MEANING = Meaning(
    UNITED, known={"hipaa", "payback"}, typed={"hipaa": 9, "hippa": 2, "gdpr": 12, "gpdr": 3, "sales": 4}
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sap integration", "integrations of the sap"),
        ("sap sap integration", "integration sap"),
        ("roi for hospitals", "hospital return on investment"),
        ("life sciences payback", "healthcare roi"),
        ("hippa", "hospital"),  # a typo, then a synonym
        ("gpdr contract", "contract gdpr"),
        ("ínsurance", "insurance"),
        ("kind:deck roadmap", "roadmap kind:deck"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert MEANING.key(one) == MEANING.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sap integration", "oracle integration"),
        ("roadmap", "roadmap kind:deck"),
        ("demo", "-demo"),
        ("return policy", "roi policy"),
        ("scales", "sales"),  # three letters of difference by stems are none of one edit, and few type either
        ("the", "of"),  # stop words alone mean themselves
        ("retail", "hospital"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert MEANING.key(one) != MEANING.key(other)


def test_typos_fold_onto_what_more_people_type() -> None:
    typed = {
        "hippa": 2,
        "hipaa": 3,
        "tendr": 5,
        "tender": 4,
        "gpdr": 3,
        "gdpr": 9,
        "nsp": 1,
        "nps": 30,
        "widgets": 1,
        "widget": 3,
    }
    found = corrections(typed, known={"hipaa", "tender", "invoice"})
    assert found == {
        "hippa": "hipaa",  # the library has it, and more people type it
        # tendr: more people type it than what the library has
        "gpdr": "gdpr",  # two neighbours swapped, three times as many people
        # nsp: too short to tell
        "widgets": "widget",
    }


WORDS = st.lists(
    st.sampled_from(["sap", "roi", "hospital", "story", "gdpr", "nine", "payback"]), min_size=1, max_size=5
)


@settings(max_examples=50)
@given(WORDS, st.randoms(use_true_random=False))
def test_order_repetition_and_stop_words_do_not_matter(words: list[str], chance: st.DataObject) -> None:
    mixed = [*words, *words[:2], *sorted(STOP_WORDS)[:3]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert MEANING.key(" ".join(mixed)) == MEANING.key(" ".join(words))


def test_the_digest_tells_when_meaning_changes() -> None:
    again = Meaning(
        UNITED, known={"hipaa", "payback"}, typed={"hipaa": 9, "hippa": 2, "gdpr": 12, "gpdr": 3, "sales": 4}
    )
    assert again.digest == MEANING.digest
    assert Meaning(UNITED[:1]).digest != MEANING.digest
