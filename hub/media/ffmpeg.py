"""ffmpeg: where it is, and running it so that it opens the one file it was given and nothing that the file names."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from hub.media.confine import die_with_parent
from hub.media.faults import MediaFault
from hub.media.limits import Limits

# The demuxer for each type. Chosen by us, never guessed by ffmpeg: its guess may be a playlist.
DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/x-flv": "flv",
    "video/x-ms-wmv": "asf",
    "audio/x-ms-wma": "asf",
    "video/mpeg": "mpeg",
    "video/mp2t": "mpegts",
    "video/ogg": "ogg",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/aiff": "aiff",
    "audio/x-caf": "caf",
    "audio/amr": "amr",
    "audio/basic": "au",
}
_MACHINE_WORDS = ("No space left on device", "Unknown encoder", "Encoder not found", "Unrecognized option")


@dataclass(frozen=True)
class Ran:
    """`code`: exit code, negative for a signal. `log`: the last of what ffmpeg wrote."""

    code: int
    log: str


def find_ffmpeg(limits: Limits) -> Path | None:
    """The setting, then PATH, then the one that the package imageio-ffmpeg brings. Raises MediaFault for a wrong setting."""
    if limits.ffmpeg:
        named = shutil.which(limits.ffmpeg)
        if named is None:
            raise MediaFault(
                f"HUB_FFMPEG names {limits.ffmpeg}, which is no program. Correct it or leave it unset."
            )
        return Path(named).resolve()
    found = shutil.which("ffmpeg")
    if found:
        return Path(found).resolve()
    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe()).resolve()
    except RuntimeError:
        return None


def input_options(mime: str) -> dict[str, str]:
    """Options of the demuxer, the same for ffmpeg and PyAV: one format, only plain files, no references to others."""
    demuxer = DEMUXERS[mime]
    options = {"protocol_whitelist": "file,pipe", "format_whitelist": demuxer}
    if demuxer == "mov":
        options |= {"enable_drefs": "0", "use_absolute_path": "0"}
    return options


def run_ffmpeg(
    program: Path,
    source: Path,
    mime: str,
    output: list[str],
    *,
    seek: float = 0.0,
    threads: int = 2,
    decoder: tuple[str, ...] = (),
) -> Ran:
    """Run on `source`, with `decoder` as options of reading it and `output` as the arguments after the input.

    Raises MediaFault for faults of this machine, OSError (EFBIG) and MemoryError for the limits of the file.
    """
    arguments = ["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y", "-threads", str(threads)]
    for name, value in input_options(mime).items():
        arguments += [f"-{name}", value]
    arguments += [*(["-ss", f"{seek:.3f}"] if seek else []), *decoder]
    arguments += ["-f", DEMUXERS[mime], "-i", f"file:{source}"]
    try:
        process = subprocess.Popen(
            [str(program), *arguments, *output],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=die_with_parent,  # noqa: PLW1509 -- the child that calls this has one thread
        )
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        raise MediaFault(f"ffmpeg could not be started: {error}") from error
    log = b""
    with process:
        while process.stderr is not None and (piece := process.stderr.read1(65_536)):  # type: ignore[attr-defined]
            log = (log + piece)[-4000:]
    ran = Ran(process.returncode, log.decode("utf-8", "replace").strip())
    if ran.code:
        _raise_limits(ran)
    return ran


def _raise_limits(ran: Ran) -> None:
    if ran.code == -signal.SIGXFSZ or "File too large" in ran.log:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    if "Cannot allocate memory" in ran.log:
        raise MemoryError(ran.log)
    if any(machine in ran.log for machine in _MACHINE_WORDS):
        raise MediaFault(f"ffmpeg: {ran.log[-500:]}")
