"""Retired terms that nothing uses are taken out of the lists, all at once; their rows stay, so that they can be brought back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.audit import Action, audit
from hub.accounts.models import User
from hub.db import now
from hub.library.models import AssetTerm, Term

KEY = "hub.library.taxonomy.used"

Used = Callable[[Session, Sequence[Term]], set[int]]


def init_app(app: Flask, by_feature: Sequence[Used]) -> None:
    """`by_feature`: each returns the ids of those of some terms that it uses."""
    app.extensions[KEY] = tuple(by_feature)


def removable(session: Session, facet: str) -> list[Term]:
    """The retired terms of a facet that neither an asset, in whatever state, nor anything else uses."""
    query = select(Term).where(
        Term.facet == facet,
        Term.retired_at.is_not(None),
        Term.removed_at.is_(None),
        Term.merged_into_id.is_(None),
        ~select(AssetTerm.asset_id).where(AssetTerm.term_id == Term.id).exists(),
    )
    retired = session.scalars(query.order_by(Term.position, Term.id)).all()
    used: set[int] = set()
    if retired:
        used = used.union(*(of_feature(session, retired) for of_feature in current_app.extensions[KEY]))
    return [term for term in retired if term.id not in used]


def remove(session: Session, by: User, facet: str, keys: Collection[str]) -> list[Term]:
    """Remove those of these terms that are retired and that nothing uses; returns them."""
    # In the order of ids, and held: who saves an asset with one of them at this moment is waited for, as a merge does.
    held = select(Term.id).where(Term.facet == facet, Term.retired_at.is_not(None))
    session.execute(held.order_by(Term.id).with_for_update())
    removed = [term for term in removable(session, facet) if term.key in keys]
    for term in removed:
        term.removed_at = now()
        audit(session, Action.TERM_REMOVED, by=by, subject=f"{facet}:{term.key}", detail=term.label)
    session.flush()
    return removed
