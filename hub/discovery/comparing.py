"""Two assets side by side: what their kinds have in common, row by row, with the terms that only one of them carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.rows import hydrate
from hub.discovery.showing import ShownHit, shown
from hub.library import assets, prose
from hub.library.kinds import KINDS, KindField, KindSpec
from hub.library.models import FACETS, Asset, Term
from hub.library.visibility import in_reach, visible_to
from hub.web.filters import duration, plural

OFFERED = 20
WORDS_LIMIT = 200  # characters that are looked for in titles


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    asset: Asset
    spec: KindSpec
    html: str
    length: str  # of its files: pages, minutes


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field that both kinds have and at least one of the two has filled in."""

    known: KindField
    values: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TermRow:
    """The terms of one facet: of each side its own, and whether the other has it too."""

    label: str
    sides: tuple[list[tuple[Term, bool]], list[tuple[Term, bool]]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assets, with the rows they share."""

    sides: tuple[Side, Side]
    fields: list[FieldRow]
    terms: list[TermRow]

    @property
    def same_kind(self) -> bool:
        one, other = self.sides
        return one.asset.kind is other.asset.kind


@dataclass(frozen=True, slots=True)
class Choice:
    """What one asset can be compared with: of its kind first, then the newest. `words` are looked for in titles."""

    kept: Asset | None
    offered: list[ShownHit]
    words: str


def compare(session: Session, user: User, one: str, other: str) -> Comparison:
    """Two assets by their public ids.

    Raises:
        NotFound: one of them is not there for this person.
    """
    sides = _side(assets.get(session, user, one)), _side(assets.get(session, user, other))
    return Comparison(sides, list(_fields(*sides)), list(_terms(*(side.asset for side in sides))))


def choice(session: Session, user: User, kept: str, words: str) -> Choice:
    """What the asset with this public id, or none yet, can be compared with.

    Raises:
        NotFound: it is not there for this person.
    """
    asset = assets.get(session, user, kept) if kept else None
    words = " ".join(words.replace("\0", "").split())[:WORDS_LIMIT]
    query = select(Asset.id).where(in_reach(), visible_to(user))
    for word in words.split()[:6]:
        query = query.where(Asset.title.icontains(word, autoescape=True))
    if asset is not None:
        query = query.where(Asset.id != asset.id).order_by(Asset.kind != asset.kind)
    ids = session.scalars(query.order_by(Asset.updated_at.desc(), Asset.id.desc()).limit(OFFERED)).all()
    rows = hydrate(session, user, ids)
    return Choice(asset, [shown(rows[id_]) for id_ in ids if id_ in rows], words)


def _side(asset: Asset) -> Side:
    facts = [file.facts for file in asset.files]
    pages = sum(int(fact.get("pages") or 0) for fact in facts)
    seconds = sum(float(fact.get("duration_s") or 0) for fact in facts)
    length = [plural(pages, "page")] * bool(pages) + [duration(seconds)] * bool(seconds)
    return Side(asset, KINDS[asset.kind], prose.to_html(asset.body), " · ".join(length))


def _fields(one: Side, other: Side) -> Iterator[FieldRow]:
    shared = {known.key for known in other.spec.fields}
    for known in one.spec.fields:
        values = tuple(str(side.asset.fields.get(known.key, "")) for side in (one, other))
        if known.key in shared and any(values):
            yield FieldRow(known, (values[0], values[1]))


def _terms(one: Asset, other: Asset) -> Iterator[TermRow]:
    for facet, label in FACETS.items():
        mine, theirs = _of(facet, one), _of(facet, other)
        if mine or theirs:
            sides = _marked(mine, theirs), _marked(theirs, mine)
            yield TermRow(label, sides)


def _of(facet: str, asset: Asset) -> list[Term]:
    return sorted((term for term in asset.terms if term.facet == facet), key=lambda term: term.position)


def _marked(terms: Sequence[Term], others: Sequence[Term]) -> list[tuple[Term, bool]]:
    return [(term, term in others) for term in terms]
