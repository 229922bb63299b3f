"""A table of assets, one a row: its columns told apart, its rows as items."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from hub.library.importing.folder import Found
from hub.library.importing.mapping import KEYS, Mapping, plain_key
from hub.library.importing.notation import Entry
from hub.library.importing.reader import Item, value_of
from hub.library.importing.report import Problem
from hub.library.kinds import KINDS
from hub.media.faults import MediaFault
from hub.media.spreadsheet import Row, Rows, read_rows

FORM = "rows"
WHOLE = -1  # the place of a fault of a whole row
NAMED_BY = ("id", "file", "title")  # what tells a row from the others, the best first


def items(found: Found, mapping: Mapping, *, every_column: bool = False) -> Iterator[Item | Problem]:
    """The rows of a table as items; what is wrong with one is told with its line, and the others go on.

    With `every_column` also those that feed nothing are kept: for somebody who is about to map them.
    """
    with tempfile.TemporaryDirectory(prefix="hub-table-") as folder:
        try:
            rows = read_rows(found.path, found.path.name, Path(folder))
        except (OSError, MediaFault) as error:
            yield Problem(found.shown, 0, f"It cannot be read ({error}).", "Run the import again.")
            return
        if rows.reason:
            yield Problem(found.shown, 0, rows.reason)
            return
        for note in rows.notes:
            yield Problem(found.shown, 0, note, serious=False)
        yield from _Table(found, mapping, every_column=every_column).items(rows)


class _Table:
    """Goes through the rows of one table."""

    def __init__(self, found: Found, mapping: Mapping, *, every_column: bool) -> None:
        self.found, self.mapping, self.every_column = found, mapping, every_column
        self.columns: list[str] = []
        self._seen: dict[str, int] = {}

    def items(self, rows: Rows) -> Iterator[Item | Problem]:
        several = iter(rows)
        head = next(several, None)
        if head is None:
            yield self._problem(0, "It holds no rows.", "Write the names of the columns into the first one.")
            return
        yield from self._head(head)
        if not any(self.columns):
            return
        for row in several:
            yield self._row(row)

    def _head(self, head: Row) -> Iterator[Problem]:
        """Take the names of the columns. Without one that names assets it is no table of assets."""
        known = {plain_key(name) for names in self.mapping.keys.values() for name in names}
        known |= {
            plain_key(said) for spec in KINDS.values() for kf in spec.fields for said in (kf.key, kf.label)
        }
        seen: dict[str, str] = {}
        unused = []
        for name in head.cells:
            plain = plain_key(name)
            if plain in seen:
                words = f"Two columns are called “{name[:60]}”; the first was taken."
                yield self._problem(head.line, words, "Rename one of them.", serious=False)
            elif name and plain not in known:
                unused.append(name)
            wanted = plain in known or self.every_column
            self.columns.append(name if plain and wanted and plain not in seen else "")
            seen[plain] = name
        if self.every_column:
            return
        naming = {plain_key(name) for role in ("title", "file") for name in self.mapping.keys[role]}
        if not any(plain_key(name) in naming for name in self.columns if name):
            shown = ", ".join(f"“{name[:40]}”" for name in head.cells[:12] if name)
            remedy = "Name the columns in the first row, title or file among them, or map them."
            yield self._problem(head.line, f"No column gives a title or a file: {shown}.", remedy)
            self.columns = []
        elif unused:
            words = f"Columns that feed nothing: {', '.join(name[:40] for name in unused[:20])}."
            yield self._problem(head.line, words, "Map them if they should.", serious=False)

    def _row(self, row: Row) -> Item | Problem:
        wrong = self._wrong(row)
        if wrong:
            return self._problem(row.line, f"The row was left out: {wrong}.", "Mend it, then run again.")
        values = {name: cell for name, cell in zip(self.columns, row.cells, strict=False) if name and cell}
        entry = Entry(values, dict.fromkeys(values, row.line), row.line)
        name = self._name(entry)
        if not name and self.every_column:
            name = str(row.line)
        if not name:
            return self._problem(row.line, "The row has neither a title nor a file.", "Give it one.")
        if name in self._seen:
            words = f"“{name[:80]}” stands in line {self._seen[name]} already; only the first went in."
            return self._problem(row.line, words, "Give each row a title of its own, or an id.")
        self._seen[name] = row.line
        return Item(self.found, entry, body_line=row.line, anchor=name)

    def _wrong(self, row: Row) -> str:
        """Why a row cannot be taken as it is."""
        if WHOLE in row.faults:
            return row.faults[WHOLE]
        for place, words in row.faults.items():
            if place < len(self.columns) and self.columns[place]:
                return f"in “{self.columns[place][:40]}” {words}"
        if any(row.cells[len(self.columns) :]):
            more = f"it has {len(row.cells)} cells under {len(self.columns)} columns"
            return f"{more}; a text with the separator in it needs quotation marks"
        if (
            len(row.cells) == 1
            and len(self.columns) > 2
            and row.cells[0].count(";") + row.cells[0].count(",") >= 2
        ):
            return "its cells are apart by another mark than those of the first row"
        return ""

    def _name(self, entry: Entry) -> str:
        for role in NAMED_BY:
            words = " ".join(str(value_of(entry, self.mapping.keys[role])[1] or "").split())
            if words:
                return words
        return ""

    def _problem(self, line: int, message: str, remedy: str, *, serious: bool = True) -> Problem:
        return Problem(self.found.shown, line, message, remedy, serious)


def spoken(mapping: Mapping, name: str) -> str:
    """What a column of this name feeds, for showing; empty when nothing."""
    plain = plain_key(name)
    roles = (role for role, names in mapping.keys.items() if plain in map(plain_key, names))
    return next(roles, "") if plain else ""


def roles() -> list[str]:
    """Everything that a column may feed."""
    return sorted({*KEYS, *(known.key for spec in KINDS.values() for known in spec.fields)})
