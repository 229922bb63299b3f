"""The statements of one page that take longest, with the plan of the database: where to look when a page is slow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from bench.running_hub import RunningHub
from hub.accounts import links
from hub.accounts.models import User
from hub.db import database

SHOWN = 3
LONGEST = 400  # letters of a statement


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that was run, and for how long."""

    ms: float
    sql: str
    parameters: Any


def dearest(hub: RunningHub, path: str) -> Iterator[str]:
    """Ask for a page in this process, as its first person, and tell of its dearest statements."""
    run: list[Statement] = []

    def begin(*given: Any) -> None:
        given[4].begun = time.perf_counter()

    def end(_connection: Any, _cursor: Any, sql: str, parameters: Any, context: Any, _many: bool) -> None:
        run.append(Statement((time.perf_counter() - context.begun) * 1000, sql, parameters))

    hub.app.config["WTF_CSRF_ENABLED"] = False
    with hub.app.app_context(), database().unit_of_work() as session:
        address = links.make(session, session.get_one(User, 1))
    client = hub.app.test_client()
    client.post(address.removeprefix(hub.app.config["HUB_URL"]))
    client.get(path)  # warms
    engine = hub.database.engine
    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    try:
        client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)
    yield f"{len(run)} statements, {sum(one.ms for one in run):.0f} ms in the database"
    for one in sorted(run, key=lambda one: -one.ms)[:SHOWN]:
        yield f"{one.ms:.0f} ms: {' '.join(one.sql.split())[:LONGEST]}"
        yield from (f"    {line}" for line in _plan(hub, one))


def _plan(hub: RunningHub, one: Statement) -> Iterator[str]:
    explain = "EXPLAIN QUERY PLAN" if hub.database.engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE"
    with hub.database.unit_of_work(write=False) as session:
        for row in session.connection().exec_driver_sql(f"{explain} {one.sql}", one.parameters):
            yield str(row[-1])
