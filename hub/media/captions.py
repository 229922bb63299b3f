"""WebVTT and SRT: what is said, and when."""

from __future__ import annotations

import re

from hub.media.faults import Unusable
from hub.media.prose import read_text
from hub.media.report import Report
from hub.media.task import Task

_TIMES = re.compile(
    r"(?:(\d{1,4}):)?(\d\d):(\d\d)[.,](\d{3})[ \t]+-->[ \t]+(?:(\d{1,4}):)?(\d\d):(\d\d)[.,](\d{3})"
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_PASSAGE_SECONDS = 30.0  # cues are too short to land on; they are joined up to this length


def read(task: Task, report: Report) -> None:
    """Passages of kind transcript, of about half a minute each."""
    cues = parse_cues(read_text(task, report))
    if not cues:
        raise Unusable(
            f"Hub found no lines with times in these {task.label}. Check that the file is complete and upload it again."
        )
    report.facts(duration_s=max(end for _, end, _ in cues))
    number, start, end, lines = 1, cues[0][0], cues[0][1], list[str]()
    for cue_start, cue_end, words in cues:
        if lines and cue_end - start > _PASSAGE_SECONDS:
            report.passage("transcript", number, "", "\n".join(lines), start_s=start, end_s=end)
            number, start, lines = number + 1, cue_start, []
        lines.append(words)
        end = cue_end
    report.passage("transcript", number, "", "\n".join(lines), start_s=start, end_s=end)


def parse_cues(text: str) -> list[tuple[float, float, str]]:
    """(start, end, words) in seconds, in the order of the file. Markup is left out."""
    cues = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        lines = block.strip("\n").split("\n")
        for place, line in enumerate(lines[:2]):
            times = _TIMES.match(line.strip())
            if times:
                start, end = _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])
                words = _MARKUP.sub("", " ".join(lines[place + 1 :])).strip()
                if words and end >= start:
                    cues.append((start, end, words))
                break
    return cues


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
