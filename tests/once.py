"""What a server does once in its life, the suite would do for each of its apps: done here once a process instead.

A test's app is made anew, with an engine of its own. Most of the time that took went to work whose result is the same
every time: Werkzeug writes and compiles two functions for each route, and SQLAlchemy compiles each statement again because
its cache belongs to an engine.
"""

from __future__ import annotations

from pathlib import Path
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import URL, Dialect, QueuePool
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from hub.db import Database

STATEMENTS_KEPT = 8_000


def compile_routes_once() -> None:
    """Let rules that are alike share what is read out of them and the functions that build their addresses."""
    compiled: dict[Any, Rule] = {}
    usual = Rule.compile

    def once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), rule.merge_slashes)
        first = compiled.get(key)
        if first is None:
            usual(rule)
            compiled[key] = rule
            return
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule.arguments |= first.arguments
        for name in ("_build", "_build_unknown"):  # bound to each rule, whose values they look up
            setattr(rule, name, getattr(first, name).__func__.__get__(rule, None))

    Rule.compile = once  # type: ignore[assignment, method-assign]


class Templates(BytecodeCache):
    """Compiled templates: in memory for all apps of a process, in a folder for all processes of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = FileSystemBytecodeCache(str(folder))
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where this template is known as it stands."""
        code = self._kept.get((bucket.key, bucket.checksum))
        if code is None:
            self._folder.load_bytecode(bucket)
            code = bucket.code
        if code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._folder.dump_bytecode(bucket)
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


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


class Connections:
    """One pool for the apps that meet the same database one after another: a server takes 10 ms to get to know a caller."""

    def __init__(self) -> None:
        self._kept: dict[URL, QueuePool] = {}

    def share(self, database: Database) -> None:
        """Let this database use the connections of the one before it. To be called before its first connection."""
        engine = database.engine
        assert isinstance(engine.pool, QueuePool)
        engine.pool = self._kept.setdefault(engine.url, engine.pool)

    def give_back(self, database: Database) -> None:
        """Leave the connections to the next, unless some are still in use: those end with this database."""
        pool = self._kept.get(database.engine.url)
        if pool is None or pool is not database.engine.pool or pool.checkedout():
            self._kept.pop(database.engine.url, None)
            database.dispose()

    def close(self) -> None:
        """Close all that were given back."""
        while self._kept:
            self._kept.popitem()[1].dispose()


STATEMENTS = Statements()
CONNECTIONS = Connections()
