"""`python -m hub import`: what it prints, what it ends with, what it writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.library.cli import import_command, watched
from hub.library.importing.report import Line, Problem, Report, Status
from hub.library.models import State
from tests.library.importing.conftest import Shelf


def run(*arguments: object) -> Result:
    return CliRunner().invoke(import_command, [str(argument) for argument in arguments])


def test_a_folder_comes_in_and_the_report_says_so(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(
        {"a.md": "---\ntitle: =cmd\nindustry: Submarines\n---\nWords.", "LICENSE": "x", "logo.png": "x"}
    )
    for name in ("out.json", "out.csv"):
        done = run(shelf.root, "--publish", "--report", tmp_path / name, "--as", "mara@example.com")
        assert done.exit_code == 0, done.output
    assert "1 unchanged" in done.output
    assert "LICENSE: it is about the folder" in done.output
    assert "Left out: 1 picture." in done.output
    assert "match no vertical: “Submarines”" in done.output
    told = json.loads((tmp_path / "out.json").read_text())
    assert (told["ok"], told["counts"]["created"], told["items"][1]["title"]) == (True, 1, "=cmd")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["status"] for row in rows] == ["skipped", "unchanged"]
    assert rows[1]["title"] == "'=cmd"
    assert shelf.one().state is State.PUBLISHED


def test_problems_end_with_1_and_say_file_line_and_remedy(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put({"a.md": "---\ntitle: A\nstage: Wedding\n---\nWords.", "b.md": b"It\x92s words."})
    done = run(shelf.root, "--report", tmp_path / "out.csv")
    assert done.exit_code == 1
    assert "a.md:3: There is no stage “Wedding”; the item goes in without it." in done.output
    assert "To know (1):\n  b.md:1: It is not UTF-8" in done.output
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert sorted(row["status"] for row in rows) == ["created", "created", "note", "problem"]
    assert run(shelf.root).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing",),
        (".", "--mapping", "missing.yml"),
        (".", "--kind", "poem"),
        (".", "--as", "nobody@example.com"),
        (".", "--source", "a/b"),
        (".", "--report", "out.txt"),
        (".", "--report", "missing/out.json"),
        (),
    ],
)
def test_what_cannot_begin_ends_with_2(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(shelf.root)
    shelf.put({"a.md": "Words."})
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    assert not shelf.assets()


def test_a_mapping_in_the_folder_is_no_story(shelf: Shelf) -> None:
    shelf.put(
        {
            "a.md": "---\nbaker: Ada\ntitle: Bread\n---\nWords.",
            "hub.yml": "keys:\n  customer: baker\ndefaults: {kind: customer_story}\n",
        }
    )
    assert run(shelf.root, "--mapping", shelf.root / "hub.yml").exit_code == 0
    assert shelf.one().fields == {"customer": "Ada"}


def test_there_is_no_progress_bar_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(watched([])) == []
    assert capsys.readouterr().err == ""


def test_names_of_files_cannot_play_with_the_terminal() -> None:
    report = Report(
        "x",
        problems=[Problem("a\x1b[31m\n.md", 0, "Bad.")],
        lines=[Line(Status.SKIPPED, "b\x07.md", reason="r\u202e")],
    )
    assert "\x1b" not in report.words()
    assert "\x07" not in report.words()
    assert "\u202e" not in report.words()
