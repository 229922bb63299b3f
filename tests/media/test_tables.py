"""Workbooks and CSV: the cells as one sees them, a line for each row; hidden sheets stay hidden."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from .conftest import ReadHere, Run
from .inputs import repacked


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """A price list with a title, gaps, days, shares, a formula, and a sheet that is not for showing."""
    path = tmp_path / "prices.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day, share = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "0.0%"})
        literal = book.add_format({"num_format": '0 "days"'})
        sheet = book.add_worksheet("List prices")
        sheet.write("A1", "Prices of 2026")
        sheet.write_row("B3", ["Plan", "Price", "", "Discount", "From"])
        sheet.write_row("B4", ["Team", 490])
        sheet.write("E4", 0.125, share)
        sheet.write_datetime("F4", datetime(2026, 11, 25), day)  # noqa: DTZ001 -- a day of a calendar
        sheet.write("B5", "Company | all")
        sheet.write_formula("C5", "=C4*2", None, 980)
        sheet.write("E5", 14, literal)
        sheet.write("F5", True)
        book.add_worksheet("Empty")
        secret = book.add_worksheet("Margins")
        secret.write("A1", "our margin is 70 %")
        secret.hide()
        book.add_worksheet("Regions").write_rich_string(
            "A1", "North ", book.add_format({"bold": True}), "and South"
        )
    return path


def test_workbook_by_sheet(read_here: ReadHere, prices: Path) -> None:
    told = read_here(prices)
    assert [(passage.kind, passage.number, passage.title) for passage in told.passages] == [
        ("section", 1, "List prices"),
        ("section", 2, "Regions"),
    ]
    assert told.passages[0].text.split("\n") == [
        "List prices",
        "Prices of 2026",
        "– | Plan | Price | Discount | From",
        "– | Team | 490 | 12.5 % | 2026-11-25",
        "– | Company / all | 980 | 14 | true",
    ]
    assert told.passages[1].text == "Regions\nNorth and South"
    assert told.shortfalls == []


def test_workbook_is_read_in_confinement(run: Run, prices: Path) -> None:
    outcome = run(prices)
    assert (outcome.ok, outcome.file_type.family, len(outcome.passages)) == (True, "sheet", 2)


def test_days_since_1904(read_here: ReadHere, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "mac.xlsx"), {"date_1904": True}) as book:
        hour = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        book.add_worksheet("Days").write_datetime("A1", datetime(2026, 3, 1, 9, 30), hour)  # noqa: DTZ001
    assert read_here(tmp_path / "mac.xlsx").passages[0].text == "Days\n2026-03-01 09:30"


def test_workbooks_that_cannot_be_read_say_why(read_here: ReadHere, tmp_path: Path, prices: Path) -> None:
    binary = repacked(prices, tmp_path / "b.xlsx", {"xl/workbook.bin": b"x"})
    assert ".xlsb" in read_here(binary).shortfalls[0][0]
    broken = repacked(prices, tmp_path / "c.xlsx", {"xl/worksheets/sheet1.xml": b"<worksheet><row>"})
    assert "damaged or incomplete" in read_here(broken).shortfalls[0][0]
    evil = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
    assert (
        "does not follow"
        in read_here(repacked(prices, tmp_path / "d.xlsx", {"xl/workbook.xml": evil})).shortfalls[0][0]
    )
    with xlsxwriter.Workbook(str(tmp_path / "blank.xlsx")) as book:
        book.add_worksheet()
    assert "found no text in this Excel workbook" in read_here(tmp_path / "blank.xlsx").shortfalls[0][0]


def test_workbook_of_many_rows_ends_at_the_limit(read_here: ReadHere, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "long.xlsx"), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Calls")
        for row in range(2_000):
            sheet.write_row(row, 0, [f"call {row}", row])
    told = read_here(tmp_path / "long.xlsx", text_chars=10_000)
    assert {passage.title for passage in told.passages} == {"Calls"}
    assert sum(len(passage.text) for passage in told.passages) <= 10_000
    assert told.passages[0].text.startswith("Calls\ncall 0 | 0\ncall 1 | 1")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ('Plan;Price\nTeam;"1.234,56"\n', "cp1252"),
        ('Plan,Price\n"Team","1.234,56"\n', "utf-8-sig"),
        ("Plan\tPrice\nTeam\t1.234,56\n", "utf-16"),
    ],
)
def test_separators_of_a_csv(read_here: ReadHere, tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "prices.csv").write_bytes(text.encode(encoding))
    [passage] = read_here(tmp_path / "prices.csv").passages
    assert passage.text == "Plan | Price\nTeam | 1.234,56"


def test_cell_that_never_ends(read_here: ReadHere, tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text('a,b\n1,2\n"' + "x" * 200_000)
    assert read_here(tmp_path / "open.csv").passages[0].text.startswith("a | b\n1 | 2")
