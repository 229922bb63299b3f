"""A table of assets with files beside it, imported by `python -m hub import`: how long, and how much memory at most."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

from bench.figures import Figure
from bench.running_hub import running_hub
from config import ROOT

MARKETER = "mara@example.com"
PAUSE = 0.1  # seconds between two looks at the memory
WORDS = "they found the paper they needed before the customer had asked for it "
HEAD = ("id", "title", "kind", "summary", "body", "tags", "external", "review by", "expires on", "file")


def measure(rows: int) -> list[Figure]:
    """Import a workbook of so many rows, each with a file, into an empty hub; then once more, unchanged."""
    with running_hub() as hub, tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        _write(Path(folder), rows)
        hub.command(
            "user",
            "add",
            MARKETER,
            "--role",
            "marketer",
            "--name",
            "Mara",
            "--password-stdin",
            given="correct horse battery staple",
        )
        command = ("import", folder, "--source", "bench", "--as", MARKETER)
        first, most = _run(hub.environ, command)
        kept = int(hub.scalar("SELECT count(*) FROM files"))
        if kept != rows:
            raise AssertionError(f"{kept} of {rows} files were kept")
        again, most_again = _run(hub.environ, command)
    shown = f"table of {rows:,} rows with files"
    return [
        Figure(f"{shown}, imported", first, "s", 600),
        Figure(f"{shown}, memory of all processes at most", max(most, most_again), "MB", 500),
        Figure(f"{shown}, imported again unchanged", again, "s"),
    ]


def _write(folder: Path, rows: int) -> None:
    (folder / "files").mkdir()
    with xlsxwriter.Workbook(folder / "manifest.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in range(1, rows + 1):
            name = f"files/deck-{number}.txt"
            (folder / name).write_text(f"Slide of {number}\n{WORDS * 20}")
            title, kind = f"What ward {number} learnt", "document" if number % 3 else "battlecard"
            cells = (
                str(number),
                title,
                kind,
                WORDS,
                WORDS * 30,
                "Discovery",
                "yes",
                "2027-01-31",
                46_500,
                name,
            )
            sheet.write_row(number, 0, cells)


def _run(environ: dict[str, str], words: tuple[str, ...]) -> tuple[float, float]:
    """Seconds, and the megabytes that the command and its children held at most together."""
    began, most = time.monotonic(), 0
    with subprocess.Popen(
        [sys.executable, "-m", "hub", *words], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            most = max(most, _memory(process.pid))
            time.sleep(PAUSE)
    if process.returncode:
        raise AssertionError(f"the import ended with {process.returncode}")
    return time.monotonic() - began, most / 1e6


def _memory(pid: int) -> int:
    """Bytes that a process and those below it hold."""
    try:
        pages = int((Path("/proc") / str(pid) / "statm").read_text().split()[1])
        below = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()
    except (OSError, IndexError):
        return 0  # ended meanwhile
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_memory(int(child)) for child in below)
