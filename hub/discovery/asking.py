"""What is asked for: the address of the search page, and what the words in the box say besides words.

`rating:>4`, `newer:90d`, `older:1y` and `owner:me` ask for what the engine does not know; they are taken out of the words here.
`kind:`, `stage:`, `vertical:` and the other facets, phrases and minus signs are the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from hub.discovery.orders import USUAL
from hub.discovery.standing import Columns, Ids
from hub.library.taxonomy import fold
from hub.search import Within

_TYPED = re.compile(
    r'"[^"]*"|(?<!\S)(?P<minus>-?)(?P<name>owner|rating|newer|older):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S*))',
    re.IGNORECASE,
)
_RATING = re.compile(r"(>=|<=|>|<|=)?\s*([0-5](?:[.,]\d{1,2})?)")
_SPAN = re.compile(r"(\d{1,4})\s*(d|w|m|y)[a-z]*", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_COMPARED: dict[str, np.ufunc] = {
    ">=": np.greater_equal,
    "<=": np.less_equal,
    ">": np.greater,
    "<": np.less,
    "=": np.equal,
}
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
class Typed:
    """What the box says: `words` for the engine; `rating`: how the mean of the stars compares with what; `newer`: published so
    recently; `older`: not changed for so long; `told`: sentences on what was not understood."""

    words: str
    rating: tuple[str, float] | None = None
    newer: timedelta | None = None
    older: timedelta | None = None
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


def read(text: str, me: str, names: Callable[[], Iterable[str]]) -> Typed:
    """Take what the engine does not know out of the words. `me`: one's own name; `names`: those of all owners."""
    found: dict[str, str] = {}
    told: list[str] = []

    def take(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if not name:
            return match[0]
        value = (match["quoted"] if match["quoted"] is not None else match["plain"]).strip(' "')
        if name == "owner":
            return _owners(match["minus"], value, me, names, told)
        if match["minus"] or not _understood(name, value):
            told.append(f"“{match[0].strip()}” was not understood; write for example {EXAMPLES[name]}.")
            return " "
        found[name] = value
        return " "

    words = " ".join(_TYPED.sub(take, text).split())
    return Typed(
        words=words,
        rating=_rating(found.get("rating", "")),
        newer=_span(found.get("newer", "")),
        older=_span(found.get("older", "")),
        told=tuple(told),
    )


def _understood(name: str, value: str) -> bool:
    return (_RATING if name == "rating" else _SPAN).fullmatch(value) is not None


def _rating(value: str) -> tuple[str, float] | None:
    match = _RATING.fullmatch(value)
    return (match[1] or ">=", float(match[2].replace(",", "."))) if match else None


def _span(value: str) -> timedelta | None:
    match = _SPAN.fullmatch(value)
    return timedelta(days=int(match[1]) * _DAYS[match[2].lower()]) if match else None


def _owners(minus: str, value: str, me: str, names: Callable[[], Iterable[str]], told: list[str]) -> str:
    """The owner's name in full, as the engine knows it; of several whom the words fit, all."""
    wanted = fold(value)
    called = (name for name in names() if wanted and _called(name, wanted))
    whole = [me] if wanted == "me" else list(called)
    if not whole:
        told.append(f"Nobody who owns anything is called “{value}”." if value else "Say whose: owner:me.")
        return " "
    return " ".join(f'{minus}owner:"{name.replace(chr(34), "")}"' for name in dict.fromkeys(whole))


def _called(name: str, wanted: str) -> bool:
    folded = fold(name)
    return folded.startswith(wanted) or any(part.startswith(wanted) for part in folded.split())
