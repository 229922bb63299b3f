"""The page of use over a year of a large library: 1,000,000 events, 10,000 assets, 500 people.

`python -m bench.insights [EVENTS]` prints the figures; `measure()` returns them. `HUB_BENCH_DATABASE` may name an empty
PostgreSQL database; else a SQLite file in a folder that is removed afterwards is used.

What is made: assets are used by Zipf's law (the most used one gets about a hundredth of all events, a tenth of them
nothing at all), people too; of twenty events twelve are opens, four plays, three copies and one a download; 1 % are by
machines, some by owners; days are spread evenly over the year.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import insert, select

from hub import models
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics import report
from hub.analytics.asked import Asked
from hub.db import Database, now
from hub.feedback.models import Rating
from hub.library import taxonomy
from hub.library.kinds import Kind
from hub.library.models import Asset, AssetTerm, State, Term
from hub.usage import rollups
from hub.usage.models import Search, SearchUse, UsageEvent
from hub.usage.recording import record

EVENTS, ASSETS, PEOPLE, DAYS = 1_000_000, 10_000, 500, 365
SEED = 20261122
BATCH = 20_000
LED = 0.2  # of opens, by a search
KINDS = ("opened",) * 12 + ("played",) * 4 + ("copied",) * 3 + ("downloaded",)


def fill(database: Database, events: int, moment: datetime) -> None:
    """Make the library and its year of use."""
    draw = random.Random(SEED)
    with database.unit_of_work() as session:
        taxonomy.begin(session)
        connection = session.connection()
        connection.execute(insert(User), [_person(n) for n in range(1, PEOPLE + 1)])
        connection.execute(insert(Asset), [_asset(n, draw, moment) for n in range(1, ASSETS + 1)])
        terms = {
            facet: list(session.scalars(select(Term.id).where(Term.facet == facet)))
            for facet in ("stage", "vertical")
        }
        connection.execute(
            insert(AssetTerm),
            [
                {"asset_id": n, "term_id": draw.choice(found)}
                for n in range(1, ASSETS + 1)
                for found in terms.values()
            ],
        )
        connection.execute(insert(Rating), list(_ratings(draw, moment)))
    rows = _events(draw, events, moment)
    while batch := list(islice(rows, BATCH)):
        led = [row for row in batch if row["kind"] == "opened" and draw.random() < LED]
        with database.unit_of_work() as session:
            session.connection().execute(insert(UsageEvent), batch)
            session.connection().execute(insert(Search), [_search(row, draw) for row in led])
            session.connection().execute(insert(SearchUse), [_search_use(row, draw) for row in led])


def _search(event: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    words = f"words {int(draw.paretovariate(0.7)) % 5000}"
    return {
        "client_id": event["client_id"], "user_id": event["user_id"], "at": event["at"], "words": words, "folded": words,
        "filters": {}, "order": "relevance", "page": 1, "total": 9, "took_ms": 1.0, "machine": False,
    }  # fmt: skip


def _search_use(event: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    same = {name: event[name] for name in ("user_id", "asset_id", "kind", "at")}
    return same | {
        "event_id": event["client_id"], "search_id": event["client_id"], "rank": int(draw.paretovariate(1)) % 50 + 1,
    }  # fmt: skip


def _person(number: int) -> dict[str, Any]:
    role = Role.MARKETER if number <= 20 else Role.REP
    return {
        "id": number,
        "public_id": f"u{number:011}",
        "email": f"p{number}@example.com",
        "name": f"Person {number}",
        "role": role,
    }


def _asset(number: int, draw: random.Random, moment: datetime) -> dict[str, Any]:
    published = moment - timedelta(days=draw.randrange(10, 700))
    return {
        "id": number,
        "public_id": f"a{number:011}".translate(str.maketrans("01", "zy")),
        "kind": draw.choice(list(Kind)),
        "state": State.PUBLISHED if draw.random() < 0.95 else State.DRAFT,
        "title": f"Asset {number} about {draw.choice(('pricing', 'security', 'speed', 'support'))}",
        "summary": "What it is for, in a sentence of a usual length. " * 3,
        "body": "Words. " * 200,
        "owner_id": number % 20 + 1,
        "published_at": published,
        "updated_at": published,
    }


def _ratings(draw: random.Random, moment: datetime) -> Iterator[dict[str, Any]]:
    pairs = {(draw.randint(1, ASSETS), draw.randint(21, PEOPLE)) for _ in range(10_000)}
    for asset_id, user_id in sorted(pairs):
        at = moment - timedelta(days=draw.random() * DAYS)
        helped = draw.choice((True, False, None))
        yield {
            "asset_id": asset_id,
            "user_id": user_id,
            "stars": draw.randint(1, 5),
            "helped": helped,
            "updated_at": at,
        }


def _events(draw: random.Random, count: int, moment: datetime) -> Iterator[dict[str, Any]]:
    used = range(1, ASSETS * 9 // 10)
    by_use = list(accumulate(1 / (rank + 20) for rank in used))
    people = range(1, PEOPLE + 1)
    by_zeal = list(accumulate(1 / (rank + 30) for rank in people))
    assets = draw.choices(used, cum_weights=by_use, k=count)
    users = draw.choices(people, cum_weights=by_zeal, k=count)
    for asset_id, user_id in zip(assets, users, strict=True):
        at = moment - timedelta(seconds=draw.random() * DAYS * 86400)
        kind = draw.choice(KINDS)
        yield {
            "client_id": str(uuid.UUID(int=draw.getrandbits(128))),
            "kind": kind,
            "at": at,
            "received_at": at + timedelta(seconds=2),
            "user_id": user_id,
            "asset_id": asset_id,
            "own": asset_id % 20 + 1 == user_id,
            "machine": draw.random() < 0.01,
            "data": _data(kind, draw),
        }


def _data(kind: str, draw: random.Random) -> dict[str, Any]:
    if kind == "opened":
        return {"dwell": round(draw.expovariate(1 / 60), 1)}
    if kind == "played":
        start = draw.randrange(0, 240)
        segments = [[start, start + draw.randrange(5, 120)]]
        return {"segments": segments, "speed": 1.0, "length": 360.0, "version": draw.randint(1, 3)}
    return {}


def measure(events: int = EVENTS, repeats: int = 5) -> dict[str, Any]:
    """Seconds and milliseconds of making, counting and showing; see `main` for the names."""
    moment = now()
    with _database() as database:
        models.metadata.create_all(database.engine)
        figures: dict[str, Any] = {"database": database.engine.dialect.name, "events": events}
        figures["fill_s"] = _timed(lambda: fill(database, events, moment))
        figures["rebuild_s"] = _timed(lambda: rollups.rebuild(database, moment))
        figures["record_per_s"] = _record_rate(database)
        figures["next_minute_s"] = _timed(lambda: rollups.bring_up_to_date(database, now()))
        figures["next_day_s"] = _timed(lambda: rollups.bring_up_to_date(database, now() + timedelta(days=1)))
        figures |= _pages(database, repeats)
    return figures


def _pages(database: Database, repeats: int) -> dict[str, Any]:
    """How long the figures of a page take, over every range, filter and order, in ms; and the sheet, in s."""
    times: dict[str, float] = {}
    for args in addresses():
        for repeat in range(repeats):
            begun = time.perf_counter()
            with database.unit_of_work(write=False) as session:
                user = session.get_one(User, 1)
                shown = report.use_report(session, user, Asked.of(args), 1)
                assert shown is not None
                assert shown.page.rows
            times[f"{args} {repeat}"] = (time.perf_counter() - begun) * 1000
    slowest = max(times, key=lambda name: times[name])
    cuts = quantiles(times.values(), n=20)
    return {
        "page_p50_ms": cuts[9],
        "page_p95_ms": cuts[18],
        "page_max_ms": times[slowest],
        "slowest": slowest,
    }


def addresses() -> list[dict[str, str]]:
    ranges = ("7", "30", "90", "365", "0")
    narrow: tuple[dict[str, str], ...] = (
        {},
        {"kind": "deck"},
        {"stage": "discovery"},
        {"vertical": "retail", "kind": "deck"},
        {"state": ""},
    )
    found = [{"days": days, **filters} for days in ranges for filters in narrow]
    found += [{"days": days, "tab": "nobody"} for days in ranges]
    return found + [
        {"days": "365", "sort": sort} for sort in ("title", "-trend", "-rated", "last", "-watched")
    ]


def _record_rate(database: Database, batches: int = 100) -> float:
    """Events a second through `record`, in batches of 20, a commit each."""
    draw = random.Random(SEED)
    moment = now()
    sent = [
        [
            {
                "id": str(uuid.uuid4()),
                "kind": "opened",
                "asset": f"a{draw.randint(1, ASSETS):011}".translate(str.maketrans("01", "zy")),
                "at": moment.isoformat(),
                "data": {"dwell": 12.5},
            }
            for _ in range(20)
        ]
        for _ in range(batches)
    ]
    begun = time.perf_counter()
    for batch in sent:
        with database.unit_of_work() as session:
            record(session, session.get_one(User, 1), batch, now=moment, secret="k")
    return batches * 20 / (time.perf_counter() - begun)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def _database() -> Iterator[Database]:
    url = os.environ.get("HUB_BENCH_DATABASE", "")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        try:
            yield database
        finally:
            database.dispose()


def main() -> None:
    figures = measure(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
    rounded = {
        name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()
    }
    print(json.dumps(rounded, indent=2), datetime.now(UTC).date())


if __name__ == "__main__":
    main()
