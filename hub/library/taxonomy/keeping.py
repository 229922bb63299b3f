"""How those who publish keep the terms: add, rename, reorder, retire, bring back, other words for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.accounts.audit import Action, audit
from hub.accounts.models import User
from hub.db import now
from hub.errors import Conflict, Invalid, NotFound
from hub.jobs import enqueue
from hub.library.models import FACETS, Term
from hub.library.taxonomy.terms import LONGEST, add_term, checked_label, plain_words
from hub.library.taxonomy.wording import same

MOST_SYNONYMS = 100

ENQUEUES = ("terms.reindex",)


def add(session: Session, by: User, facet: str, label: str, synonyms: Iterable[str] = ()) -> Term:
    """A new term at the end of its facet.

    Raises:
        Invalid: the name cannot be taken, or stands for another term already.
    """
    label = checked_label(facet, label)
    others = [other for other in _held(session, facet) if _stands(other)]
    words = _words(label, synonyms)
    _check_free(others, [label], field="label")
    _check_free(others, words)
    try:
        with session.begin_nested():
            term = add_term(session, facet, label, words)
    except IntegrityError as error:  # the first of its facet, by somebody else at the same moment
        raise Invalid(
            "label",
            f"Somebody added a {FACETS[facet].lower()} at the same moment.",
            "Look whether it is the one you want.",
        ) from error
    term.label, term.synonyms = label, words  # one of that name may have been removed before
    session.flush()
    _record(session, Action.TERM_ADDED, by, term, label)
    return term


def change(session: Session, by: User, facet: str, key: str, label: str, synonyms: Iterable[str]) -> Term:
    """Rename a term, and say which other words mean it. Its key stays, and so do all addresses.

    Its old name goes on meaning it, in files and mappings too, until that is taken away from its other words.

    Raises:
        NotFound: there is none.
        Conflict: it was merged meanwhile.
        Invalid: a name cannot be taken, or stands for another term already.
    """
    label = checked_label(facet, label)
    words = _words(label, synonyms)
    term, others = _one(session, facet, key)
    _check_free(others, [label], field="label")
    _check_free(others, words)
    if (label, words) == (term.label, term.synonyms):
        return term
    if not any(same(term.label, word) for word in (label, *words)) and len(words) < MOST_SYNONYMS:
        words.append(term.label)
    told = f"{term.label} → {label}" if label != term.label else label
    term.label, term.synonyms = label, words
    session.flush()
    _record(session, Action.TERM_CHANGED, by, term, f"{told}; other words: {', '.join(words) or 'none'}")
    enqueue(session, "terms.reindex", term_id=term.id)
    return term


def place(session: Session, by: User, facet: str, key: str, position: int) -> Term:
    """Put a term at a place of its facet, counted from 0 among those that are offered."""
    term, others = _one(session, facet, key)
    rest = [other for other in others if other.retired_at is None]
    rest.insert(max(0, min(position, len(rest))), term)
    for number, other in enumerate(rest):
        other.position = number
    session.flush()
    _record(session, Action.TERMS_REORDERED, by, term, ", ".join(other.label for other in rest))
    return term


def retire(session: Session, by: User, facet: str, key: str) -> Term:
    """Offer a term no longer; what carries it keeps it."""
    term, _ = _one(session, facet, key)
    if term.retired_at is None:
        term.retired_at = now()
        session.flush()
        _record(session, Action.TERM_RETIRED, by, term, term.label)
    return term


def bring_back(session: Session, by: User, facet: str, key: str) -> Term:
    """Offer a retired or removed term again, at the end of its facet.

    Raises:
        Invalid: another term has taken its name or one of its other words meanwhile.
    """
    term, others = _one(session, facet, key)
    if term.removed_at is not None:
        _check_free(others, [term.label, *map(str, term.synonyms)])
    if term.retired_at is not None:
        term.retired_at = term.removed_at = None
        term.position = max((other.position for other in others), default=-1) + 1
        session.flush()
        _record(session, Action.TERM_BROUGHT_BACK, by, term, term.label)
    return term


def _one(session: Session, facet: str, key: str) -> tuple[Term, list[Term]]:
    """A term that stands, and the others of its facet."""
    held = _held(session, facet)
    term = next((term for term in held if term.key == key), None)
    if term is None:
        raise NotFound("There is no such term.", "Go back to the list of terms.")
    if term.merged_into_id is not None:
        raise Conflict(
            f"“{term.label}” was merged into another term meanwhile.", remedy="Go back to the list of terms."
        )
    return term, [other for other in held if other.id != term.id and _stands(other)]


def _stands(term: Term) -> bool:
    """Whether its name and other words are its own: what was merged or removed holds none."""
    return term.merged_into_id is None and term.removed_at is None


def _held(session: Session, facet: str) -> list[Term]:
    """Every term of a facet in its order, held for this transaction in the order in which merges take them."""
    query = select(Term).where(Term.facet == facet).order_by(Term.id).with_for_update()
    return sorted(session.scalars(query), key=lambda term: (term.position, term.id))


def _words(label: str, synonyms: Iterable[str]) -> list[str]:
    """Other words for a term: each once, without its own name."""
    words: list[str] = []
    for word in map(plain_words, synonyms):
        if len(word) > LONGEST:
            raise Invalid("synonyms", f"“{word[:40]}…” is too long.", f"Use {LONGEST} characters or fewer.")
        if word and not any(same(word, known) for known in (label, *words)):
            words.append(word)
    if len(words) > MOST_SYNONYMS:
        raise Invalid(
            "synonyms", f"{len(words)} other words are too many.", f"Keep {MOST_SYNONYMS} or fewer."
        )
    return words


def _check_free(others: Sequence[Term], words: Iterable[str], *, field: str = "synonyms") -> None:
    """Raise Invalid when a word names another term of the facet already: an import could not tell them apart."""
    for word in words:
        for other in others:
            what = FACETS[other.facet].lower()
            if same(word, other.label):
                retired = ", which is retired" if other.retired_at else ""
                raise Invalid(
                    field,
                    f"There is a {what} “{other.label}” already{retired}.",
                    "Use that, or another name.",
                )
            if any(same(word, str(known)) for known in other.synonyms):
                raise Invalid(
                    field,
                    f"“{word}” already stands for the {what} “{other.label}”.",
                    "Take it away there first.",
                )


def _record(session: Session, action: Action, by: User, term: Term, detail: str) -> None:
    audit(session, action, by=by, subject=f"{term.facet}:{term.key}", detail=detail)
