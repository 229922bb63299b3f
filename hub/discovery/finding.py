"""The search page: what is asked, what the engine answers, and the rows behind it, read in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import url_for
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.discovery.rows import Row, RowTerm, hydrate
from hub.discovery.sections import place
from hub.library import taxonomy
from hub.library.kinds import KINDS, Kind
from hub.library.models import FACETS, Asset, State
from hub.library.taxonomy import Catalogue
from hub.library.visibility import in_reach, tokens_of_user, visible_to
from hub.search import Engine, Hit, Note, Order, PassageHit, Query, Results, SearchUnavailable
from hub.web.pagination import Page

PAGE_SIZE = 20
ORDERS: dict[Order, str] = {"relevance": "Best match", "newest": "Newest", "title": "A to Z"}
USUAL_ORDER: Order = "relevance"

Pieces = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the search page asks for: words, facet → values, order, page from 1."""

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: Order = USUAL_ORDER
    page: int = 1


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


@dataclass(frozen=True, slots=True)
class ShownPassage:
    place: str
    url: str
    text: Pieces


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One row of the results, all that `result_row` needs."""

    id: str
    url: str
    kind: Kind
    state: State
    external: bool
    title: str | Pieces
    snippet: str | Pieces
    terms: Sequence[RowTerm]
    rating: float | None
    ratings: int
    helped: int
    updated_at: datetime
    poster: str = ""
    poster_page: bool = False
    seconds: float | None = None
    passages: list[ShownPassage] = field(default_factory=list)
    copied: str = ""  # what one click copies, of what may leave the hub
    copied_place: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; `asked` with each term as it is called today."""

    asked: Asked
    page: Page[ShownHit]
    facets: list[Facet]
    note: str  # a kind word when the words were taken less strictly than they were meant
    did_you_mean: str
    took_ms: float
    from_database: bool = False


def find(session: Session, engine: Engine, user: User, asked: Asked) -> Found:
    """Search for what this person may see; when the engine cannot answer, titles and summaries are looked through."""
    facets = declared(user)
    catalogue = taxonomy.catalogue(session)
    told = catalogue.told(f"{key}:{value}" for key, values in asked.filters.items() for value in values)
    asked = replace(asked, filters=_today(catalogue, asked.filters))
    query = Query(
        text=asked.words,
        viewers=tokens_of_user(user),
        filters=_filters(catalogue, asked, user),
        facets=tuple(facets),
        order=asked.order,
        offset=(asked.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    try:
        results = engine.search(query)
    except SearchUnavailable as error:
        return _from_database(session, user, asked, error)
    rows = hydrate(session, user, [hit.id for hit in results.hits])
    hits = [_shown(rows[hit.id], hit) for hit in results.hits if hit.id in rows]
    return Found(
        asked=asked,
        # Whose time ended within the last minute is out of reach in SQL, and still counted by the index.
        page=Page(hits, results.total - (len(results.hits) - len(hits)), asked.page, PAGE_SIZE),
        facets=_facets(catalogue, facets, results, asked),
        note=" ".join(filter(None, [*told, _words_of(results)])),
        did_you_mean=results.did_you_mean or "",
        took_ms=results.took_ms,
    )


def declared(user: User) -> dict[str, str]:
    """The facets of the search page in their order: key → label. Those who publish also see states."""
    facets = {"kind": "Kind", **FACETS}
    order = (
        "stage",
        "vertical",
        "kind",
        *(key for key in facets if key not in {"stage", "vertical", "kind"}),
    )
    shown = {key: facets[key] for key in order}
    return {**shown, "state": "State"} if may(user.role, Permission.PUBLISH) else shown


def shown(row: Row) -> ShownHit:
    """A row without a search: on the home page, in lists."""
    return _shown(row, None)


def _shown(row: Row, hit: Hit | None) -> ShownHit:
    asset, rating, picture = row.asset, row.rating, row.picture
    spec = KINDS[asset.kind]
    said = asset.fields.get(spec.row) or asset.summary or asset.fields.get(spec.heart, "")
    url = url_for("discovery.asset", public_id=asset.public_id)
    return ShownHit(
        id=asset.public_id,
        url=url,
        kind=asset.kind,
        state=asset.state,
        external=asset.external,
        title=(hit.title if hit else None) or asset.title,
        snippet=(hit.highlights[0] if hit and hit.highlights else None) or str(said)[:240],
        terms=row.terms,
        rating=rating.mean if rating and rating.n else None,
        ratings=rating.n if rating else 0,
        helped=rating.helped_yes if rating else 0,
        updated_at=asset.updated_at,
        poster=picture.url if picture else "",
        poster_page=picture.page if picture else False,
        seconds=picture.seconds if picture else None,
        passages=[_passage(url, p) for p in hit.passages] if hit else [],
        copied=str(asset.fields.get(spec.heart, "")) if spec.copied and asset.external else "",
        copied_place=spec.heart,
    )


PLACES = {"page": "Page", "slide": "Slide", "section": "Section", "transcript": "At"}


def _passage(url: str, passage: PassageHit) -> ShownPassage:
    if passage.start_s is not None:
        minutes, seconds = divmod(int(passage.start_s), 60)
        there = f"{url}#t={int(passage.start_s)}" + (f"&in={passage.part}" if passage.part else "")
        return ShownPassage(f"At {minutes}:{seconds:02}", there, passage.pieces)
    label = f"{PLACES.get(passage.kind, 'Part')} {passage.number}"
    return ShownPassage(label, f"{url}#{place(passage.kind, passage.number, passage.part)}", passage.pieces)


def _words_of(results: Results) -> str:
    """How the words were taken, for the page; an empty page says the rest itself."""
    said = [
        f"Showing results for “{right}” instead of “{typed}”." for typed, right in results.corrected.items()
    ]
    if results.note is not Note.NOTHING:
        said.append(results.note.value)
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


STATES = {
    State.PUBLISHED: "Published",
    State.DRAFT: "Draft",
    State.IN_REVIEW: "In review",
    State.ARCHIVED: "Archived",
}


def _facets(
    catalogue: Catalogue, declared_facets: Mapping[str, str], results: Results, asked: Asked
) -> list[Facet]:
    labels: dict[str, list[tuple[str, str]]] = {
        facet: [(t.key, t.label + (" (retired)" if t.retired_at else "")) for t in terms]
        for facet, terms in catalogue.shown().items()
    }
    labels["kind"] = [(kind.value, spec.plural) for kind, spec in KINDS.items()]
    labels["state"] = [(state.value, label) for state, label in STATES.items()]
    facets = []
    for key, label in declared_facets.items():
        counts, chosen = catalogue.counted(key, results.facets.get(key, {})), asked.filters.get(key, ())
        terms = [
            FacetTerm(value, name, counts.get(value, 0), value in chosen)
            for value, name in labels[key]
            if counts.get(value) or value in chosen
        ]
        if terms:
            facets.append(Facet(key, label, terms))
    return facets


def _from_database(session: Session, user: User, asked: Asked, error: SearchUnavailable) -> Found:
    conditions = [in_reach(), visible_to(user)]
    for word in asked.words.split()[:6]:
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
