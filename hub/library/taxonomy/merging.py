"""Two terms become one: everything that used the old one uses the other from then on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hub.accounts.audit import Action, audit
from hub.accounts.models import User
from hub.db import now, unit_of_work
from hub.errors import Conflict, Invalid, NotFound
from hub.jobs import enqueue
from hub.library.models import FACETS, AssetTerm, Term
from hub.library.taxonomy.wording import same

BATCH = 500  # assets whose indexing is asked for in one transaction

ENQUEUES = ("terms.reindex", "search.index")


def merge(session: Session, by: User, facet: str, key: str, into: str) -> Term:
    """Merge a term into another of its facet; returns that one.

    Assets move at once, versions stay as history, and the old key goes on meaning the other term: in addresses, in
    forms that are open, in mappings. Whoever saves with the old term at this moment is waited for.

    Raises:
        NotFound: one of them is not there.
        Invalid: they are one and the same, or the other is retired.
        Conflict: one of them was merged meanwhile.
    """
    term, target = _held(session, facet, key, into)
    carrying = select(AssetTerm.asset_id).where(AssetTerm.term_id == target.id)
    both = delete(AssetTerm).where(AssetTerm.term_id == term.id, AssetTerm.asset_id.in_(carrying))
    session.execute(both.execution_options(synchronize_session=False))
    moved = update(AssetTerm).where(AssetTerm.term_id == term.id).values(term_id=target.id)
    session.execute(moved.execution_options(synchronize_session=False))
    earlier = update(Term).where(Term.merged_into_id == term.id).values(merged_into_id=target.id)
    session.execute(earlier)
    term.merged_into_id, term.retired_at = target.id, term.retired_at or now()
    target.synonyms = _together(target, [term.label, *map(str, term.synonyms)])
    session.flush()
    audit(
        session, Action.TERM_MERGED, by=by, subject=f"{facet}:{key}", detail=f"{term.label} → {target.label}"
    )
    enqueue(session, "terms.reindex", term_id=target.id)
    return target


def reindex(term_id: int) -> None:
    """Have every asset under a term indexed anew, in short transactions."""
    last = 0
    while True:
        with unit_of_work() as session:
            query = select(AssetTerm.asset_id).where(AssetTerm.term_id == term_id, AssetTerm.asset_id > last)
            ids = session.scalars(query.order_by(AssetTerm.asset_id).limit(BATCH)).all()
            for asset_id in ids:
                enqueue(session, "search.index", asset_id=asset_id)
        if not ids:
            return
        last = ids[-1]


def _held(session: Session, facet: str, key: str, into: str) -> tuple[Term, Term]:
    # In the order of ids, as a save takes them, so that neither waits for the other for ever.
    query = select(Term).where(
        Term.facet == facet, Term.key.in_([key.replace("\0", ""), into.replace("\0", "")])
    )
    found = {term.key: term for term in session.scalars(query.order_by(Term.id).with_for_update())}
    what = FACETS.get(facet, "term").lower()
    if key == into:
        raise Invalid("into", "A term cannot be merged into itself.", f"Choose another {what}.")
    if key not in found:
        raise NotFound("There is no such term.", "Go back to the list of terms.")
    if into not in found:
        raise Invalid("into", f"There is no such {what} to merge into.", "Choose one of the list.")
    for term in found.values():
        if term.merged_into_id is not None:
            raise Conflict(f"“{term.label}” was merged meanwhile.", remedy="Go back to the list of terms.")
    if found[into].retired_at is not None:
        raise Invalid("into", f"“{found[into].label}” is retired.", "Bring it back first, or choose another.")
    return found[key], found[into]


def _together(target: Term, words: Sequence[str]) -> list[str]:
    """The other words of a term with these added, each once."""
    together = [str(word) for word in target.synonyms]
    for word in words:
        if not any(same(word, known) for known in (target.label, *together)):
            together.append(word)
    return together
