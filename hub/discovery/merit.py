"""The one formula by which results are ordered, and its weights.

    relevance = text × quality × fit × freshness

`text` is the engine's (BM25F, the title counting more). The others are factors around 1, so that words decide first and the rest
decides between texts that fit about as well:

    quality   = (1 + w·stars) × (1 + w·help) × (1 + w·use)
    fit       = 1 + w for each facet (stage, vertical) in which the asset has one of the person's own terms
    freshness = 1 − w·(1 − 2^(−age / half-life))

stars: (drawn stars − 3) / 2, from −1 to 1, 0 without ratings; help: lower end of the Wilson 95 % interval of “helped my deal”,
0 to 1; use: log(1 + people in 90 days) / log(1 + most people), 0 to 1; age since the asset was last changed or found good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery import interests, standing
from hub.discovery.standing import Columns, Ids, Numbers
from hub.library.models import Term
from hub.library.taxonomy import Catalogue

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part may add or take away at most; `half_life` in days."""

    stars: float = 0.15
    help: float = 0.25
    use: float = 0.15
    fit: float = 0.15
    age: float = 0.20
    half_life: float = 365.0


WEIGHTS = Weights()
_multiplied: WeakKeyDictionary[Columns, Numbers] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Parts:
    """The factors of one asset, around 1 each; `people`: who used it in 90 days; `fits`: the facets in which it has one of the
    person's own terms."""

    stars: float
    help: float
    use: float
    fit: float
    freshness: float
    people: int
    fits: tuple[str, ...]

    @property
    def product(self) -> float:
        return self.stars * self.help * self.use * self.fit * self.freshness


@dataclass(frozen=True, slots=True)
class Merit:
    """The factors of all assets for one person at one moment. `own`: the person's terms by facet; `fit`: facet → the places
    that have one of them; `common`: by place, the product of the factors that are the same for everybody."""

    columns: Columns
    own: Mapping[str, Sequence[Term]]
    fit: Mapping[str, npt.NDArray[np.bool_]]
    moment: datetime
    common: Numbers

    def __call__(self, ids: Ids) -> Numbers:
        """The product of the factors of each of these assets: a boost for the engine."""
        at = self.columns.places(ids)
        return self.common[at] * self._fit(at) if self.fit else self.common[at]

    def of(self, asset_ids: Sequence[int]) -> list[Parts]:
        """The factors of each of these assets, for who asks why they stand where they stand."""
        at = self.columns.places(np.array(asset_ids, np.int64))
        stars, helped, use, fresh = (factor.tolist() for factor in _factors(self.columns, self.moment, at))
        fit = self._fit(at).tolist()
        people = self.columns.people[at].astype(np.int64).tolist()
        own = {facet: mask[at].tolist() for facet, mask in self.fit.items()}
        return [
            Parts(
                stars=stars[row],
                help=helped[row],
                use=use[row],
                fit=fit[row],
                freshness=fresh[row],
                people=people[row],
                fits=tuple(facet for facet, having in own.items() if having[row]),
            )
            for row in range(len(at))
        ]

    def _fit(self, at: Ids) -> Numbers:
        fit = np.ones(len(at))
        for mask in self.fit.values():
            fit = fit + WEIGHTS.fit * mask[at]
        return fit


def _factors(
    columns: Columns, moment: datetime, at: Ids | slice = slice(None)
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Stars, help, use and freshness of these places, or of all."""
    w = WEIGHTS
    stars = 1 + w.stars * np.nan_to_num((columns.stars[at] - 3) / 2)
    helped = 1 + w.help * columns.helped_low[at]
    most = np.log1p(columns.most_people)
    people = columns.people[at]
    use = 1 + w.use * (np.log1p(people) / most if most else np.zeros(len(people)))
    age = np.maximum(moment.timestamp() - columns.changed[at], 0) / DAY_S
    fresh = 1 - w.age * (1 - np.nan_to_num(2.0 ** (-age / w.half_life), nan=1.0))
    return stars, helped, use, fresh


def _common(columns: Columns, moment: datetime) -> Numbers:
    """Multiplied once for as long as these columns hold: a minute more of age changes nothing."""
    if columns not in _multiplied:
        stars, helped, use, fresh = _factors(columns, moment)
        _multiplied[columns] = stars * helped * use * fresh
    return _multiplied[columns]


def for_person(session: Session, catalogue: Catalogue, user: User, moment: datetime) -> Merit:
    """The factors as they are for this person, by their own stages and verticals."""
    columns = standing.columns(session)
    own = interests.own_terms(session, catalogue, user)
    fit = {
        facet: np.logical_or.reduce([columns.having(session, term.id) for term in terms])
        for facet, terms in own.items()
    }
    return Merit(columns, own, fit, moment, _common(columns, moment))
