"""Under which terms things are filed: by what they say, by their industry, at last by their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.importing.samples import beginning, drafted

VOCABULARY = beginning()


@pytest.mark.parametrize(
    ("industry", "vertical"),
    [
        ("Retail", "Retail"),
        ("Retail banking", "Financial services"),
        ("Travel Technology", "Travel and logistics"),
        ("Media and Software", "Media and entertainment"),
        ("Educational Software", "Education"),
        ("Enterprise Software", "Technology"),
        ("Insurance and Financial Services", "Financial services"),
        ("Clean energy financing", "Financial services"),
        ("Telecommunications Equipment", "Telecommunications"),
        ("Cryptocurrency & blockchain", "Financial services"),
        ("Food delivery service", "Retail"),
        ("Health & Fitness", "Healthcare"),
        ("Artificial Intelligence Research", "Technology"),
        ("Online Fashion", "Retail"),
        ("Streaming television", "Media and entertainment"),
        ("Submarine gardening", ""),
    ],
)
def test_an_industry_in_somebodys_words_finds_its_vertical(industry: str, vertical: str) -> None:
    assert [word.label for word in VOCABULARY.verticals_in(industry)] == ([vertical] if vertical else [])


def test_running_text_tells_a_vertical_only_when_it_is_clear() -> None:
    told = [("How a bank opened its vaults", 9), ("A bank and an insurance company", 6)]
    found = VOCABULARY.vertical_told(told)
    assert found is not None
    assert found.label == "Financial services"
    assert VOCABULARY.vertical_told([("A bank for hospitals", 9)]) is None
    assert VOCABULARY.vertical_told([("Cloud software on the web", 9)]) is None
    assert VOCABULARY.vertical_told([("once a bank is named", 2)]) is None
    assert VOCABULARY.vertical_told([]) is None


@pytest.mark.parametrize(
    ("front", "terms"),
    [
        ("stage: discovery\nvertical: Finance", ["stage:discovery", "vertical:financial-services"]),
        ("stages: [Discovery, poc]", ["stage:discovery", "stage:evaluation"]),
        ("stage: Discovery, Evaluation", ["stage:discovery", "stage:evaluation"]),
        ("industries:\n- Developer tool", ["vertical:technology"]),
        ("vertical: Retail\nindustry: Banking", ["vertical:retail"]),
        ("tags: embedded energy iot", ["vertical:energy"]),
        ("tags: [demo, cloud, Proposal, Spanish]", ["language:spanish", "stage:proposal"]),
        ("tag: cloud.gov", []),
        ("category: Education", ["vertical:education"]),
        ("agency: Office of Bread", ["vertical:public-sector"]),
        ("lang: de", ["language:german"]),
        ("title: A hospital that heals", ["vertical:healthcare"]),
    ],
)
def test_keys_file_an_item_under_terms(tmp_path: Path, front: str, terms: list[str]) -> None:
    made = drafted(tmp_path, "a.md", f"---\n{front}\n---\nWords.")
    assert made.terms == terms
    assert not made.problems


def test_what_an_unknown_value_could_mean_is_said() -> None:
    assert VOCABULARY.near("stage", "Discvery").startswith(
        "did you mean “Discovery”? The hub knows: Prospecting,"
    )
    assert VOCABULARY.near("product", "x") == "the hub has no product yet"
