"""A file may cost so much and no more; and when it is stopped, all that it started is gone."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.media import Limits, MediaFault, child, process
from hub.media.child import guarded
from hub.media.faults import Unusable
from hub.media.limits import MIB
from hub.media.report import Report, read_report
from hub.media.task import READERS, Task

from .conftest import Run, running
from .inputs import make_pdf, png_header

ROOT = Path(__file__).resolve().parents[2]


def until(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def test_timeout_ends_ffmpeg_too_and_keeps_what_was_made(
    run: Run, long_avi: Path, time_begins: Callable[[Callable[[], bool]], None]
) -> None:
    time_begins(lambda: any("libx264" in words for words in running(str(long_avi))))
    outcome = run(long_avi, video_seconds=2)
    assert not running(str(long_avi))
    assert outcome.partial
    assert outcome.facts.duration_s == pytest.approx(602, rel=0.05)
    assert [made.kind for made in outcome.renditions][:2] == ["poster", "thumbnail"]
    assert outcome.reason is not None
    assert "after 2 seconds" in outcome.reason
    assert "MP4 (H.264)" in outcome.reason


def test_worker_killed_leaves_nothing_behind(long_avi: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from hub.media import process; "
    code += "process(Path(sys.argv[1]), 'a.avi', Path(sys.argv[2]))"
    worker = subprocess.Popen([sys.executable, "-c", code, str(long_avi), str(tmp_path / "work")], cwd=ROOT)
    try:
        assert until(lambda: any("libx264" in words for words in running(str(long_avi))))
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert until(lambda: not running(str(tmp_path))), running(str(tmp_path))
    assert not running(str(long_avi))


def test_memory_limit_is_a_reason(run: Run, tmp_path: Path) -> None:
    (tmp_path / "big.png").write_bytes(png_header(8_900, 8_900, colour=6))  # 316 MB once decoded
    outcome = run(tmp_path / "big.png", memory_bytes=350 * MIB)
    assert (outcome.ok, outcome.partial) == (False, False)
    assert "more memory" in (outcome.reason or "")


def test_output_limit_is_a_reason(run: Run, long_avi: Path) -> None:
    outcome = run(long_avi, output_bytes=MIB // 2)
    assert not outcome.ok
    assert "limit for one file" in (outcome.reason or "")
    assert not running(str(long_avi))


def test_text_of_many_pages_is_cut_at_the_limit(run: Run, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "many.pdf", [f"Page number {number}" for number in range(40)])
    outcome = run(path, passages=10, page_images=1)
    assert len(outcome.passages) == 10
    assert outcome.facts.pages == 40


def test_scratch_is_removed_and_only_renditions_stay(run: Run, tmp_path: Path) -> None:
    outcome = run(make_pdf(tmp_path / "a.pdf", ["x"]))
    work = tmp_path / "work"
    assert [entry.name for entry in work.iterdir()] == ["renditions"]
    assert {made.path for made in outcome.renditions} == set((work / "renditions").iterdir())
    assert all(made.size == made.path.stat().st_size for made in outcome.renditions)


def test_file_that_storage_lost_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(MediaFault, match="could not be opened"):
        process(tmp_path / "gone.pdf", "gone.pdf", tmp_path / "work")


def test_child_that_cannot_start_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["x"])
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(MediaFault, match="could not be started"):
        process(path, "a.pdf", tmp_path / "work")


def test_child_without_its_libraries_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["x"])
    monkeypatch.setattr("hub.media.supervisor._ROOT", tmp_path)
    with pytest.raises(MediaFault, match="No module named 'hub'"):
        process(path, "a.pdf", tmp_path / "work")


def test_work_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["x"])
    (tmp_path / "work").write_text("in the way")
    with pytest.raises(MediaFault, match="work folder"):
        process(path, "a.pdf", tmp_path / "work")


def quiet_task(tmp_path: Path) -> tuple[Task, Report]:
    task = Task("prose", tmp_path / "x", "text/plain", "text", "Text", tmp_path, tmp_path, None, Limits())
    return task, Report((tmp_path / "report.jsonl").open("w", encoding="utf-8"), task.limits)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("bad offset"), "damaged"),
        (RecursionError(), "damaged"),
        (MemoryError(), "more memory"),
        (OSError(errno.ENOMEM, "x"), "more memory"),
        (OSError(errno.EFBIG, "x"), "limit for one file"),
        (Unusable("Say it plainly."), "Say it plainly."),
    ],
)
def test_whatever_a_parser_raises_is_a_reason(tmp_path: Path, error: Exception, words: str) -> None:
    task, report = quiet_task(tmp_path)

    def fails(task: Task, report: Report) -> None:
        raise error

    guarded(fails, task, report)
    assert words in (tmp_path / "report.jsonl").read_text()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), MediaFault("No space")])
def test_full_disk_is_a_fault(tmp_path: Path, error: Exception) -> None:
    task, report = quiet_task(tmp_path)

    def fails(task: Task, report: Report) -> None:
        raise error

    with pytest.raises(MediaFault, match="No space"):
        guarded(fails, task, report)


@pytest.mark.parametrize("fails", [False, True])
def test_what_the_child_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    """Its whole course, in this process and so without the confinement."""
    for name in ("renditions", "scratch"):
        (tmp_path / name).mkdir()
    (tmp_path / "x").write_text("Words")
    limits = Limits()
    task = Task(
        "prose",
        tmp_path / "x",
        "text/plain",
        "text",
        "Text",
        tmp_path / "renditions",
        tmp_path / "scratch",
        None,
        limits,
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(task.to_json()))
    confined: list[Task] = []
    monkeypatch.setattr(child, "confine", confined.append)
    if fails:
        monkeypatch.setattr(
            "hub.media.prose.read_text", lambda task, report: _raise(OSError(errno.EIO, "broken disk"))
        )
        with pytest.raises(SystemExit) as ended:
            child.main()
        assert ended.value.code == child.FAULT_EXIT
        assert "broken disk" in read_report(task.report, task.renditions, limits).fault
    else:
        child.main()
        told = read_report(task.report, task.renditions, limits)
        assert (told.begun, told.ended, told.passages[0].text) == (True, True, "Words")
    assert confined == [task]


def _raise(error: Exception) -> str:
    raise error


def test_every_reader_has_a_module() -> None:
    folder = ROOT / "hub" / "media"
    assert all((folder / f"{reader}.py").is_file() for reader in READERS)


def test_limits_by_family() -> None:
    limits = Limits(document_seconds=1, image_seconds=2, audio_seconds=3, video_seconds=4, text_seconds=5)
    families = ("pdf", "slides", "document", "image", "audio", "video", "text", "html")
    assert [limits.seconds_for(family) for family in families] == [1, 1, 1, 2, 3, 4, 5, 5]
