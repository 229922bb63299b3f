"""A table with an asset a row and files beside it, as spreadsheets of people are."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.library.importing import Report, Status, row
from hub.library.importing.options import Options
from hub.library.importing.run import run_import
from hub.library.kinds import Kind
from hub.library.models import Asset, LooseObject, StoredFile
from hub.storage import storage
from tests.fixtures import ON_POSTGRES
from tests.library.importing.conftest import Shelf

# Rows of a long table; on another database the good ones are what there is to see.
MANY = 10_000 if ON_POSTGRES else 50_000
HEAD = "title;kind;summary;stage;teams;owner;external;review by;expires on;file;result\n"


def told(report: Report) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in report.problems]


def workbook(rows: list[list[object]]) -> bytes:
    """An Excel workbook; a text that begins with `=` is a formula whose value is the text in brackets behind it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("="):
                    formula, _, value = cell.partition(" ⇒ ")
                    sheet.write_formula(number, place, formula, None, value)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, place, cell)
                else:
                    sheet.write(number, place, cell)
    return made.getvalue()


def test_a_row_says_all_of_an_asset(
    shelf: Shelf, make_team: Callable[[str], Team], make_user: Callable[..., User]
) -> None:
    north = make_team("North, and West")
    rita = make_user(Role.REP, email="rita@example.com")
    shelf.put(
        {
            "manifest.csv": HEAD
            + "Hipaa <b>deck</b>;deck;Says it all;Discovery|Proposal;North, and West;Rita@Example.com;yes;31.01.2027;2027-06-30;"
            "decks\\hipaa.pdf;\nAcme;case study;;;everyone;;no;;;;1.234,56 € saved\n",
            "decks/hipaa.pdf": b"%PDF-1.4 x",
        }
    )
    report = shelf.bring()
    assert told(report) == []
    assert [line.status for line in report.lines] == [Status.CREATED] * 2
    deck = shelf.assets()["Hipaa <b>deck</b>"]
    assert (deck.kind, deck.summary, deck.external, deck.for_everyone) == (
        Kind.DECK,
        "Says it all",
        True,
        False,
    )
    assert (deck.owner_id, deck.review_by, deck.expires_on) == (rita.id, date(2027, 1, 31), date(2027, 6, 30))
    assert sorted(term.key for term in deck.terms) == ["discovery", "proposal"]
    assert [(file.filename, file.size) for file in deck.files] == [("hipaa.pdf", 10)]
    assert storage().stat(deck.files[0].storage_key) is not None
    story = shelf.assets()["Acme"]
    assert (story.kind, story.fields["result"]) == (Kind.CUSTOMER_STORY, "1.234,56 € saved")
    with db.unit_of_work(write=False) as session:
        assert [t.public_id for t in session.get_one(Asset, deck.id).audience] == [north.public_id]
        assert session.scalars(select(LooseObject)).all() == []


def test_again_changes_only_what_changed(shelf: Shelf) -> None:
    table = "title,file,owner\nDeck,a.pdf,\nOther,b.pdf,\n"
    shelf.put({"manifest.csv": table, "a.pdf": b"one", "b.pdf": b"two"})
    shelf.bring()
    before = shelf.counts()
    assert shelf.bring().count(Status.UNCHANGED) == 2
    assert shelf.counts() == before
    shelf.put({"a.pdf": b"another"})
    report = shelf.bring()
    assert (report.count(Status.CHANGED), report.count(Status.UNCHANGED)) == (1, 1)
    deck = shelf.assets()["Deck"]
    assert [(file.size, deck.version) for file in deck.files] == [(7, 2)]
    with db.unit_of_work(write=False) as session:
        old, new = session.scalars(
            select(StoredFile).where(StoredFile.asset_id == deck.id).order_by(StoredFile.id)
        )
        assert old.replaced_at is not None
        assert new.first_id == old.id
    shelf.put({"manifest.csv": table.replace("Other,b.pdf,", "Other,b.pdf,mara@example.com")})
    assert shelf.bring().ok
    shelf.put({"manifest.csv": "title,file\nDeck,a.pdf\n"})
    assert [line.file for line in shelf.bring().lines if line.status is Status.GONE] == ["manifest.csv#b.pdf"]


@pytest.mark.parametrize(
    ("written", "line", "words"),
    [
        ("Deck;wedding;;;;;;;;;", 2, "There is no kind “wedding”"),
        ("Deck;;;wedding;;;;;;;", 2, "There is no stage “wedding”"),
        ("Deck;;;;Nobody;;;;;;", 2, "There is no team “Nobody”"),
        ("Deck;;;;;nobody@example.com;;;;;", 2, "Nobody with the address nobody@example.com"),
        ("Deck;;;;;;perhaps;;;;", 2, "“perhaps” is neither yes nor no"),
        ("Deck;;;;;;;03/04/2027;;;", 2, "may be two days"),
        ("Deck;;;;;;;;31.02.2027;;", 2, "“31.02.2027” is no date"),
        ("Deck;;;;;;;;soon;;", 2, "“soon” is no date"),
        ("Deck;;;;;;;;;gone.pdf;", 2, "There is no file “gone.pdf” beside the table"),
        ("Deck;;;;;;;;;../secret.txt;", 2, "There is no file “../secret.txt” beside the table"),
        ("Deck;;;;;;;;;/etc/passwd;", 2, "There is no file “/etc/passwd” beside the table"),
        ("Deck;;;;;;;;;link.pdf;", 2, "There is no file “link.pdf” beside the table"),
        ("Deck;;;;;;;;;void.pdf;", 2, "“void.pdf” is empty"),
        (";deck;;;;;;;;;", 2, "neither a title nor a file"),
        ("Deck;;;;;;;;;;;;;spare", 2, "14 cells under 11 columns"),
        ("Deck,deck,summary,more", 2, "apart by another mark"),
        ("Fine;;;;;;;;;;", 3, "“Fine” stands in line 2 already"),
        ('De"ck;"a"b;;', 2, "a quotation mark stands in the middle"),
    ],
)
def test_what_cannot_be_taken_is_told_by_line_and_the_rest_goes_in(
    written: str, line: int, words: str, shelf: Shelf, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    shelf.put({"manifest.csv": f"{HEAD}{written}\nFine;document;;;;;;;;;\n", "void.pdf": b""})
    (shelf.root / "link.pdf").symlink_to(tmp_path / "secret.txt")
    report = shelf.bring()
    wrong = [problem for problem in report.problems if problem.file == "manifest.csv"]
    assert [problem.line for problem in wrong] == [line]
    assert words in wrong[0].message
    assert not report.ok
    assert "Fine" in shelf.assets()


def test_a_quotation_mark_that_never_closes(shelf: Shelf) -> None:
    shelf.put({"manifest.csv": 'title,summary\nFirst,good\nSecond,"bad\nThird,x\n'})
    assert told(shelf.bring()) == [
        (3, "The row was left out: a quotation mark that opens here is never closed.")
    ]
    assert list(shelf.assets()) == ["First"]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8-sig", ","), ("utf-16", "\t"), ("utf-16-le", ";"), ("utf-8", "|"), ("cp1252", ";")],
)
def test_whatever_program_wrote_it(encoding: str, separator: str, shelf: Shelf) -> None:
    rows = [["title", "summary"], ["Größe zählt", "“Ja”, sagt er – 1.234,56 €"]]
    lines = [separator.join(f'"{cell}"' for cell in cells) for cells in rows]
    shelf.put({"manifest.csv": "\r\n".join(lines).encode(encoding)})
    report = shelf.bring()
    assert shelf.one().title == "Größe zählt"
    assert shelf.one().summary == "“Ja”, sagt er – 1.234,56 €"
    assert [problem.serious for problem in report.problems] == ([False] if encoding == "cp1252" else [])


def test_excel_says_its_separator(shelf: Shelf) -> None:
    shelf.put({"manifest.csv": "sep=;\r\ntitle;summary\r\nA, b;c\r\n"})
    shelf.bring()
    assert (shelf.one().title, shelf.one().summary) == ("A, b", "c")


def test_dates_numbers_and_formulas_of_excel(shelf: Shelf) -> None:
    rows: list[list[object]] = [
        ["Title", "Kind", "Review by", "Expires on", "Customer", "Result"],
        ["=UPPER(\"acme\") ⇒ ACME", "customer story", date(2027, 1, 31), 46_500, "Acme", 1234.56],
        ["Broken", "customer story", "", "", "=1/0 ⇒ #DIV/0!", ""],
        ["=cmd|'/C calc'!A0 ⇒ ", "document", "", "", "", ""],
    ]  # fmt: skip
    shelf.put({"manifest.xlsx": workbook(rows)})
    report = shelf.bring()
    acme = shelf.assets()["ACME"]
    assert (acme.review_by, acme.expires_on) == (date(2027, 1, 31), date(2027, 4, 23))
    assert acme.fields == {"customer": "Acme", "result": "1234.56"}
    assert told(report) == [
        (3, "The row was left out: in “Customer” it shows #DIV/0!."),
        (4, "The row was left out: in “Title” it holds a formula whose value was not saved; open it in Excel and save it once."),
    ]  # fmt: skip


def test_formulas_in_text_stay_text(shelf: Shelf) -> None:
    shelf.put({"manifest.csv": "title,summary\n=HYPERLINK(1),+cmd|' /C calc'!A0\n"})
    shelf.bring()
    assert (shelf.one().title, shelf.one().summary) == ("=HYPERLINK(1)", "+cmd|' /C calc'!A0")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("manifest.xlsx", b"no workbook", "no Excel workbook"),
        ("manifest.csv", bytes(range(256)) * 50, "no text"),
        ("manifest.csv", b"", "holds no rows"),
        ("manifest.csv", b"a,b\n1,2\n", "No column gives a title or a file"),
    ],
)
def test_what_is_no_table(name: str, data: bytes, words: str, shelf: Shelf) -> None:
    shelf.put({name: data})
    report = shelf.bring()
    assert words in report.problems[0].message
    assert shelf.assets() == {}


def test_a_workbook_that_swells_is_not_opened(shelf: Shelf) -> None:
    made = io.BytesIO(workbook([["title"], ["Deck"]]))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b"0" * 20_000_000)
    shelf.put({"manifest.xlsx": made.getvalue()})
    assert "swell far beyond its size" in shelf.bring().problems[0].message


def test_unknown_and_doubled_columns_are_told(shelf: Shelf) -> None:
    shelf.put({"manifest.csv": "title,Mood,title\nDeck,good,Other\n"})
    report = shelf.bring()
    assert [problem.serious for problem in report.problems] == [False, False]
    assert shelf.one().title == "Deck"
    assert report.ok


def test_a_table_may_be_named_itself(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(
        {"content 2027.csv": "title,file\nDeck,a.pdf\n", "a.pdf": b"x", "story.md": "# A story\n\nText."}
    )
    assert run_import(shelf.root / "content 2027.csv", Options()).source == "content 2027"
    assert list(shelf.assets()) == ["Deck"]


def test_a_file_alone_becomes_an_asset_where_that_is_wanted(shelf: Shelf) -> None:
    shelf.put({"Battlecards/rival_notes.pdf": b"%PDF-1.4 x", "pitch.mp4": b"0000", "story.md": STORY})
    assert len(shelf.bring().lines) == 1
    report = shelf.bring(files=True)
    assert report.count(Status.CREATED) == 2
    kinds = {title: asset.kind for title, asset in shelf.assets().items() if asset.files}
    assert kinds == {"Rival notes": Kind.BATTLECARD, "Pitch": Kind.PITCH_VIDEO}
    assert shelf.bring(files=True).count(Status.UNCHANGED) == 3


STORY = "---\ntitle: Bread at Crumb\ncustomer: Crumb\n---\nCrumb bakes bread at night for everybody in the valley.\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-1-5", date(2027, 1, 5)),
        ("5. 1.2027", date(2027, 1, 5)),
        ("13/01/2027", date(2027, 1, 13)),
        ("01/13/2027", date(2027, 1, 13)),
        ("5/5/2027", date(2027, 5, 5)),
        ("2027-01-05 00:00", date(2027, 1, 5)),
        ("46418", date(2027, 1, 31)),
    ],
)
def test_days_as_people_write_them(written: str, meant: date) -> None:
    assert row.day(written) == meant


def memory() -> int:
    """Bytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_of_a_long_table_the_good_rows_go_in(shelf: Shelf) -> None:
    """All but every thousandth name a day that is none: refused by line, and memory does not grow with what was read."""
    days = ("31.01.2027" if number % 1_000 == 0 else "31.02.2027" for number in range(2, MANY + 2))
    rows = (f"{number};Ward {number};{'summary ' * 30};{day}\r\n" for number, day in enumerate(days, 2))
    shelf.put({"manifest.csv": ("id;title;summary;review by\r\n" + "".join(rows)).encode("utf-16")})
    before = memory()
    report = shelf.bring()
    assert memory() - before < 80_000_000
    assert sorted(shelf.assets()) == sorted(f"Ward {number}" for number in range(1_000, MANY + 1, 1_000))
    assert [problem.line for problem in report.problems] == [n for n in range(2, MANY + 2) if n % 1_000]
    assert report.problems[0].message.endswith("“31.02.2027” is no date.")
