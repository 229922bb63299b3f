"""What the values of facets are called, in any spelling: by key, by label, by another word for a term."""

from __future__ import annotations

from collections.abc import Iterator

from hub.discovery.facets import STATES
from hub.library.kinds import KINDS, Kind
from hub.library.models import FACETS, State
from hub.library.taxonomy import Catalogue, fold
from hub.search.conditions import Condition


class Names:
    """The names of one hub at one moment."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def values(self, condition: Condition) -> tuple[str, ...]:
        """The values of a facet that a condition names; none unless all are known. A merged term is named by its old key."""
        known = {_plain(name): value for name, value in self._of(condition.name)}
        found = tuple(known.get(_plain(said), "") for said in condition.values)
        return tuple(dict.fromkeys(found)) if all(found) else ()

    def keys(self, facet: str, value: str) -> tuple[str, ...]:
        """The value with those that an index may still hold for it."""
        return self._catalogue.keys(facet, value)

    def label(self, facet: str, value: str) -> str:
        """What a page calls it."""
        if facet == "kind":
            return KINDS[Kind(value)].plural
        if facet == "state":
            return STATES[State(value)]
        term = self._catalogue.find(facet, value)
        return term.label if term else value

    def _of(self, facet: str) -> Iterator[tuple[str, str]]:
        """Name → value; of two alike the later counts: keys before labels before other words, what is offered before what was."""
        if facet == "kind":
            for kind, spec in KINDS.items():
                yield from ((name, kind.value) for name in (kind.value, spec.label, spec.plural))
        elif facet == "state":
            for state, label in STATES.items():
                yield from ((name, state.value) for name in (state.value, label))
        elif facet in FACETS:
            terms = [term for term in self._catalogue.every if term.facet == facet]
            terms.sort(key=lambda term: term.retired_at is None)
            yield from ((str(other), term.key) for term in terms for other in term.synonyms)
            yield from ((term.label, term.key) for term in terms)
            yield from ((term.key, term.key) for term in terms)


def _plain(name: str) -> str:
    """As names are compared: “Sound bite”, sound-bite and soundbite are one."""
    return fold(name).replace(" ", "") or name.casefold()
