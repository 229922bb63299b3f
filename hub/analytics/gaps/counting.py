"""Searches by day, person, words and what was chosen with them; counted from `searches`, at any time with the same result. Of
days whose searches are no longer held, what is counted stands.

A day is counted anew when searches of it came in lately, or uses of them: a page may be left open for long before something on it
is opened. As for all use, what was committed late is found by looking back a while before the last run.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from hub.analytics.gaps.models import SearchDay, SearchDayLeftOut
from hub.usage import held
from hub.usage.models import Search, SearchUse
from hub.usage.searches import OLDEST, has_words

LATEST_COMMIT = timedelta(minutes=10)
FACETS = ("stage", "vertical")
VALUES_MOST = 3  # of one facet that are kept with a search
FILED_MOST = 300
TERM = re.compile(r"[\w-]{1,80}")

_OF_IT = and_(SearchUse.search_id == Search.client_id, SearchUse.user_id == Search.user_id)


class Key(NamedTuple):
    """What a row of `search_days` is of, its day aside."""

    folded: str
    user_id: int
    filed: str


class Tally(NamedTuple):
    """Its figures."""

    words: str = ""
    times: int = 0
    empty: int = 0
    led: int = 0


def filed_of(filters: Mapping[str, Any]) -> str:
    """The stages and verticals chosen, `stage:discovery vertical:retail`; at most three of each, in the order of the alphabet."""
    chosen = [
        f"{facet}:{key}"
        for facet in FACETS
        for key in sorted({str(value) for value in filters.get(facet, ())})[:VALUES_MOST]
        if TERM.fullmatch(key)  # an address may say anything
    ]
    while len(" ".join(chosen).encode()) > FILED_MOST:  # bytes: an index holds no row of more than 2,700
        chosen.pop()
    return " ".join(chosen)


def touched(session: Session, as_of: datetime | None) -> list[date]:
    """The days that have to be counted since the last run; None: there was none, so every day there is."""
    if as_of is None:
        ends = session.execute(select(func.min(Search.at), func.max(Search.at))).one()
        if None in ends:
            return []
        first, last = ends
        return [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
    since = as_of - OLDEST - LATEST_COMMIT
    searched = session.scalars(select(Search.at).where(Search.at >= since))
    used = session.scalars(select(Search.at).join(SearchUse, _OF_IT).where(SearchUse.at >= since))
    return sorted({at.date() for at in (*searched, *used)})


def count(session: Session, day: date) -> bool:
    """Count one day, if its searches are held; returns whether that changed anything."""
    first = held.fixed(session)
    if first is not None and day < first:
        return False
    rows, left_out = _tallies(session, day), _left_out(session, day)
    if rows == _stored(session, day) and left_out == _stored_left_out(session, day):
        return False
    session.execute(delete(SearchDay).where(SearchDay.day == day))
    session.execute(delete(SearchDayLeftOut).where(SearchDayLeftOut.day == day))
    if rows:
        values = [{"day": day, **key._asdict(), **tally._asdict()} for key, tally in rows.items()]
        session.connection().execute(insert(SearchDay), values)
    if any(left_out):
        names = ("machine", "later", "wordless")
        session.execute(insert(SearchDayLeftOut).values(day=day, **dict(zip(names, left_out, strict=True))))
    return True


def _tallies(session: Session, day: date) -> dict[Key, Tally]:
    used = exists(select(SearchUse.id).where(_OF_IT))
    query = select(
        Search.folded, Search.user_id, Search.filters, Search.words, Search.page, Search.total, used
    ).where(*_on(day), Search.machine.is_(False))
    found: dict[Key, Tally] = defaultdict(Tally)
    for folded, user_id, filters, words, page, total, led in session.execute(query):
        said, filed = has_words(folded), filed_of(filters)
        if not said and not filed:
            continue
        key = Key(folded if said else "", user_id, filed)
        # Who only leafs through a shelf looks for nothing in particular; who comes to an empty one does.
        was, first = found[key], page == 1 and (said or total == 0)
        found[key] = Tally(
            max(was.words, words if said else ""),
            was.times + first,
            was.empty + (first and total == 0),
            was.led + bool(led),
        )
    return {key: tally for key, tally in found.items() if tally.times or (tally.led and key.folded)}


def _left_out(session: Session, day: date) -> tuple[int, int, int]:
    later = Search.page > 1
    query = select(Search.machine, Search.folded, later, func.count()).where(*_on(day))
    counts: Counter[str] = Counter()
    for machine, folded, is_later, count in session.execute(
        query.group_by(Search.machine, Search.folded, later)
    ):
        if machine:
            counts["machine"] += count
        elif not has_words(folded):
            counts["wordless"] += count
        elif is_later:
            counts["later"] += count
    return counts["machine"], counts["later"], counts["wordless"]


def _stored(session: Session, day: date) -> dict[Key, Tally]:
    columns: Sequence[Any] = [getattr(SearchDay, name) for name in (*Key._fields, *Tally._fields)]
    query = select(*columns).where(SearchDay.day == day)
    return {Key(*row[:3]): Tally(*row[3:]) for row in session.execute(query)}


def _stored_left_out(session: Session, day: date) -> tuple[int, int, int]:
    row = session.get(SearchDayLeftOut, day)
    return (row.machine, row.later, row.wordless) if row else (0, 0, 0)


def _on(day: date) -> list[ColumnElement[bool]]:
    begin = datetime.combine(day, time(), UTC)
    return [Search.at >= begin, Search.at < begin + timedelta(days=1)]
