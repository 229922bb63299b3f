"""One file of the folder, read: the items in it, before anything is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hub.library.importing import folder, front_matter
from hub.library.importing.encoding import NotText, decode
from hub.library.importing.folder import Found
from hub.library.importing.mapping import Mapping, plain_key
from hub.library.importing.notation import Entry, NotationError, yaml_entries
from hub.library.importing.report import Problem

TELLING = ("title", "summary", "body", "quote", "customer", "link")  # an entry without any of them is no item


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may become an asset. `anchor` tells it from the others of its file."""

    found: Found
    entry: Entry
    body: str = ""
    body_line: int = 1
    anchor: str = ""

    @property
    def file(self) -> str:
        """The file as a report calls it."""
        return self.found.shown

    @property
    def name(self) -> str:
        """What it is known by in later imports."""
        return _of_file(self.found.relative, self.anchor)

    @property
    def told(self) -> str:
        """What a report calls it."""
        return _of_file(self.found.shown, self.anchor)


@dataclass(slots=True)
class Reading:
    """What came of reading one file. `reason`: why there is nothing in it, when that is no problem."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reason: str = ""


def _of_file(file: str, anchor: str) -> str:
    return f"{file}#{anchor}" if anchor else file


def read(found: Found, mapping: Mapping) -> Reading:
    """Read one file; whatever is wrong with it is in the reading."""
    reading = Reading()
    try:
        raw = folder.read_bytes(found.path, folder.MOST_BYTES)
    except OSError as error:
        reading.problems.append(
            Problem(
                found.relative,
                0,
                f"It cannot be read ({error.strerror}).",
                "Look at its rights, then run again.",
            )
        )
        return reading
    if raw is None:
        words = f"It has more than {folder.MOST_BYTES / 1e6:.0f} MB of text."
        reading.problems.append(Problem(found.relative, 0, words, "Cut it into smaller files."))
        return reading
    if not raw.strip():
        reading.reason = "it is empty"
        return reading
    try:
        decoded = decode(raw)
    except NotText:
        reading.problems.append(
            Problem(
                found.relative,
                0,
                "It is not a text, whatever its name says.",
                "Remove it, or save it as UTF-8.",
            )
        )
        return reading
    if decoded.odd_line:
        words = "It is not UTF-8 and was read as Windows-1252."
        remedy = "Look whether all letters are right; best save it as UTF-8."
        reading.problems.append(Problem(found.relative, decoded.odd_line, words, remedy, serious=False))
    try:
        _take(found, decoded.text, mapping, reading)
    except NotationError as error:
        what = "The file" if found.form == "entries" else "The front matter"
        remedy = "Mend it there (a value with “: ” or “#” in it needs quotes), then run again."
        reading.problems.append(
            Problem(found.relative, error.line, f"{what} does not parse: {error.message}.", remedy)
        )
    return reading


def value_of(entry: Entry, names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of these keys that holds something: the key as it is written there, and its value."""
    written = {plain_key(key): key for key in reversed(entry.values)}
    for name in names:
        key = written.get(plain_key(name))
        if key is not None and entry.values[key] not in (None, "", [], {}):
            return key, entry.values[key]
    return "", None


def _take(found: Found, text: str, mapping: Mapping, reading: Reading) -> None:
    if found.form != "entries":
        document = front_matter.split(text)
        reading.items.append(Item(found, document.entry, document.body, document.body_line))
        return
    entries = yaml_entries(text)
    told = [
        entry for entry in entries or [] if any(value_of(entry, mapping.keys[role])[0] for role in TELLING)
    ]
    if not told:
        reading.reason = "it holds no items with a title or a text"
        return
    if len(told) == 1 and len(entries or []) == 1:
        reading.items.append(Item(found, told[0], body_line=told[0].line))
        return
    seen: dict[str, int] = {}
    for number, entry in enumerate(told, 1):
        anchor = _anchor(entry, mapping, number)
        if anchor in seen:
            words = f"The id “{anchor[:80]}” stands in line {seen[anchor]} already."
            reading.problems.append(
                Problem(
                    found.relative, entry.line, words, "Give one of the two another id; the first was taken."
                )
            )
            continue
        seen[anchor] = entry.line
        reading.items.append(Item(found, entry, body_line=entry.line, anchor=anchor))


def _anchor(entry: Entry, mapping: Mapping, number: int) -> str:
    for role in ("id", "slug", "title", "customer"):
        value = value_of(entry, mapping.keys[role])[1]
        if isinstance(value, (str, int)) and (words := " ".join(str(value).split())):
            return words
    return str(number)
