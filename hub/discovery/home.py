"""The first page: where to begin, by stage and vertical, and what is new."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.finding import ShownHit, shown
from hub.discovery.rows import hydrate
from hub.library import taxonomy
from hub.library.kinds import KINDS, KindSpec
from hub.library.models import Asset, AssetTerm, State, Term
from hub.library.visibility import visible_to

NEW = 8


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows: (term, how many assets) of each stage and vertical, kinds, the newest assets."""

    stages: list[tuple[Term, int]]
    verticals: list[tuple[Term, int]]
    kinds: list[tuple[KindSpec, int]]
    newest: list[ShownHit]
    total: int


def home(session: Session, user: User) -> Home:
    """The first page for this person, of what they may see."""
    published = (Asset.state == State.PUBLISHED, visible_to(user))
    by_term = dict(
        session.execute(
            select(AssetTerm.term_id, func.count())
            .join(Asset, Asset.id == AssetTerm.asset_id)
            .where(*published)
            .group_by(AssetTerm.term_id)
        ).all()
    )
    by_kind = dict(
        session.execute(select(Asset.kind, func.count()).where(*published).group_by(Asset.kind)).all()
    )
    newest = session.scalars(
        select(Asset.id).where(*published).order_by(Asset.published_at.desc(), Asset.id.desc()).limit(NEW)
    ).all()
    rows = hydrate(session, user, newest)
    terms = taxonomy.terms(session)
    return Home(
        stages=[(term, by_term.get(term.id, 0)) for term in terms["stage"]],
        verticals=sorted(
            ((t, by_term[t.id]) for t in terms["vertical"] if by_term.get(t.id)), key=lambda pair: -pair[1]
        ),
        kinds=[(spec, by_kind[kind]) for kind, spec in KINDS.items() if by_kind.get(kind)],
        newest=[shown(rows[id_]) for id_ in newest if id_ in rows],
        total=sum(by_kind.values()),
    )
