"""A folder that is watched: new, changed, moved and vanished files, files being written, a kill in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from config import ROOT, Settings
from hub.accounts.roles import Role
from hub.errors import Invalid
from hub.library.cli import import_command
from hub.library.importing import Options, Report, Status
from hub.library.importing.watching import WHOLE_EVERY, Watch
from tests.library.importing.conftest import STANDS_STILL, Shelf
from tests.servers.process import wait_until
from tests.servers.s3 import S3Server
from tests.storage.test_s3 import options_of

SETTLE = 10


class Looking:
    """A watch whose clock the test moves on."""

    def __init__(self, shelf: Shelf, **options: Any) -> None:
        self.now = 0.0
        self.watch = Watch(shelf.root, Options(**options), SETTLE, lambda: self.now)

    def later(self, seconds: float = SETTLE) -> Report | None:
        self.now += seconds
        return self.watch.look()

    def settled(self) -> Report | None:
        """A look that sees what is there, and one when it has come to rest."""
        assert self.later(1) is None
        return self.later()


def story(title: str, words: str = "Words.") -> str:
    return f"---\ntitle: {title}\n---\n{words}\n"


def told(report: Report | None) -> list[tuple[str, str]]:
    assert report is not None
    return [(line.status.value, line.file) for line in report.lines]


def test_new_changed_moved_and_vanished_files(shelf: Shelf) -> None:
    looking = Looking(shelf)
    shelf.put({"a.md": story("A"), "b.md": story("B")})
    assert told(looking.settled()) == [("created", "a.md"), ("created", "b.md")]
    assert looking.later() is None

    shelf.put({"a.md": story("A", "Other words."), "c.md": story("C")})
    assert told(looking.settled()) == [("changed", "a.md"), ("created", "c.md")]

    (shelf.root / "d").mkdir()
    (shelf.root / "b.md").rename(shelf.root / "d" / "b.md")
    assert told(looking.settled()) == [("moved", "d/b.md")]

    (shelf.root / "c.md").unlink()
    assert told(looking.settled()) == [("gone", "c.md")]
    assert looking.later(WHOLE_EVERY) is None  # told once
    assert sorted(shelf.assets()) == ["A", "B", "C"]


def test_only_what_changed_is_read_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = Looking(shelf, files=True)
    shelf.put({f"{n}.pdf": b"%%PDF-1.4 %d" % n for n in range(5)})
    assert len(told(looking.settled())) == 5
    read: list[str] = []
    opened = Path.open

    def noting(path: Path, *given: Any, **named: Any) -> Any:
        read.append(path.name)
        return opened(path, *given, **named)

    shelf.put({"3.pdf": b"%PDF-1.4 other"})
    monkeypatch.setattr(Path, "open", noting)
    assert told(looking.settled()) == [("changed", "3.pdf")]
    assert {name for name in read if name.endswith(".pdf")} == {"3.pdf"}


def test_a_file_that_is_being_written_waits(shelf: Shelf) -> None:
    looking = Looking(shelf, files=True)
    for length in range(1, 6):
        shelf.put({"film.mp4": b"x" * length})
        assert looking.later(SETTLE - 1) is None
        assert looking.watch.holding
    assert told(looking.later()) == [("created", "film.mp4")]
    assert shelf.one().files[0].size == 5


@pytest.mark.parametrize("name", ["a.pdf.partial", "a.pdf.crdownload", "~$a.docx", "a.tmp", ".a.pdf.x1"])
def test_names_of_what_is_not_whole_are_never_read(name: str, shelf: Shelf) -> None:
    looking = Looking(shelf, files=True)
    shelf.put({name: b"half"})
    assert looking.settled() is None
    assert looking.later(100) is None
    if not name.startswith("~"):
        (shelf.root / name).rename(shelf.root / "a.pdf")
        assert told(looking.settled()) == [("created", "a.pdf")]


def test_a_row_waits_for_its_file(shelf: Shelf) -> None:
    looking = Looking(shelf)
    shelf.put({"manifest.csv": "title,file\nDeck,a.pdf\nText,\n", "a.pdf": b"%PDF half"})
    assert looking.later(1) is None
    shelf.put({"a.pdf": b"%PDF whole"})
    report = looking.later()
    assert told(report) == [("created", "manifest.csv#Text")]
    assert report is not None
    assert [(p.line, p.message) for p in report.problems] == [(2, "“a.pdf” is being written.")]
    assert told(looking.later()) == [("created", "manifest.csv#a.pdf")]
    assert shelf.assets()["Deck"].files[0].size == 10


def test_a_fault_is_told_once_and_tried_again_within_the_hour(
    shelf: Shelf, make_user: Callable[..., Any]
) -> None:
    looking = Looking(shelf)
    shelf.put({"manifest.csv": "title,owner\nDeck,rita@example.com\n"})
    report = looking.settled()
    assert report is not None
    assert [p.line for p in report.problems] == [2]
    assert looking.later(100) is None
    assert looking.later(WHOLE_EVERY) is None
    make_user(Role.REP, email="rita@example.com")
    assert told(looking.later(WHOLE_EVERY)) == [("created", "manifest.csv#Deck")]


def test_a_folder_that_is_suddenly_empty_or_away_is_not_believed(shelf: Shelf) -> None:
    looking = Looking(shelf)
    shelf.put({"a.md": story("A")})
    looking.settled()
    (shelf.root / "a.md").unlink()
    with pytest.raises(Invalid, match="suddenly empty"):
        looking.later()
    shelf.root.rmdir()
    with pytest.raises(Invalid, match="no folder"):
        looking.later()
    shelf.put({"a.md": story("A", "Back again.")})
    assert told(looking.settled()) == [("changed", "a.md")]


def test_what_somebody_changed_in_the_hub_stays(shelf: Shelf) -> None:
    first = Looking(shelf)
    shelf.put({"a.md": story("A")})
    first.settled()
    again = Looking(shelf)  # as after a restart
    assert again.settled() is None
    assert shelf.counts()[:2] == (1, 1)


def test_killed_and_begun_again_the_command_goes_on(shelf: Shelf, settings: Settings, tmp_path: Path) -> None:
    shelf.put({f"{n:03}.md": story(f"Loaf {n}") for n in range(90)})
    environ = {
        "PATH": os.environ["PATH"],
        "HUB_DATA": str(tmp_path),
        "HUB_SECRET_KEY": "k" * 40,
        "HUB_DATABASE_URL": settings.database_url,
    }
    said = tmp_path / "said.txt"
    words = ["import", str(shelf.root), "--watch", "--every", "0.2", "--settle", "0.1"]

    def start(*hub: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-u", *hub, *words]
        with said.open("w") as stream:
            return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=stream, text=True)

    def wait_for(there: Callable[[], bool], running: subprocess.Popen[str]) -> None:
        wait_until(lambda: there() or running.poll() is not None, "the import", seconds=80)
        assert running.poll() is None, said.read_text()

    with start("-c", STANDS_STILL) as running:
        wait_for(lambda: shelf.counts()[0] > 0, running)
        running.send_signal(signal.SIGKILL)
    assert shelf.counts()[0] == 50
    with start("-m", "hub") as running:
        wait_for(lambda: "created" in said.read_text(), running)
        assert shelf.counts()[0] == 90
        shelf.put({"late.md": story("Late")})
        wait_for(lambda: "1 created" in said.read_text(), running)
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
    assert said.read_text().endswith("Stopped.\n")
    assert shelf.counts() == (91, 91, 0, 91)
    assert Status.CREATED not in {line.status for line in shelf.bring().lines}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing", "--watch"), "no folder"),
        ((".", "--watch", "--dry-run"), "do not go together"),
        (("s3:", "--watch"), "names no bucket"),
        (("s3://", "--watch"), "names no bucket"),
    ],
)
def test_a_watch_that_cannot_begin_ends_with_2(words: tuple[str, ...], said: str, shelf: Shelf) -> None:
    done = CliRunner().invoke(import_command, words)
    assert done.exit_code == 2
    assert said in done.output


def test_a_prefix_of_a_bucket(shelf: Shelf, app: Flask, swift_server: S3Server) -> None:
    app.extensions["hub.s3"] = options_of(swift_server)
    place = f"{swift_server.fresh()}/stories"
    prefix = place.partition("/")[2]

    def bring(title: str) -> str:
        swift_server.client().put_object(
            Bucket=swift_server.bucket, Key=f"{prefix}/a.md", Body=story(title).encode()
        )
        done = CliRunner().invoke(import_command, [place.replace("s3:", "s3://")])
        assert done.exit_code == 0, done.output
        return done.output

    assert "1 created" in bring("A")
    assert "1 unchanged" in bring("A")
    assert "1 changed" in bring("B")
    assert shelf.one().import_source == "stories/a.md"
