"""How the words of slides and sections are laid out."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from hub.discovery.sections import Block, blocks, laid_out
from hub.library.kinds import Kind
from hub.library.models import Asset, Passage


def passage(number: int, title: str, text: str, kind: str = "section") -> Passage:
    return Passage(kind=kind, number=number, title=title, text=text)


def test_a_title_is_not_said_twice() -> None:
    (first, second) = laid_out(
        [passage(1, "Week 1", "Week  1\nBuild the form."), passage(2, "Week 2", "Week 2 is short.")], "Plan"
    )
    assert (first.title, first.blocks) == ("Week 1", (Block("Build the form."),))
    assert second.blocks == (Block("Week 2 is short."),)


def test_what_the_page_says_already_and_what_goes_on_has_no_heading() -> None:
    found = laid_out(
        [
            passage(1, "Pilot plan", "Pilot plan\nThree weeks."),
            passage(2, "Terms", "Terms\nOne."),
            passage(3, "Terms", "Two."),
        ],
        "Pilot plan",
    )
    assert [section.title for section in found] == ["", "Terms", ""]


def test_an_empty_section_is_left_out_and_an_empty_slide_is_kept() -> None:
    assert laid_out([passage(1, "Plan", "Plan")], "Plan") == []
    (slide,) = laid_out([passage(4, "Plan", "Plan", "slide")], "Plan")
    assert (slide.number, slide.title, slide.blocks) == (4, "Plan", ())


def test_text_stays_as_it_was_written() -> None:
    (section,) = laid_out(
        [passage(1, "", "\nTalk track\n\n    indented  twice\n\n\nA | B\nC | D\n\nEnd\n\n")], "Plan"
    )
    assert section.blocks == (
        Block("Talk track\n\n    indented  twice"),
        Block(rows=(("A", "B"), ("C", "D"))),
        Block("End"),
    )


def test_rows_of_as_many_cells_are_a_table_and_a_lone_bar_is_not() -> None:
    found = blocks(["Before", "What | Who", "The form |  Their lead", "Yes | no | perhaps", "After"])
    assert found == (
        Block("Before"),
        Block(rows=(("What", "Who"), ("The form", "Their lead"))),
        Block("Yes | no | perhaps\nAfter"),
    )


def test_a_summary_that_begins_the_text_is_shown_once(
    browser: FlaskClient, make_asset: Callable[..., Asset]
) -> None:
    words = "Nine days became one at the clinic."
    once = make_asset("Told once", kind=Kind.CUSTOMER_STORY, summary=words, body=words + " Then more.")
    page = browser.get(f"/a/{once.public_id}").text
    assert page.count(words) == 1
    assert "asset-summary" not in page
    cut = make_asset("Cut", kind=Kind.CUSTOMER_STORY, summary="Nine days became…", body=words)
    assert "asset-summary" not in browser.get(f"/a/{cut.public_id}").text
    other = make_asset("Twice", kind=Kind.CUSTOMER_STORY, summary="In short.", body=words)
    assert "asset-summary" in browser.get(f"/a/{other.public_id}").text


def test_an_empty_stage_keeps_its_place_and_leads_nowhere(
    browser: FlaskClient, library: dict[str, Asset]
) -> None:
    assert library
    page = browser.get("/").text
    assert 'href="/search?stage=evaluation"' in page
    assert 'href="/search?stage=expansion"' not in page
    assert "Nothing for this stage yet" in page
