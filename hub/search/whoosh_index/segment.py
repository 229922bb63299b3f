"""One segment of Whoosh's files, read into numpy arrays. A segment never changes, so all that is read here can be kept; which of
its documents are deleted is the snapshot's business."""

from __future__ import annotations

import mmap
import pickle
import struct
import zlib
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise, takewhile
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import FileFormatError
from whoosh.filedb.structfile import StructFile
from whoosh.index import IndexError as NoIndexError
from whoosh.reading import CorruptIndexError, TermNotFound

from hub.search.distance import Words
from hub.search.language import title_words
from hub.search.whoosh_index.schema import NUMBERS, Parts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: Numbers of postings and positions a segment keeps unpacked; about 16 bytes each.
KEPT_MOST = 2_000_000
# What reading a damaged file may raise, from Whoosh, pickle, zlib, numpy or the file system.
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    MemoryError,
    OverflowError,
    ImportError,
    struct.error,
    pickle.UnpicklingError,
    zlib.error,
    CorruptIndexError,
    FileFormatError,
    NoIndexError,
)


class Damaged(Exception):
    """A file of the index is missing, or not what was written."""


@contextmanager
def reading() -> Iterator[None]:
    """Around anything that reads the files: whatever a damaged one makes the libraries raise becomes `Damaged`."""
    try:
        yield
    except _DAMAGE as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error


class MappedFile(StructFile):
    """Random access by slices of a memory map: no file position that threads could disturb."""

    file: Any

    def get(self, position: int, length: int) -> bytes:
        data: bytes = self.file[position : position + length]
        if len(data) != length:
            raise Damaged(f"{self._name} ends before {position + length}")
        return data


class MappedStorage(FileStorage):
    """Whoosh's folder of files, read through memory maps."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]

    def open_file(self, name: str, **_: Any) -> MappedFile:
        path = Path(self.folder, name)
        if not path.stat().st_size:
            return MappedFile(BytesIO(), name=name)
        with path.open("rb") as file:
            mapped: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return MappedFile(mapped, name=name)


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: the documents in rising order, and document i's positions, positions[starts[i]:starts[i + 1]]."""

    documents: Ints
    starts: Ints
    positions: Ints

    @property
    def size(self) -> int:
        return len(self.documents) + len(self.positions)


NOWHERE = Postings(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int64))


def read_blocks(data: bytes) -> tuple[Ints, list[bytes]]:
    """The documents and values of one term from its blocks, as Whoosh's W3 codec writes them."""
    if data[:4] != WHOOSH3_HEADER_MAGIC:
        raise Damaged("postings without their header")
    stream, position, length = BytesIO(data), 4, 1
    ids: list[Ints] = []
    values: list[bytes] = []
    while length > 0:
        (length,) = struct.unpack_from("!i", data, position)
        end = position + 4 + abs(length)
        stream.seek(position + 4)
        compressed = pickle.load(stream)[3]  # noqa: S301 (Whoosh's format, our own files)
        block = data[stream.tell() : end]
        deltas, _, block_values = pickle.loads(zlib.decompress(block) if compressed else block)  # noqa: S301
        ids.append(np.cumsum(np.array(deltas, np.int64)))
        values.extend(block_values or ())
        position = end
    return np.concatenate(ids), values


class SegmentView:
    """What searching needs of a segment."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self.id: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._storage = MappedStorage(folder)
        self._segment = segment
        self._terms = segment.codec().terms_reader(self._storage, segment)
        self._file = segment.open_file(self._storage, ".pst")
        self._kept: OrderedDict[str, Postings] = OrderedDict()
        self._kept_size = 0
        self._lock = Lock()
        self.numbers = {name: self._numbers(name, code) for name, code in NUMBERS.items()}
        # Opened now, for the files go when a later commit has merged them; what is mapped stays readable.
        self._parts, self._titles = self._column("parts"), self._column("title")
        self._checked = False
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

    def terms_beginning(self, letter: str) -> Words:
        """The terms of the text that begin with this letter."""
        if letter not in self._by_letter:
            start = letter.encode()
            terms = takewhile(lambda term: term[1].startswith(start), self._terms.terms_from("text", start))
            self._by_letter[letter] = Words([term.decode() for field, term in terms if field == "text"])
        return self._by_letter[letter]

    def check(self) -> None:
        """Read to the end of each file, once."""
        if self._checked:
            return
        last = None
        for (field, _), info in self._terms.items():
            if field == "text":
                last = info
        if last is not None:
            self._blocks(last)
        for document in (0, self.size - 1):
            if self.size:
                self.parts(document)
        self._checked = True

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


class TitleIndex:
    """Folded words of titles, sorted, each with the documents that have it."""

    def __init__(self, titles: list[str]) -> None:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for document, title in enumerate(titles):
            for word in set(title_words(title)):
                found[word].append(document)
        self._words = sorted(found)
        self._documents = np.array([document for word in self._words for document in found[word]], np.int64)
        self._starts = np.cumsum([0, *(len(found[word]) for word in self._words)])

    def having(self, word: str, *, begun: bool = False) -> Ints:
        """The documents whose title has the word, or one that begins with it; unsorted, some twice."""
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, word + "\U0010ffff") if begun else first
        if not begun and first < len(self._words) and self._words[first] == word:
            last = first + 1
        return self._documents[self._starts[first] : self._starts[last]]


def concatenated(parts: list[tuple[int, Postings]]) -> Postings:
    """Postings of several segments as one, each shifted by the number of documents before its segment."""
    held = [(base, postings) for base, postings in parts if len(postings.documents)]
    if not held:
        return NOWHERE
    if len(held) == 1 and held[0][0] == 0:
        return held[0][1]
    offsets = np.cumsum([0, *(len(postings.positions) for _, postings in held)])
    starts = [
        postings.starts[:-1] + offset
        for (_, postings), (offset, _) in zip(held, pairwise(offsets), strict=True)
    ]
    return Postings(
        np.concatenate([postings.documents + base for base, postings in held]),
        np.concatenate([*starts, offsets[-1:]]),
        np.concatenate([postings.positions for _, postings in held]),
    )
