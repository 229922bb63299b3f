"""A list of people to invite, as text: CSV of any separator, or bare e-mail addresses, one a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import Invalid

MOST = 500  # lines; each is a person, a link and a mail in one transaction
LONGEST = 1_000_000  # bytes
FIELD = "people"
SEPARATORS = ",;\t"
COLUMNS = ("email", "name", "role", "teams", "hired")
ALSO = {
    "e-mail": "email",
    "mail": "email",
    "e-mail address": "email",
    "email address": "email",
    "team": "teams",
    "hired on": "hired",
    "hired_on": "hired",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line, as it was written."""

    line: int
    email: str
    name: str
    role: str
    teams: tuple[str, ...]
    hired: str = ""


def read(text: str) -> list[Row]:
    """The lines that hold something, without the one that names the columns.

    Raises:
        Invalid: field `people`; it holds nobody, too many, or a column that is not known.
    """
    text = text.replace("\0", "").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    found = _records(text, separator)
    columns: Sequence[str] = COLUMNS
    if found and not any("@" in cell for cell in found[0][1]):
        columns = _columns(*found.pop(0))
    if not found:
        raise Invalid(FIELD, "There is nobody in it.", "Give a line for each person, with an e-mail address.")
    if len(found) > MOST:
        raise Invalid(FIELD, f"It has {len(found):,} lines; {MOST} are the most.", "Send it in parts.")
    return [_row(line, cells, columns, separator) for line, cells in found]


def _records(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise Invalid(
            FIELD,
            f"Line {reader.line_num} cannot be read as CSV.",
            "See whether a quotation mark is never closed.",
        ) from error
    return found


def _columns(line: int, cells: Sequence[str]) -> list[str]:
    names = [ALSO.get(cell.lower(), cell.lower()) for cell in cells]
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name and name not in COLUMNS]
    if unknown or len(set(names)) < len(names) or "email" not in names:
        wrong = (
            f"“{unknown[0][:80]}” is not known" if unknown else "email is missing, or one stands there twice"
        )
        remedy = f"The columns are {', '.join(COLUMNS)}; only email is needed."
        raise Invalid(FIELD, f"Line {line} should name the columns, but {wrong}.", remedy)
    return names


def _row(line: int, cells: Sequence[str], columns: Sequence[str], separator: str) -> Row:
    told = dict(zip(columns, cells, strict=False))
    teams = told.get("teams", "")
    for mark in "|;,".replace(separator, ""):
        teams = teams.replace(mark, "\n")
    named = tuple(dict.fromkeys(" ".join(team.split()) for team in teams.split("\n") if team.strip()))
    return Row(
        line, told.get("email", ""), told.get("name", ""), told.get("role", ""), named, told.get("hired", "")
    )
