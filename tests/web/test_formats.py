"""How things are written, cut into pages, and put into sheets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, g

from hub.db import now
from hub.web import filters, sheet
from hub.web.pagination import Page, page_number


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "just now"),
        (70, "1 minute ago"),
        (3600 * 5, "5 hours ago"),
        (86400 * 3, "3 days ago"),
        (86400 * 60, "1 month ago"),
        (86400 * 800, "2 years ago"),
    ],
)
def test_ago(seconds: int, words: str) -> None:
    assert filters.ago(now() - timedelta(seconds=seconds)) == words


def test_moments_are_shown_in_the_readers_zone(app: Flask) -> None:
    moment = now().replace(year=2026, month=3, day=1, hour=23, minute=30)
    with app.test_request_context():
        g.timezone = "Asia/Tokyo"
        assert filters.moment(moment) == "2 Mar 2026, 08:30"
        g.timezone = "No/Where"
        assert filters.moment(moment) == "1 Mar 2026, 23:30"
    assert filters.day(None) == filters.moment(None) == filters.ago(None) == ""


def test_a_written_day_is_shown_as_people_write_it() -> None:
    assert filters.written_day("2027-12-31") == "31 Dec 2027"
    assert filters.written_day("next spring") == "next spring"


def test_sizes_lengths_and_numbers() -> None:
    assert [filters.size(n) for n in (0, 999, 1500, 250_000, 3_400_000_000)] == [
        "0 bytes",
        "999 bytes",
        "1.5 KB",
        "250 KB",
        "3.4 GB",
    ]
    assert [filters.duration(n) for n in (None, 65, 3723)] == ["0:00", "1:05", "1:02:03"]
    assert [filters.number(n) for n in (None, 1234567, 2.5)] == ["–", "1,234,567", "2.5"]
    assert filters.plural(1, "person", "people") == "1 person"
    assert filters.plural(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-2",
        "@SUM(A1)",
        "\t=1",
        " =cmd|x",
        "%00",
        "\tSUM(A1)",
        "\rSUM(A1)",
        "＝1+1",
        "＋1",
        "\u3000－2",
        "＠A1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(text: str) -> None:
    assert sheet.safe(text) == "'" + text


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [sheet.safe(v) for v in (-3, 2.5, "a-b", "", None)] == [-3, 2.5, "a-b", "", ""]
    assert "".join(sheet.lines(["a", "b"], [["x,y", -1]])) == '\ufeffa,b\r\n"x,y",-1\r\n'


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("9" * 30, 1), ("999999", 500), ("٣", 3)],
)
def test_page_numbers_are_forgiving(text: str | None, number: int) -> None:
    assert page_number(text) == number


def test_a_page_says_where_one_is() -> None:
    page = Page(rows=list(range(20)), total=195, number=5, size=20)
    assert (page.first_row, page.last_row, page.last) == (81, 100, 10)
    assert page.shown == [1, 0, 3, 4, 5, 6, 7, 0, 10]
    assert Page(rows=[], total=0, number=1, size=20).shown == [1]
