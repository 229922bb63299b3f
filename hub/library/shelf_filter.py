"""What a list of assets is narrowed by and sorted by: read from an address, written into one, said in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.datastructures import MultiDict

from hub.accounts.models import Team, User
from hub.db import public_ids
from hub.library import taxonomy
from hub.library.care import needs as care
from hub.library.duplicates import standing_twice
from hub.library.kinds import Kind
from hub.library.life import reviewing
from hub.library.models import FACETS, Asset, AssetAudience, State
from hub.library.taxonomy import Catalogue

TABS: tuple[tuple[str, str], ...] = (
    ("all", "All"),
    ("draft", "Drafts"),
    ("in_review", "In review"),
    ("published", "Published"),
    ("trouble", "Needs a hand"),
    ("archived", "Archived"),
)
NEEDS: dict[str, str] = {
    **{key: need.label for key, need in care.NEEDS.items()},
    "twice": "Same file elsewhere",
    "me": "Waits for my review",
}
BUYERS: dict[str, str] = {"internal": "Internal", "external": "External"}
SORTS: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "title": func.lower(Asset.title),
    "kind": Asset.kind,
    "state": Asset.state,
    "owner": func.lower(User.name),
    "review": Asset.review_by,
    "expires": Asset.expires_on,
    "changed": Asset.updated_at,
}
FALLS_FIRST = frozenset({"changed"})  # the newest first, the rest from A and from the earliest


@dataclass(frozen=True, slots=True)
class ShelfFilter:
    """A list as its address says it. What the address says wrongly is left out."""

    tab: str = "all"
    words: str = ""
    kind: str = ""
    owner: str = ""  # "me" or a public id
    audience: str = ""  # "everyone" or the public id of a team
    buyer: str = ""
    needs: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)  # facet → key
    sort: str = "changed"
    turned: bool = False  # the other way round than this column is usually read

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> ShelfFilter:
        """The filter that an address or a form names."""
        return cls(
            tab=_one_of(dict(TABS), args.get("tab"), "all"),
            words=args.get("words", "").replace("\0", "").strip()[:200],  # PostgreSQL takes no NUL
            kind=_one_of(list(Kind), args.get("kind")),
            owner=_person(args.get("owner", "")),
            audience=_audience(args.get("audience", "")),
            buyer=_one_of(BUYERS, args.get("buyer")),
            needs=_one_of(NEEDS, args.get("needs")),
            terms={facet: args[facet].replace("\0", "")[:80] for facet in FACETS if args.get(facet)},
            sort=_one_of(SORTS, args.get("sort"), "changed"),
            turned=args.get("turned") == "yes",
        )

    def args(self, **changes: Any) -> dict[str, str]:
        """What stands in the address of this filter, or of one that differs in `changes`; without what says nothing."""
        wanted = replace(self, **changes)
        said = {
            "tab": wanted.tab if wanted.tab != "all" else "",
            "words": wanted.words,
            "kind": wanted.kind,
            "owner": wanted.owner,
            "audience": wanted.audience,
            "buyer": wanted.buyer,
            "needs": wanted.needs,
            **wanted.terms,
            "sort": wanted.sort if wanted.sort != "changed" else "",
            "turned": "yes" if wanted.turned else "",
        }
        return {name: value for name, value in said.items() if value}

    def without(self, facet: str) -> Mapping[str, str]:
        """Its terms, without that of one facet."""
        return {name: key for name, key in self.terms.items() if name != facet}

    def sorted_by(self, column: str) -> dict[str, str]:
        """The address sorted by a column, the other way round when it is sorted by it already."""
        return self.args(sort=column, turned=self.sort == column and not self.turned)

    def way(self, column: str) -> str:
        """How a column is sorted, as `aria-sort` says it; empty when the list is sorted by another."""
        if self.sort != column:
            return ""
        return "descending" if (column in FALLS_FIRST) != self.turned else "ascending"

    @property
    def narrowed(self) -> int:
        """By how many things it is narrowed, the tab aside."""
        return len(set(self.args()) - {"tab", "sort", "turned"})

    def today(self, catalogue: Catalogue) -> ShelfFilter:
        """The same with each term as it is called today: an address may be older than a merge."""
        terms = {facet: catalogue.find(facet, key) for facet, key in self.terms.items()}
        return replace(
            self, terms={f: term.key if (term := terms[f]) else key for f, key in self.terms.items()}
        )

    def conditions(self, user: User) -> list[ColumnElement[bool]]:
        """What holds for the assets it lets through, the tab aside."""
        found: list[ColumnElement[bool]] = [
            Asset.title.icontains(word, autoescape=True) for word in self.words.split()[:8]
        ]
        if self.kind:
            found.append(Asset.kind == Kind(self.kind))
        if self.owner:
            found.append(Asset.owner_id == user.id if self.owner == "me" else _owned_by(self.owner))
        if self.audience:
            found.append(
                Asset.for_everyone.is_(True) if self.audience == "everyone" else _for_team(self.audience)
            )
        if self.buyer:
            found.append(Asset.external.is_(self.buyer == "external"))
        if self.needs:
            found.append(_in_need(self.needs, user))
        return found + [Asset.id.in_(taxonomy.filed_under(facet, key)) for facet, key in self.terms.items()]

    @property
    def order(self) -> list[ColumnElement[Any]]:
        """Rows without a value last; equal ones newest first."""
        column = SORTS[self.sort]
        falls = self.way(self.sort) == "descending"
        return [column.is_(None), column.desc() if falls else column.asc(), Asset.id.desc()]


def on_tab(tab: str) -> ColumnElement[bool]:
    """The condition on `Asset` of one tab."""
    if tab == "all":
        return Asset.state != State.ARCHIVED
    if tab != "trouble":
        return Asset.state == State(tab)
    return and_(Asset.state != State.ARCHIVED, or_(care.BROKEN_FILE, care.BROKEN_LINK))


def _owned_by(public_id: str) -> ColumnElement[bool]:
    return Asset.owner_id.in_(select(User.id).where(User.public_id == public_id))


def _for_team(public_id: str) -> ColumnElement[bool]:
    of_team = (
        select(AssetAudience.asset_id)
        .join(Team, Team.id == AssetAudience.team_id)
        .where(Team.public_id == public_id)
    )
    return and_(Asset.for_everyone.is_(False), Asset.id.in_(of_team))


def _in_need(what: str, user: User) -> ColumnElement[bool]:
    if what in care.NEEDS:
        return care.NEEDS[what].which()
    if what == "me":
        return reviewing.waits_for(user)
    return standing_twice(user)


def _person(given: str) -> str:
    return given if given == "me" or public_ids([given]) else ""


def _audience(given: str) -> str:
    return given if given == "everyone" or public_ids([given]) else ""


def _one_of(known: Any, value: str | None, otherwise: str = "") -> str:
    return value if value is not None and value in known else otherwise
