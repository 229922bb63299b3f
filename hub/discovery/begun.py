"""Values of facets by what has been typed of a name: a word begun, or a condition begun (`vertical:fin`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hub.library.kinds import KINDS
from hub.library.models import FACETS, Term
from hub.library.taxonomy import fold
from hub.search.conditions import Condition, taken_apart
from hub.usage.searches import CONDITIONS


@dataclass(frozen=True, slots=True)
class Begun:
    """A value of a facet: its label, and the other word for it that was begun, where its label was not."""

    facet: str
    value: str
    label: str
    other: str = ""

    @property
    def hint(self) -> str:
        facet = FACETS.get(self.facet, self.facet).lower()
        return f"{facet}, “{self.other}”" if self.other else facet


def apart(words: str) -> tuple[str, Condition | None]:
    """What is typed besides conditions, and the value of a facet that is being typed, if it is the last thing."""
    pieces = taken_apart(words, CONDITIONS)
    said = " ".join(piece for piece in pieces if isinstance(piece, str))
    last = pieces[-1] if pieces else ""
    if isinstance(last, str):
        return said, None
    said = said.strip()  # a space before a condition ends no word
    if words.endswith(" ") or last.excluded or last.name not in {"kind", *FACETS}:
        return said, None
    return said, last


def values(terms: Mapping[str, Sequence[Term]], begun: str, facet: str = "") -> list[Begun]:
    """Those whose name begins so, or a word of it, or another word for them, in this order; of one facet or all."""
    typed = fold(begun)
    found = []
    for key, value, label, others in _every(terms):
        if facet in ("", key) and (place := _place(typed, label, others)):
            found.append((place[0], Begun(key, value, label, place[1])))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _every(terms: Mapping[str, Sequence[Term]]) -> Iterator[tuple[str, str, str, Sequence[str]]]:
    for facet, some in terms.items():
        yield from ((facet, term.key, term.label, [str(other) for other in term.synonyms]) for term in some)
    yield from (("kind", kind.value, spec.plural, ()) for kind, spec in KINDS.items())


def _place(typed: str, label: str, others: Sequence[str]) -> tuple[int, str] | None:
    """How near it is: 0 to 2; and the other word."""
    name = fold(label)
    if name.startswith(typed):
        return 0, ""
    if f" {typed}" in f" {name}":
        return 1, ""
    return next(((2, other) for other in others if fold(other).startswith(typed)), None)
