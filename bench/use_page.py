"""The page of use over HTTP, over a year of a large library and over a tenth of its events: cost must not grow with them."""

from __future__ import annotations

from urllib.parse import urlencode

from bench import insights
from bench.figures import Figure, percentile
from bench.running_hub import running_hub
from hub.db import now
from hub.usage import rollups


def measure(events: int, repeats: int) -> list[Figure]:
    """Every range, filter and order of the page, so many times each, over so many events of 10,000 assets."""
    (few, _), (many, spent) = _times(events // 10, repeats), _times(events, repeats)
    return [
        Figure(f"insights page over {events:,} events, p50", percentile(many, 50), "ms"),
        Figure(f"insights page over {events:,} events, p95", percentile(many, 95), "ms", 300),
        Figure("insights page, processor time, p95", percentile(spent, 95), "ms"),
        Figure(f"insights page over {events // 10:,} events, p95", percentile(few, 95), "ms"),
    ]


def _times(events: int, repeats: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each page, and of the processor for it."""
    moment = now()
    times, spent = [], []
    with running_hub() as hub:
        insights.fill(hub.database, events, moment)
        rollups.rebuild(hub.database, moment)
        with hub.web():
            marketer = hub.visitor(1)
            for args in insights.addresses() * (repeats + 1):
                before = sum(hub.cpu_ms())
                answer = marketer.get(f"/insights/use?{urlencode(args)}")
                if answer.status != 200 or b"<tbody" not in answer.body:
                    raise AssertionError(f"{args}: {answer.status}")
                times.append(answer.ms)
                spent.append(sum(hub.cpu_ms()) - before)
    warm = len(insights.addresses())  # the first round warms and is not counted
    return times[warm:], spent[warm:]
