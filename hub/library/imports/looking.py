"""The worker looks what is in a collection: its keys or columns with samples, and the first items, for the page to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hub.db import unit_of_work
from hub.library.importing import folder, reader, table
from hub.library.importing.folder import Found
from hub.library.importing.mapping import Mapping
from hub.library.importing.notation import Entry
from hub.library.importing.reader import Item
from hub.library.importing.report import Problem
from hub.library.imports.models import CollectionImport, Stage
from hub.library.imports.opening import Opened, opened
from hub.storage import Storage

SHOWN_ITEMS = 8
SAMPLES = 3
SAMPLE_LENGTH = 120
BODY_LENGTH = 3_000
MOST_KEYS = 150
MOST_VALUES = 60  # different values of a key that are offered for mapping


@dataclass(slots=True)
class _Seen:
    """What was seen on the way."""

    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    total: int = 0
    forms: dict[str, int] = field(default_factory=dict)


def look(import_id: int, storage: Storage) -> None:
    """Read a collection through once and keep what its page needs to know."""
    with unit_of_work(write=False) as session:
        made = session.get(CollectionImport, import_id)
        if made is None or made.stage is not Stage.LOOKING:
            return
    with opened(storage, made) as place:
        seen = _Seen(problems=list(place.notes))
        if not place.reason:
            _look_through(place, seen)
        reason = place.reason or _nothing(seen)
    with unit_of_work() as session:
        made = session.get_one(CollectionImport, import_id)
        made.stage, made.reason = (Stage.REFUSED, reason) if reason else (Stage.READY, "")
        made.source = made.source or Path(made.filename).stem[:80].replace("/", " ").replace("#", " ").strip()
        made.found = {
            "keys": list(seen.keys.values())[:MOST_KEYS],
            "items": seen.items,
            "problems": seen.problems[:50],
            "total": seen.total,
            "forms": seen.forms,
        }


def _files_of(opened: Opened) -> list[Found]:
    """The files that an import of this would read."""
    if opened.place.is_file():
        return [Found(opened.place, opened.place.name, table.FORM, called=opened.called)]
    scan = folder.scan(opened.place, lambda _: False)
    leading = folder.lead_by_table(scan)
    return [leading] if leading is not None else [*scan.files, *scan.others]


def _look_through(place: Opened, seen: _Seen) -> None:
    for found in _files_of(place):
        seen.forms[found.form] = seen.forms.get(found.form, 0) + 1
        for item in _items(found):
            if isinstance(item, Problem):
                seen.problems.append(str(item))
                continue
            seen.total += 1
            _note_keys(item, seen)
            if len(seen.items) < SHOWN_ITEMS:
                seen.items.append(_kept(item))


def _items(found: Found) -> Iterator[Item | Problem]:
    if found.form == table.FORM:
        yield from table.items(found, Mapping(), every_column=True)
    elif found.form == "file":
        yield Item(found, Entry())
    else:
        reading = reader.read(found, Mapping())
        yield from reading.problems
        yield from reading.items


def _note_keys(item: Item, seen: _Seen) -> None:
    for key, value in item.entry.values.items():
        if value in (None, "", [], {}) or (key not in seen.keys and len(seen.keys) >= MOST_KEYS):
            continue
        known = seen.keys.setdefault(key, {"key": key, "count": 0, "samples": [], "values": []})
        known["count"] += 1
        for word in _words(value):
            if len(known["samples"]) < SAMPLES and word not in known["samples"]:
                known["samples"].append(word)
            if len(known["values"]) < MOST_VALUES and word not in known["values"]:
                known["values"].append(word)


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [str(one)[:SAMPLE_LENGTH] for one in listed if not isinstance(one, dict)][:20]


def _kept(item: Item) -> dict[str, Any]:
    """An item as the page can make a draft of it again."""
    return {
        "file": item.file,
        "form": item.found.form,
        "alone": item.found.alone,
        "values": {str(key): _plain(value) for key, value in item.entry.values.items()},
        "line": item.entry.line,
        "body": item.body[:BODY_LENGTH],
        "anchor": item.anchor,
    }


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in list(value.items())[:50]}
    if isinstance(value, list):
        return [_plain(one) for one in value[:50]]
    if isinstance(value, date):
        return value.isoformat()
    return (
        value[:BODY_LENGTH]
        if isinstance(value, str)
        else value
        if isinstance(value, (int, float, bool))
        else None
    )


def _nothing(seen: _Seen) -> str:
    if seen.total:
        return ""
    told = seen.problems[0] if seen.problems else "It holds no table, no texts and no files."
    return f"There is nothing to import in it. {told}"
