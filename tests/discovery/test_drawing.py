"""Rows of a list: every text of theirs that people or files brought in is shown as text and never acts, whatever it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.discovery import drawing, facet_drawing
from hub.discovery.facets import Facet, FacetTerm
from hub.discovery.showing import ShownHit, ShownPassage
from hub.library import drawing as asset_drawing
from hub.library.kinds import Kind
from hub.library.models import Asset, State, Term
from hub.library.taxonomy import Chip
from tests.naughty import acting, naughty

STRINGS = [line for line in naughty() if line.strip()]
PLAIN = ShownHit(
    id="abcdefghjkmn",
    url="/a/abcdefghjkmn",
    kind=Kind.SOUND_BITE,
    state=State.PUBLISHED,
    external=True,
    title="A title",
    snippet="A sentence",
    terms=[],
    rating=None,
    ratings=0,
    helped=0,
    updated_at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
    owner="Mara Marketer",
    owner_url="/people/nmkjhgfedcba",
)


def with_text(text: str) -> ShownHit:
    """A row in which every text is this one."""
    pieces = [("before ", False), (text, True), (" behind", False)]
    return replace(
        PLAIN,
        title=pieces,
        snippet=[(text, False), (text, True)],
        terms=[Chip("stage", text), *[Chip("vertical", text)] * 6],
        owner=text,
        copied=text,
        copied_place="sentence",
        passages=[ShownPassage(text, "/a/abcdefghjkmn#page-1", pieces)],
        why=(text,),
        poster=f"/files/{quote(text)}?it={text}",
    )


def drawn(*hits: ShownHit, tune: str = "") -> BeautifulSoup:
    page = str(drawing.results(hits, tune=tune))
    assert acting(page) == []
    return BeautifulSoup(page, "html.parser")


def only(page: BeautifulSoup, selector: str) -> Tag:
    (found,) = page.select(selector)
    return found


def test_no_text_of_a_row_is_more_than_text(app: Flask) -> None:
    with app.test_request_context("/search"):
        for text in STRINGS:
            page = drawn(with_text(text), tune=text)
            texts = {
                ".result-title mark": text,
                ".result-title a": f"before {text} behind",
                ".result-snippet": text * 2,
                ".result-snippet mark": text,
                ".passage-place": text,
                ".passage-text mark": text,
                ".result-owner": text,
                ".why > ul > li": text,
                "[data-copy-label]": f"Copy “before {text} behind”",
                "[data-collect] span": f"Add “before {text} behind” to a collection",
                "[data-compare] span": f"Compare “before {text} behind” with another",
            }
            assert {selector: only(page, selector).get_text() for selector in texts} == texts
            assert [chip.get_text() for chip in page.select(".chip")] == [*[text] * 5, "+2"]
            assert only(page, ".chip-more")["title"] == f"{text}, {text}"
            assert only(page, ".result-acts button")["data-copy-text"] == text
            assert only(page, "[data-compare]")["data-title"] == f"before {text} behind"
            assert only(page, "[name=words]")["value"] == text
            assert only(page, ".result-poster img")["src"] == f"/files/{quote(text)}?it={text}"


def test_a_plain_title_and_snippet_are_text_too(app: Flask) -> None:
    with app.test_request_context("/search"):
        for text in STRINGS:
            page = drawn(replace(PLAIN, title=text, snippet=text))
            assert only(page, ".result-title").get_text() == only(page, ".result-snippet").get_text() == text


def test_a_kind_or_state_that_nobody_knows_is_shown_as_it_is(app: Flask) -> None:
    with app.test_request_context("/"):
        for text in STRINGS:
            for draw in (asset_drawing.kind_badge, asset_drawing.kind_icon, asset_drawing.state_badge):
                assert acting(str(draw(text))) == []
        assert BeautifulSoup(asset_drawing.kind_badge("<b>"), "html.parser").get_text() == "<b>"
        assert "In review" in asset_drawing.state_badge(State.IN_REVIEW)


def test_what_a_row_does_not_have_leaves_nothing_behind(app: Flask) -> None:
    with app.test_request_context("/"):
        page = drawn(replace(PLAIN, snippet=""))
    for selector in (
        ".result-snippet",
        ".passages",
        ".stars",
        ".badge-state",
        ".chips",
        ".why",
        "img",
        "button",
    ):
        assert page.select(selector) == [], selector


def test_what_a_row_has_is_told(app: Flask) -> None:
    hit = replace(
        PLAIN,
        state=State.DRAFT,
        external=False,
        rating=4.25,
        ratings=1200,
        helped=3,
        comments=1,
        poster="/files/o/x",
        poster_page=True,
        seconds=95.0,
        why=("It fits.",),
    )
    with app.test_request_context("/"):
        page = drawn(hit)
    assert only(page, ".stars")["aria-label"] == "Rated 4.2 of 5 by 1,200 people"
    assert only(page, ".badge-state").get_text() == "Draft"
    assert [mark.get_text() for mark in page.select(".badge-mark")] == ["Internal", "Helped 3", "1"]
    assert page.select(".badge-mark")[2]["title"] == "1 comment"
    assert only(page, ".poster-time").get_text() == "1:35"
    assert only(page, "img")["class"] == ["is-page"]
    assert only(page, "time")["datetime"] == "2026-11-01T09:30:00+00:00"
    assert only(page, ".why").get_text() == "Why is this here?It fits."
    assert page.select(".why form") == []  # nobody who may say what comes first


@pytest.mark.parametrize(
    ("value", "looks"),
    [
        (0.2, "off off off off off"),
        (0.4, "half-off off off off off"),
        (3.0, "on on on off off"),
        (3.5, "on on on half off"),
        (4.8, "on on on on on"),
    ],
)
def test_five_stars(app: Flask, value: float, looks: str) -> None:
    with app.test_request_context("/"):
        page = BeautifulSoup(asset_drawing.stars(value, 2, full=True), "html.parser")
    found = []
    for step in page.select(".stars-row > span"):
        half = "half-" if step.select("use[href$=star-half-filled]") else ""
        found.append((half + "off" if step.get("class") else half.strip("-")) or "on")
    assert " ".join(found) == looks


def test_facets_show_hostile_terms_as_text(app: Flask) -> None:
    for text in STRINGS:
        page = str(facet_drawing.facet_group(Facet("stage", text, [FacetTerm(text, text, 3, selected=True)])))
        assert acting(page) == []
        found = BeautifulSoup(page, "html.parser")
        box = only(found, "input")
        assert (box["value"], box["name"], box.has_attr("checked")) == (text, "stage", True)
        assert only(found, ".facet-label").get_text() == text
        assert only(found, "legend").get_text().startswith(text)


def test_a_long_facet_hides_what_is_neither_first_nor_chosen(app: Flask) -> None:
    terms = [FacetTerm(f"t{n}", f"Term {n}", 1000 * n, selected=n in (8, 9)) for n in range(11)]
    terms.append(FacetTerm("none", "None", 0, selected=True))
    found = BeautifulSoup(facet_drawing.facet_group(Facet("stage", "Stage", terms), most=7), "html.parser")
    hidden = [label.get_text() for label in found.select(".is-more")]
    assert hidden == ["Term 77,000", "Term 1010,000"]
    assert only(found, "button").get_text() == "2 more"
    assert only(found, "legend").get_text() == "Stage 3 chosen"
    assert [box["id"] for box in found.select("input[checked]")] == [
        "facet-stage-t8",
        "facet-stage-t9",
        "facet-stage-none",
    ]
    assert [label.get_text() for label in found.select(".is-none")] == ["Term 00"]


def test_no_button_hides_a_single_term(app: Flask) -> None:
    terms = [FacetTerm(f"t{n}", f"Term {n}", 1, selected=False) for n in range(8)]
    found = BeautifulSoup(facet_drawing.facet_group(Facet("stage", "Stage", terms), most=7), "html.parser")
    assert found.select(".is-more, button") == []
    assert len(found.select("input")) == 8


def test_pages_of_results_show_hostile_words_as_text(
    app: Flask,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    sign_in: Callable[[User], FlaskClient],
) -> None:
    """From the database through the engine to the page: title, highlight, sentence, term and owner."""
    some = [line for line in STRINGS if "<" in line and line.isprintable() and len(line) < 90][:12]
    with db.unit_of_work() as session:
        term = session.query(Term).filter_by(facet="stage", key="discovery").one()
        term.label = some[0][:60]
    for line in some:
        make_asset(
            f"walrus {line}",
            kind=Kind.SOUND_BITE,
            summary=line,
            body=f"walrus {line}",
            fields={"sentence": line},
            external=True,
            terms=["stage:discovery"],
            owner=make_user(name=line),
        )
    run_jobs()
    marketer = sign_in(make_user(Role.MARKETER))
    for address in ("/search?q=walrus", "/search?order=newest", "/"):
        answer = marketer.get(address)
        assert acting(answer.text) == []
        page = BeautifulSoup(answer.text, "html.parser")
        rows = page.select(".result")
        assert len(rows) == (len(some) if address != "/" else len(rows)) > 0
        shown = {only_text(row, ".result-title") for row in rows}
        assert shown <= {f"walrus {' '.join(line.split())}" for line in some}
        assert {only_text(row, ".result-owner") for row in rows} <= {" ".join(line.split()) for line in some}
        assert {row.select(".chip")[0].get_text() for row in rows} == {some[0][:60]}
    answer = marketer.get(f"/search?q={quote('walrus ' + some[0])}")
    assert acting(answer.text) == []
    assert "for everybody" in answer.text


def only_text(row: Tag, selector: str) -> str:
    (found,) = row.select(selector)
    return " ".join(found.get_text().split())
