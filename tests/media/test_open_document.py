"""OpenDocument and Rich Text: words by section, slide and sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import ReadHere, Run
from .inputs import make_open_document

STORY = (
    '<text:tracked-changes><text:p>taken out</text:p></text:tracked-changes><text:p>Before<text:s text:c="3"/>all</text:p>'
    '<text:h text:outline-level="1">The <text:span>problem</text:span></text:h>'
    "<text:p>Spread<office:annotation><text:p>a note</text:p></office:annotation>sheets<text:tab/>everywhere</text:p>"
    "<table:table><table:table-row><table:table-cell><text:p>Before</text:p></table:table-cell>"
    "<table:table-cell><text:p>After</text:p></table:table-cell></table:table-row></table:table>"
    '<text:section><text:h text:outline-level="2">The result</text:h><text:list><text:list-item><text:p>Forty hours</text:p>'
    "</text:list-item></text:list></text:section>"
)
SLIDES = (
    '<draw:page draw:name="1"><draw:frame presentation:class="title"><draw:text-box><text:p>Why us</text:p></draw:text-box>'
    "</draw:frame><draw:g><draw:frame><draw:text-box><text:p>Deep inside</text:p></draw:text-box></draw:frame></draw:g>"
    "<presentation:notes><draw:frame><draw:text-box><text:p>Pause here</text:p></draw:text-box></draw:frame>"
    "</presentation:notes></draw:page><draw:page/>"
)
SHEETS = (
    '<table:table table:name="Prices"><table:table-row><table:table-cell><text:p>Plan</text:p></table:table-cell>'
    '<table:table-cell table:number-columns-repeated="2"><text:p>490</text:p></table:table-cell>'
    '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
)


def test_text_is_cut_at_headings(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(make_open_document(tmp_path / "story.odt", "text", STORY, title="A story"))
    assert [(passage.title, passage.text) for passage in told.passages] == [
        ("", "Before   all"),
        ("The problem", "The problem\nSpreadsheets\teverywhere\nBefore | After"),
        ("The result", "The result\nForty hours"),
    ]
    assert told.facts["title"] == "A story"


def test_slides_and_their_notes(run: Run, tmp_path: Path) -> None:
    outcome = run(make_open_document(tmp_path / "deck.odp", "presentation", SLIDES), libreoffice="none")
    [passage] = outcome.passages
    assert (passage.kind, passage.number, passage.title) == ("slide", 1, "Why us")
    assert passage.text.split("\n") == ["Why us", "Deep inside", "Pause here"]
    assert (outcome.ok, outcome.facts.pages) == (True, 2)


def test_sheets_end_where_their_words_end(read_here: ReadHere, tmp_path: Path) -> None:
    [passage] = read_here(make_open_document(tmp_path / "prices.ods", "spreadsheet", SHEETS)).passages
    assert (passage.title, passage.text) == ("Prices", "Prices\nPlan | 490 | 490")


def test_open_documents_that_cannot_be_read_say_why(read_here: ReadHere, tmp_path: Path) -> None:
    locked = make_open_document(tmp_path / "locked.odt", "text", "", encrypted=True)
    assert "protected by a password" in read_here(locked).shortfalls[0][0]
    blank = make_open_document(tmp_path / "blank.odt", "text", "")
    assert "found no text" in read_here(blank).shortfalls[0][0]
    broken = make_open_document(tmp_path / "broken.odt", "text", "<text:p>")
    assert "damaged or incomplete" in read_here(broken).shortfalls[0][0]


RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\*\generator Word;}{\info{\title No words of the text}}"
    rb"\pard Gr\'fc\'dfe, 490 \u8364?\par Two\line lines {\b bold\b0} \{brace\}\par"
    rb"{\header running}{\pict\bin3 abc 010203}{\field{\*\fldinst HYPERLINK}{\fldrslt a link}}\u-10179?\u-8704? end\par}"
)


def test_rich_text_gives_its_words(read_here: ReadHere, run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.rtf").write_bytes(RTF)
    [passage] = read_here(tmp_path / "letter.rtf").passages
    assert passage.text == "Grüße, 490 €\nTwo\nlines bold {brace}\na link😀 end"
    assert run(tmp_path / "letter.rtf").ok


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rb"\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (rb"\ansicpg932 \'93\'fa\'96\'7b", "日本"),
        (rb"\ansicpg99999 plain", "plain"),
        (b"{" * 5000 + b"deep" + b"}" * 5000, "deep"),
        (rb"\uc2\u8364 xx\uc0\u8364 y", "€€y"),
    ],
)
def test_rich_text_of_other_writers(read_here: ReadHere, tmp_path: Path, body: bytes, words: str) -> None:
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1\ansi " + body + b"}")
    assert read_here(tmp_path / "a.rtf").passages[0].text == words


def test_rich_text_without_words(read_here: ReadHere, tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1\ansi{\fonttbl Times}")
    assert "damaged" in read_here(tmp_path / "a.rtf").shortfalls[0][0]
