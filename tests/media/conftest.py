"""Reading a file in this process, and through the whole of `process()`; a few clips, made once."""

from __future__ import annotations

import importlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageFile

from hub.media import Limits, Outcome, find_ffmpeg, process, sniff, supervisor
from hub.media.child import guarded
from hub.media.process import task_for
from hub.media.report import Report, Told, read_report
from hub.media.task import reader_of

from .inputs import AAC, H264, PICTURE, SOUND, run_lavfi

Run = Callable[..., Outcome]
ReadHere = Callable[..., Told]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run(path, name, **limits)`: the file through `process()`, in a child."""

    def run_file(path: Path, name: str = "", **limits: Any) -> Outcome:
        return process(path, name or path.name, tmp_path / "work", Limits(**limits))

    return run_file


@pytest.fixture
def read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadHere:
    """`read_here(path, **limits)`: the reader in this process, without confinement; for files of our own making."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)

    def read_file(path: Path, **given: Any) -> Told:
        limits = Limits(**{"libreoffice": "none", **given})
        file_type = sniff(path, path.name)
        reader = reader_of(file_type.mime)
        assert reader is not None, f"{path.name} is {file_type.mime}, which nothing reads"
        task = task_for(reader, path, file_type, tmp_path / "here", limits)
        with task.report.open("w", encoding="utf-8") as out:
            report = Report(out, limits)
            report.begin()
            guarded(importlib.import_module(f"hub.media.{reader}").read, task, report)
            report.end()
        return read_report(task.report, task.renditions, limits)

    return read_file


@pytest.fixture(scope="session")
def ffmpeg() -> Path:
    """The ffmpeg that Hub would use."""
    program = find_ffmpeg(Limits())
    assert program is not None
    return program


@pytest.fixture(scope="session")
def clips(ffmpeg: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two seconds each: playable MP4, its pieces as a browser records them, odd codecs, sound alone."""
    folder = tmp_path_factory.mktemp("clips")
    mp4 = run_lavfi(ffmpeg, folder / "plain.mp4", *PICTURE, *SOUND, *H264, *AAC, "-shortest")
    vp8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
    copy = ("-i", str(mp4), "-c", "copy")
    return {
        "mp4": mp4,
        "pieces": run_lavfi(ffmpeg, folder / "pieces.mp4", *copy, "-movflags", "frag_keyframe+empty_moov"),
        "mkv": run_lavfi(ffmpeg, folder / "plain.mkv", *copy),
        "avi": run_lavfi(ffmpeg, folder / "odd.avi", *PICTURE, *SOUND, "-c:v", "mpeg4", "-c:a", "mp3"),
        # "-live" leaves out the length and the index, as MediaRecorder does.
        "raw": run_lavfi(ffmpeg, folder / "raw.webm", *PICTURE, *SOUND, *vp8, "-f", "webm", "-live", "1"),
        "webm": run_lavfi(ffmpeg, folder / "plain.webm", *PICTURE, *SOUND, *vp8),
        "m4a": run_lavfi(ffmpeg, folder / "talk.m4a", *SOUND, *AAC),
        "wav": run_lavfi(ffmpeg, folder / "talk.wav", *SOUND),
        "mp3": run_lavfi(ffmpeg, folder / "talk.mp3", *SOUND, "-c:a", "libmp3lame"),
    }


@pytest.fixture(scope="session")
def long_avi(ffmpeg: Path, clips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes that must be converted, which takes far longer than making them."""
    path = tmp_path_factory.mktemp("long") / "long.avi"
    return run_lavfi(ffmpeg, path, "-stream_loop", "300", "-i", str(clips["avi"]), "-c", "copy")


@pytest.fixture
def time_begins(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], bool]], None]:
    """`time_begins(when)`: the seconds that a file may take count from then, however long the machine needs to come there."""

    def begin(when: Callable[[], bool]) -> None:
        begun: list[float] = []

        def clock() -> float:
            if not begun and when():
                begun.append(time.monotonic())
            return time.monotonic() - begun[0] if begun else 0.0

        monkeypatch.setattr(supervisor, "time", SimpleNamespace(monotonic=clock, sleep=time.sleep))

    return begin


def running(mark: str) -> list[str]:
    """Command lines of living processes that hold `mark`."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark in words:
            found.append(words)
    return found


class Listener:
    """Counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.02)
        self.port = int(self._socket.getsockname()[1])
        self.calls = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server on the loopback that nothing may ever reach."""
    server = Listener()
    yield server
    server.close()
