"""The pages of Insights over HTTP, over a year of a large library and over a tenth of its events: cost must not grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from bench import insights
from bench.figures import Figure, percentile
from bench.running_hub import running_hub
from hub.analytics.health.problems import PROBLEMS
from hub.db import now
from hub.usage import rollups

MOST = 300  # ms, p95 of each page
RANGES = ("7", "30", "90", "365", "0")
Times = Mapping[
    str, tuple[Sequence[float], Sequence[float]]
]  # by page: milliseconds, and those of the processor


def measure(events: int, repeats: int) -> list[Figure]:
    """Every range, filter and order of each page, so many times each, over so many events of 10,000 assets."""
    few, many = _times(events // 10, repeats), _times(events, repeats)
    found = []
    for page, (times, spent) in many.items():
        found += [
            Figure(f"insights, {page}, over {events:,} events, p50", percentile(times, 50), "ms"),
            Figure(f"insights, {page}, over {events:,} events, p95", percentile(times, 95), "ms", MOST),
            Figure(f"insights, {page}, processor time, p95", percentile(spent, 95), "ms"),
            Figure(
                f"insights, {page}, over {events // 10:,} events, p95", percentile(few[page][0], 95), "ms"
            ),
        ]
    return found


def addresses() -> dict[str, list[str]]:
    """The addresses of each page, without those of Gaps, which `bench.gaps` measures."""
    assets = [f"a{rank:011}".translate(str.maketrans("01", "zy")) for rank in (1, 30, 1000, 9500)]
    return {
        "assets": [f"/insights/use?{urlencode(args)}" for args in insights.addresses()],
        "one asset": [f"/insights/assets/{asset}?days={days}" for asset in assets for days in RANGES],
        "adoption": [f"/insights/adoption?days={days}" for days in RANGES],
        "health": [f"/insights/health?problem={problem}&sort=-people" for problem in PROBLEMS],
        "contributors": [f"/insights/contributors?days={days}" for days in RANGES],
    }


def _times(events: int, repeats: int) -> Times:
    moment = now()
    found: dict[str, tuple[list[float], list[float]]] = {}
    with running_hub() as hub:
        insights.fill(hub.database, events, moment)
        rollups.rebuild(hub.database, moment)
        with hub.web():
            marketer = hub.visitor(1)
            for page, paths in addresses().items():
                times, spent = found.setdefault(page, ([], []))
                for number, path in enumerate(paths * (repeats + 1)):
                    before = sum(hub.cpu_ms())
                    answer = marketer.get(path)
                    if answer.status != 200 or b'id="receipt"' not in answer.body:
                        raise AssertionError(f"{path}: {answer.status}")
                    if number >= len(paths):  # the first round warms and is not counted
                        times.append(answer.ms)
                        spent.append(sum(hub.cpu_ms()) - before)
    return found
