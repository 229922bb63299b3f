"""The first page: where to begin, by stage and vertical, and what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.discovery import merit
from hub.discovery.merit import DAY_S, Merit
from hub.discovery.rows import hydrate
from hub.discovery.saving import service as saving
from hub.discovery.saving.models import SavedSearch
from hub.discovery.showing import ShownHit, shown
from hub.library import taxonomy
from hub.library.care import needs
from hub.library.collections.models import Collection
from hub.library.kinds import KINDS, KindSpec
from hub.library.models import Asset, AssetTerm, State, Term
from hub.library.pins import service as pin_service
from hub.library.taxonomy import Catalogue
from hub.library.visibility import in_reach, tokens_of_user, visible_to
from hub.search import Engine, Query, SearchUnavailable
from hub.usage.own_use import last_opened

NEW = 8
LIVELY = 5
OPENED = 4
SEARCHES = 6
NEWS_WORTH = 2.0  # people that a new asset is worth on its first day
NEWS_HALF_LIFE = 14.0  # days
COUNTED = ("stage", "vertical", "kind")


@dataclass(frozen=True, slots=True)
class Pinned:
    """An asset or a collection that marketing shows first."""

    hit: ShownHit | None
    collection: Collection | None


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows: (term, how many assets) of each stage and vertical, kinds, the newest assets; what is new or
    taken up among `own_terms`, or, without such, what is taken up at all; what this person opened last, their searches, and
    how many assets of theirs are due for a review."""

    stages: list[tuple[Term, int]]
    verticals: list[tuple[Term, int]]
    kinds: list[tuple[KindSpec, int]]
    newest: list[ShownHit]
    total: int
    pinned: list[Pinned]
    may_pin: bool
    own_terms: list[Term]
    lively: list[ShownHit]
    opened: list[ShownHit]
    searches: Sequence[SavedSearch]
    review_due: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many published assets a person may see, by facet and value, and the ids of the newest."""

    total: int
    by_facet: Mapping[str, Mapping[str, int]]
    newest: Sequence[int]


def home(session: Session, engine: Engine, user: User) -> Home:
    """The first page for this person, of what they may see."""
    try:
        counts = _from_engine(engine, user)
    except SearchUnavailable:
        counts = _from_database(session, user)
    catalogue = taxonomy.read_catalogue(session)
    worth = merit.for_person(session, catalogue, user, now())
    lively = _lively(engine, user, worth)
    opened = list(last_opened(session, user))[: OPENED * 3]
    pins = pin_service.shown_to(session, user)
    pinned = [pin.asset_id for pin in pins if pin.asset_id]
    rows = hydrate(session, user, [*counts.newest, *lively, *opened, *pinned], catalogue)
    return Home(
        stages=_stages(catalogue, counts),
        verticals=_verticals(catalogue, counts),
        kinds=_kinds(counts),
        newest=[shown(rows[id_]) for id_ in counts.newest if id_ in rows],
        total=counts.total,
        pinned=[
            Pinned(shown(rows[pin.asset_id]) if pin.asset_id else None, pin.collection)
            for pin in pins
            if pin.collection or pin.asset_id in rows
        ],
        may_pin=may(user.role, Permission.PUBLISH),
        own_terms=[term for own in worth.own.values() for term in own],
        lively=[shown(rows[id_]) for id_ in lively if id_ in rows],
        opened=[
            shown(rows[id_]) for id_ in opened if id_ in rows and rows[id_].asset.state is State.PUBLISHED
        ][:OPENED],
        searches=saving.own(session, user)[:SEARCHES],
        review_due=_review_due(session, user),
    )


def _stages(catalogue: Catalogue, counts: Counts) -> list[tuple[Term, int]]:
    """All that are in use, or may be, in their order."""
    having = catalogue.counted("stage", counts.by_facet.get("stage", {}))
    return [
        (term, having.get(term.key, 0))
        for term in catalogue.shown()["stage"]
        if term.retired_at is None or having.get(term.key)
    ]


def _verticals(catalogue: Catalogue, counts: Counts) -> list[tuple[Term, int]]:
    """Those with assets, the fullest first."""
    having = catalogue.counted("vertical", counts.by_facet.get("vertical", {}))
    filled = [(term, having[term.key]) for term in catalogue.shown()["vertical"] if having.get(term.key)]
    return sorted(filled, key=lambda pair: -pair[1])


def _kinds(counts: Counts) -> list[tuple[KindSpec, int]]:
    having = counts.by_facet.get("kind", {})
    return [(spec, having[kind.value]) for kind, spec in KINDS.items() if having.get(kind.value)]


def _review_due(session: Session, user: User) -> int:
    """How many assets of theirs somebody should have looked at by now."""
    query = select(func.count()).select_from(Asset).where(Asset.owner_id == user.id, needs.review())
    return session.scalar(query) or 0


def _lively(engine: Engine, user: User, worth: Merit) -> list[int]:
    """What is new or taken up among what fits the person's own stages and verticals; without such, what is taken up at all.

    By trend (people, halved for each week) + 2 × 2^(−days since the last change / 14): what is new has a chance at first.
    """
    columns = worth.columns
    days = (worth.moment.timestamp() - columns.changed) / DAY_S
    fresh = np.nan_to_num(NEWS_WORTH * 2.0 ** (-days / NEWS_HALF_LIFE)) if worth.fit else 0.0
    value = columns.trend + fresh
    fits = np.logical_or.reduce(list(worth.fit.values())) if worth.fit else columns.trend > 0
    query = Query(
        text="",
        viewers=tokens_of_user(user),
        filters={"state": (State.PUBLISHED.value,)},
        order="value",
        value=lambda ids: value[columns.places(ids)],
        within=lambda ids: fits[columns.places(ids)],
        limit=LIVELY,
    )
    try:
        return [hit.id for hit in engine.search(query).hits]
    except SearchUnavailable:
        return []


def _from_engine(engine: Engine, user: User) -> Counts:
    """The engine counts in a thirtieth of the time that the database takes."""
    everything = Query(
        text="",
        viewers=tokens_of_user(user),
        filters={"state": (State.PUBLISHED.value,)},
        facets=COUNTED,
        order="newest",
        limit=NEW,
    )
    results = engine.search(everything)
    return Counts(results.total, results.facets, [hit.id for hit in results.hits])


def _from_database(session: Session, user: User) -> Counts:
    published = (in_reach(), visible_to(user))
    by_facet: dict[str, dict[str, int]] = {facet: {} for facet in COUNTED}
    of_terms = (
        select(Term.facet, Term.key, func.count())
        .join(AssetTerm, AssetTerm.term_id == Term.id)
        .where(Term.facet.in_(COUNTED), AssetTerm.asset_id.in_(select(Asset.id).where(*published)))
        .group_by(Term.facet, Term.key)
    )
    for facet, key, count in session.execute(of_terms):
        by_facet[facet][key] = count
    for kind, count in session.execute(
        select(Asset.kind, func.count()).where(*published).group_by(Asset.kind)
    ):
        by_facet["kind"][kind.value] = count
    newest = (
        select(Asset.id).where(*published).order_by(Asset.published_at.desc(), Asset.id.desc()).limit(NEW)
    )
    return Counts(sum(by_facet["kind"].values()), by_facet, session.scalars(newest).all())
