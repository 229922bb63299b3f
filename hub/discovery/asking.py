"""What is asked for: the address of the search page, and what the words in the box say besides words.

A typed value of a facet, `kind:deck`, is what a tick is: `ticked` takes it out of the words and puts it among the filters.
`-kind:deck`, `rating:>4`, `newer:90d`, `older:1y` and `owner:me` have no box to tick; they stay in the words, and `read` takes
them out for the engine. Phrases and words with a minus are the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from hub.discovery import stars
from hub.discovery.naming import Names
from hub.discovery.orders import USUAL
from hub.discovery.standing import Columns, Ids
from hub.library.models import FACETS
from hub.library.taxonomy import fold
from hub.search import Within
from hub.search.conditions import Condition, taken_apart, together
from hub.usage.searches import CONDITIONS
from hub.web.filters import plural

_RATING = re.compile(r"(>=|<=|>|<|=)?\s*([0-5](?:[.,]\d{1,2})?)")
_SPAN = re.compile(r"(\d{1,4})\s*(d|w|m|y)[a-z]*", re.IGNORECASE)
_DAYS = {"d": (1, "day"), "w": (7, "week"), "m": (30, "month"), "y": (365, "year")}
_COMPARED: dict[str, np.ufunc] = {
    ">=": np.greater_equal,
    "<=": np.less_equal,
    ">": np.greater,
    "<": np.less,
    "=": np.equal,
}
_SIGNS = {">=": "≥", "<=": "≤", "=": "="}
EXAMPLES = {"rating": "rating:>4", "newer": "newer:90d", "older": "older:1y", "owner": "owner:me"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the search page asks for: words, facet → values, order, page from 1; `exact`: correct no word."""

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = USUAL
    page: int = 1
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A condition that stays in the box: how a page says it, and the words of the box without it."""

    label: str
    rest: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What the box says: `words` for the engine; `rating`: how the mean of the stars compares with what; `newer`: published so
    recently; `older`: not changed for so long; `without`: facet → values that nothing may have; `narrowed`: the conditions among
    these; `told`: sentences on what was not understood."""

    words: str
    rating: tuple[str, float] | None = None
    newer: timedelta | None = None
    older: timedelta | None = None
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrowed: tuple[Narrowed, ...] = ()
    told: tuple[str, ...] = ()

    def within(self, columns: Columns, moment: float) -> Within | None:
        """The condition on columns, if there is one; `moment` in seconds since 1970."""
        if self.rating is None and self.older is None:
            return None

        def fits(ids: Ids) -> npt.NDArray[np.bool_]:
            at = columns.places(ids)
            mask: npt.NDArray[np.bool_] = at < len(columns.ids)
            if self.rating is not None:
                mask &= _COMPARED[self.rating[0]](columns.mean[at], self.rating[1])
            if self.older is not None:
                mask &= columns.changed[at] < moment - self.older.total_seconds()
            return mask

        return fits


def ticked(asked: Asked, facets: Collection[str], names: Names) -> Asked:
    """The same with the values of these facets that were typed among those chosen."""
    filters = dict(asked.filters)
    left: list[str | Condition] = []
    for piece in taken_apart(asked.words, CONDITIONS):
        values = () if isinstance(piece, str) else _boxes(piece, facets, filters, names)
        if isinstance(piece, str) or not values:
            left.append(piece)
        else:
            filters[piece.name] = tuple(dict.fromkeys((*filters.get(piece.name, ()), *values)))
    return asked if filters == asked.filters else replace(asked, words=together(left), filters=filters)


def _boxes(
    said: Condition, facets: Collection[str], chosen: Mapping[str, object], names: Names
) -> tuple[str, ...]:
    """The values whose boxes say the same as this condition."""
    if said.excluded or said.name not in facets:
        return ()
    if said.name != stars.RATING:
        return names.values(said)
    wanted = _rating(",".join(said.values))
    # With another box of stars it would mean either; typed it means both.
    if wanted is None or wanted[0] != ">=" or stars.RATING in chosen:
        return ()
    return tuple(value for value, least in stars.LEAST.items() if least == wanted[1])


def read(
    text: str, me: str, owners: Callable[[], Iterable[str]], facets: Collection[str], names: Names
) -> Typed:
    """Take what the engine does not know out of words that have been through `ticked`. `me`: one's own name; `owners`: those of
    all owners; `facets`: what this person may narrow by."""
    pieces = taken_apart(text, CONDITIONS)
    reader = _Reader(me, owners, facets, names)
    narrowed = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, str):
            reader.words.append(piece)
        elif label := reader.take(piece):
            narrowed.append(Narrowed(label, together(pieces[:place] + pieces[place + 1 :])))
    return Typed(
        words=" ".join(" ".join(reader.words).split()),
        rating=reader.rating,
        newer=reader.spans.get("newer"),
        older=reader.spans.get("older"),
        without={facet: tuple(values) for facet, values in reader.without.items()},
        narrowed=tuple(narrowed),
        told=tuple(reader.told),
    )


class _Reader:
    """Reads one condition after the other."""

    def __init__(
        self, me: str, owners: Callable[[], Iterable[str]], facets: Collection[str], names: Names
    ) -> None:
        self._me, self._owners, self._facets, self._names = me, owners, facets, names
        self.words: list[str] = []
        self.told: list[str] = []
        self.rating: tuple[str, float] | None = None
        self.spans: dict[str, timedelta] = {}
        self.without: dict[str, list[str]] = {}

    def take(self, said: Condition) -> str:
        """How a page says this condition; empty when it narrows nothing."""
        if said.name == "owner":
            return self._owner(said)
        if said.name in EXAMPLES:
            return self._compared(said)
        if said.name == "state" and said.name not in self._facets:
            self.told.append("What is published is found here; your own drafts are in the Library.")
            return ""
        return self._facet(said)

    def _owner(self, said: Condition) -> str:
        """The owner's name in full, as the engine knows it; of several whom the words fit, all."""
        value = " ".join(said.values)
        wanted = fold(value)
        called = (name for name in self._owners() if wanted and _called(name, wanted))
        whole = list(dict.fromkeys([self._me] if wanted == "me" else called))
        if not whole:
            nobody = f"Nobody who owns anything is called “{value}”."
            self.told.append(nobody if value else "Say whose: owner:me.")
            return ""
        minus = "-" if said.excluded else ""
        self.words += [f'{minus}owner:"{name.replace(chr(34), "")}"' for name in whole]
        return f"{'Not owned' if said.excluded else 'Owned'} by {' or '.join(whole)}"

    def _compared(self, said: Condition) -> str:
        value = ",".join(said.values)
        label = (
            ""
            if said.excluded
            else self._stars(value)
            if said.name == stars.RATING
            else self._age(said.name, value)
        )
        if not label:
            self.told.append(f"“{said.text}” was not understood; write for example {EXAMPLES[said.name]}.")
        return label

    def _stars(self, value: str) -> str:
        if (rating := _rating(value)) is None:
            return ""
        self.rating = rating
        return f"Stars {_SIGNS.get(rating[0], rating[0])} {rating[1]:g}"

    def _age(self, name: str, value: str) -> str:
        if (span := _SPAN.fullmatch(value)) is None:
            return ""
        count, (days, unit) = int(span[1]), _DAYS[span[2].lower()]
        self.spans[name] = timedelta(days=count * days)
        return f"{name.capitalize()} than {plural(count, unit)}"

    def _facet(self, said: Condition) -> str:
        """A facet's values to leave out. What no value is called is looked for as words."""
        if not said.values:
            self.words.append(said.text)
            return ""
        values = self._names.values(said) if said.excluded else ()
        if not values:
            called = " or ".join(f"“{value}”" for value in said.values)
            what = "left out" if said.excluded else "looked for"
            self.told.append(
                f"No {FACETS.get(said.name, said.name).lower()} is called {called}; it is {what} as words."
            )
            minus = "-" if said.excluded else ""
            self.words += [
                f'{minus}"{value}"' if " " in value else f"{minus}{value}" for value in said.values
            ]
            return ""
        keys = [key for value in values for key in self._names.keys(said.name, value)]
        self.without.setdefault(said.name, []).extend(keys)
        return f"Not {' or '.join(self._names.label(said.name, value) for value in values)}"


def _rating(value: str) -> tuple[str, float] | None:
    match = _RATING.fullmatch(value)
    return (match[1] or ">=", float(match[2].replace(",", "."))) if match else None


def _called(name: str, wanted: str) -> bool:
    folded = fold(name)
    return folded.startswith(wanted) or any(part.startswith(wanted) for part in folded.split())
