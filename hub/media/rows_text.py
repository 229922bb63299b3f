"""Rows of a CSV file, whatever program wrote it: its encoding and its separator are found out."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from hub.media.faults import Unusable
from hub.media.report import Report
from hub.media.spreadsheet import NOTE
from hub.media.task import Task

SEPARATORS = ",;\t|"
LONGEST = 600_000  # characters of a cell; more is a quotation mark that is never closed
_SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAYS_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)


def rows(task: Task, report: Report) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    """Line, cells and faults of each row."""
    encoding, odd_line = encoding_of(task.path)
    if odd_line:
        report.shortfall(f"It is not UTF-8 (line {odd_line}) and was read as Windows-1252.", NOTE)
    csv.field_size_limit(LONGEST)
    with task.path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(_SAMPLE)
        said = _SAYS_SEPARATOR.fullmatch(first)
        lines = (line.replace("\0", "") for line in file)
        if said is None:
            file.seek(0)
            lines = (line.replace("\0", "") for line in file)
        separator = said[1] if said else separator_of(task.path, encoding)
        yield from _records(lines, separator, 1 if said else 0)


def encoding_of(path: Path) -> tuple[str, int]:
    """The encoding of a text, and the first line that is not UTF-8 when Windows-1252 is assumed, else 0.

    Raises:
        Unusable: it is no text.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name, 0
        if b"\0" in head:
            return _without_bom(head), 0
        decoder = codecs.getincrementaldecoder("utf-8")()
        line, piece = 1, head
        while piece:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return "cp1252", line + piece.count(b"\n", 0, error.start)
            line += piece.count(b"\n")
            piece = file.read(1024 * 1024)
    return "utf-8", 0


def separator_of(path: Path, encoding: str) -> str:
    """The separator under which most of the first rows have as many cells as the first one, and that makes the most cells."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_SAMPLE).replace("\0", "").splitlines(keepends=True)
    scores = {}
    for separator in SEPARATORS:
        counts = [
            len(cells) for _, cells, _ in islice(_records(iter(sample), separator, 0), 30) if any(cells)
        ]
        alike = sum(count == counts[0] for count in counts) if counts else 0
        scores[separator] = (counts[0] > 1, counts[0] * alike, counts[0]) if counts else (False, 0, 0)
    return max(SEPARATORS, key=lambda separator: scores[separator])


def _without_bom(head: bytes) -> str:
    """UTF-16 has its nulls on one side."""
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > 4 * even and odd > len(head) // 8:
        return "utf-16-le"
    if even > 4 * odd and even > len(head) // 8:
        return "utf-16-be"
    raise Unusable(
        "It is no text, whatever its name says. Save it as CSV with the encoding UTF-8.", "null bytes"
    )


def _records(
    lines: Iterator[str], separator: str, before: int
) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = before + reader.line_num + 1
        try:
            yield line, [cell.strip() for cell in next(reader)], {}
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [], {-1: _told(str(error))}


def _told(error: str) -> str:
    if "field limit" in error or "end of data" in error:
        return "a quotation mark that opens here is never closed"
    return (
        "a quotation mark stands in the middle of a cell; write it twice and put the cell in quotation marks"
    )
