"""The rows of a year of use, in bulk: five million events are made and written in minutes, past the mappers.

Assets are used by Zipf's law (the most used one gets about a hundredth of all events, a tenth of them nothing at all), people
too; of twenty events twelve are opens, four plays, three copies and one a download; 1 % are by machines, some by owners. Events
lie in the order of their time, as they came in. One open in five was led to by a search; as many searches again led nowhere,
and of every fifth phrase none ever did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from hub.db import Database
from hub.library.taxonomy import BEGINNING, key_of

SEED = 20261122
BATCH = 50_000
DAYS = 365
KINDS = ("opened",) * 12 + ("played",) * 4 + ("copied",) * 3 + ("downloaded",)
LED = 0.2  # of opens, by a search
LOST = 0.08  # of all events, so many searches besides that led nowhere
PHRASES, VAIN = 20_000, 5

# Tables and their columns, in the order of the rows below.
EVENTS = (
    "usage_events",
    ("client_id", "kind", "at", "received_at", "user_id", "asset_id", "surface", "place", "own", "machine", "data"),
)  # fmt: skip
SEARCHES = (
    "searches",
    ("client_id", "user_id", "at", "received_at", "words", "folded", "filters", "order", "page", "total", "took_ms", "machine"),
)  # fmt: skip
USES = ("search_uses", ("event_id", "search_id", "user_id", "asset_id", "kind", "rank", "at"))

Row = tuple[Any, ...]


def fill(database: Database, count: int, moment: datetime, *, assets: int, people: int) -> None:
    """Write so many events of the year before this moment, and their searches."""
    draw = np.random.default_rng(SEED)
    for begin in range(0, count, BATCH):
        size = min(BATCH, count - begin)
        first, last = (moment - timedelta(days=DAYS * (1 - n / count)) for n in (begin, begin + size))
        events = _events(draw, begin, size, (first, last), assets, people)
        searches, uses = _searches(draw, events)
        with database.unit_of_work() as session:
            for (table, columns), rows in ((EVENTS, events), (SEARCHES, searches), (USES, uses)):
                _write(session, table, columns, rows)


def _write(session: Session, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Put rows into a table as its driver does it fastest."""
    named = ", ".join(f'"{column}"' for column in columns)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({named}) VALUES ({places})", list(rows))
    else:
        _copy(connection, f"COPY {table} ({named}) FROM STDIN", rows)


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # the moments name none
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _events(
    draw: np.random.Generator,
    begin: int,
    size: int,
    span: tuple[datetime, datetime],
    assets: int,
    people: int,
) -> list[Row]:
    by_use = np.cumsum(1 / (np.arange(1, assets * 9 // 10) + 20))
    by_zeal = np.cumsum(1 / (np.arange(1, people + 1) + 30))
    chosen = (1 + np.searchsorted(by_use, draw.random(size) * by_use[-1])).tolist()
    users = (1 + np.searchsorted(by_zeal, draw.random(size) * by_zeal[-1])).tolist()
    kinds = [KINDS[kind] for kind in draw.integers(0, len(KINDS), size).tolist()]
    machines = (draw.random(size) < 0.01).tolist()
    chance = draw.random((size, 3)).tolist()
    moments, came = _moments(draw, size, span)
    return [
        (
            f"e{begin + n:035}", kinds[n], moments[n], came[n], users[n], chosen[n], "web", "",
            chosen[n] % 20 + 1 == users[n], machines[n], _data(kinds[n], *chance[n]),
        )
        for n in range(size)
    ]  # fmt: skip


def _moments(
    draw: np.random.Generator, size: int, span: tuple[datetime, datetime]
) -> tuple[list[str], list[str]]:
    """When each happened and when it was received, as both databases read it; in order."""
    first, last = span
    passed = np.sort(draw.random(size)) * (last - first).total_seconds() * 1e6
    at = np.datetime64(first.replace(tzinfo=None), "us") + passed.astype("timedelta64[us]")
    return _texts(at), _texts(at + np.timedelta64(2, "s"))


def _texts(moments: Any) -> list[str]:
    return [text.replace("T", " ") for text in np.datetime_as_string(moments, unit="us").tolist()]


def _data(kind: str, one: float, two: float, three: float) -> str:
    if kind == "opened":
        return f'{{"dwell": {round(240 * one * two, 1)}}}'
    if kind == "played":
        start = int(one * 240)
        stretch = f"[[{start}, {start + 5 + int(two * 115)}]]"
        return f'{{"segments": {stretch}, "speed": 1.0, "length": 360.0, "version": {1 + int(three * 3)}}}'
    return "{}"


def _searches(draw: np.random.Generator, events: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The searches that led to some of these events, and others that led nowhere."""
    weights = np.cumsum(1 / (np.arange(PHRASES) + 20))
    phrases = np.searchsorted(weights, draw.random(len(events)) * weights[-1]).tolist()
    searches: list[Row] = []
    uses: list[Row] = []
    for event, phrase, (a, b, c, d) in zip(
        events, phrases, draw.random((len(events), 4)).tolist(), strict=True
    ):
        event_id, kind, at, came, user_id, asset_id, *_ = event
        led = kind == "opened" and a < LED and phrase % VAIN > 0
        if not led and a < 1 - LOST:
            continue
        search_id, words = f"s{event_id[1:]}", WORDS[phrase]
        filters = f"{{{', '.join(_chosen(b, c))}}}"
        total = 0 if not led and d < 0.3 else 7
        searches.append(
            (search_id, user_id, at, came, words, words, filters, "relevance", 1, total, 1.0, False)
        )
        if led:
            uses.append((event_id, search_id, user_id, asset_id, kind, 1 + int(d * d * 30), at))
    return searches, uses


def _chosen(stage: float, vertical: float) -> Iterator[str]:
    """The stage and the vertical of a search; one in five has either."""
    for facet, share in (("stage", stage), ("vertical", vertical)):
        if share < 0.2:
            keys = KEYS[facet]
            yield f'"{facet}": ["{keys[int(share * 5 * len(keys))]}"]'


KEYS = {facet: [key_of(label) for label, _ in BEGINNING[facet]] for facet in ("stage", "vertical")}
WORDS = [f"w{n % 8999}x w{n % 397}y topic{n % 47}" for n in range(PHRASES)]
