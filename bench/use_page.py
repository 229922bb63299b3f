"""The pages of Insights over HTTP, over a year of a large library and over a tenth of its events: cost must not grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import text

from bench import gaps, year
from bench.figures import Figure, percentile
from bench.running_hub import RunningHub, running_hub
from hub.analytics.gaps import running
from hub.analytics.health.problems import PROBLEMS
from hub.db import now
from hub.usage import rollups

MOST = 300  # ms, p95 of each page by the clock
RANGES = ("7", "30", "90", "365", "0")


@dataclass(slots=True)
class Times:
    """Milliseconds of each time a page was asked for: by the clock, of the web processes, of PostgreSQL's; the slowest; and by
    address the least processor time of both, which other work on the machine lengthens least.
    """

    clock: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    slowest: str = ""
    least: dict[str, float] = field(default_factory=dict)

    def spent(self, percent: int) -> float:
        """Processor time of both together."""
        return percentile([sum(pair) for pair in zip(self.web, self.database, strict=True)], percent)


def measure(events: int, repeats: int) -> list[Figure]:
    """Every range, filter and order of each page, so many times each, over so many events of 10,000 assets."""
    found: list[dict[str, Times]] = []
    for count in (events // 10, events):
        with running_hub() as hub:
            fill(hub, count, now())
            found.append(ask(hub, repeats))
    few, many = found
    figures = []
    for page, times in many.items():
        clock = percentile(times.clock, 95)
        figures += [
            Figure(f"insights, {page}, over {events:,} events, p50", percentile(times.clock, 50), "ms"),
            Figure(f"insights, {page}, over {events:,} events, p95", clock, "ms", MOST),
            Figure(f"insights, {page}, processor time, p95", times.spent(95), "ms"),
            Figure(
                f"insights, {page}, over {events // 10:,} events, processor time, p95",
                few[page].spent(95),
                "ms",
            ),
        ]
    return figures


def fill(hub: RunningHub, events: int, moment: datetime) -> None:
    """Make the library and its year, and count both use and gaps."""
    year.fill(hub.database, events, moment)
    count(hub, moment)


def count(hub: RunningHub, moment: datetime) -> None:
    """Count all that is there, as the jobs of a hub do."""
    rollups.rebuild(hub.database, moment)
    with hub.app.app_context():
        running.bring_up_to_date(hub.database, moment)


def _of_assets() -> list[dict[str, str]]:
    narrow: tuple[dict[str, str], ...] = (
        {},
        {"kind": "deck"},
        {"stage": "discovery"},
        {"vertical": "retail", "kind": "deck"},
        {"state": ""},
    )
    found = [{"days": days, **filters} for days in RANGES for filters in narrow]
    found += [{"days": days, "tab": "nobody"} for days in RANGES]
    return found + [
        {"days": "365", "sort": sort} for sort in ("title", "-trend", "-rated", "last", "-watched")
    ]


def addresses() -> dict[str, list[str]]:
    """The addresses of each page."""
    ranks = 1, 30, year.ASSETS // 10, year.ASSETS * 95 // 100
    assets = [f"a{rank:011}".translate(str.maketrans("01", "zy")) for rank in ranks]
    return {
        "assets": [f"/insights/use?{urlencode(args)}" for args in _of_assets()],
        "one asset": [f"/insights/assets/{asset}?days={days}" for asset in assets for days in RANGES],
        "adoption": [f"/insights/adoption?days={days}" for days in RANGES],
        "health": [f"/insights/health?problem={problem}&sort=-people" for problem in PROBLEMS],
        "gaps": [f"/insights/gaps/?{urlencode(args)}" for args in gaps.addresses()],
        "contributors": [f"/insights/contributors?days={days}" for days in RANGES],
    }


def ask(hub: RunningHub, repeats: int) -> dict[str, Times]:
    """Ask a running hub for every address so many times, after a first round that warms and is not counted."""
    found: dict[str, Times] = {}
    with hub.web():
        marketer = hub.visitor(1)
        for page, paths in addresses().items():
            times = found[page] = Times()
            for number, path in enumerate(paths * (repeats + 1)):
                web, database = sum(hub.cpu_ms()), _backends(hub)
                answer = marketer.get(path)
                if answer.status != 200 or b'id="receipt"' not in answer.body:
                    raise AssertionError(f"{path}: {answer.status}")
                if number < len(paths):
                    continue
                times.web.append(sum(hub.cpu_ms()) - web)
                times.database.append(_backends(hub) - database)
                spent = times.web[-1] + times.database[-1]
                times.least[path] = min(spent, times.least.get(path, spent))
                if answer.ms > max(times.clock, default=0):
                    times.slowest = path
                times.clock.append(answer.ms)
    return found


def _backends(hub: RunningHub) -> float:
    """Processor time that PostgreSQL's own processes spent for this hub so far, in ms; 0 on SQLite, which has none."""
    if hub.database.engine.dialect.name == "sqlite":
        return 0.0
    others = text(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        " AND pid <> pg_backend_pid()"
    )
    with hub.database.unit_of_work(write=False) as session:
        pids: Sequence[int] = session.scalars(others).all()
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e6
