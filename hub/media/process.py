"""One file from start to end: sniff, read in a child, judge what came back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from hub.media import wording
from hub.media.faults import MediaFault
from hub.media.ffmpeg import find_ffmpeg
from hub.media.filetype import FileType, sniff
from hub.media.kinds import KNOWN
from hub.media.limits import DEFAULT_LIMITS, MIB, Limits
from hub.media.office import find_office, sweep
from hub.media.outcome import Facts, Outcome
from hub.media.report import Told, read_report
from hub.media.supervisor import Ended, run_child
from hub.media.task import NEEDS_OFFICE, USES_FFMPEG, USES_OFFICE, Task, reader_of

_FREE_BYTES = 16 * MIB


def process(
    path: Path, filename: str, workdir: Path, limits: Limits = DEFAULT_LIMITS, *, convert: bool = True
) -> Outcome:
    """Facts, text and renditions of the file at `path`, uploaded as `filename`.

    Without `convert`, a video that browsers do not play is left as it is, and the outcome says that it is unfinished.

    Blocks, up to `limits.seconds_for(family)`. Renditions lie in `workdir`/renditions; the caller moves them to storage
    and removes `workdir`. Bad input of whatever kind yields an Outcome with a reason. Raises MediaFault when this machine
    is at fault.
    """
    try:
        file_type = sniff(path, filename)
    except OSError as error:
        raise MediaFault(f"The file could not be opened: {error}") from error
    reader = reader_of(file_type.mime)
    if reader is None or (reader == NEEDS_OFFICE and find_office(limits) is None):
        return Outcome(file_type, ok=False, partial=False, reason=_not_shown(file_type))
    task = replace(task_for(reader, path, file_type, workdir, limits), convert=convert)
    seconds = limits.seconds_for(file_type.family)
    try:
        ended = run_child(task, seconds)
        told = read_report(task.report, task.renditions, limits)
    finally:
        sweep(task)
        shutil.rmtree(task.scratch, ignore_errors=True)
    _raise_fault(ended, told, workdir)
    return _outcome(file_type, ended, told, seconds)


def task_for(reader: str, path: Path, file_type: FileType, workdir: Path, limits: Limits) -> Task:
    """What the child is to do, with empty folders for it. Raises MediaFault."""
    ffmpeg = None
    if reader == USES_FFMPEG:
        ffmpeg = find_ffmpeg(limits)
        if ffmpeg is None:
            raise MediaFault("No ffmpeg was found. Install it, or name it in HUB_FFMPEG.")
    work = workdir.resolve()
    task = Task(
        reader=reader,
        path=path.resolve(),
        mime=file_type.mime,
        family=file_type.family,
        label=file_type.label,
        renditions=work / "renditions",
        scratch=work / "scratch",
        ffmpeg=ffmpeg,
        limits=limits,
        office=find_office(limits) if reader in USES_OFFICE else None,
    )
    try:
        for folder in (task.renditions, task.scratch):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
    except OSError as error:
        raise MediaFault(f"The work folder could not be made: {error}") from error
    return task


def _raise_fault(ended: Ended, told: Told, workdir: Path) -> None:
    if told.fault:
        raise MediaFault(told.fault)
    if not told.begun:
        raise MediaFault(f"The child process did not start ({ended.end}): {ended.log or ended.code}")
    if not told.ended and shutil.disk_usage(workdir).free < _FREE_BYTES:
        raise MediaFault(f"The disk that holds {workdir} is full.")


def _outcome(file_type: FileType, ended: Ended, told: Told, seconds: int) -> Outcome:
    facts = Facts(**told.facts)
    shortfalls = list(told.shortfalls)
    if not told.ended or ended.end == "output":
        shortfalls.insert(
            0, (_broken_off(file_type, ended, seconds), f"ended by {ended.end}, {ended.code}. {ended.log}")
        )
    useful = bool(told.passages or told.renditions or facts.plays_in_browser)
    reason = shortfalls[0][0] if shortfalls else None
    if reason and not useful and file_type.claimed:
        reason = f"{wording.claims(file_type.label, file_type.claimed)} {reason}"
    details = [
        detail if place == 0 else f"{words} {detail}".strip()
        for place, (words, detail) in enumerate(shortfalls)
    ]
    return Outcome(
        file_type=_heard_only(file_type, facts),
        ok=not shortfalls,
        partial=bool(shortfalls) and useful,
        facts=facts,
        passages=told.passages,
        renditions=told.renditions,
        reason=reason,
        detail="\n".join(filter(None, details))[:4000],
        unfinished=told.unfinished,
    )


def _broken_off(file_type: FileType, ended: Ended, seconds: int) -> str:
    match ended.end:
        case "timeout" | "cpu":
            return wording.too_slow(file_type.label, file_type.family, seconds)
        case "output":
            return wording.too_much_output(file_type.label)
        case _:
            return wording.crashed(file_type.label)


def _heard_only(file_type: FileType, facts: Facts) -> FileType:
    """An MP4 or WebM without pictures is audio; only its streams tell."""
    mime = (
        file_type.mime.replace("video/", "audio/").replace("quicktime", "mp4").replace("x-ms-wmv", "x-ms-wma")
    )
    if facts.has_video is not False or facts.has_audio is not True or mime not in KNOWN:
        return file_type
    family, label = KNOWN[mime]
    return replace(file_type, mime=mime, family=family, label=label)


def _not_shown(file_type: FileType) -> str:
    return wording.not_shown(file_type.mime, file_type.family, file_type.label, file_type.claimed)
