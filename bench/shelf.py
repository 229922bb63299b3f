"""The marketer's shelf over HTTP: every tab, filters of all sorts, each order, first pages and last."""

from __future__ import annotations

from urllib.parse import urlencode

from bench import library
from bench.figures import Figure, percentile
from bench.running_hub import RunningHub

TABS = ("", "draft", "published", "trouble", "archived")
NARROW: tuple[dict[str, str], ...] = (
    {},
    {"words": "the"},
    {"kind": "deck"},
    {"owner": "me"},
    {"audience": "everyone"},
    {"buyer": "internal"},
    {"needs": "twice"},
    {"needs": "review"},
    {"needs": "owner"},
    {"stage": "discovery", "kind": "customer_story"},
)
SORTS = ("title", "kind", "state", "owner", "review", "expires", "changed")


def addresses() -> list[str]:
    """Shelf pages of all sorts; what an address does not say is left out of it."""
    asked: list[dict[str, str]] = [{"tab": tab, **narrow} for tab in TABS for narrow in NARROW]
    asked += [{"sort": sort, "turned": turned} for sort in SORTS for turned in ("", "yes")]
    asked += [{"sort": sort, "page": page} for sort in ("", "title") for page in ("2", "20", "100")]
    return [f"/library/?{urlencode({k: v for k, v in one.items() if v})}" for one in asked]


def measure(hub: RunningHub, runs: int) -> list[Figure]:
    """Every address, so many times, after one round that warms."""
    marketer = hub.visitor(library.MARKETER)
    times, spent = [], []
    for number in range(runs + 1):
        for path in addresses():
            before = sum(hub.cpu_ms())
            answer = marketer.get(path)
            if answer.status != 200 or b"<h1" not in answer.body:
                raise AssertionError(f"{path}: {answer.status}")
            if number:
                times.append(answer.ms)
                spent.append(sum(hub.cpu_ms()) - before)
    return [
        Figure("shelf page, p50", percentile(times, 50), "ms"),
        Figure("shelf page, p95", percentile(times, 95), "ms"),
        Figure("shelf page, processor time, p95", percentile(spent, 95), "ms"),
    ]
