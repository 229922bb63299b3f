"""The facets of the search page: declared once, with labels, order, counts and what is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.discovery import stars
from hub.library.kinds import KINDS
from hub.library.models import FACETS, State
from hub.library.taxonomy import Catalogue
from hub.search import Results


@dataclass(frozen=True, slots=True)
class FacetTerm:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet as the page shows it: its terms in their order, with counts under the other filters."""

    key: str
    label: str
    terms: list[FacetTerm]


def declared(user: User) -> dict[str, str]:
    """The facets of the search page in their order: key → label. Those who publish also see states."""
    facets = {"kind": "Kind", **FACETS}
    order = (
        "stage",
        "vertical",
        "kind",
        *(key for key in facets if key not in {"stage", "vertical", "kind"}),
    )
    shown = {**{key: facets[key] for key in order}, stars.RATING: "Stars"}
    return {**shown, "state": "State"} if may(user.role, Permission.PUBLISH) else shown


STATES = {
    State.PUBLISHED: "Published",
    State.DRAFT: "Draft",
    State.IN_REVIEW: "In review",
    State.ARCHIVED: "Archived",
}


def facets_of(
    catalogue: Catalogue,
    declared_facets: Mapping[str, str],
    results: Results,
    chosen_filters: Mapping[str, tuple[str, ...]],
) -> list[Facet]:
    """The facets of a page of results, those without a term left out."""
    labels = dict(catalogue.labels)
    labels["kind"] = [(kind.value, spec.plural) for kind, spec in KINDS.items()]
    labels[stars.RATING] = list(stars.LABELS.items())
    labels["state"] = [(state.value, label) for state, label in STATES.items()]
    facets = []
    for key, label in declared_facets.items():
        counts, chosen = catalogue.counted(key, results.facets.get(key, {})), chosen_filters.get(key, ())
        # What an address chooses and nobody knows narrows too: it can be seen and taken away.
        unknown = [(value, value) for value in chosen if value not in dict(labels[key])]
        terms = [
            FacetTerm(value, name, counts.get(value, 0), value in chosen)
            for value, name in (*labels[key], *unknown)
            if counts.get(value) or value in chosen
        ]
        if terms:
            facets.append(Facet(key, label, terms))
    return facets
