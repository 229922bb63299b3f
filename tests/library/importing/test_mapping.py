"""A mapping file says what keys and values mean; whatever it says that cannot be is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid
from hub.library.importing.mapping import Mapping, matches
from hub.library.importing.mapping_file import load
from hub.library.kinds import Kind
from tests.library.importing.samples import beginning, drafted, drafts, write

MAPPING = """
keys:
  title: bakery
  summary: [teaser]
  customer: baker
  vertical: trade
  stage: moment
  competitor: rival
  quote: motto
values:
  stage:
    first call: [Prospecting, Discovery]
    never: []
  industry:
    Flour milling: Manufacturing
  kind:
    yarn: customer story
defaults:
  vertical: Retail
  language: English
  customer: Somebody
  external: true
ignore: ["drafts/**", "*.old.md"]
kinds:
  "cards/*": battlecard
base: https://crumb.example/stories/
body:
  drop: ["Subscribe *"]
  drop_sections: [About us]
  replace: {Krumb: Crumb}
"""


def mapping(tmp_path: Path, text: str = MAPPING) -> Mapping:
    path = tmp_path / "mapping.yml"
    path.write_text(text)
    return load(path, beginning())


def test_keys_and_values_mean_what_the_mapping_says(tmp_path: Path) -> None:
    text = (
        "---\nbakery: Night bread\ntitle: other\nteaser: Short.\nbaker: Ada\nmoment: First Call\ntrade: flour milling\n"
        "kind: yarn\nmotto: Bread is bread.\npermalink: /night/\n---\n"
        "Krumb bakes. See [more](more.html).\n\nSubscribe to our letter\n\n## About us\n\nOld.\n\n### Even older\n\nOlder.\n\n## Last\n\nEnd."
    )
    made = drafted(tmp_path / "in", "a.md", text, mapping(tmp_path))
    assert (made.title, made.summary, made.kind, made.external) == (
        "Night bread",
        "Short.",
        Kind.CUSTOMER_STORY,
        True,
    )
    assert made.terms == [
        "language:english",
        "stage:discovery",
        "stage:prospecting",
        "vertical:manufacturing",
    ]
    assert made.fields == {
        "customer": "Ada",
        "quote": "Bread is bread.",
        "link": "https://crumb.example/night/",
    }
    assert made.body == "Crumb bakes. See [more](https://crumb.example/stories/more.html).\n\n## Last\n\nEnd."
    assert not made.problems


def test_defaults_fill_only_what_nothing_speaks_of(tmp_path: Path) -> None:
    plain = drafted(
        tmp_path / "a", "a.md", "---\nmoment: never\n---\nA bank for banks in the bank.", mapping(tmp_path)
    )
    assert plain.terms == ["language:english", "vertical:retail"]
    assert plain.fields == {"customer": "Somebody"}
    said = drafted(
        tmp_path / "b",
        "a.md",
        "---\ncustomer: Ada\nindustry: Banking\nexternal: false\n---\nWords.",
        mapping(tmp_path),
    )
    assert "vertical:financial-services" in said.terms
    assert (said.fields["customer"], said.external) == ("Ada", False)


def test_paths_are_ignored_and_given_kinds(tmp_path: Path) -> None:
    root = write(
        tmp_path / "in",
        {"drafts/x/a.md": "W.", "b.old.md": "W.", "cards/c.md": "---\nrival: Stale\n---\nWords."},
    )
    (made,) = drafts(root, mapping(tmp_path))
    assert not isinstance(made, str)
    assert (made.kind, made.fields) == (Kind.BATTLECARD, {"competitor": "Stale"})
    assert matches("a/b/c.md", "a/*.md")
    assert matches("a/b.md", "a/")
    assert not matches("b/a.md", "a/*")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("keyz: {}", 1, "did you mean “keys”"),
        ("keys:\n  titel: x", 1, "did you mean “title”"),
        ("\nvalues:\n  stage: {x: Weding}", 2, "there is no stage “Weding”"),
        ("values:\n  stage: x", 1, "holds no values"),
        ("values:\n  titles: {a: b}", 1, "no field with values"),
        ("defaults:\n  kind: poem", 1, "there is no kind “poem”"),
        ("defaults:\n  external: maybe", 1, "true or false"),
        ("kinds: [a]", 1, "table"),
        ("ignore:\n- {a: b}", 1, "neither a word"),
        ("base: ftp://x", 1, "no web address"),
        ("body:\n  replace: [a]", 1, "table of words"),
        ("a: ]", 1, "block node"),
        ("- a", 1, "keys with values"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    with pytest.raises(Invalid) as refused:
        mapping(tmp_path, text)
    assert f"mapping.yml:{line}: " in refused.value.message
    assert says in refused.value.message
    assert refused.value.remedy


def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "b.yml"
    binary.write_bytes(b"\x00")
    large = tmp_path / "l.yml"
    large.write_bytes(b"#" * 500_001)
    for path in (tmp_path / "missing.yml", tmp_path, binary, large):
        with pytest.raises(Invalid, match=r"read|text|bytes"):
            load(path, beginning())


def test_an_empty_mapping_is_the_built_in_one(tmp_path: Path) -> None:
    assert mapping(tmp_path, "# nothing yet\n") == Mapping()
