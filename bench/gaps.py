"""The page Gaps over HTTP, over a year of searches in a large library and over a tenth of them: cost must not grow with them.

What 500 people type follows Zipf's law over 20,000 phrases; a third of the searches has a stage or vertical, a fifth is empty,
three of four led somewhere, but of every fifth phrase none did.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert

from bench import year
from bench.figures import Figure, percentile
from bench.rows_of_year import DAYS, SEED
from bench.running_hub import running_hub
from hub.analytics.gaps import running
from hub.db import Database, now
from hub.library.taxonomy import BEGINNING, key_of
from hub.usage.models import Search, SearchUse

PHRASES, VAIN = 20_000, 5
BATCH = 20_000
RANGES = ("7", "30", "90", "365", "0")


def measure(searches: int, repeats: int) -> list[Figure]:
    """Every range, filter and order of the page, so many times each, over so many searches; and the job that counts them."""
    (few, _, _), (many, spent, counted) = _times(searches // 10, repeats), _times(searches, repeats)
    return [
        Figure(f"gaps page over {searches:,} searches, p50", percentile(many, 50), "ms"),
        Figure(f"gaps page over {searches:,} searches, p95", percentile(many, 95), "ms", 300),
        Figure("gaps page, processor time, p95", percentile(spent, 95), "ms"),
        Figure(f"gaps page over {searches // 10:,} searches, p95", percentile(few, 95), "ms"),
        Figure(f"count {searches:,} searches from nothing, processor time", counted[0], "s"),
        Figure("count the next minutes, processor time", counted[1], "s"),
    ]


def addresses() -> list[dict[str, str]]:
    narrow: tuple[dict[str, str], ...] = (
        {}, {"stage": "discovery"}, {"vertical": "retail", "what": "empty"}, {"sort": "-last"}, {"shown": "new", "page": "3"},
    )  # fmt: skip
    return [{"days": days, **filters} for days in RANGES for filters in narrow]


def fill(database: Database, searches: int, moment: datetime) -> None:
    """Make so many searches of the last year, in order of their time."""
    rows = _searches(random.Random(SEED), searches, moment)
    while batch := list(islice(rows, BATCH)):
        with database.unit_of_work() as session:
            session.connection().execute(insert(Search), [search for search, _ in batch])
            uses = [use for _, use in batch if use]
            session.connection().execute(insert(SearchUse), uses)


def _searches(
    draw: random.Random, count: int, moment: datetime
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    words = [
        f"w{draw.randrange(9000)}x w{draw.randrange(400)}y topic{draw.randrange(50)}" for _ in range(PHRASES)
    ]
    weights = list(accumulate(1 / (rank + 20) for rank in range(PHRASES)))
    keys = {facet: [key_of(label) for label, _ in BEGINNING[facet]] for facet in ("stage", "vertical")}
    for number in range(count):
        (phrase,) = draw.choices(range(PHRASES), cum_weights=weights)
        at = moment - timedelta(days=DAYS) * (1 - number / count)
        who = draw.randint(1, year.PEOPLE)
        chosen = {facet: [draw.choice(found)] for facet, found in keys.items() if draw.random() < 0.2}
        client = f"{number:036}"
        search = {
            "client_id": client, "user_id": who, "at": at, "words": words[phrase], "folded": words[phrase], "filters": chosen,
            "order": "relevance", "page": 1, "total": 0 if draw.random() < 0.2 else 7, "took_ms": 1.0, "machine": False,
        }  # fmt: skip
        led = phrase % VAIN and draw.random() < 0.75
        use = {
            "event_id": client, "search_id": client, "user_id": who, "asset_id": draw.randint(1, year.ASSETS),
            "kind": "opened", "rank": 1, "at": at,
        }  # fmt: skip
        yield search, use if led else None


def _times(searches: int, repeats: int) -> tuple[list[float], list[float], tuple[float, float]]:
    """Milliseconds of each page, those of the processor for it, and seconds of the processor for counting."""
    moment = now()
    times, spent = [], []
    with running_hub() as hub:
        year.fill(hub.database, 0, moment)
        fill(hub.database, searches, moment)
        with hub.app.app_context():
            counted = _cpu(hub.database, moment), _cpu(hub.database, moment + timedelta(minutes=5))
        with hub.web():
            marketer = hub.visitor(1)
            for args in addresses() * (repeats + 1):
                before = sum(hub.cpu_ms())
                answer = marketer.get(f"/insights/gaps/?{urlencode(args)}")
                if answer.status != 200 or b'id="gaps"' not in answer.body:
                    raise AssertionError(f"{args}: {answer.status}")
                times.append(answer.ms)
                spent.append(sum(hub.cpu_ms()) - before)
    warm = len(addresses())  # the first round warms and is not counted
    return times[warm:], spent[warm:], counted


def _cpu(database: Database, moment: datetime) -> float:
    begun = time.process_time()
    running.bring_up_to_date(database, moment)
    return time.process_time() - begun
