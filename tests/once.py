"""What a server does once in its life, the suite would do for each of its apps: done here once a process instead.

A test's app is made anew, with an engine of its own. Most of the time that took went to work whose result is the same
every time: Werkzeug writes and compiles two functions for each route, and SQLAlchemy compiles each statement again because
its cache belongs to an engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from hub.db import Database

STATEMENTS_KEPT = 8_000


def compile_routes_once() -> None:
    """Let rules that are alike share the functions that build their addresses; each binds them to itself."""
    compiled: dict[Any, Any] = {}
    usual = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = usual(rule, append_unknown)
        found: Callable[..., tuple[str, str]] = compiled[key]
        return found

    Rule._compile_builder = once  # type: ignore[assignment, method-assign]


class Statements:
    """One cache of compiled statements for all engines that speak the same dialect."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Dialect, Any]] = {}

    def keep(self, database: Database) -> None:
        """Take this database's dialect, which has met its server, as the one to share."""
        dialect = database.engine.dialect
        self._kept.setdefault(dialect.name, (dialect, LRUCache(STATEMENTS_KEPT)))

    def share(self, database: Database) -> None:
        """Let this database use what others have compiled, if there were any. To be called before its first connection."""
        kept = self._kept.get(database.engine.dialect.name)
        if kept is None:
            return
        for engine in (database.engine, database._writing):
            engine.dialect, engine._compiled_cache = kept
        database.engine.pool._dialect = kept[0]


STATEMENTS = Statements()
