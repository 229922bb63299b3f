"""WebVTT and SRT: what is said, and when."""

from __future__ import annotations

from hub.media.cues import parse, stretches
from hub.media.faults import Unusable
from hub.media.prose import read_text
from hub.media.report import Report
from hub.media.task import Task


def read(task: Task, report: Report) -> None:
    """Passages of kind transcript, of about half a minute each."""
    reading = parse(read_text(task, report))
    if not reading.cues:
        raise Unusable(
            f"Hub found no lines with times in these {task.label}. Check that the file is complete and upload it again."
        )
    report.facts(duration_s=max(cue.end for cue in reading.cues) / 1000)
    for number, piece in enumerate(stretches(reading.cues), start=1):
        report.passage(
            "transcript", number, "", piece.text, start_s=piece.start / 1000, end_s=piece.end / 1000
        )
    if reading.faults:
        report.shortfall(
            f"Some of these {task.label} could not be read and were left out. {reading.faults[0]} "
            "Mend the file and upload it again.",
            "\n".join(reading.faults),
        )
