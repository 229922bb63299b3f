"""The parent believes nothing that the child says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.media import Limits
from hub.media.report import REPORT_BYTES, Told, read_report

from .inputs import photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "renditions"
    made.mkdir()
    photo().save(made / "poster.webp")
    (tmp_path / "outside.webp").write_bytes((made / "poster.webp").read_bytes())
    (made / "fake.webp").write_text("<html><script>evil()</script>")
    (made / "link.webp").symlink_to(made / "poster.webp")
    (made / "folder.webp").mkdir()
    return made


def told(folder: Path, *lines: object) -> Told:
    path = folder.parent / "report.jsonl"
    path.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))
    return read_report(path, folder, Limits(passages=3))


def test_good_report(folder: Path) -> None:
    said = told(
        folder,
        {"begin": True},
        {"facts": {"pages": 3, "duration_s": 2, "has_audio": False, "title": " A\u0000 title "}},
        {"passage": ["page", 1, "T", "Text", None, 1.5]},
        {"rendition": ["poster", "poster.webp", "image/webp", None, 64, 32]},
        {"shortfall": ["A reason", "detail"]},
        {"end": True},
    )
    assert (said.begun, said.ended, said.fault) == (True, True, "")
    assert said.facts == {"pages": 3, "duration_s": 2.0, "has_audio": False, "title": "A  title"}
    assert [(p.text, p.start_s, p.end_s) for p in said.passages] == [("Text", None, 1.5)]
    assert [(r.kind, r.path, r.width) for r in said.renditions] == [("poster", folder / "poster.webp", 64)]
    assert said.shortfalls == [("A reason", "detail")]


@pytest.mark.parametrize(
    "line",
    [
        {"facts": {"pages": -1}},
        {"facts": {"pages": True}},
        {"facts": {"pages": 10**30}},
        {"facts": {"duration_s": "long"}},
        {"facts": {"has_audio": 1}},
        {"facts": {"owner": "root"}},
        '{"facts": {"duration_s": NaN}}\n',
        '{"facts": {"duration_s": Infinity}}\n',
        {"passage": ["chapter", 1, "", "x", None, None]},
        {"passage": ["page", "1", "", "x", None, None]},
        {"passage": ["page", 1, "", 7, None, None]},
        {"passage": ["page", 1]},
        {"rendition": ["poster", "../outside.webp", "image/webp", None, 1, 1]},
        {"rendition": ["poster", "/etc/passwd", "image/webp", None, 1, 1]},
        {"rendition": ["poster", "link.webp", "image/webp", None, 1, 1]},
        {"rendition": ["poster", "folder.webp", "image/webp", None, 1, 1]},
        {"rendition": ["poster", "fake.webp", "image/webp", None, 1, 1]},
        {"rendition": ["poster", "fake.webp", "text/html", None, 1, 1]},
        {"rendition": ["poster", "gone.webp", "image/webp", None, 1, 1]},
        {"rendition": ["program", "poster.webp", "image/webp", None, 1, 1]},
        {"rendition": ["poster", "poster.webp", "image/webp", None, -1, 1]},
        "[1, 2]\n",
        '{"begin": true, "end": true}\n',
        "[" * 100_000 + "\n",
        '{"passage": ["page", 1, "", "cut of',
    ],
)
def test_what_is_malformed_is_left_out(folder: Path, line: object) -> None:
    said = told(folder, line, "\n", {"passage": ["page", 1, "", "after", None, None]} if line else "")
    assert (said.facts, said.renditions, said.begun, said.ended) == ({}, [], False, False)
    assert [passage.text for passage in said.passages] in (["after"], [])


def test_text_fit_for_a_database(folder: Path) -> None:
    said = told(
        folder,
        '{"passage": ["page", 1, "a\\nb", "nul\\u0000 half\\ud800 tab\\t\\r\\nline\\u0007", null, null]}\n',
    )
    assert said.passages[0].title == "a b"
    assert said.passages[0].text == "nul  half  tab\t\nline "
    said.passages[0].text.encode("utf-8")


def test_no_more_than_the_limits(folder: Path) -> None:
    said = told(folder, *[{"passage": ["page", number, "", "x", None, None]} for number in range(10)])
    assert len(said.passages) == 3


def test_report_that_is_too_large_or_a_link_is_not_read(folder: Path) -> None:
    path = folder.parent / "report.jsonl"
    with path.open("wb") as file:
        file.write(b'{"begin": true}\n')
        file.truncate(REPORT_BYTES + 1)
    said = read_report(path, folder, Limits())
    assert (said.begun, said.ended, said.passages) == (True, False, [])
    link = folder.parent / "link.jsonl"
    (folder.parent / "other.jsonl").write_text('{"begin": true}\n')
    link.symlink_to(folder.parent / "other.jsonl")
    assert not read_report(link, folder, Limits()).begun
