"""Nothing that reads a file reaches the network, other files or other programs; tried, not believed."""

from __future__ import annotations

import errno
import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from hub.media import Limits, isolation, selftest
from hub.media import isolation as isolation_module
from hub.media.confine import PIPES, _tasks_of_user
from hub.media.ffmpeg import run_ffmpeg
from hub.media.landlock import _python
from hub.media.report import Report
from hub.media.seccomp import _ALWAYS, _AUDIT_ARCH, _NUMBERS, _TALKING, _program
from hub.media.task import Task

from .conftest import Listener, Run
from .inputs import run_lavfi

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the crown jewels"

PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile 'file:{secret}'\nfile '{url}'\n",
    "concat": "file '{secret}'\nfile '{url}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "dash": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'><Period>"
    "<AdaptationSet mimeType='video/mp4'><Representation id='1' bandwidth='1'><BaseURL>{url}</BaseURL></Representation>"
    "</AdaptationSet></Period></MPD>",
}


def playlist(kind: str, tmp_path: Path, listener: Listener) -> str:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    url = f"http://127.0.0.1:{listener.port}/film.mp4"
    return PLAYLISTS[kind].format(url=url, secret=secret, port=listener.port)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
@pytest.mark.parametrize("kind", sorted(PLAYLISTS))
def test_playlists_are_not_followed(
    run: Run, tmp_path: Path, listener: Listener, kind: str, name: str
) -> None:
    (tmp_path / name).write_text(playlist(kind, tmp_path, listener))
    outcome = run(tmp_path / name)
    assert listener.calls == 0
    assert SECRET not in repr(outcome)
    assert outcome.renditions == []
    assert outcome.file_type.family in {"unknown", "text"}


@pytest.mark.parametrize("mime", ["video/mp4", "video/x-matroska", "video/mpeg"])
@pytest.mark.parametrize("kind", sorted(PLAYLISTS))
def test_ffmpeg_itself_does_not_follow_them(
    tmp_path: Path, ffmpeg: Path, listener: Listener, kind: str, mime: str
) -> None:
    """The second wall: had the type been taken wrongly, the demuxer is still ours."""
    (tmp_path / "film.mp4").write_text(playlist(kind, tmp_path, listener))
    ran = run_ffmpeg(ffmpeg, tmp_path / "film.mp4", mime, ["-f", "null", "-"])
    assert listener.calls == 0
    assert SECRET not in ran.log
    assert ran.code != 0


def test_name_of_an_image_sequence_is_one_file(
    tmp_path: Path, run: Run, ffmpeg: Path, clips: dict[str, Path]
) -> None:
    path = tmp_path / "shot%03d.mp4"
    path.write_bytes(clips["mp4"].read_bytes())
    assert run(path).ok


def confined(
    code: str, tmp_path: Path, *, reader: str, ffmpeg: Path | None = None, office: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `code` as a child that has confined itself for a task."""
    for folder in ("renditions", "scratch"):
        (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / "own.bin").write_bytes(b"own")
    task = Task(
        reader,
        tmp_path / "own.bin",
        "x",
        "video",
        "x",
        tmp_path / "renditions",
        tmp_path / "scratch",
        ffmpeg,
        Limits(),
        office,
    )
    start = "import sys; sys.path.append(sys.argv[1]); import subprocess, os, pathlib, threading, socket\n"
    start += "from hub.media.task import Task; from hub.media.confine import confine\n"
    start += "task = Task.from_json(sys.argv[2]); confine(task)\n"
    command = [sys.executable, "-I", "-c", start + code, str(ROOT), task.to_json()]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=150, check=False, cwd=tmp_path / "scratch"
    )


def test_ffmpeg_started_by_the_child_has_no_network(tmp_path: Path, ffmpeg: Path, listener: Listener) -> None:
    """The third wall: an ffmpeg that is told to call, and may by its own rules, cannot."""
    code = f"""
url = "http://127.0.0.1:{listener.port}/a.mp4"
done = subprocess.run([str(task.ffmpeg), "-v", "error", "-nostdin", "-i", url, "-f", "null", "-"])
print("ended", done.returncode)
"""
    ran = confined(code, tmp_path, reader="recordings", ffmpeg=ffmpeg)
    assert "ended" in ran.stdout, ran.stderr
    assert "ended 0" not in ran.stdout
    assert listener.calls == 0


def test_ffmpeg_started_by_the_child_sees_no_other_file(
    tmp_path: Path, ffmpeg: Path, clips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "other.mp4"
    other.write_bytes(clips["mp4"].read_bytes())
    code = f"""
done = subprocess.run([str(task.ffmpeg), "-v", "error", "-nostdin", "-i", {str(other)!r}, "-f", "null", "-"])
print("ended", done.returncode)
"""
    ran = confined(code, tmp_path, reader="recordings", ffmpeg=ffmpeg)
    assert "Permission denied" in ran.stderr
    assert "ended 0" not in ran.stdout


def test_child_for_a_document(tmp_path: Path, listener: Listener) -> None:
    (tmp_path / "outside").write_text(SECRET)
    code = f"""
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "done"
ends = []
thread = threading.Thread(target=lambda: ends.append("thread"))
thread.start(); thread.join()
print({{
    "thread": ends[0],
    "own": tried(task.path.read_bytes),
    "write": tried(lambda: (task.scratch / "x").write_text("x")),
    "outside": tried(lambda: pathlib.Path({str(tmp_path / "outside")!r}).read_bytes()),
    "passwords": tried(lambda: pathlib.Path("/etc/passwd").read_bytes()),
    "beside": tried(lambda: pathlib.Path({str(tmp_path / "new")!r}).write_text("x")),
    "own write": tried(lambda: task.path.write_text("x")),
    "call": tried(lambda: socket.create_connection(("127.0.0.1", {listener.port}))),
    "v6": tried(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)),
    "unix": tried(lambda: socket.socket(socket.AF_UNIX)),
    "program": tried(lambda: subprocess.run(["/bin/true"])),
    "fork": tried(os.fork),
    "session": tried(os.setsid),
}})
"""
    ran = confined(code, tmp_path, reader="pdf")
    assert ran.returncode == 0, ran.stderr
    held = json.loads(ran.stdout.replace("'", '"'))
    allowed = {"thread": "thread", "own": "done", "write": "done"}
    assert held == allowed | dict.fromkeys(held.keys() - allowed.keys(), "PermissionError")
    assert listener.calls == 0


def test_child_with_an_office_program(tmp_path: Path, listener: Listener) -> None:
    """It may start programs and listen at a socket of the file system; and reach nobody all the same."""
    (tmp_path / "outside").write_text(SECRET)
    place = PIPES / f"hub-test-{tmp_path.name}"
    code = f"""
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "done"
def bind(path):
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(path)
print({{
    "program": tried(lambda: subprocess.run(["/bin/true"])),
    "listen": tried(lambda: bind({str(place)!r})),
    "sockets elsewhere": tried(lambda: bind("/var/tmp/hub-test")),
    "file beside it": tried(lambda: pathlib.Path({str(place)!r} + ".txt").write_text("x")),
    "talk": tried(lambda: socket.socket(socket.AF_UNIX).connect({str(place)!r})),
    "talk without connecting": tried(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", {str(place)!r})),
    "call": tried(lambda: socket.create_connection(("127.0.0.1", {listener.port}))),
    "v6": tried(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)),
    "netlink": tried(lambda: socket.socket(socket.AF_NETLINK)),
    "outside": tried(lambda: pathlib.Path({str(tmp_path / "outside")!r}).read_bytes()),
    "passwords": tried(lambda: pathlib.Path("/etc/passwd").read_bytes()),
    "session": tried(os.setsid),
}})
"""
    try:
        ran = confined(code, tmp_path, reader="slides", office=Path("/bin/true"))
    finally:
        place.unlink(missing_ok=True)
    assert ran.returncode == 0, ran.stderr
    held = json.loads(ran.stdout.replace("'", '"'))
    refused = {"talk": "ConnectionRefusedError", "talk without connecting": "ConnectionRefusedError"}
    allowed = {"program": "done", "listen": "done"}
    assert held == dict.fromkeys(held, "PermissionError") | refused | allowed
    assert listener.calls == 0


def test_isolation_is_complete_here() -> None:
    found = isolation()
    assert found.complete, found.words
    assert "Reading a file cannot reach the network." in found.words


def test_isolation_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[isolation_module.__module__], "run_child", lambda task, seconds: None)
    found = isolation()
    assert not found.complete
    assert "Reading a file could reach the network." in found.words
    assert "seccomp" in found.words[-1]


def test_self_test_tells_when_nothing_is_refused(tmp_path: Path) -> None:
    """In this process, which is not confined, each attempt succeeds."""
    (tmp_path / "renditions").mkdir()
    (tmp_path / "outside").write_text("x")
    task = Task(
        "selftest",
        tmp_path,
        "x",
        "x",
        "x",
        tmp_path / "renditions",
        tmp_path,
        None,
        Limits(memory_bytes=1000),
    )
    with task.report.open("w", encoding="utf-8") as out:
        selftest.read(task, Report(out, task.limits))
    assert json.loads(task.report.read_text()) == {
        "confined": {"network": False, "files": False, "programs": False, "memory": False}
    }


def verdict(program: bytes, arch: int, number: int, argument: int = 0) -> int:
    """What the kernel would answer: a small interpreter of the filter's four instructions."""
    data = struct.pack("<IIQQ", number, arch, 0, argument)
    steps = [struct.unpack("HBBI", program[place : place + 8]) for place in range(0, len(program), 8)]
    place, value = 0, 0
    while True:
        code, yes, no, constant = steps[place]
        place += 1
        match code:
            case 0x20:
                value = struct.unpack_from("<I", data, constant)[0]
            case 0x15:
                place += yes if value == constant else no
            case 0x35:
                place += yes if value >= constant else no
            case 0x45:
                place += yes if value & constant else no
            case 0x06:
                return int(constant)
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize("machine", sorted(_AUDIT_ARCH))
@pytest.mark.parametrize("programs", [True, False])
def test_filter_on_both_machines(machine: str, programs: bool) -> None:
    program = _program(machine, may_start_programs=programs)
    arch, column = _AUDIT_ARCH[machine], list(_AUDIT_ARCH).index(machine)
    allow, denied, missing = 0x7FFF0000, 0x50000 | errno.EACCES, 0x50000 | errno.ENOSYS

    def answer(name: str, argument: int = 0) -> int:
        number = _NUMBERS[name][column]
        return denied if number is None else verdict(program, arch, number, argument)

    assert {answer(name) for name in _ALWAYS} == {denied}
    assert answer("clone3") == missing
    assert answer("execve") == (allow if programs else denied)
    assert answer("clone", 0x11) == (allow if programs else denied)
    assert answer("clone", 0x3D0F00) == allow  # a thread
    assert verdict(program, arch, 0) == allow
    assert verdict(program, arch, 0x40000000 + 41) == 0x50000 | errno.EPERM
    assert verdict(program, 0x40000003, 41) == 0x80000000  # 32-bit calls are another world


@pytest.mark.parametrize("machine", sorted(_AUDIT_ARCH))
def test_filter_for_an_office_program(machine: str) -> None:
    program = _program(machine, may_start_programs=True, own_sockets=True)
    arch, column = _AUDIT_ARCH[machine], list(_AUDIT_ARCH).index(machine)
    allow, denied, nobody = 0x7FFF0000, 0x50000 | errno.EACCES, 0x50000 | errno.ECONNREFUSED

    def answer(name: str, argument: int = 0) -> int:
        return verdict(program, arch, _NUMBERS[name][column] or 0, argument)

    assert answer("socket", 1) == allow
    assert {answer("socket", family) for family in (0, 2, 10, 16, 17, 40)} == {denied}
    assert {answer(name) for name in _TALKING} == {nobody}
    assert {answer(name) for name in _ALWAYS if name != "socket"} == {denied}
    assert verdict(program, arch, 0) == allow


def test_hub_data_beside_the_code_stays_unseen() -> None:
    assert ROOT not in _python()
    assert ROOT / "hub" in _python()
    assert _tasks_of_user() >= 1


def test_video_with_references_to_other_files(
    tmp_path: Path, run: Run, ffmpeg: Path, clips: dict[str, Path], listener: Listener
) -> None:
    """A QuickTime file may keep its pictures in another file; that one is never opened."""
    path = run_lavfi(ffmpeg, tmp_path / "plain.mov", "-i", str(clips["mp4"]), "-c", "copy")
    data = path.read_bytes()
    own = b"\0\0\0\x0curl \0\0\0\1"
    url = f"http://127.0.0.1:{listener.port}/x".encode() + b"\0"
    assert own in data
    entry = (12 + len(url)).to_bytes(4, "big") + b"url \0\0\0\0" + url
    path.write_bytes(grown(data, own, entry))
    outcome = run(path)
    assert listener.calls == 0
    assert outcome.file_type.family == "video"


def grown(data: bytes, old: bytes, new: bytes) -> bytes:
    """Replace a box inside of boxes, and mend the sizes of all that hold it. Sample places are left wrong, as they may be."""
    place = data.find(old)
    out, more = bytearray(data), len(new) - len(old)
    start, end = 0, len(data)
    while start < end:
        size = int.from_bytes(data[start : start + 4], "big")
        if start <= place < start + size:
            out[start : start + 4] = (size + more).to_bytes(4, "big")
            if data[start + 4 : start + 8] == b"dref":
                break
            end = start + size
            start += 8
        else:
            start += size
    return bytes(out[:place]) + new + bytes(out[place + len(old) :])
