"""Small files as real sites write them, and drafts made of them without a database."""

from __future__ import annotations

from collections.abc import Mapping as Map
from pathlib import Path

from hub.library.importing import draft, folder, industries, reader
from hub.library.importing.draft import Draft, Setting
from hub.library.importing.mapping import Mapping
from hub.library.importing.vocabulary import Vocabulary, Word
from hub.library.kinds import Kind
from hub.library.taxonomy import BEGINNING, fold, key_of


def beginning() -> Vocabulary:
    """The terms that a hub begins with."""
    words = []
    for facet, terms in BEGINNING.items():
        for label, synonyms in terms:
            more = industries.WORDS.get(key_of(label), ()) if facet == "vertical" else ()
            names = tuple(dict.fromkeys(fold(name) for name in (label, *synonyms, *more)))
            words.append(Word(facet, key_of(label), label, names))
    return Vocabulary(tuple(words))


def write(root: Path, files: Map[str, str | bytes]) -> Path:
    """Files by their paths from `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def drafts(root: Path, mapping: Mapping | None = None, kind: Kind | None = None) -> list[Draft | str]:
    """What becomes of each item of a folder: a draft, or why there is none."""
    mapping = mapping or Mapping()
    setting = Setting("stories", mapping, beginning(), kind)
    found = folder.scan(root, mapping.ignores).files
    items = [item for file in found for item in reader.read(file, mapping).items]
    return [draft.make(item, setting) for item in items]


def drafted(root: Path, name: str, content: str, mapping: Mapping | None = None) -> Draft:
    """The draft of one file."""
    made = drafts(write(root, {name: content}), mapping)
    assert len(made) == 1
    assert isinstance(made[0], Draft), made[0]
    return made[0]
