"""The first items of a collection as the drafts they would become, without its files."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hub.errors import HubError
from hub.library.importing import draft as drafting
from hub.library.importing import row, table
from hub.library.importing.draft import Draft, Setting
from hub.library.importing.folder import Beside, Found
from hub.library.importing.notation import Entry
from hub.library.importing.reader import Item, value_of
from hub.library.kind_words import kind_of_file
from hub.library.uploading.names import clean_filename, title_of


@dataclass(frozen=True, slots=True)
class Shown:
    """An item: its draft with its terms by their labels, or why there is none. `file`: the file that would be attached."""

    place: str
    draft: Draft | None = None
    reason: str = ""
    file: str = ""
    terms: tuple[str, ...] = ()


def preview(found: Map[str, Any], setting: Setting) -> list[Shown]:
    """What would become of the first items."""
    shown = [_shown(kept, setting) for kept in found.get("items", [])]
    known = (*setting.vocabulary.words, *setting.vocabulary.retired)
    labels = {word.said: word.label for word in known}
    return [
        replace(one, terms=tuple(labels.get(said, said) for said in one.draft.terms)) if one.draft else one
        for one in shown
    ]


def _shown(kept: Map[str, Any], setting: Setting) -> Shown:
    origin = Found(Path("/", kept["file"]), kept["file"], kept["form"], kept["alone"])
    item = Item(origin, Entry(kept["values"], {}, kept["line"]), kept["body"], 1, kept["anchor"])
    place = f"{kept['file']}:{kept['line']}" if kept["form"] == table.FORM else kept["file"]
    try:
        if origin.form == "file":
            title, kind = title_of(clean_filename(origin.path.name)), setting.kind or kind_of_file(item.file)
            return Shown(place, Draft(item, "", kind, title), file=item.file)
        if origin.form == table.FORM:
            return _row(item, setting, place)
        made = drafting.make(item, setting)
    except HubError as error:
        return Shown(place, reason=f"{error.message} {error.remedy or ''}".strip())
    return Shown(place, reason=f"Left out: {made}.") if isinstance(made, str) else Shown(place, made)


def _row(item: Item, setting: Setting, place: str) -> Shown:
    """A row without its file, of which only the name is at hand."""
    keys = setting.mapping.keys
    column, named = value_of(item.entry, keys["file"])
    values = {key: value for key, value in item.entry.values.items() if key != column}
    if named and not value_of(item.entry, keys["title"])[0]:
        values["title"] = title_of(clean_filename(str(named)))
    if not value_of(item.entry, keys["title"])[0] and not named:
        return Shown(place, reason="The row has neither a title nor a file.")
    made = row.make(
        replace(item, entry=Entry(values, {}, item.entry.line)), setting, Beside(Path("/nowhere"))
    )
    return Shown(place, made, file=str(named or ""))
