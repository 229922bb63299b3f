"""How assets stand by what changes often: stars, help, use, trend, age. Columns by asset, at most a minute old.

None of it is in the search index; it is combined with what the engine finds when a question is asked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.feedback import summaries
from hub.library.models import Asset, AssetTerm
from hub.usage import counts, trends

Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

FRESH_S = 30.0
#: Older than this they are read anew ahead of time, by a thread beside the requests (`warming`), while anybody asks for them.
AHEAD_S = 20.0
ASKED_S = 600.0  # nobody has, when not for so long

_held: WeakKeyDictionary[Any, Columns] = WeakKeyDictionary()  # by engine
_asked: WeakKeyDictionary[Any, float] = WeakKeyDictionary()  # when last
_loading = Lock()


@dataclass(frozen=True, slots=True)
class Standing:
    """One asset's row of the columns. `stars`: drawn to the mean of its kind, None without ratings; `helped_low`: 0 to 1, 0
    without answers; `people`: in 90 days; `trend`: people, decayed; `changed`: when it was last changed or found good."""

    stars: float | None
    helped_low: float
    people: int
    trend: float
    changed: datetime | None


class Columns:
    """Columns over all assets, by place; the last place stands for an asset that is not known yet."""

    def __init__(self, session: Session, before: Columns | None = None) -> None:
        self.loaded = time.monotonic()
        self.changed_at: dict[int, datetime] = _changed(session, before.changed_at if before else {})
        self.ids: Ids = np.array(sorted(self.changed_at), np.int64)
        size = len(self.ids) + 1
        #: By id; ids of a database are nearly dense, and to look each up among the sorted took a third of a common search.
        self._places = np.full(int(self.ids.max(initial=0)) + 2, len(self.ids), np.int64)
        self._places[self.ids] = np.arange(len(self.ids))
        rated = summaries.of_all(session)
        stars = {asset_id: s.stars for asset_id, s in rated.items() if s.stars is not None}
        helped = {asset_id: s.helped_low for asset_id, s in rated.items() if s.helped_low is not None}
        self.stars = self._column(size, stars, np.nan)
        means = {asset_id: s.mean for asset_id, s in rated.items() if s.mean is not None}
        self.mean = self._column(size, means, np.nan)
        self.helped_low = self._column(size, helped)
        self.people = self._column(size, counts.people_of_all(session))
        self.trend = self._column(size, trends.of_all(session))
        stamps = {asset_id: changed.timestamp() for asset_id, changed in self.changed_at.items()}
        self.changed = self._column(size, stamps, np.nan)
        self.most_people = float(self.people.max(initial=0))
        self._terms: dict[int, npt.NDArray[np.bool_]] = {}
        for term_id in before.terms_asked_for() if before else ():  # what was asked for will be again
            self.having(session, term_id)

    def places(self, ids: Ids) -> Ids:
        """Where these assets stand in the columns."""
        return self._places.take(ids, mode="clip")  # the last stands for all that came later

    def having(self, session: Session, term_id: int) -> npt.NDArray[np.bool_]:
        """Which places carry this term."""
        if term_id not in self._terms:
            mask = np.zeros(len(self.ids) + 1, np.bool_)
            query = select(AssetTerm.asset_id).where(AssetTerm.term_id == term_id)
            mask[self.places(np.array(session.scalars(query).all(), np.int64))] = True
            mask[-1] = False
            self._terms[term_id] = mask
        return self._terms[term_id]

    def terms_asked_for(self) -> Sequence[int]:
        """The ids of the terms by which anybody has asked who carries them."""
        return list(self._terms)

    def of(self, asset_id: int) -> Standing:
        """How one asset stands."""
        place = int(self.places(np.array([asset_id], np.int64))[0])
        stars = float(self.stars[place])
        return Standing(
            stars=None if np.isnan(stars) else stars,
            helped_low=float(self.helped_low[place]),
            people=int(self.people[place]),
            trend=float(self.trend[place]),
            changed=self.changed_at.get(asset_id),
        )

    def _column(self, size: int, values: Mapping[int, float], otherwise: float = 0.0) -> Numbers:
        column = np.full(size, otherwise)
        if values:
            column[self.places(np.fromiter(values.keys(), np.int64, len(values)))] = list(values.values())
            column[-1] = otherwise
        return column


def columns(session: Session) -> Columns:
    """The columns of this database, loaded anew when they are older than `FRESH_S`. Who asks meanwhile gets those from before:
    of 100,000 assets that takes most of a second."""
    held, moment = _held.get(session.get_bind()), time.monotonic()
    _asked[session.get_bind()] = moment
    if held is not None and moment - held.loaded <= FRESH_S:
        return held
    if not _loading.acquire(blocking=held is None):
        return held  # type: ignore[return-value] # it is only waited for where there are none
    try:
        newest = _held.get(session.get_bind())
        if newest is None or newest is held:
            newest = _held[session.get_bind()] = Columns(session, held)
        return newest
    finally:
        _loading.release()


def read_ahead(session: Session) -> bool:
    """Read the columns before somebody would have to wait for that: when they are there, were asked for lately, and grow old;
    returns whether they were. Meanwhile those from before answer."""
    bind, moment = session.get_bind(), time.monotonic()
    held = _held.get(bind)
    if (
        held is None
        or moment - held.loaded < AHEAD_S
        or moment - _asked.get(bind, moment - ASKED_S) >= ASKED_S
    ):
        return False
    if not _loading.acquire(blocking=False):
        return False  # a request reads them
    try:
        _held[bind] = Columns(session, held)
    finally:
        _loading.release()
    return True


def forget(session: Session) -> None:
    """Let the next question load the columns anew."""
    _held.pop(session.get_bind(), None)


def _changed(session: Session, known: Mapping[int, datetime]) -> dict[int, datetime]:
    """When each asset was last changed or found good. Only what came since the last look is read."""
    query = select(Asset.id, Asset.updated_at, Asset.reviewed_at)
    if known:
        last = max(known.values())
        query = query.where((Asset.updated_at >= last) | (Asset.reviewed_at >= last))
    rows: Sequence[Any] = session.execute(query).all()
    return {**known, **{row[0]: max(row[1], row[2] or row[1]) for row in rows}}
