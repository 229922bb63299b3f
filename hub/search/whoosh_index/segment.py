"""One segment of Whoosh's files, read into numpy arrays. A segment never changes, so all that is read here can be kept; which of
its documents are deleted is the snapshot's business."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns
from whoosh.reading import TermNotFound

from hub.search.distance import Words
from hub.search.folder_engine.columns import Ints
from hub.search.folder_engine.parts import Parts
from hub.search.folder_engine.titles import TitleIndex
from hub.search.whoosh_index import sums
from hub.search.whoosh_index.files import PlacedStorage
from hub.search.whoosh_index.postings import NOWHERE, Postings, read_blocks
from hub.search.whoosh_index.schema import NUMBERS

#: Numbers of postings and positions a segment keeps unpacked; about 16 bytes each.
KEPT_MOST = 2_000_000


class SegmentView:
    """What searching needs of a segment."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self.id: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._storage = PlacedStorage(folder)
        sums.check_lengths(folder, self.id)
        self._terms = segment.codec().terms_reader(self._storage, segment)
        self._file = segment.open_file(self._storage, ".pst")
        self._kept: OrderedDict[str, Postings] = OrderedDict()
        self._kept_size = 0
        self._lock = Lock()
        self.numbers = {name: self._numbers(name, code) for name, code in NUMBERS.items()}
        # Opened now, for the files go when a later commit has merged them; what is open stays readable.
        self._parts, self._titles = self._column("parts"), self._column("title")
        self._by_letter: dict[str, Words] = {}
        self.tags = dict(self._read_tags())

    def postings(self, term: str) -> Postings:
        """Where a term of the text stands; nowhere when unknown."""
        with self._lock:
            kept = self._kept.get(term)
            if kept is not None:
                self._kept.move_to_end(term)
                return kept
        found = self._read_postings(term)
        with self._lock:
            self._kept[term] = found
            self._kept_size += found.size + 8
            while self._kept_size > KEPT_MOST and len(self._kept) > 1:
                self._kept_size -= self._kept.popitem(last=False)[1].size + 8
        return found

    def parts(self, document: int) -> Parts:
        return Parts(self._parts[document])

    @cached_property
    def titles(self) -> list[str]:
        return [title.decode("utf-8", "replace") for title in self._titles]

    @cached_property
    def title_index(self) -> TitleIndex:
        return TitleIndex(self.titles)

    def forms_beginning(self, letter: str) -> Words:
        """The words as written that begin with this letter."""
        if letter not in self._by_letter:
            start = letter.encode()
            terms = takewhile(lambda term: term[1].startswith(start), self._terms.terms_from("form", start))
            self._by_letter[letter] = Words([form.decode() for field, form in terms if field == "form"])
        return self._by_letter[letter]

    def having_form(self, form: str) -> Ints:
        """The documents that have the word as it is written."""
        try:
            info = self._terms.term_info("form", form.encode("utf-8", "replace"))
        except TermNotFound:
            return NOWHERE.documents
        return read_blocks(self._blocks(info))[0]

    def check(self) -> None:
        """Read all files. Raises `Damaged`."""
        sums.check(Path(self._storage.folder), self.id)

    def _blocks(self, info: Any) -> bytes:
        """All blocks of a term. Whoosh forgets to unpack the length, which it never uses itself."""
        offset, length = info.extent()
        blocks: bytes = self._file.get(offset, length[0] if isinstance(length, tuple) else length)
        return blocks

    def _read_postings(self, term: str) -> Postings:
        try:
            info = self._terms.term_info("text", term.encode("utf-8", "replace"))
        except TermNotFound:
            return NOWHERE
        documents, values = read_blocks(self._blocks(info))
        lengths = np.fromiter(map(len, values), np.int64, len(values)) // 4
        positions = np.frombuffer(b"".join(values), np.uint32).astype(np.int64)
        return Postings(documents, np.concatenate(([0], np.cumsum(lengths))), positions)

    def _read_tags(self) -> Iterator[tuple[str, Ints]]:
        for (field, tag), info in self._terms.items_from("tag", b""):
            if field != "tag":
                return
            yield tag.decode(), read_blocks(self._blocks(info))[0]

    def _numbers(self, name: str, code: str) -> npt.NDArray[Any]:
        """A column of numbers; Whoosh leaves out zeros at the end, and the file when all are."""
        numbers = np.zeros(self.size, np.float64 if code == "d" else np.int64)
        path = Path(self._storage.folder, f"{self.id}.{name}.col")
        if path.exists():
            read = np.frombuffer(path.read_bytes(), np.dtype(code).newbyteorder(">"))
            numbers[: len(read)] = read
        return numbers

    def _column(self, name: str) -> Any:
        filename = f"{self.id}.{name}.col"
        length = Path(self._storage.folder, filename).stat().st_size
        return columns.VarBytesColumn().reader(self._storage.open_file(filename), 0, length, self.size)
