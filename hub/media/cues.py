"""WebVTT and SRT as a list of cues: read leniently from what people have, written strictly. Pure text, in time linear to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_CUES = 20_000
LONGEST_TEXT = 2_000  # characters of one cue
LATEST = 100 * 3_600_000  # milliseconds; no recording is longer
STRETCH = 30_000  # cues are too short to land on; they are joined up to this many milliseconds
_MOST_FAULTS = 100

_ONE_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"[ \t]*{_ONE_TIME}[ \t]*-->[ \t]*{_ONE_TIME}(?:[ \t].*)?")
_LIKE_TIMES = re.compile(r"[ \t]*[-+]?\d[^>]{0,40}-->")
# The marks that players know. All else in brackets is what somebody said, and stays to the letter.
_MARKS = re.compile(
    r"</?(?:b|i|u|c|lang|ruby|rt|font|v)(?:[. \t][^<>]{0,200})?>|<\d[\d:.]{0,20}>|\{\\[^{}]{0,200}\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"[ \t]*<v(?:\.[^<> \t]{1,80})?[ \t]+([^<>]{1,100})>", re.IGNORECASE)
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "\u200e", "&rlm;": "\u200f"}
_ENTITY = re.compile("|".join(_ENTITIES))
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Cue(NamedTuple):
    """What is said from `start` to `end`, in milliseconds. `text` is plain: nothing in it is a mark."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Reading:
    """What was read of a file. `faults` say, by line, what was left out."""

    cues: list[Cue] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def fault(self, line: int, words: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(f"Line {line}: {words}")


def parse(text: str) -> Reading:
    """Read WebVTT or SRT. What has no time that can be read, or ends before it begins, is left out with a word."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    vtt = lines[0].startswith("WEBVTT")
    reading, speaker = Reading(), ""
    for number, times, words in _blocks(lines):
        if len(reading.cues) >= MOST_CUES:
            reading.fault(
                number, f"there are more than {MOST_CUES:,} lines with times; the rest is left out."
            )
            break
        found = _TIMES.fullmatch(times)
        if found is None:
            reading.fault(number, "this is no time like 00:01:02.500 --> 00:01:04.000.")
            continue
        start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:])
        voice = next((match[1].strip() for word in words if vtt and (match := _VOICE.match(word))), "")
        said = plain("\n".join(_bare(word, vtt=vtt) for word in words))
        if voice and voice != speaker and said:
            said = f"{voice}: {said}"
        speaker = voice or speaker
        if wrong := fault_of(Cue(start, end, said)) if said else "":
            reading.fault(number, wrong)
        elif said:
            reading.cues.append(Cue(start, end, said))
    reading.cues.sort(key=lambda cue: (cue.start, cue.end))
    return reading


def fault_of(cue: Cue) -> str:
    """What is wrong with a cue, in words, or nothing."""
    if not 0 <= cue.start < LATEST or cue.end > LATEST:
        return "it lies beyond 100 hours."
    if cue.end <= cue.start:
        return "it ends before it begins."
    if len(cue.text) > LONGEST_TEXT:
        return f"its text is longer than {LONGEST_TEXT:,} characters."
    return ""


def plain(text: str) -> str:
    """The text of a cue: without what no text holds, without empty lines."""
    lines = (_UNPRINTABLE.sub("", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def to_vtt(cues: Iterable[Cue]) -> str:
    """WebVTT of cues. Reading it again gives the same cues."""
    blocks = (
        f"{_written(cue.start, '.')} --> {_written(cue.end, '.')}\n{_escaped(cue.text)}\n" for cue in cues
    )
    return "\n".join(["WEBVTT\n", *blocks])


def to_srt(cues: Iterable[Cue]) -> str:
    """SRT of cues, for programs that know no WebVTT."""
    return "\n".join(
        f"{number}\n{_written(cue.start, ',')} --> {_written(cue.end, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    )


def grouped(cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    """Cues put together to pieces of about half a minute."""
    held: list[Cue] = []
    for cue in cues:
        if held and cue.end - held[0].start > STRETCH:
            yield held
            held = []
        held.append(cue)
    if held:
        yield held


def stretches(cues: Sequence[Cue]) -> Iterator[Cue]:
    """The pieces as one cue each, long enough to be found in."""
    for group in grouped(cues):
        yield Cue(group[0].start, max(cue.end for cue in group), "\n".join(cue.text for cue in group))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """(number of the line, the line with the times, lines of text) for each line with an arrow between what looks like times."""
    begun: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(lines, start=1):
        if _LIKE_TIMES.match(line):
            if begun:
                # SRT without empty lines between its cues: the last line was the number of this one.
                yield (*begun[:2], begun[2][:-1] if begun[2] and begun[2][-1].strip().isdigit() else begun[2])
            begun = (number, line, [])
        elif begun and not line.strip():
            yield begun
            begun = None
        elif begun:
            begun[2].append(line)
    if begun:
        yield begun


def _bare(line: str, *, vtt: bool) -> str:
    line = _MARKS.sub("", line)
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], line) if vtt else line


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _written(moment: int, point: str) -> str:
    seconds, thousandths = divmod(moment, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
