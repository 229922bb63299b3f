"""Slides drawn and old files opened by LibreOffice: a stand-in for what can go wrong, the real one where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Inches

from hub.media import Limits, MediaFault
from hub.media.confine import PIPES
from hub.media.office import find_office

from .conftest import Listener, Run, running
from .inputs import make_deck, make_pdf

OFFICE = find_office(Limits())
needs_office = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here")
OLD = {  # the directory of an old Office file, whose first entry is the root and whose second names the kind
    "deck.ppt": "PowerPoint Document",
    "prices.xls": "Workbook",
    "letter.doc": "WordDocument",
}


def stand_in(tmp_path: Path, script: str) -> str:
    """A program that is called as LibreOffice is; `$out` is the folder it is to write to."""
    program = tmp_path / "office" / "program" / "soffice"
    program.parent.mkdir(parents=True, exist_ok=True)
    find_out = 'while [ "$1" != --outdir ]; do shift; done; out=$2; file=$3\n'
    program.write_text(f"#!/bin/sh\n{find_out}{script}\n")
    program.chmod(0o755)
    return str(program)


def old_file(tmp_path: Path, name: str) -> Path:
    """Enough of an old Office file to be taken for one."""

    def entry(words: str, child: int = 0xFFFFFFFF) -> bytes:
        label = words.encode("utf-16-le")
        links = b"\xff" * 8 + child.to_bytes(4, "little")
        return (
            label.ljust(64, b"\0") + (len(label) + 2).to_bytes(2, "little") + b"\x05\x01" + links + bytes(48)
        )

    head = (
        bytes.fromhex("d0cf11e0a1b11ae1").ljust(30, b"\0") + (9).to_bytes(2, "little") + bytes(16) + bytes(4)
    )
    path = tmp_path / name
    path.write_bytes(head.ljust(512, b"\0") + entry("Root Entry", 1) + entry(OLD[name]) + bytes(256))
    return path


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        ("exit 0", "ended with 0"),
        ("echo no memory left; kill -SEGV $$", "ended with -11. no memory left"),
        ('echo "no PDF" > "$out/deck.pdf"', "damaged"),
        (': > "$out/deck.pdf"', "ended with 0"),
    ],
    ids=["nothing", "crash", "rubbish", "empty"],
)
def test_deck_that_cannot_be_drawn_keeps_its_words(
    run: Run, tmp_path: Path, script: str, detail: str
) -> None:
    outcome = run(make_deck(tmp_path / "deck.pptx"), libreoffice=stand_in(tmp_path, script))
    assert (outcome.ok, outcome.partial, outcome.renditions) == (False, True, [])
    assert [passage.title for passage in outcome.passages] == ["Why us", ""]
    assert "Save it" in (outcome.reason or "")
    assert detail in f"{outcome.reason} {outcome.detail}"


def test_office_that_hangs_is_ended(run: Run, tmp_path: Path) -> None:
    program = stand_in(tmp_path, "sleep 300")
    outcome = run(make_deck(tmp_path / "deck.pptx"), libreoffice=program, office_seconds=1)
    assert (outcome.partial, len(outcome.passages)) == (True, 2)
    assert outcome.reason is not None
    assert "could not turn this PowerPoint deck into pictures" in outcome.reason
    assert "more than 1 s" in outcome.detail
    assert running(program) == []


def test_old_deck_is_shown_by_its_pages(run: Run, tmp_path: Path) -> None:
    program = stand_in(tmp_path, f'cp "{tmp_path}/office/made.pdf" "$out/deck.pdf"')
    make_pdf(tmp_path / "office" / "made.pdf", ["First slide", "Second slide"])
    outcome = run(old_file(tmp_path, "deck.ppt"), libreoffice=program)
    assert outcome.ok, outcome.reason
    assert [(passage.kind, passage.number, passage.text) for passage in outcome.passages] == [
        ("slide", 1, "First slide"),
        ("slide", 2, "Second slide"),
    ]
    assert [made.kind for made in outcome.renditions] == ["page", "poster", "thumbnail", "page"]
    assert outcome.facts.plays_in_browser is not True  # what browsers show is not the file itself


def test_old_workbook_is_read_by_its_cells(run: Run, tmp_path: Path) -> None:
    program = stand_in(tmp_path, f'cp "{tmp_path}/office/made.xlsx" "$out/prices.xlsx"')
    with xlsxwriter.Workbook(str(tmp_path / "office" / "made.xlsx")) as book:
        book.add_worksheet("Prices").write_row("A1", ["Team", 490])
    outcome = run(old_file(tmp_path, "prices.xls"), libreoffice=program)
    assert [(passage.title, passage.text) for passage in outcome.passages] == [
        ("Prices", "Prices\nTeam | 490")
    ]


@pytest.mark.parametrize(
    ("name", "words"), [("deck.ppt", ".pptx or PDF"), ("prices.xls", ".xlsx"), ("letter.doc", ".docx or PDF")]
)
def test_without_office_words_say_what_to_do(run: Run, tmp_path: Path, name: str, words: str) -> None:
    outcome = run(old_file(tmp_path, name), libreoffice="none")
    assert (outcome.ok, outcome.partial) == (False, False)
    assert f"from before 2007. Save it as {words}" in (outcome.reason or "")


def test_setting_that_names_no_program() -> None:
    with pytest.raises(MediaFault, match="HUB_LIBREOFFICE names /nowhere/soffice"):
        find_office(Limits(libreoffice="/nowhere/soffice"))


@needs_office
def test_slides_are_drawn(run: Run, tmp_path: Path) -> None:
    outcome = run(make_deck(tmp_path / "deck.pptx"))
    assert outcome.ok, outcome.detail
    assert [passage.title for passage in outcome.passages] == ["Why us", ""]
    assert [(made.kind, made.page) for made in outcome.renditions if made.kind == "page"] == [
        ("page", 1),
        ("page", 2),
    ]
    with Image.open(outcome.renditions[0].path) as page:
        low, high = page.convert("L").getextrema()
        assert (page.width, low < 80, high > 240) == (1280, True, True)  # type: ignore[operator]  # words on it
    assert not list(PIPES.glob("OSL_PIPE_*")), "its socket is swept up"


def is_red(colour: object) -> bool:
    return isinstance(colour, tuple) and colour[0] > 200 and colour[1] < 100


@needs_office
def test_deck_that_calls_and_looks_elsewhere(run: Run, tmp_path: Path, listener: Listener) -> None:
    """What a deck links to is neither fetched nor read; its words and its page come all the same."""
    other = tmp_path / "other.png"
    Image.new("RGB", (640, 480), "#ff0000").save(other)
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    assert slide.shapes.title is not None
    slide.shapes.title.text = "Harmless"
    for address in (f"http://127.0.0.1:{listener.port}/a.png", other.as_uri()):
        picture = slide.shapes.add_picture(str(other), Inches(1), Inches(2), Inches(3), Inches(3))
        linked = slide.part.relate_to(address, RT.IMAGE, is_external=True)
        blip = picture._element.blipFill.blip
        del blip.attrib[qn("r:embed")]
        blip.set(qn("r:link"), linked)
    deck.save(str(tmp_path / "deck.pptx"))
    outcome = run(tmp_path / "deck.pptx")
    assert [passage.text for passage in outcome.passages] == ["Harmless"]
    assert listener.calls == 0
    [page] = [made for made in outcome.renditions if made.kind == "page"]
    with Image.open(page.path) as image:
        colours = image.convert("RGB").getcolors(1 << 24)
        assert colours is not None
        assert not [colour for _, colour in colours if is_red(colour)]
