"""What an import did, file by file: in words for people, as JSON or CSV for the next tool."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.library.kinds import KINDS
from hub.web.sheet import safe


class Status(StrEnum):
    """What became of one item."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MOVED = "moved"  # the same content under another path; the asset went along
    CONFLICT = "conflict"  # changed in the folder and in the hub; nothing was overwritten
    SKIPPED = "skipped"  # nothing for the library in it, `reason` says why
    GONE = "gone"  # imported earlier and no longer in the folder; the asset stays
    FAILED = "failed"  # a problem kept it out


WORDS = {
    Status.CREATED: "created",
    Status.CHANGED: "changed",
    Status.MOVED: "moved with their file",
    Status.UNCHANGED: "unchanged",
    Status.CONFLICT: "in conflict",
    Status.FAILED: "kept out by a problem",
}
COLUMNS = (
    "status",
    "file",
    "line",
    "title",
    "kind",
    "customer",
    "verticals",
    "state",
    "asset",
    "reason",
    "remedy",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the folder. `asset`: the public id, empty on a dry run and where there is none."""

    status: Status
    file: str
    line: int = 0
    title: str = ""
    kind: str = ""
    customer: str = ""
    verticals: tuple[str, ...] = ()
    state: str = ""
    asset: str = ""
    reason: str = ""
    published: bool = False  # by this run
    held: bool = False  # a draft because its file says so


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, or with `serious` False something to know."""

    file: str
    line: int
    message: str
    remedy: str = ""
    serious: bool = True

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message} {self.remedy}".rstrip()


@dataclass(slots=True)
class Report:
    """All lines and problems of one import."""

    source: str
    dry_run: bool = False
    publishing: bool = False
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)  # hidden files, pictures, other files: how many
    unfiled: Counter[str] = field(
        default_factory=Counter
    )  # industries, as the files say them, that match no vertical
    interrupted: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing needs mending."""
        return not self.interrupted and not any(problem.serious for problem in self.problems)

    def count(self, status: Status) -> int:
        return sum(line.status is status for line in self.lines)

    def words(self) -> str:
        """The report as people read it."""
        parts = [self._head(), *self._kinds(), *self._listed(), *self._problems(), *self._end()]
        return printable("\n".join(parts))

    def write(self, path: Path) -> None:
        """Write the report as CSV or JSON, by the ending of the name."""
        if path.suffix.lower() == ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as out:
                table = csv.writer(out)
                table.writerow(COLUMNS)
                table.writerows([[safe(row.get(column, "")) for column in COLUMNS] for row in self._rows()])
        else:
            path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "dry_run": self.dry_run,
            "interrupted": self.interrupted,
            "ok": self.ok,
            "counts": {status.value: self.count(status) for status in Status},
            "left_out": dict(self.left_out),
            "items": [asdict(line) for line in self.lines],
            "problems": [asdict(problem) for problem in self.problems],
        }

    def _rows(self) -> list[dict[str, Any]]:
        rows = [{**asdict(line), "verticals": ", ".join(line.verticals)} for line in self.lines]
        for problem in self.problems:
            status = "problem" if problem.serious else "note"
            rows.append(
                {
                    "status": status,
                    "file": problem.file,
                    "line": problem.line,
                    "reason": problem.message,
                    "remedy": problem.remedy,
                }
            )
        return rows

    def _head(self) -> str:
        would = "would be " if self.dry_run else ""
        counted = [
            f"{number:,} {would}{words}" for status, words in WORDS.items() if (number := self.count(status))
        ]
        published = sum(line.published for line in self.lines)
        counted += [f"{published:,} {would}published"] if published else []
        verb = "would be done (dry run, nothing was written)" if self.dry_run else "was done"
        return (
            f"What {verb} with “{self.source}”: "
            + (", ".join(counted) or "nothing to import was found")
            + "."
        )

    def _listed(self) -> list[str]:
        told = []
        conflicts = [line for line in self.lines if line.status is Status.CONFLICT]
        gone = [line for line in self.lines if line.status is Status.GONE]
        skipped = [line for line in self.lines if line.status is Status.SKIPPED]
        for heading, found in (
            ("Changed in the folder and in the hub, not overwritten", conflicts),
            ("No longer in the folder; the assets stay until you archive them in the hub", gone),
            ("Skipped", skipped),
        ):
            if found:
                told += [
                    "",
                    f"{heading}:",
                    *(f"  {line.file}{f': {line.reason}' if line.reason else ''}" for line in found),
                ]
        if self.left_out:
            told += [
                "",
                "Left out: "
                + ", ".join(
                    f"{number:,} {what if number != 1 else what[:-1]}"
                    for what, number in sorted(self.left_out.items())
                )
                + ".",
            ]
        return told

    def _problems(self) -> list[str]:
        told = []
        for heading, serious in (("To know", False), ("To mend, then run again", True)):
            found = [problem for problem in self.problems if problem.serious is serious]
            if found:
                told += ["", f"{heading} ({len(found):,}):", *(f"  {problem}" for problem in found)]
        return told

    def _kinds(self) -> list[str]:
        """What is in the folder, by kind, and how much of it has a vertical."""
        kept = [line for line in self.lines if line.kind and line.status is not Status.FAILED]
        if not kept:
            return []
        labels = {spec.kind.value: (spec.label.lower(), spec.plural.lower()) for spec in KINDS.values()}
        counted = Counter(line.kind for line in kept).most_common()
        kinds = ", ".join(f"{number:,} {labels[kind][number != 1]}" for kind, number in counted)
        filed = sum(bool(line.verticals) for line in kept)
        told = [f"{kinds}; {filed:,} with a vertical."]
        if self.unfiled:
            words = ", ".join(f"“{industry}”" for industry, _ in self.unfiled.most_common(10))
            told += [
                "",
                f"Industries that match no vertical: {words}. Make them synonyms of one, or map them (docs/import.md).",
            ]
        return told

    def _end(self) -> list[str]:
        if self.interrupted:
            return ["", "Stopped before the end. What is listed was kept; run again to go on."]
        drafts = [
            line
            for line in self.lines
            if line.state == "draft" and line.status not in {Status.FAILED, Status.SKIPPED}
        ]
        told = []
        if held := sum(line.held for line in drafts):
            told += ["", f"Kept as drafts because their files say so: {held:,}."]
        if self.dry_run or len(drafts) == held:
            return told
        remedy = "Publish them in the hub" + ("." if self.publishing else ", or run again with --publish.")
        return [*told, "", f"Drafts, which only marketers see: {len(drafts) - held:,}. {remedy}"]


def printable(text: str) -> str:
    """A text without what would move a terminal's cursor or change its colours."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
