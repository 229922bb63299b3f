"""Video and audio: what browsers play is left alone, the rest is made playable with the least work."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest
from PIL import Image

from hub.media import Limits, MediaFault, find_ffmpeg, process
from hub.media.ffmpeg import run_ffmpeg
from hub.media.playback import Plan, plan
from hub.media.probe import Picture, Recording, probe

from .conftest import ReadHere, Run
from .inputs import H264, PICTURE, photo, run_lavfi

Clips = dict[str, Path]


def test_playable_mp4_stays(run: Run, clips: Clips) -> None:
    outcome = run(clips["mp4"])
    assert outcome.ok
    assert outcome.facts.plays_in_browser is True
    assert (outcome.facts.width, outcome.facts.height, outcome.facts.has_audio) == (320, 180, True)
    assert outcome.facts.duration_s == pytest.approx(2.0, abs=0.1)
    assert [made.kind for made in outcome.renditions] == ["poster", "thumbnail"]
    with Image.open(outcome.renditions[0].path) as poster:
        assert poster.size == (320, 180)


def test_odd_codec_becomes_mp4(run: Run, clips: Clips) -> None:
    outcome = run(clips["avi"], video_height=90)
    assert outcome.ok
    assert (outcome.facts.video_codec, outcome.facts.plays_in_browser) == ("mpeg4", False)
    made = outcome.renditions[-1]
    assert (made.kind, made.mime, made.width, made.height) == ("mp4", "video/mp4", 160, 90)
    inside = probe(made.path, "video/mp4")
    assert inside.picture is not None
    assert (inside.picture.codec, inside.picture.pixels, inside.sound) == ("h264", "yuv420p", "aac")
    data = made.path.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")  # starts to play before it is loaded
    assert plan(inside, "video/mp4") is None


def test_what_takes_long_is_left_for_later_when_it_was_not_asked_for(clips: Clips, tmp_path: Path) -> None:
    outcome = process(clips["avi"], "odd.avi", tmp_path / "odd", convert=False)
    assert outcome.unfinished
    assert [made.kind for made in outcome.renditions if made.kind != "strip"] == ["poster", "thumbnail"]
    assert outcome.facts.duration_s == pytest.approx(2.0, abs=0.1)
    quick = process(clips["mkv"], "plain.mkv", tmp_path / "mkv", convert=False)
    assert not quick.unfinished, "only copied, which takes a second"
    assert quick.renditions[-1].kind == "mp4"


def test_preview_strip(run: Run, ffmpeg: Path, tmp_path: Path) -> None:
    """Red for ten seconds, then blue: the pictures are where the facts say. A minute more, and key frames do."""
    for seconds in (10, 40):
        parts = [f"color=c={name}:size=320x180:rate=5:duration={seconds}" for name in ("red", "blue")]
        joined = ("-lavfi", f"{parts[0]}[a];{parts[1]}[b];[a][b]concat", *H264, "-g", "10")
        outcome = run(run_lavfi(ffmpeg, tmp_path / f"{seconds}.mp4", *joined))
        strip = next(made for made in outcome.renditions if made.kind == "strip")
        facts = outcome.facts
        assert facts.strip_columns
        assert facts.strip_frames
        assert facts.strip_every_s == pytest.approx(2.0)
        assert facts.strip_frames == pytest.approx(seconds, abs=1)
        rows = -(-facts.strip_frames // facts.strip_columns)
        with Image.open(strip.path) as sheet:
            assert sheet.size == (160 * facts.strip_columns, 90 * rows)
            for number, is_red in ((1, True), (facts.strip_frames - 2, False)):
                row, column = divmod(number, facts.strip_columns)
                tile = sheet.convert("RGB").crop((column * 160, row * 90, column * 160 + 160, row * 90 + 90))
                red, _green, blue = tile.resize((1, 1)).tobytes()
                assert (red > blue) == is_red, (seconds, number)


def test_raw_browser_recording_gets_its_length(read_here: ReadHere, clips: Clips) -> None:
    assert not probe(clips["raw"], "video/webm").in_header
    told = read_here(clips["raw"])
    assert told.facts["duration_s"] == pytest.approx(2.0, abs=0.1)
    assert told.facts["plays_in_browser"] is False
    made = told.renditions[-1]
    assert (made.kind, made.mime) == ("webm", "video/webm")
    inside = probe(made.path, "video/webm")
    assert inside.in_header
    assert inside.picture is not None
    assert (inside.picture.codec, inside.sound) == ("vp8", "opus")
    assert plan(probe(clips["webm"], "video/webm"), "video/webm") is None


def test_mp4_in_pieces_is_joined_without_encoding(read_here: ReadHere, clips: Clips) -> None:
    told = read_here(clips["pieces"])
    made = told.renditions[-1]
    assert made.kind == "mp4"
    inside = probe(made.path, "video/mp4")
    assert not inside.fragmented
    assert inside.duration_s == pytest.approx(2.0, abs=0.2)


def test_other_container_is_copied(read_here: ReadHere, clips: Clips) -> None:
    told = read_here(clips["mkv"])
    made = told.renditions[-1]
    assert made.kind == "mp4"
    # Encoding again would not land on the same size of the picture stream.
    assert abs(made.size - clips["mp4"].stat().st_size) < 5_000


def test_sound_alone(read_here: ReadHere, clips: Clips) -> None:
    for name in ("m4a", "mp3"):
        told = read_here(clips[name])
        assert (told.shortfalls, told.renditions, told.facts["has_video"]) == ([], [], False)
        assert told.facts["plays_in_browser"] is True
    [made] = read_here(clips["wav"]).renditions
    assert (made.kind, made.mime) == ("audio", "audio/mp4")
    assert probe(made.path, "audio/mp4").duration_s == pytest.approx(2.0, abs=0.1)


def test_mp4_without_pictures_is_audio(run: Run, ffmpeg: Path, clips: Clips, tmp_path: Path) -> None:
    path = run_lavfi(ffmpeg, tmp_path / "podcast.mp4", "-i", str(clips["m4a"]), "-c", "copy")
    outcome = run(path)
    assert (outcome.file_type.family, outcome.file_type.mime) == ("audio", "audio/mp4")
    assert outcome.ok


def test_cover_becomes_the_poster(read_here: ReadHere, ffmpeg: Path, clips: Clips, tmp_path: Path) -> None:
    photo(size=(300, 300)).save(tmp_path / "cover.png")
    path = tmp_path / "episode.mp3"
    cover = ("-map", "0", "-map", "1", "-c", "copy", "-disposition:v", "attached_pic")
    run_lavfi(ffmpeg, path, "-i", str(clips["mp3"]), "-i", str(tmp_path / "cover.png"), *cover)
    told = read_here(path)
    assert told.facts["has_video"] is False
    assert [(made.kind, made.width) for made in told.renditions] == [("poster", 300), ("thumbnail", 300)]


def test_upright_video_of_a_phone(read_here: ReadHere, ffmpeg: Path, clips: Clips, tmp_path: Path) -> None:
    path = tmp_path / "phone.mov"
    run_lavfi(ffmpeg, path, "-display_rotation", "90", "-i", str(clips["avi"]), "-c", "copy")
    told = read_here(path)
    assert (told.facts["width"], told.facts["height"]) == (180, 320)
    assert [(made.kind, made.width, made.height) for made in told.renditions] == [
        ("poster", 180, 320),
        ("thumbnail", 180, 320),
        ("mp4", 180, 320),
    ]


def test_anamorphic_video_is_shown_in_its_true_shape(
    read_here: ReadHere, ffmpeg: Path, tmp_path: Path
) -> None:
    path = run_lavfi(
        ffmpeg, tmp_path / "tv.avi", *PICTURE, "-vf", "scale=180:144,setsar=16/11", "-c:v", "mpeg4"
    )
    made = read_here(path).renditions[-1]
    assert (made.width, made.height) == (260, 144)


def test_cut_off_recording_keeps_what_can_be_read(read_here: ReadHere, clips: Clips, tmp_path: Path) -> None:
    data = clips["mkv"].read_bytes()
    (tmp_path / "cut.mkv").write_bytes(data[: len(data) // 2])
    told = read_here(tmp_path / "cut.mkv")
    assert told.renditions[-1].kind == "mp4"
    assert "Only the first" in told.shortfalls[0][0]


def test_picture_too_odd_for_browsers_is_encoded(ffmpeg: Path, tmp_path: Path, read_here: ReadHere) -> None:
    path = run_lavfi(ffmpeg, tmp_path / "wide.mp4", *PICTURE, *H264[:-1], "yuv444p")
    made = read_here(path).renditions[-1]
    inside = probe(made.path, "video/mp4").picture
    assert inside is not None
    assert inside.pixels == "yuv420p"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.mp4", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41\0\0\1\0mdat" + bytes(300)),
        ("odd.webm", b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(range(256)) * 4),
        ("odd.avi", b"RIFF\xff\xff\xff\x7fAVI LIST" + b"\xff" * 500),
        ("odd.mp3", b"ID3\x04\0\0\0\0\0\x02" + b"\xff\xfb\x90\x00" * 3),
        ("odd.wav", b"RIFF\x24\0\0\0WAVEfmt " + b"\xff" * 40),
    ],
)
def test_broken_recordings_have_a_reason(read_here: ReadHere, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    told = read_here(tmp_path / name)
    assert told.renditions == []
    assert "save it" in told.shortfalls[0][0].lower()
    assert "Errno" not in told.shortfalls[0][0]


def test_what_cannot_be_copied_is_encoded(
    read_here: ReadHere, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may refuse a stream that looked fine: the copy fails, the recording still plays."""
    copied = Plan("webm", copy_picture=True, copy_sound=True)  # WebM takes neither H.264 nor AAC
    monkeypatch.setattr("hub.media.recordings.plan", lambda recording, mime: copied)
    told = read_here(clips["mkv"])
    assert told.shortfalls == []
    assert [made.kind for made in told.renditions] == ["poster", "thumbnail", "mp4"]


def test_recording_that_nothing_converts(
    read_here: ReadHere, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.media.recordings.encoding", lambda chosen, recording, limits: ["-f", "nonsense"])
    told = read_here(clips["avi"])
    assert [made.kind for made in told.renditions] == ["poster", "thumbnail"]
    assert "could not convert this AVI video" in told.shortfalls[0][0]


@pytest.mark.parametrize(
    ("code", "log", "error"),
    [
        (-signal.SIGXFSZ, "", OSError),
        (1, "av_interleaved_write_frame(): File too large", OSError),
        (1, "x264: Cannot allocate memory", MemoryError),
        (1, "Unknown encoder 'libx264'", MediaFault),
        (1, "No space left on device", MediaFault),
    ],
)
def test_why_ffmpeg_ended(tmp_path: Path, code: int, log: str, error: type[Exception]) -> None:
    program = tmp_path / "ffmpeg"
    end = f"exit {code}" if code >= 0 else f"kill -{-code} $$"
    program.write_text(f'#!/bin/sh\necho "{log}" >&2\n{end}\n')
    program.chmod(0o755)
    with pytest.raises(error):
        run_ffmpeg(program, tmp_path / "x", "video/mp4", [])


def recording(codec: str, sound: str | None, pixels: str = "yuv420p", *, in_header: bool = True) -> Recording:
    picture = Picture(codec, pixels, 320, 180, decodes=True)
    return Recording(2.0, in_header, fragmented=False, picture=picture, sound=sound, cover=None, title=None)


@pytest.mark.parametrize(
    ("mime", "codec", "sound", "pixels", "kind", "copies"),
    [
        ("video/mp4", "h264", "aac", "yuv420p", None, None),
        ("video/mp4", "av1", "opus", "yuv420p10le", None, None),
        ("video/mp4", "hevc", "aac", "yuv420p", "mp4", (False, True)),
        ("video/mp4", "h264", "ac3", "yuv420p", "mp4", (True, False)),
        ("video/mp4", "h264", "aac", "yuv420p10le", "mp4", (False, True)),
        ("video/quicktime", "h264", "aac", "yuv420p", "mp4", (True, True)),
        ("video/webm", "vp9", "opus", "yuv420p", None, None),
        ("video/x-matroska", "h264", "opus", "yuv420p", "mp4", (True, False)),
        ("video/x-matroska", "vp9", None, "yuv420p", "mp4", (False, True)),
    ],
)
def test_least_work(
    mime: str, codec: str, sound: str | None, pixels: str, kind: str | None, copies: tuple[bool, bool] | None
) -> None:
    chosen = plan(recording(codec, sound, pixels), mime)
    assert (chosen.kind if chosen else None) == kind
    assert ((chosen.copy_picture, chosen.copy_sound) if chosen else None) == copies


def test_no_ffmpeg_is_a_fault_of_the_machine(
    clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MediaFault, match="HUB_FFMPEG names /nowhere/ffmpeg"):
        process(clips["mp4"], "a.mp4", tmp_path, Limits(ffmpeg="/nowhere/ffmpeg"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", _none)
    with pytest.raises(MediaFault, match="No ffmpeg"):
        process(clips["mp4"], "a.mp4", tmp_path, Limits())


def _none() -> str:
    raise RuntimeError


def test_ffmpeg_of_the_setting_then_path_then_pip(
    tmp_path: Path, ffmpeg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "ffmpeg"
    shutil.copy(shutil.which("true") or "/bin/true", other)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_ffmpeg(Limits()) == other
    assert find_ffmpeg(Limits(ffmpeg=str(ffmpeg))) == ffmpeg
    monkeypatch.setenv("PATH", "/nowhere")
    found = find_ffmpeg(Limits())
    assert found is not None
    assert "imageio_ffmpeg" in str(found)
