"""What every document has (id, date, title, audience, facets), read from Tantivy into columns.

A file `rows` beside Tantivy's own has them of all documents up to some commit, for opening in a moment; those of later commits
are read from Tantivy, document by document, and join it when they are many."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hub.search.folder_engine.columns import Ints, Mask
from hub.search.folder_engine.titles import TitleIndex
from hub.search.tantivy_index import beside

NAME = "rows"
#: Besides those of a `View`: where the document's texts are in their file, and how long.
_NUMBERS = ("key", "stamp", "at", "length")


@dataclass(frozen=True)
class Rows:
    """Implements `View`."""

    numbers: Mapping[str, npt.NDArray[Any]]
    tags: Mapping[str, Ints]
    titles: Sequence[str]

    @property
    def size(self) -> int:
        return len(self.titles)

    @cached_property
    def title_index(self) -> TitleIndex:
        return TitleIndex(self.titles)


class Gathering:
    """Takes the `row` of one document after the other, as `schema.prepared` wrote it."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []
        self._keys: list[int] = []
        self._stamps: list[float] = []
        self._titles: list[str] = []
        self._tags: defaultdict[str, array[int]] = defaultdict(partial(array, "q"))

    def add(self, row: bytes) -> None:
        at, length, key, stamp, title, tags = json.loads(row)
        for tag in tags:
            self._tags[tag].append(len(self._keys))
        self._places.append((at, length))
        self._keys.append(key)
        self._stamps.append(stamp)
        self._titles.append(title)

    def rows(self) -> Rows:
        return Rows(
            {
                "key": np.array(self._keys, np.int64),
                "stamp": np.array(self._stamps, np.float64),
                "at": np.array([at for at, _ in self._places], np.int64),
                "length": np.array([length for _, length in self._places], np.int64),
            },
            {tag: np.array(documents, np.int64) for tag, documents in self._tags.items()},
            self._titles,
        )


def joined(some: Sequence[Rows], kept: Mask) -> Rows:
    """One of several, one at least, without the documents that are not kept."""
    numbers = np.cumsum(kept) - 1
    bases = np.cumsum([0, *(rows.size for rows in some)])
    titles = [title for rows in some for title in rows.titles]
    tags: defaultdict[str, list[Ints]] = defaultdict(list)
    for base, rows in zip(bases, some, strict=False):
        for tag, documents in rows.tags.items():
            here = documents + base
            tags[tag].append(numbers[here[kept[here]]])
    return Rows(
        {name: np.concatenate([rows.numbers[name] for rows in some])[kept] for name in _NUMBERS},
        {tag: together for tag, parts in tags.items() if len(together := np.concatenate(parts))},
        [titles[number] for number in np.flatnonzero(kept).tolist()],
    )


def write(folder: Path, rows: Rows, commit: int) -> None:
    """Keep them, durably and in one step; they are those of all commits up to this."""
    documents = list(rows.tags.values())
    beside.write(
        folder / NAME,
        commit=np.array(commit),
        key=rows.numbers["key"],
        stamp=rows.numbers["stamp"],
        at=rows.numbers["at"],
        length=rows.numbers["length"],
        tags=pack_texts(list(rows.tags)),
        tag_ends=np.cumsum([len(some) for some in documents]),
        tag_documents=np.concatenate([np.zeros(0, np.int64), *documents]).astype(np.uint32),
        titles=pack_texts(rows.titles),
    )


def read(folder: Path) -> tuple[Rows, int]:
    """The rows kept, and the last commit they are of. Raises `Damaged`."""
    kept = beside.read(folder / NAME)
    documents = np.split(kept["tag_documents"].astype(np.int64), kept["tag_ends"][:-1])
    tags = dict(zip(unpack_texts(kept["tags"]), documents, strict=False))
    numbers = {name: kept[name] for name in _NUMBERS}
    return Rows(numbers, tags, unpack_texts(kept["titles"])), int(kept["commit"])


def last_kept(folder: Path) -> int:
    """The last commit of the rows kept."""
    return int(beside.one(folder / NAME, "commit"))


def pack_texts(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(list(texts), ensure_ascii=False).encode("utf-8", "replace"), np.uint8)


def unpack_texts(packed: npt.NDArray[np.uint8]) -> list[str]:
    texts: list[str] = json.loads(packed.tobytes())
    return texts
