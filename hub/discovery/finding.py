"""The search page: what is asked, what the engine answers, and the rows behind it, read in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.discovery import merit, stars
from hub.discovery.asking import Asked, Narrowed, Typed, read, ticked
from hub.discovery.facets import Facet, declared, facets_of
from hub.discovery.merit import Merit
from hub.discovery.naming import Names
from hub.discovery.orders import ORDERS, USUAL, both, opened_by, value_of
from hub.discovery.owners import names_of_owners
from hub.discovery.rows import hydrate
from hub.discovery.showing import ShownHit, shown
from hub.discovery.tuning import tuned
from hub.discovery.why import reasons
from hub.library import taxonomy
from hub.library.models import Asset, State
from hub.library.taxonomy import Catalogue
from hub.library.visibility import in_reach, tokens_of_user, visible_to
from hub.search import LIMIT_MOST, Engine, Note, Query, Results, SearchUnavailable
from hub.web.pagination import Page

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; `asked` with each term as it is called today. `narrowed`: conditions in the words. `corrected`: words
    typed → words looked for."""

    asked: Asked
    page: Page[ShownHit]
    facets: list[Facet]
    note: str  # a kind word when the words were taken less strictly than they were meant
    did_you_mean: str
    took_ms: float
    narrowed: tuple[Narrowed, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=dict)
    from_database: bool = False


def settled(session: Session, user: User, asked: Asked) -> Asked:
    """The same with what is typed and has a box among the filters."""
    if ":" not in asked.words:
        return asked
    return ticked(asked, declared(user), Names(taxonomy.read_catalogue(session)))


def find(session: Session, engine: Engine, user: User, asked: Asked) -> Found:
    """Search for what this person may see; when the engine cannot answer, titles and summaries are looked through."""
    facets = declared(user)
    catalogue = taxonomy.read_catalogue(session)
    asked = settled(session, user, asked)
    told = catalogue.told(f"{key}:{value}" for key, values in asked.filters.items() for value in values)
    asked = replace(asked, filters=_today(catalogue, asked.filters))
    typed = _typed(session, user, asked, catalogue)
    worth = merit.for_person(session, catalogue, user, now())
    query = replace(
        _query(session, user, asked, typed, worth),
        filters=_filters(catalogue, asked, user),
        facets=tuple(facets),
    )
    try:
        results = engine.search(query)
    except SearchUnavailable as error:
        return _from_database(session, user, asked, typed.words, error)
    rows = hydrate(session, user, [hit.id for hit in results.hits], catalogue)
    asks_why = asked.order == USUAL and bool(typed.words)
    why = reasons(results.hits, rows, worth) if asks_why else {}
    hits = [shown(rows[hit.id], hit, why.get(hit.id, ())) for hit in results.hits if hit.id in rows]
    return Found(
        asked=asked,
        # Whose time ended within the last minute is out of reach in SQL, and still counted by the index.
        page=Page(hits, results.total - (len(results.hits) - len(hits)), asked.page, PAGE_SIZE),
        facets=facets_of(catalogue, facets, results, asked.filters),
        note=" ".join(filter(None, [*told, *typed.told, _words_of(results)])),
        did_you_mean=results.did_you_mean or "",
        took_ms=results.took_ms,
        narrowed=typed.narrowed,
        corrected=results.corrected,
    )


def published_since(session: Session, engine: Engine, user: User, asked: Asked, since: datetime) -> list[int]:
    """The ids of what this search finds for this person that was published since, the newest first, 200 at most.

    Raises:
        SearchUnavailable: the engine cannot answer.
    """
    catalogue = taxonomy.read_catalogue(session)
    asked = settled(session, user, asked)
    asked = replace(asked, filters=_today(catalogue, asked.filters), order="newest", page=1)
    typed = _typed(session, user, asked, catalogue)
    query = _query(session, user, asked, typed, merit.for_person(session, catalogue, user, now()))
    since = max(since, query.since) if query.since else since
    found = engine.search(
        replace(query, filters=_filters(catalogue, asked, user), since=since, limit=LIMIT_MOST)
    )
    return [hit.id for hit in found.hits]


def _typed(session: Session, user: User, asked: Asked, catalogue: Catalogue) -> Typed:
    return read(asked.words, user.name, lambda: names_of_owners(session), declared(user), Names(catalogue))


def _query(session: Session, user: User, asked: Asked, typed: Typed, worth: Merit) -> Query:
    """The question for the engine, without its filters and facets."""
    ordering = ORDERS[asked.order]
    marketing = tuned(session, typed.words)
    value = value_of(ordering, worth.columns)
    within = typed.within(worth.columns, worth.moment.timestamp())
    if asked.order == "opened":
        value, opened = opened_by(session, user)
        within = both(within, opened)
    return Query(
        text=typed.words,
        viewers=tokens_of_user(user),
        order=ordering.engine,
        offset=(asked.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        boosts=worth if asked.order == USUAL else None,
        value=value,
        within=within,
        since=worth.moment - typed.newer if typed.newer else None,
        synonyms=marketing.synonyms,
        pinned=marketing.first,
        demoted=marketing.last,
        exact=asked.exact,
        without=typed.without,
        unindexed={stars.RATING: stars.values(worth.columns)},
    )


def _words_of(results: Results) -> str:
    """How the words were taken, for the page; an empty page says the rest itself."""
    said = [] if results.note is Note.NOTHING else [results.note.value]
    if results.dropped and results.total:
        said.append("Left out: " + ", ".join(results.dropped[:8]) + ".")
    if results.cut:
        said.append("That was a long text; its first words were looked for.")
    return " ".join(filter(None, said))


def _today(catalogue: Catalogue, filters: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Filters with each term by the key it has now: an address may be older than a merge."""
    return {
        key: tuple(word.partition(":")[2] for word in catalogue.now(f"{key}:{value}" for value in values))
        for key, values in filters.items()
    }


def _filters(catalogue: Catalogue, asked: Asked, user: User) -> dict[str, tuple[str, ...]]:
    # An asset is found under the old key of its term until the index has heard of a merge.
    filters = {
        key: tuple(dict.fromkeys(old for value in values for old in catalogue.keys(key, value)))
        for key, values in asked.filters.items()
    }
    if not may(user.role, Permission.PUBLISH) or "state" not in filters:
        filters["state"] = (State.PUBLISHED.value,)
    return filters


def _from_database(session: Session, user: User, asked: Asked, words: str, error: SearchUnavailable) -> Found:
    conditions = [in_reach(), visible_to(user)]
    for word in words.split()[:6]:
        conditions.append(
            or_(Asset.title.icontains(word, autoescape=True), Asset.summary.icontains(word, autoescape=True))
        )
    total = session.scalar(select(func.count(Asset.id)).where(*conditions)) or 0
    ids = session.scalars(
        select(Asset.id)
        .where(*conditions)
        .order_by(Asset.updated_at.desc())
        .limit(PAGE_SIZE)
        .offset((asked.page - 1) * PAGE_SIZE)
    ).all()
    rows = hydrate(session, user, ids)
    page = Page([shown(rows[id_]) for id_ in ids if id_ in rows], total, asked.page, PAGE_SIZE)
    note = f"{error.message} Until then only titles and summaries are looked through, without filters."
    return Found(asked, page, [], note, "", 0.0, from_database=True)
