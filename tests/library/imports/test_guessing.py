"""A column whose name says nothing is taken for what stands in it, where that is clear; the person sees it and decides."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy.orm import Session

from hub.library.importing.vocabulary import Vocabulary
from hub.library.imports.guessing import guessed, text_of
from hub.library.models import Asset
from tests.library.imports.desk import Desk, packed, titles

TABLE = """\ufeffName;Deal step;Art;Where;Anlage;Who;Remark
Nordbank;Evaluation;Sound bite;Healthcare;a.pdf;mara@example.com;Say it
Why now;Prospecting;Deck;Retail;b.pptx;mara@example.com;Retail
Third;Somewhere else;Poster;Nowhere;none;;soon
"""


def chosen(page: str) -> dict[str, str]:
    """By column, what its choice stands at."""
    rows = re.findall(r'for="feeds-\d+">What (.+?) means</label>(.+?)</select>', page, re.DOTALL)
    return {name: (re.findall(r'value="(\w+)" selected', choice) or [""])[0] for name, choice in rows}


def test_columns_are_taken_for_what_stands_in_them(desk: Desk, session: Session) -> None:
    archive = packed({"list.csv": TABLE, "a.pdf": b"%PDF-1.7 a", "b.pptx": b"b"})
    place = desk.send("list.zip", archive)
    page = desk.page(place)
    assert chosen(page) == {
        "Name": "",  # as it is called
        "Deal step": "stage",
        "Art": "kind",
        "Where": "vertical",
        "Anlage": "file",
        "Who": "owner",
        "Remark": "",
    }
    told = re.findall(r"Taken for “(.+?)” by what stands in it", html.unescape(page))
    assert told == ["Stage", "Kind", "Vertical", "File", "Owner"]
    first = page[page.index('id="preview"') :]
    assert re.findall(r'class="chip">([^<]+)<', first)[:2] == ["Evaluation", "Healthcare"]  # by their labels
    assert "Somewhere else" in page[page.index("Words that the hub does not know") :]

    desk.run(place, **dict(_sent(page)))
    assert {(term.facet, term.key) for term in titles(session)["Nordbank"].terms} == {
        ("stage", "evaluation"),
        ("vertical", "healthcare"),
    }
    assert "by what stands in it" not in desk.page(place, again="")  # the person has decided


def _sent(page: str) -> list[tuple[str, str]]:
    """The form as a browser sends it untouched."""
    selects = re.findall(
        r'<select class="form-select" id="[^"]+" name="([^"]+)">(.+?)</select>', page, re.DOTALL
    )
    return [
        (name, (re.findall(r'value="([^"]*)" selected', options) or [""])[0]) for name, options in selects
    ]


def test_a_mapping_that_was_chosen_is_not_guessed_at(desk: Desk, session: Session) -> None:
    place = desk.send("list.csv", TABLE.encode())
    answer = desk.browser.post(
        f"{place}/run", data={**desk.feeds(place, Name="title"), "then": "keep", "name": "Bare"}
    )
    page = desk.browser.get(str(answer.location)).text
    assert set(chosen(page).values()) == {"title", ""}
    assert "by what stands in it" not in page
    session.rollback()
    assert session.query(Asset).count() == 0


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["Evaluation"], "stage"),
        (["Evaluation", "a", "b"], ""),  # one of three is chance
        (["Evaluation", "a"], ""),
        (["Evaluation", "Proposal", "a", "b"], "stage"),
        (["Evaluation", "Proposal", "a", "b", "c"], ""),
        (["https://a.example/x.pdf", "https://b.example"], "link"),
        (["ann@example.com"], "owner"),
        (["decks/a.PPTX", "film.mp4"], "file"),
        (["v1.2", "3.5"], ""),
        ([], ""),
        (["", " "], ""),
    ],
)
def test_only_what_is_clear_is_taken(values: list[str], role: str, session: Session) -> None:
    found = {"keys": [{"key": "Spalte", "count": len(values), "samples": [], "values": values}]}
    assert guessed(found, Vocabulary.of(session)) == ({"Spalte": role} if role else {})


def test_no_role_is_given_twice(session: Session) -> None:
    keys = [{"key": name, "values": ["Evaluation", "Proposal"]} for name in ("Stage", "Spalte", "Other")]
    assert guessed({"keys": keys}, Vocabulary.of(session)) == {}
    assert list(guessed({"keys": keys[1:]}, Vocabulary.of(session)).items()) == [("Spalte", "stage")]
    assert text_of({}) == ""
