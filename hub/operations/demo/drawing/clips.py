"""A short video of cards that fade into one another, with a quiet chord, by ffmpeg."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from hub.errors import Unavailable
from hub.media import Limits, MediaFault, find_ffmpeg

RATE = 10  # pictures a second: cards that fade need no more, and encoding costs by the picture
FADE = 0.6  # seconds
LOUDNESS = 0.035  # of each note; the chord is there to be heard to be sound, not to be listened to
CHORDS = ((196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (164.8, 207.7, 246.9))  # G, F and E major, in hertz


def write_clip(
    target: Path, cards: Iterable[Image.Image], seconds: float, colour: int, ffmpeg: str = ""
) -> None:
    """Write an MP4 of about `seconds`, the cards one after the other; it begins to play before all of it has arrived.

    Raises:
        Unavailable: there is no ffmpeg, or it failed.
    """
    program = _ffmpeg(ffmpeg)
    pictures = [_kept(card, target, number) for number, card in enumerate(cards)]
    ended = subprocess.run(
        [program, *_arguments(pictures, seconds, CHORDS[colour % len(CHORDS)]), str(target)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    for picture in pictures:
        picture.unlink()
    if ended.returncode:
        said = ended.stderr.decode("utf-8", "replace").strip()[-300:]
        raise Unavailable(
            f"ffmpeg could not make {target.name}: {said}", remedy="Try another ffmpeg: HUB_FFMPEG."
        )


def _ffmpeg(setting: str) -> str:
    try:
        program = find_ffmpeg(Limits(ffmpeg=setting))
    except MediaFault as error:
        raise Unavailable(str(error)) from error
    if program is None:
        raise Unavailable(
            "The demo's videos need ffmpeg, and there is none.",
            remedy="Install it, or name it in HUB_FFMPEG.",
        )
    return str(program)


def _kept(card: Image.Image, target: Path, number: int) -> Path:
    path = target.with_name(f"{target.stem}-card-{number}.png")
    card.save(path, compress_level=1)
    return path


def _arguments(pictures: Sequence[Path], seconds: float, chord: Sequence[float]) -> list[str]:
    inputs = [piece for picture in pictures for piece in ("-i", str(picture))]
    return [
        "-nostdin", "-hide_banner", "-v", "error", "-y", *inputs,
        "-filter_complex", f"{_faded(len(pictures), seconds)};{_sounded(chord, seconds)}",
        "-map", "[v]", "-map", "[a]", "-t", f"{seconds:.2f}",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage", "-crf", "26", "-r", str(RATE), "-threads", "2",
        "-c:a", "aac", "-b:a", "64k", "-ac", "1", "-movflags", "+faststart", "-f", "mp4",
    ]  # fmt: skip


def _faded(count: int, seconds: float) -> str:
    """The filters that hold each picture and fade it into the next; each is held as long as the others."""
    fade = min(FADE, seconds / count / 4)
    held = (seconds + (count - 1) * fade) / count
    # One picture is read once and repeated, which is much cheaper than to decode it for every frame.
    repeated = f"format=yuv420p,loop=loop={round(held * RATE)}:size=1,setpts=N/{RATE}/TB,fps={RATE},trim=duration={held:.3f}"
    chains = [f"[{number}:v]{repeated}[c{number}]" for number in range(count)]
    last = "c0"
    for number in range(1, count):
        starts = number * (held - fade)
        chains.append(
            f"[{last}][c{number}]xfade=transition=fade:duration={fade:.3f}:offset={starts:.3f}[x{number}]"
        )
        last = f"x{number}"
    line = f"color=c=0xe2a03f:s=1280x6:r={RATE}:d={seconds:.2f},format=yuv420p[line]"
    return ";".join([*chains, line, f"[{last}][line]overlay=x='-W+W*t/{seconds:.2f}':y=H-6:shortest=1[v]"])


def _sounded(chord: Sequence[float], seconds: float) -> str:
    """The filter that makes the chord: it swells slowly, and comes and goes softly."""
    notes = "+".join(
        f"{LOUDNESS}*sin(2*PI*{note}*t)*(0.7+0.3*sin(2*PI*t/{5 + place}))" for place, note in enumerate(chord)
    )
    soft = (
        f"afade=t=in:d={min(2.0, seconds / 4):.2f},afade=t=out:st={seconds * 0.85:.2f}:d={seconds * 0.15:.2f}"
    )
    return f"aevalsrc=exprs='{notes}':sample_rate=24000:duration={seconds:.2f},{soft}[a]"
