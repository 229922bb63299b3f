"""What every document has, as columns of numpy arrays: its id, its date, its audience, its facets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hub.search.port import Document

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

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


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """A facet's values, and parallel arrays: documents[i] has values[codes[i]]."""

    values: tuple[str, ...]
    codes: Ints
    documents: Ints

    def having(self, chosen: tuple[str, ...], size: int) -> Mask:
        """Documents with one of the chosen values."""
        wanted = np.isin(
            np.arange(len(self.values)), [i for i, value in enumerate(self.values) if value in chosen]
        )
        mask = np.zeros(size, np.bool_)
        mask[self.documents[wanted[self.codes]]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many of the masked documents have each value; values of none are left out."""
        counts = np.bincount(self.codes[mask[self.documents]], minlength=len(self.values))
        return {value: int(count) for value, count in zip(self.values, counts, strict=True) if count}


def facet_column(values: dict[str, list[Ints]]) -> FacetColumn:
    documents = [np.concatenate(parts) for parts in values.values()]
    codes = np.repeat(np.arange(len(values)), [len(part) for part in documents])
    return FacetColumn(tuple(values), codes, np.concatenate(documents))
