"""What every document has, as columns of numpy arrays: its id, its date, its audience, its facets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hub.search.port import Document

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]

TAG_SEPARATOR = "\x1f"
#: The tags an audience is kept as; no facet can have this name, for facets are words.
AUDIENCE = "@"


def tags_of(document: Document) -> tuple[str, ...]:
    """The document's facets and audience, as they are kept in an index."""
    facets = ((name, value) for name, values in document.facet_values().items() for value in values)
    audience = ((AUDIENCE, token) for token in document.viewers)
    return tuple(f"{name}{TAG_SEPARATOR}{value}" for name, value in (*facets, *audience))


def stamp_of(document: Document) -> float:
    """When it was published, or changed; in seconds."""
    return (document.published or document.updated).timestamp()


#: A facet's values are counted by bits while those take no more bytes than this.
_BITS_MOST = 2 << 20


@dataclass(frozen=True)
class Selection:
    """Some documents; their bits are packed once for all facets that are counted over them."""

    mask: Mask

    @cached_property
    def bits(self) -> Bits:
        return packed(self.mask)


@dataclass(frozen=True)
class FacetColumn:
    """A facet's values, and parallel arrays: documents[i] has values[codes[i]]; `size` is the number of all documents."""

    values: tuple[str, ...]
    codes: Ints
    documents: Ints
    size: int

    def having(self, chosen: tuple[str, ...]) -> Mask:
        """Documents with one of the chosen values."""
        wanted = np.array([value in chosen for value in self.values], np.bool_)
        if self._bits is not None:
            return unpacked(np.bitwise_or.reduce(self._bits[wanted], axis=0), self.size)
        mask = np.zeros(self.size, np.bool_)
        mask[self.documents[wanted[self.codes]]] = True
        return mask

    def counts(self, some: Selection) -> dict[str, int]:
        """How many of the documents have each value; values of none are left out."""
        if self._bits is None:
            counts = np.bincount(self.codes[some.mask[self.documents]], minlength=len(self.values))
        else:
            counts = np.bitwise_count(self._bits & some.bits).sum(axis=1, dtype=np.int64)
        return {value: count for value, count in zip(self.values, counts.tolist(), strict=True) if count}

    @cached_property
    def _bits(self) -> Bits | None:
        """A row of bits for each value, one for each document; none where a facet has too many values."""
        if len(self.values) * self.size > 8 * _BITS_MOST:
            return None
        rows = np.zeros((len(self.values), self.size), np.bool_)
        rows[self.codes, self.documents] = True
        return packed(rows)


def packed(masks: Mask) -> Bits:
    """Bits of a mask, or of rows of masks, 64 in a number."""
    bits = np.packbits(masks, axis=-1)
    whole = np.zeros((*bits.shape[:-1], -(-bits.shape[-1] // 8) * 8), np.uint8)
    whole[..., : bits.shape[-1]] = bits
    return whole.view(np.uint64)


def unpacked(bits: Bits, size: int) -> Mask:
    """The mask of so many documents that was packed."""
    return np.unpackbits(bits.view(np.uint8), count=size).view(np.bool_)


def facet_column(values: dict[str, list[Ints]], size: int) -> FacetColumn:
    documents = [np.concatenate(parts) for parts in values.values()]
    codes = np.repeat(np.arange(len(values)), [len(part) for part in documents])
    return FacetColumn(tuple(values), codes, np.concatenate(documents), size)
