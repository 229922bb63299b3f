"""Text, Markdown, captions, web pages; and what is only kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import ReadHere, Run


def wrote(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_markdown_is_cut_at_headings(read_here: ReadHere, tmp_path: Path) -> None:
    text = (
        "---\ntitle: 'Talking points'\n---\nFirst words\n\n# Price\nIt pays back\n```\n# no heading\n```\n\n"
    )
    text += "Proof\n-----\nNumbers\n"
    told = read_here(wrote(tmp_path, "notes.md", text))
    assert told.facts["title"] == "Talking points"
    assert [(p.title, p.text.split("\n")[0]) for p in told.passages] == [
        ("", "First words"),
        ("Price", "Price"),
        ("Proof", "Proof"),
    ]
    assert "# no heading" in told.passages[1].text
    assert "title:" not in told.passages[0].text


def test_a_text_of_front_matter_alone_shows_that(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(wrote(tmp_path, "stub.md", "---\ntitle: Elsewhere\nurl: https://example.com\n---\n\n"))
    assert told.facts["title"] == "Elsewhere"
    assert [passage.text for passage in told.passages] == ["title: Elsewhere\nurl: https://example.com"]


@pytest.mark.parametrize("name", ["blank.txt", "blank.md"])
def test_blank_lines_are_no_words(read_here: ReadHere, tmp_path: Path, name: str) -> None:
    told = read_here(wrote(tmp_path, name, " \n\t\n \u3000\n"))
    assert told.passages == []
    assert "no words in this file" in told.shortfalls[0][0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_of_any_encoding(read_here: ReadHere, tmp_path: Path, encoding: str) -> None:
    told = read_here(wrote(tmp_path, "a.txt", "Grüße, 490 € im Monat", encoding))
    assert [passage.text for passage in told.passages] == ["Grüße, 490 € im Monat"]


def test_long_text_is_cut_into_pieces_and_ends_at_the_limit(read_here: ReadHere, tmp_path: Path) -> None:
    path = wrote(tmp_path, "long.txt", "word " * 20 + "\n" + ("word " * 20 + "\n") * 400)
    told = read_here(path, text_chars=20_000)
    assert len(told.passages) >= 4
    assert sum(len(passage.text) for passage in told.passages) <= 20_000
    assert "more text than Hub reads" in told.shortfalls[0][0]
    assert "more text" in read_here(path, text_bytes=1000).shortfalls[0][0]


def test_captions_have_times(read_here: ReadHere, tmp_path: Path) -> None:
    vtt = "WEBVTT\n\nNOTE x\n\n1\n00:01.500 --> 00:03.000 align:start\n<v Ana>Hello</v> there\n\n"
    vtt += "01:00:00.000 --> 01:00:02.000\nLater"
    told = read_here(wrote(tmp_path, "talk.vtt", vtt))
    assert [(p.kind, p.text, p.start_s, p.end_s) for p in told.passages] == [
        ("transcript", "Ana: Hello there", 1.5, 3.0),
        ("transcript", "Later", 3600.0, 3602.0),
    ]
    srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo\r\n"
    [passage] = read_here(wrote(tmp_path, "talk.srt", srt)).passages
    assert (passage.text, passage.start_s, passage.end_s) == ("One\nTwo", 1.0, 4.0)
    assert (
        "no lines with times" in read_here(wrote(tmp_path, "empty.vtt", "WEBVTT\n\nnothing")).shortfalls[0][0]
    )


def test_web_page_gives_words_and_nothing_that_acts(read_here: ReadHere, tmp_path: Path) -> None:
    page = (
        "<!doctype html><title>t</title><style>p{}</style><h1>Case &amp; study</h1><p onclick='evil()'>Saved <b>40</b> hours"
        "<script>alert(1)</script><scr<script>ipt><table><tr><td>A<td>B</table><h2>Next</h2>"
        "<iframe srcdoc='hidden'></iframe>words"
    )
    told = read_here(wrote(tmp_path, "case.html", page))
    assert told.facts["title"] == "Case & study"
    assert [passage.title for passage in told.passages] == ["Case & study", "Next"]
    text = " ".join(passage.text for passage in told.passages)
    assert "Saved 40 hours" in text
    for gone in ("alert", "onclick", "p{}", "hidden"):
        assert gone not in text
    assert told.renditions == []
    assert "doesn't show it" in told.shortfalls[0][0]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("offer.pdf", b"MZ\x90\x00" + bytes(200), "“PDF”, by its content “Windows program”"),
        (
            "offer.pdf",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
            "“SVG drawing”. Hub keeps this SVG",
        ),
        ("logo.svg", b"<svg/>", "Upload a PNG"),
        ("empty.pdf", b"", "This file is empty"),
        ("all.zip", b"PK\x05\x06" + bytes(18), "doesn't unpack"),
        ("film.mp4", b"#EXTM3U\nhttp://127.0.0.1/x.ts\n", "This is a playlist"),
        ("x.bin", bytes(range(256)), "Hub keeps this file but can't show it."),
        ("broken.docx", b"PK\x03\x04" + bytes(60), "damaged or incomplete"),
    ],
)
def test_what_is_only_kept_says_why(run: Run, tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    outcome = run(tmp_path / name)
    assert (outcome.ok, outcome.partial, outcome.renditions, outcome.passages) == (False, False, [], [])
    assert words in (outcome.reason or "")


def test_html_named_pdf_is_no_pdf(run: Run, tmp_path: Path) -> None:
    outcome = run(
        wrote(tmp_path, "offer.pdf", "<html><body><script>alert(1)</script><p>Words</p></body></html>")
    )
    assert (outcome.file_type.family, outcome.file_type.claimed) == ("html", "PDF")
    assert outcome.renditions == []
    assert [passage.text for passage in outcome.passages] == ["Words"]
