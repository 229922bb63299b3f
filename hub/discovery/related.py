"""What else is worth reading beside an asset: what carries its terms, the rarer the better, and has its telling words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery import standing
from hub.discovery.rows import RowAsset, hydrate
from hub.discovery.showing import ShownHit, shown
from hub.discovery.standing import Columns, Ids, Numbers
from hub.library.models import Asset, State
from hub.library.visibility import tokens_of_user
from hub.search import Engine, Query, SearchUnavailable
from hub.search.language import compose, tokens

MOST = 6
LOOKED_AT = 12  # of the engine's best; the words decide which of them are shown
WORDS, OF_TITLE = 12, 7  # asked for at most: more of them cost more than they bring
TERMS_WEIGH = 2.0  # how much having all terms adds to a score
FEWEST_WORDS = 2  # that an asset without a common term has to have


@dataclass(frozen=True, slots=True)
class Likeness:
    """How many of the terms of an asset others carry: 0 to 1, a rare term more than a common one."""

    columns: Columns
    carried: Sequence[tuple[float, npt.NDArray[np.bool_]]]  # rarity of a term, and which places carry it

    def __call__(self, ids: Ids) -> Numbers:
        """A boost for the engine."""
        return 1 + TERMS_WEIGH * self.share(ids)

    def share(self, ids: Ids) -> Numbers:
        at, whole = self.columns.places(ids), sum(rarity for rarity, _ in self.carried)
        shares: Numbers = np.zeros(len(ids))
        for rarity, mask in self.carried:
            shares = shares + rarity / whole * mask[at]
        return shares


def related(
    session: Session, engine: Engine, user: User, asset: Asset, without: Collection[int] = ()
) -> list[ShownHit]:
    """Up to six published assets that this person may see, the nearest first; `without`: ids that stand on the page already.

    Any one word is enough, where a search wants all: so they are asked for as other words for one that stands nowhere.
    """
    nowhere = f"nowhere{asset.public_id}"
    likeness = _likeness(session, asset)
    left_out = np.array([asset.id, *without], np.int64)
    query = Query(
        text=nowhere,
        synonyms={nowhere: _telling(asset)},
        viewers=tokens_of_user(user),
        filters={"state": (State.PUBLISHED.value,)},
        boosts=likeness,
        within=lambda ids: ~np.isin(ids, left_out),
        limit=LOOKED_AT,
        exact=True,
    )
    try:
        hits = engine.search(query).hits
    except SearchUnavailable:
        return []
    rows = hydrate(session, user, [hit.id for hit in hits])
    shares = likeness.share(np.array([hit.id for hit in hits], np.int64))
    words = _words(asset.title, asset.summary, *(term.label for term in asset.terms))
    scored: list[tuple[float, int]] = []
    for hit, share in zip(hits, shares.tolist(), strict=True):
        common = len(words & _words_of(rows[hit.id].asset)) if hit.id in rows else 0
        if hit.id in rows and (share or common >= FEWEST_WORDS):
            scored.append((hit.score * (1 + common / len(words)), hit.id))
    return [shown(rows[id_]) for _, id_ in sorted(scored, reverse=True)[:MOST]]


def _likeness(session: Session, asset: Asset) -> Likeness:
    columns = standing.columns(session)
    masks = [columns.having(session, term.id) for term in asset.terms]
    return Likeness(columns, [(float(np.log(1 + len(mask) / (1 + mask.sum()))), mask) for mask in masks])


def _telling(asset: Asset) -> tuple[str, ...]:
    """The words that tell most of an asset: of its title, its terms, then its summary."""
    title, summary = ([*_spelled(text)] for text in (asset.title, asset.summary))
    in_order = [*title[:OF_TITLE], *(term.label for term in asset.terms), *summary, *title]
    return tuple(dict.fromkeys(in_order))[:WORDS]


def _spelled(text: str) -> Iterable[str]:
    """The words of a text that are no stop words, as they are written."""
    text = compose(text)
    return (text[token.start : token.end] for token in tokens(text) if token.terms)


def _words_of(row: RowAsset) -> set[str]:
    return _words(row.title, row.summary, *map(str, row.fields.values()))


def _words(*texts: str) -> set[str]:
    return {term for text in texts for token in tokens(compose(text)) for term in token.terms}
