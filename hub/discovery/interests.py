"""The stages and verticals that a person works in: what fits them stands a little higher, and the first page begins with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import fetch, insert_into
from hub.discovery.models import Interest
from hub.errors import Invalid
from hub.library import taxonomy
from hub.library.models import Term
from hub.library.taxonomy import Catalogue

FACETS = ("stage", "vertical")
MOST = 40
_OWN = select(Interest.term_id).where(Interest.user_id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A term that may be one's own, and whether it is."""

    term: Term
    own: bool


def own_terms(session: Session, catalogue: Catalogue, user: User) -> dict[str, list[Term]]:
    """The person's own terms by facet, each as it is called today; facets without one are left out."""
    wanted = catalogue.ids(term_id for (term_id,) in fetch(session, _OWN, person=user.id))
    if not wanted:
        return {}
    shown = catalogue.shown()
    found = {facet: [term for term in shown[facet] if term.id in wanted] for facet in FACETS}
    return {facet: terms for facet, terms in found.items() if terms}


def choices(session: Session, user: User) -> dict[str, list[Choice]]:
    """What a person can choose from, by facet: the terms in use, and retired ones that are theirs."""
    catalogue = taxonomy.catalogue(session)
    own = {term.id for terms in own_terms(session, catalogue, user).values() for term in terms}
    return {
        facet: [
            Choice(t, t.id in own) for t in catalogue.shown()[facet] if t.retired_at is None or t.id in own
        ]
        for facet in FACETS
    }


def choose(session: Session, user: User, keys: Iterable[str]) -> Sequence[Term]:
    """Make these terms ("stage:discovery") the person's own, in place of those before.

    Raises:
        Invalid: one of them is no stage or vertical of the hub, or there are more than 40.
    """
    catalogue = taxonomy.catalogue(session)
    terms: dict[int, Term] = {}
    for key in keys:
        facet, _, name = key.partition(":")
        term = catalogue.find(facet, name) if facet in FACETS else None
        if term is None:
            raise Invalid("terms", f"There is no stage or vertical “{name or key}”.", "Choose from the page.")
        terms[term.id] = term
    if len(terms) > MOST:
        raise Invalid("terms", f"At most {MOST} can be yours.", "With more than that, nothing stands out.")
    session.execute(delete(Interest).where(Interest.user_id == user.id))
    if terms:
        rows = [{"user_id": user.id, "term_id": term_id} for term_id in terms]
        session.execute(insert_into(session, Interest).on_conflict_do_nothing(), rows)  # sent twice at once
    return list(terms.values())
