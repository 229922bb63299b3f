"""Jobs for tests: they leave a row each time they run, in a table that is not one of the hub's."""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select

from hub.db import unit_of_work
from hub.errors import Unavailable
from hub.jobs import job

ENQUEUES = ("chores.note",)
LEASE = 60.0  # no machine is so busy that a living worker loses it; tests let that of a dead one run out

metadata = MetaData()
traces = Table(
    "chore_traces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", String(40), nullable=False),
)


def leave(mark: str) -> None:
    with unit_of_work() as session:
        session.execute(insert(traces).values(mark=mark))


def left() -> dict[str, int]:
    """How often each mark was left."""
    with unit_of_work(write=False) as session:
        rows = session.execute(select(traces.c.mark, func.count()).group_by(traces.c.mark))
        return {row.mark: row[1] for row in rows}


@job("chores.note", lease=LEASE)
def note(number: int) -> None:
    """Leave a mark."""
    leave(f"note {number}")


@job("chores.slow", lane="long", lease=LEASE)
def slow(number: int, seconds: float) -> None:
    """Leave a mark, take some time, leave another."""
    leave(f"begun {number}")
    time.sleep(seconds)
    leave(f"done {number}")


@job("chores.heavy", lane="heavy", lease=LEASE)
def heavy(number: int) -> None:
    """Go on, alone, until somebody says that it is enough; the most that ran side by side is in the marks."""
    leave(f"heavy {number}")
    deadline = time.monotonic() + 100
    while "enough" not in left() and time.monotonic() < deadline:
        time.sleep(0.05)
    leave(f"heavy {number} over")


@job("chores.stuck", lane="long", lease=LEASE)
def stuck() -> None:
    """Hang the first time, so that only kill -9 helps; the second time all is well."""
    first = "stuck" not in left()
    leave("stuck")
    if first:
        time.sleep(170)


@job("chores.fail", attempts=2)
def fail(words: str) -> None:
    """Never succeed."""
    raise ValueError(words)


@job("chores.away", attempts=1)
def away() -> None:
    """Fail with the hub's own words."""
    raise Unavailable("The storage does not answer.", remedy="Check HUB_STORAGE.")


@job("chores.quit", attempts=1, lease=1.0)  # the shortest: hearts beat four times a second
def quit_slot() -> None:
    """End the thread that runs it."""
    raise SystemExit


@job("chores.daily", lease=LEASE, every=timedelta(days=1))
def daily() -> None:
    """Come by the clock."""
    leave("daily")


@job("chores.together", lease=1.0, gather=10)
def together(numbers: list[int]) -> None:
    """Leave one mark for all; fail when a 13 is among them."""
    leave("together " + ",".join(map(str, sorted(numbers))))
    if 13 in numbers:
        raise ValueError("13")
