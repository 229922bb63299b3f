"""PDF, PowerPoint, Word: text in passages, page images, and a reason for what is broken or built to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from PIL import Image
from pptx import Presentation
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml as parse_pptx_xml

from .conftest import ReadHere, Run
from .inputs import make_deck, make_document, make_pdf, one_page_pdf, photo, raw_pdf, repacked, squeezed


def test_pdf_gives_text_titles_and_pictures(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(
        make_pdf(tmp_path / "a.pdf", ["Alpha words", "Beta words", "Gamma words"]), page_images=2
    )
    assert [(p.kind, p.number, p.title, p.text) for p in told.passages] == [
        ("page", 1, "Chapter 1", "Alpha words"),
        ("page", 2, "Chapter 2", "Beta words"),
        ("page", 3, "Chapter 3", "Gamma words"),
    ]
    assert told.facts["pages"] == 3
    assert told.facts["title"] == "Made for a test"
    assert [(r.kind, r.page) for r in told.renditions] == [
        ("page", 1),
        ("poster", None),
        ("thumbnail", None),
        ("page", 2),
    ]
    assert (told.renditions[0].width, told.renditions[2].width) == (1280, 480)
    with Image.open(told.renditions[0].path) as page:
        assert page.format == "WEBP"
        assert page.convert("L").getextrema()[0] < 100  # type: ignore[operator]  # words are on it
    assert told.shortfalls == []


def test_scan_says_that_search_finds_no_words(read_here: ReadHere, tmp_path: Path) -> None:
    photo().save(tmp_path / "scan.png")
    told = read_here(make_pdf(tmp_path / "scan.pdf", [""], picture=(tmp_path / "scan.png").read_bytes()))
    assert "no text" in told.shortfalls[0][0]
    assert len(told.renditions) == 3


def test_password(run: Run, tmp_path: Path) -> None:
    outcome = run(make_pdf(tmp_path / "secret.pdf", ["hidden"], password="open sesame"))
    assert (outcome.ok, outcome.partial, outcome.passages) == (False, False, [])
    assert (
        outcome.reason
        == "This PDF is protected by a password. Save a copy without the password and upload it again."
    )


def test_password_and_damage(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(make_pdf(tmp_path / "secret.pdf", ["hidden"], password="open sesame"))
    assert "protected by a password" in told.shortfalls[0][0]
    (tmp_path / "line.pdf").write_bytes(one_page_pdf(b"", box=b"0 0 612 2147483647"))
    told = read_here(tmp_path / "line.pdf")
    assert "damaged" in told.shortfalls[0][0]
    assert told.facts["plays_in_browser"] is False


def test_pages_that_are_missing_are_named(read_here: ReadHere, tmp_path: Path) -> None:
    words = b"BT /F1 12 Tf 72 700 Td (Here) Tj ET"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    missing = b" ".join([b"9 0 R"] * 30)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R %s]/Count 31>>" % missing,
        3: page,
        4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(words), words),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    (tmp_path / "gaps.pdf").write_bytes(raw_pdf(objects))
    told = read_here(tmp_path / "gaps.pdf")
    assert [passage.text for passage in told.passages] == ["Here"]
    assert "could not be read (2, 3, 4, 5, 6)" in told.shortfalls[0][0]


BROKEN = [b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<<" + b"\x00" * 3000, b"%PDF-1.4 \xe2\xe3 garbage"]


@pytest.mark.parametrize("cut", BROKEN)
def test_broken_pdf_is_kept_with_a_reason(read_here: ReadHere, tmp_path: Path, cut: bytes) -> None:
    (tmp_path / "broken.pdf").write_bytes(cut)
    [(reason, _)] = read_here(tmp_path / "broken.pdf").shortfalls
    assert "damaged or incomplete" in reason
    assert "Error" not in reason


def test_pdf_that_promises_pages_without_end(run: Run, tmp_path: Path) -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    words = b"<</Length 38>>\nstream\nBT /F1 12 Tf 72 700 Td (Real page) Tj ET\nendstream"
    tree = {1: b"<</Type/Catalog/Pages 2 0 R>>", 3: page, 4: words, 5: font}
    for kids in (b"[3 0 R]/Count 2000000000", b"[3 0 R 2 0 R 2 0 R]/Count 100000"):
        (tmp_path / "endless.pdf").write_bytes(raw_pdf({**tree, 2: b"<</Type/Pages/Kids" + kids + b">>"}))
        outcome = run(tmp_path / "endless.pdf", document_seconds=30)
        assert outcome.ok or outcome.reason
        assert "Real page" in outcome.passages[0].text
        assert len(outcome.renditions) <= 60


def test_page_of_enormous_size_keeps_its_text(run: Run, tmp_path: Path) -> None:
    words = b"BT /F1 12 Tf 72 700 Td (Still found) Tj ET"
    (tmp_path / "huge.pdf").write_bytes(one_page_pdf(words, box=b"0 0 612 2147483647"))
    outcome = run(tmp_path / "huge.pdf")
    assert outcome.partial
    assert [passage.text for passage in outcome.passages] == ["Still found"]
    assert "could not be read (1)" in (outcome.reason or "")
    (tmp_path / "wide.pdf").write_bytes(one_page_pdf(words, box=b"0 0 14400 14400"))
    wide = run(tmp_path / "wide.pdf")
    assert wide.ok
    assert (wide.renditions[0].width, wide.renditions[0].height) == (1280, 1280)


def test_page_that_swells_is_stopped(
    run: Run, tmp_path: Path, time_begins: Callable[[Callable[[], bool]], None]
) -> None:
    bomb = squeezed(b"BT /F1 12 Tf 72 700 Td (x) Tj ET\n" * 30_000, 300)  # 300 MB out of less than one
    assert len(bomb) < 1_000_000
    (tmp_path / "bomb.pdf").write_bytes(one_page_pdf(bomb, filters=b"/Filter/FlateDecode"))
    time_begins(lambda: any(report.stat().st_size for report in tmp_path.glob("work/*/report.jsonl")))
    outcome = run(tmp_path / "bomb.pdf", document_seconds=1)
    assert not outcome.ok
    assert outcome.reason is not None
    assert "Traceback" not in outcome.reason


def test_deck_gives_every_word(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(make_deck(tmp_path / "deck.pptx"))
    first, second = told.passages
    assert (first.kind, first.number, first.title) == ("slide", 1, "Why us")
    assert "Audits take days" in first.text
    assert "Pause after the number" in first.text
    for words in (
        "Plan | Price",
        "Team | 490 euros",
        "Deep inside",
        "First quarter, Second quarter",
        "Renewals",
    ):
        assert words in second.text
    assert told.facts == {"pages": 2, "title": "Spring deck"}
    assert told.shortfalls == []


def test_slide_show_and_macros_are_read_too(read_here: ReadHere, tmp_path: Path) -> None:
    deck = make_deck(tmp_path / "deck.pptx")
    with zipfile.ZipFile(deck) as package:
        types = package.read("[Content_Types].xml")
    main = b"presentationml.presentation.main+xml"
    assert main in types
    show = repacked(
        deck,
        tmp_path / "s.ppsx",
        {"[Content_Types].xml": types.replace(main, b"presentationml.slideshow.main+xml")},
    )
    assert len(read_here(show).passages) == 2


def test_broken_slide_does_not_hide_the_others(read_here: ReadHere, tmp_path: Path) -> None:
    deck = make_deck(tmp_path / "deck.pptx")
    with zipfile.ZipFile(deck) as package:
        links = package.read("ppt/_rels/presentation.xml.rels").replace(
            b'"slides/slide2.xml"', b'"slides/../theme/theme1.xml"'
        )
    told = read_here(repacked(deck, tmp_path / "broken.pptx", {"ppt/_rels/presentation.xml.rels": links}))
    assert [passage.title for passage in told.passages] == ["Why us"]
    assert "Some slides could not be read (2)" in told.shortfalls[0][0]


def test_words_of_a_diagram(read_here: ReadHere, tmp_path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    words = f"<d xmlns:a='{drawing}/main'><a:p><a:r><a:t>Find</a:t></a:r></a:p><a:p><a:r><a:t>Win</a:t></a:r></a:p></d>"
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", deck.part.package, words.encode())
    related = slide.part.relate_to(
        part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
    )
    frame = (
        "<p:graphicFrame xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' "
        f"xmlns:a='{drawing}/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>"
        "<p:nvGraphicFramePr><p:cNvPr id='9' name='D'/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>"
        f"<p:xfrm/><a:graphic><a:graphicData uri='{drawing}/diagram'><dgm:relIds xmlns:dgm='{drawing}/diagram' r:dm='{related}'/>"
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    slide.shapes._spTree.append(parse_pptx_xml(frame))
    deck.save(str(tmp_path / "diagram.pptx"))
    [passage] = read_here(tmp_path / "diagram.pptx").passages
    assert passage.text == "Find\nWin"


def test_document_is_cut_at_headings(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(make_document(tmp_path / "story.docx"))
    assert [(p.kind, p.number, p.title) for p in told.passages] == [
        ("section", 1, "The problem"),
        ("section", 2, "The result"),
    ]
    assert "Before | After" in told.passages[0].text
    assert "Forty hours" in told.passages[1].text


def test_document_with_controls_insertions_and_text_boxes(read_here: ReadHere, tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    run_of = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    inside = f"<w:txbxContent>{run_of.format('In a box')}</w:txbxContent>"
    both = f"<mc:Choice Requires='wps'>{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>"
    box = f"<mc:AlternateContent {compatible}>{both}</mc:AlternateContent>"
    document = Document()
    body = document.element.body
    body.insert(
        0, parse_xml(f"<w:sdt {space}><w:sdtContent>{run_of.format('In a control')}</w:sdtContent></w:sdt>")
    )
    body.insert(
        1, parse_xml(f"<w:p {space}><w:ins><w:r><w:t>Inserted</w:t></w:r></w:ins><w:r>{box}</w:r></w:p>")
    )
    document.save(str(tmp_path / "odd.docx"))
    [passage] = read_here(tmp_path / "odd.docx").passages
    assert "In a control" in passage.text
    assert "Inserted" in passage.text
    assert passage.text.count("In a box") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_entities_are_never_followed(run: Run, tmp_path: Path, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the crown jewels")
    evil = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}">]><w:document>&x;</w:document>'
    document = make_document(tmp_path / "good.docx")
    outcome = run(repacked(document, tmp_path / "evil.docx", {"word/document.xml": evil.encode(encoding)}))
    assert (outcome.ok, outcome.passages) == (False, [])
    assert "does not follow" in (outcome.reason or "")
    assert "crown jewels" not in repr(outcome)


def test_zip_bombs_are_not_opened(read_here: ReadHere, run: Run, tmp_path: Path) -> None:
    deck = make_deck(tmp_path / "deck.pptx")
    bomb = repacked(deck, tmp_path / "bomb.pptx", {"ppt/media/image1.xml": b"\0" * 20_000_000})
    assert bomb.stat().st_size < 100_000
    outcome = run(bomb)
    assert (outcome.ok, outcome.partial) == (False, False)
    assert "swell" in (outcome.reason or "")
    assert "swell" in read_here(deck, zip_members=10).shortfalls[0][0]
    assert "swell" in read_here(deck, zip_bytes=10_000).shortfalls[0][0]


def test_member_larger_than_it_claims(read_here: ReadHere, tmp_path: Path) -> None:
    data = bytearray(
        repacked(
            make_deck(tmp_path / "d.pptx"), tmp_path / "e.pptx", {"zz.xml": b"A" * 5_000_000}
        ).read_bytes()
    )
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"zz.xml"))
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    (tmp_path / "liar.pptx").write_bytes(data)
    told = read_here(tmp_path / "liar.pptx")
    assert told.passages == []
    assert told.shortfalls


def test_member_with_a_password(read_here: ReadHere, tmp_path: Path) -> None:
    data = bytearray(make_deck(tmp_path / "d.pptx").read_bytes())
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(mark)
        data[place + flags] |= 1
    (tmp_path / "locked.pptx").write_bytes(data)
    assert "password" in read_here(tmp_path / "locked.pptx").shortfalls[0][0]


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_truncated_office_file(read_here: ReadHere, tmp_path: Path, part: float) -> None:
    data = make_deck(tmp_path / "deck.pptx").read_bytes()
    (tmp_path / "cut.pptx").write_bytes(data[: int(len(data) * part)])
    told = read_here(tmp_path / "cut.pptx")
    assert told.passages == []
    assert "damaged or incomplete" in told.shortfalls[0][0]


@pytest.mark.parametrize(("make", "main"), [(make_deck, "presentation"), (make_document, "wordprocessing")])
def test_package_whose_main_part_is_something_else(
    read_here: ReadHere, tmp_path: Path, make: Callable[[Path], Path], main: str
) -> None:
    whole = make(tmp_path / "whole")
    with zipfile.ZipFile(whole) as package:
        types = package.read("[Content_Types].xml")
    for ending, wrong in (("other", types.replace(b".main+xml", b".other+xml")), ("none", b"<Types/>")):
        assert main.encode() in types
        path = repacked(whole, tmp_path / ending, {"[Content_Types].xml": wrong})
        assert "damaged or incomplete" in read_here(path).shortfalls[0][0]


def test_empty_office_files_say_that_search_is_blind(read_here: ReadHere, tmp_path: Path) -> None:
    Document().save(str(tmp_path / "blank.docx"))
    assert "no text" in read_here(tmp_path / "blank.docx").shortfalls[0][0]
