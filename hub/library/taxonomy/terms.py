"""Terms of the facets: what an asset can be filed under."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from hub.errors import Invalid
from hub.library.models import FACETS, AssetTerm, Term
from hub.library.taxonomy.wording import key_of, same

LONGEST = 120  # characters of a label
MOST_KEYS = 200  # of one asset


def add_term(session: Session, facet: str, label: str, synonyms: Iterable[str] = ()) -> Term:
    """Add a term at the end of its facet, or return the one of that name, or the one that it became.

    Raises:
        Invalid: there is no such facet, or the label is empty or too long.
    """
    label = checked_label(facet, label)
    every = list(session.scalars(select(Term).where(Term.facet == facet).order_by(Term.id)))
    for term in every:
        if same(term.label, label):
            if term.removed_at is not None:
                term.removed_at = term.retired_at = None
            return present(session, term)
    term = Term(
        facet=facet,
        key=_free_key(label, {term.key for term in every}),
        label=label,
        position=max((term.position for term in every), default=-1) + 1,
        synonyms=list(synonyms),
    )
    session.add(term)
    session.flush()
    return term


def checked_label(facet: str, label: str) -> str:
    """A label as it is kept.

    Raises:
        Invalid: there is no such facet, or the label is empty or too long.
    """
    if facet not in FACETS:
        raise Invalid(
            "facet", f"There is no facet “{facet[:80]}”.", "It is one of: " + ", ".join(FACETS) + "."
        )
    label = plain_words(label)
    if not 0 < len(label) <= LONGEST:
        raise Invalid(
            "label", f"A {FACETS[facet].lower()} has a name of 1 to {LONGEST} characters.", "Mend it."
        )
    return label


def plain_words(text: str) -> str:
    """One line, of what a database can hold."""
    return " ".join(text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").split())


def terms(session: Session) -> dict[str, list[Term]]:
    """Every facet in its order, with its terms in theirs; retired and merged ones left out."""
    by_facet: dict[str, list[Term]] = {facet: [] for facet in FACETS}
    query = select(Term).where(Term.retired_at.is_(None)).order_by(Term.facet, Term.position, Term.id)
    for term in session.scalars(query):
        by_facet[term.facet].append(term)
    return by_facet


def chosen(session: Session, keys: Sequence[str], *, carried_by: int | None = None) -> list[Term]:
    """The terms named `facet:key`, as a form sends them, or what they were merged into.

    A retired one is taken: it was chosen before, or while the form was open; one removed
    meanwhile is retired again. Until this transaction ends none of
    them can be merged, nor those that the asset `carried_by` carries now.

    Raises:
        Invalid: one of them does not exist.
    """
    asked = dict.fromkeys(keys)
    pairs = [(facet, key) for facet, _, key in (word.replace("\0", "").partition(":") for word in asked)]
    if len(pairs) > MOST_KEYS:
        raise Invalid("terms", f"{len(pairs)} terms are too many.", f"Choose {MOST_KEYS} or fewer.")
    named = or_(false(), *(and_(Term.facet == facet, Term.key == key) for facet, key in pairs))
    known = {(term.facet, term.key): term for term in _held(session, named, carried_by)}
    for word, pair in zip(asked, pairs, strict=True):
        if pair not in known:
            raise Invalid(
                "terms", f"“{word[:80]}” is not a term of the hub.", "Reload the page and choose again."
            )
    return _once(present(session, known[pair]) for pair in pairs)


def kept(session: Session, ids: Collection[int], *, carried_by: int) -> list[Term]:
    """The terms of these ids, or what they were merged into; held as `chosen` holds them."""
    found = _held(session, Term.id.in_(ids), carried_by)
    return _once(present(session, term) for term in found if term.id in ids)


def present(session: Session, term: Term) -> Term:
    """What a term is today: itself, or the one it was merged into."""
    while term.merged_into_id is not None:
        held = select(Term).where(Term.id == term.merged_into_id).with_for_update(read=True, key_share=True)
        term = session.scalars(held.execution_options(populate_existing=True)).one()
    return term


def filed_under(facet: str, key: str) -> Select[int]:
    """The ids of the assets under a term, by its key or by that of one that was merged into it."""
    named = (Term.facet == facet, Term.key == key)
    merged = select(Term.merged_into_id).where(*named)
    return select(AssetTerm.asset_id).join(Term).where(or_(and_(*named), Term.id.in_(merged)))


def _held(session: Session, named: ColumnElement[bool], carried_by: int | None) -> Sequence[Term]:
    """Terms that until this transaction ends nobody can merge, with those that an asset carries."""
    if carried_by is not None:
        named = or_(named, Term.id.in_(select(AssetTerm.term_id).where(AssetTerm.asset_id == carried_by)))
    # In the order of ids, as a merge takes them, so that neither waits for the other for ever.
    held = select(Term).where(named).order_by(Term.id).with_for_update(read=True, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def _once(found: Iterable[Term]) -> list[Term]:
    """Each once. What is carried is not removed any more."""
    once = {term.id: term for term in found}
    for term in once.values():
        if term.removed_at is not None:
            term.removed_at = None
    return list(once.values())


def _free_key(label: str, taken: set[str]) -> str:
    key = key_of(label)
    number = 2
    while key in taken:
        key = f"{key_of(label)[:74]}-{number}"
        number += 1
    return key
