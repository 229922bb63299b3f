"""What doctor says of a part: one sentence, how bad it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a part is."""

    WELL = "well"
    ADVICE = "advice"  # works, and could be better
    AILS = "ails"  # something does not work, or soon will not


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on one part, and what to do about it."""

    part: str
    verdict: Verdict
    words: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:<7} {self.part}: {self.words}{f' {self.remedy}' if self.remedy else ''}"


Found = Iterator[tuple[Verdict, str, str]]
